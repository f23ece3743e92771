/// The envelopes of SOAP 1.1 (section 4) and SOAP 1.2 (part 1, section 5), which descriptions import for the attributes of
/// header blocks, and some for an element that holds a whole message.
enum EnvelopeSchemas {
    static let entries: [SchemaCatalogue.Entry] = [
        .init(Namespaces.envelope11, at: [Namespaces.envelope11], qualified: false, version11),
        .init(
            Namespaces.envelope12,
            at: [Namespaces.envelope12],
            prefixes: ["xml": Namespaces.xml],
            version12
        ),
    ]

    private static let others = "<xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/>"

    /// A type with any number of elements.
    private static func open(_ name: String, _ namespace: String, attributes: String) -> String {
        """
        <xs:complexType name="\(name)"><xs:sequence>
        <xs:any namespace="\(namespace)" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        <xs:anyAttribute namespace="\(attributes)" processContents="lax"/></xs:complexType>
        """
    }

    private static func elements(_ names: [String: String]) -> String {
        names.sorted { $0.key < $1.key }.map { "<xs:element name=\"\($0.key)\" type=\"t:\($0.value)\"/>" }.joined()
    }

    private static let version11 =
        elements(["Envelope": "Envelope", "Header": "Header", "Body": "Body", "Fault": "Fault"])
        + open("Header", "##other", attributes: "##other") + open("Body", "##any", attributes: "##any")
        + open("detail", "##any", attributes: "##any") + """
            <xs:complexType name="Envelope"><xs:sequence><xs:element ref="t:Header" minOccurs="0"/><xs:element ref="t:Body"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>\(others)
            </xs:complexType>
            <xs:complexType name="Fault" final="extension"><xs:sequence><xs:element name="faultcode" type="xs:QName"/>
            <xs:element name="faultstring" type="xs:string"/><xs:element name="faultactor" type="xs:anyURI" minOccurs="0"/>
            <xs:element name="detail" type="t:detail" minOccurs="0"/></xs:sequence></xs:complexType>
            <xs:attribute name="mustUnderstand"><xs:simpleType><xs:restriction base="xs:boolean">
            <xs:pattern value="0|1"/></xs:restriction></xs:simpleType></xs:attribute>
            <xs:attribute name="actor" type="xs:anyURI"/>
            <xs:simpleType name="encodingStyle"><xs:list itemType="xs:anyURI"/></xs:simpleType>
            <xs:attribute name="encodingStyle" type="t:encodingStyle"/>
            <xs:attributeGroup name="encodingStyle"><xs:attribute ref="t:encodingStyle"/></xs:attributeGroup>
            """

    private static let version12 =
        elements([
            "Envelope": "Envelope", "Header": "Header", "Body": "Body", "Fault": "Fault",
            "NotUnderstood": "NotUnderstoodType", "Upgrade": "UpgradeType",
        ])
        + open("Header", "##any", attributes: "##other") + open("Body", "##any", attributes: "##other")
        + open("detail", "##any", attributes: "##other") + """
            <xs:complexType name="Envelope"><xs:sequence><xs:element ref="t:Header" minOccurs="0"/><xs:element ref="t:Body"/>
            </xs:sequence>\(others)</xs:complexType>
            <xs:complexType name="Fault"><xs:sequence><xs:element name="Code" type="t:faultcode"/>
            <xs:element name="Reason" type="t:faultreason"/><xs:element name="Node" type="xs:anyURI" minOccurs="0"/>
            <xs:element name="Role" type="xs:anyURI" minOccurs="0"/><xs:element name="Detail" type="t:detail" minOccurs="0"/>
            </xs:sequence></xs:complexType>
            <xs:complexType name="faultreason"><xs:sequence>
            <xs:element name="Text" type="t:reasontext" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
            <xs:complexType name="reasontext"><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute ref="xml:lang" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
            <xs:complexType name="faultcode"><xs:sequence><xs:element name="Value" type="t:faultcodeEnum"/>
            <xs:element name="Subcode" type="t:subcode" minOccurs="0"/></xs:sequence></xs:complexType>
            <xs:simpleType name="faultcodeEnum"><xs:restriction base="xs:QName">
            <xs:enumeration value="t:DataEncodingUnknown"/><xs:enumeration value="t:MustUnderstand"/>
            <xs:enumeration value="t:Receiver"/><xs:enumeration value="t:Sender"/><xs:enumeration value="t:VersionMismatch"/>
            </xs:restriction></xs:simpleType>
            <xs:complexType name="subcode"><xs:sequence><xs:element name="Value" type="xs:QName"/>
            <xs:element name="Subcode" type="t:subcode" minOccurs="0"/></xs:sequence></xs:complexType>
            <xs:complexType name="NotUnderstoodType"><xs:attribute name="qname" type="xs:QName" use="required"/></xs:complexType>
            <xs:complexType name="SupportedEnvType"><xs:attribute name="qname" type="xs:QName" use="required"/></xs:complexType>
            <xs:complexType name="UpgradeType"><xs:sequence>
            <xs:element name="SupportedEnvelope" type="t:SupportedEnvType" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
            <xs:attribute name="mustUnderstand" type="xs:boolean"/><xs:attribute name="role" type="xs:anyURI"/>
            <xs:attribute name="relay" type="xs:boolean"/><xs:attribute name="encodingStyle" type="xs:anyURI"/>
            """
}
