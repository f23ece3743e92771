/// The header blocks of X-Road and of its predecessor, with the marks that descriptions carry for them.
enum XRoadSchemas {
    private static let identifiersNamespace = "http://x-road.eu/xsd/identifiers"

    static let entries: [SchemaCatalogue.Entry] = [
        .init(
            identifiersNamespace,
            at: ["http://x-road.eu/xsd/identifiers.xsd", "http://x-road.eu/xsd/identifiers"],
            identifiers
        ),
        .init(
            "http://x-road.eu/xsd/xroad.xsd",
            at: ["http://x-road.eu/xsd/xroad.xsd"],
            prefixes: ["id": identifiersNamespace],
            """
            <xs:element name="client" type="id:XRoadClientIdentifierType"/>
            <xs:element name="service" type="id:XRoadServiceIdentifierType"/>
            <xs:element name="centralService" type="id:XRoadCentralServiceIdentifierType"/>
            <xs:element name="securityServer" type="id:XRoadSecurityServerIdentifierType"/>
            <xs:element name="requestHash"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="algorithmId" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
            """ + texts(["id", "userId", "issue", "protocolVersion", "version"]) + marks
                + texts(["encoding", "techNotes", "requiredField", "address"], skip: ["techNotes", "address"])
        ),
        .init(
            "http://x-road.eu/xsd/representation.xsd",
            at: ["http://x-road.eu/xsd/representation.xsd"],
            """
            <xs:element name="representedParty"><xs:complexType><xs:sequence>
            <xs:element name="partyClass" type="xs:string" minOccurs="0"/><xs:element name="partyCode" type="xs:string"/>
            </xs:sequence></xs:complexType></xs:element>
            """
        ),
        .init(
            "http://x-road.eu/xsd/security-token.xsd",
            at: ["http://x-road.eu/xsd/security-token.xsd"],
            """
            <xs:element name="securityToken"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="tokenType" type="xs:string" use="required"/></xs:extension></xs:simpleContent>
            </xs:complexType></xs:element>
            """
        ),
        .init(
            "http://x-road.ee/xsd/x-road.xsd",
            at: ["http://x-road.ee/xsd/x-road.xsd", "http://x-road.eu/xsd/x-road.xsd"],
            legacy
        ),
        .init(
            "http://x-tee.riik.ee/xsd/xtee.xsd",
            at: ["http://x-tee.riik.ee/xsd/xtee.xsd"],
            texts([
                "asutus", "andmekogu", "isikukood", "ametnik", "nimi", "id", "nimekiri", "toimik", "allasutus", "amet",
                "ametniknimi", "autentija", "makstud", "salastada", "salastatud", "version",
            ]) + marks
        ),
    ]

    private static func texts(_ names: [String], skip: Set<String> = []) -> String {
        names.filter { !skip.contains($0) }.map { "<xs:element name=\"\($0)\" type=\"xs:string\"/>" }.joined()
    }

    private static let marks =
        ["title", "notes", "techNotes"].map {
            """
            <xs:element name="\($0)"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
            <xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
            """
        }.joined() + """
            <xs:element name="address"><xs:complexType><xs:attribute name="producer" type="xs:string"/></xs:complexType></xs:element>
            """

    private static let legacy =
        texts([
            "consumer", "producer", "userId", "id", "service", "issue", "unit", "position", "userName", "authenticator",
            "paid",
            "encrypt", "encryptCert", "encrypted", "encryptedCert", "version", "requestHash", "faultCode",
            "faultString",
        ]) + "<xs:element name=\"async\" type=\"xs:boolean\"/>" + marks

    private static let parts = [
        "xRoadInstance", "memberClass", "memberCode", "subsystemCode", "groupCode", "serviceCode", "serviceVersion",
        "serverCode",
    ]

    private static func identifier(_ type: String, _ parts: [String], fixed: String? = nil) -> String {
        let elements = parts.map { part in
            let isOptional = part.hasSuffix("?")
            return
                "<xs:element ref=\"t:\(isOptional ? String(part.dropLast()) : part)\"\(isOptional ? " minOccurs=\"0\"" : "")/>"
        }
        return """
            <xs:complexType name="XRoad\(type)IdentifierType"><xs:complexContent>
            <xs:restriction base="t:XRoadIdentifierType"><xs:sequence>\(elements.joined())</xs:sequence>
            <xs:attribute ref="t:objectType" use="required"\(fixed.map { " fixed=\"\($0)\"" } ?? "")/></xs:restriction>
            </xs:complexContent></xs:complexType>
            """
    }

    private static let identifiers =
        texts(parts) + """
            <xs:simpleType name="XRoadObjectType"><xs:restriction base="xs:string"><xs:enumeration value="MEMBER"/>
            <xs:enumeration value="SUBSYSTEM"/><xs:enumeration value="SERVER"/><xs:enumeration value="GLOBALGROUP"/>
            <xs:enumeration value="LOCALGROUP"/><xs:enumeration value="SERVICE"/><xs:enumeration value="CENTRALSERVICE"/>
            </xs:restriction></xs:simpleType><xs:attribute name="objectType" type="t:XRoadObjectType"/>
            <xs:complexType name="XRoadIdentifierType"><xs:sequence>
            """ + parts.map { "<xs:element minOccurs=\"0\" ref=\"t:\($0)\"/>" }.joined() + """
            </xs:sequence><xs:attribute ref="t:objectType" use="required"/></xs:complexType>
            """
        + identifier("Client", ["xRoadInstance", "memberClass", "memberCode", "subsystemCode?"])
        + identifier(
            "Service",
            ["xRoadInstance", "memberClass", "memberCode", "subsystemCode?", "serviceCode", "serviceVersion?"],
            fixed: "SERVICE"
        )
        + identifier("CentralService", ["xRoadInstance", "serviceCode"], fixed: "CENTRALSERVICE")
        + identifier("SecurityServer", ["xRoadInstance", "memberClass", "memberCode", "serverCode"], fixed: "SERVER")
        + identifier("GlobalGroup", ["xRoadInstance", "groupCode"], fixed: "GLOBALGROUP")
        + identifier("LocalGroup", ["groupCode"], fixed: "LOCALGROUP")
}
