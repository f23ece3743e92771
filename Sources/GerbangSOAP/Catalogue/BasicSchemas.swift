/// The XML namespace, SOAP encoding, attachments and what .NET and WCF use.
enum BasicSchemas {
    static let entries: [SchemaCatalogue.Entry] = [
        .init(
            Namespaces.xml,
            at: [
                "http://www.w3.org/2001/xml.xsd", "http://www.w3.org/2001/03/xml.xsd",
                "http://www.w3.org/2009/01/xml.xsd",
                "http://www.w3.org/XML/1998/namespace.xsd",
            ],
            prefixes: [:],
            xml
        ),
        .init(Namespaces.encoding11, at: [Namespaces.encoding11], qualified: true, encoding(arrayType: true)),
        .init(Namespaces.encoding12, at: [Namespaces.encoding12], qualified: true, encoding(arrayType: false)),
        .init(
            Namespaces.swaRef,
            at: ["http://ws-i.org/profiles/basic/1.1/swaref.xsd", "http://ws-i.org/profiles/basic/1.1/ref.xsd"],
            "<xs:simpleType name=\"swaRef\"><xs:restriction base=\"xs:anyURI\"/></xs:simpleType>"
        ),
        .init(
            Namespaces.xmlMime,
            at: ["http://www.w3.org/2005/05/xmlmime", "http://www.w3.org/2005/05/xmlmime.xsd"],
            xmlMime
        ),
        .init(
            "http://www.w3.org/2004/11/xmlmime",
            at: ["http://www.w3.org/2004/11/xmlmime", "http://www.w3.org/2004/06/xmlmime"],
            xmlMime
        ),
        .init(
            Namespaces.xop,
            at: ["http://www.w3.org/2004/08/xop/include.xsd"],
            """
            <xs:element name="Include" type="t:Include"/>
            <xs:complexType name="Include"><xs:sequence>
            <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="href" type="xs:anyURI" use="required"/><xs:anyAttribute namespace="##other"/>
            </xs:complexType>
            """
        ),
        .init(
            "http://www.w3.org/1999/xlink",
            at: ["http://www.w3.org/1999/xlink.xsd", "http://www.w3.org/XML/2008/06/xlink.xsd"],
            """
            <xs:attribute name="type"><xs:simpleType><xs:restriction base="xs:token">
            <xs:enumeration value="simple"/><xs:enumeration value="extended"/><xs:enumeration value="title"/>
            <xs:enumeration value="resource"/><xs:enumeration value="locator"/><xs:enumeration value="arc"/>
            <xs:enumeration value="none"/></xs:restriction></xs:simpleType></xs:attribute>
            <xs:attribute name="href" type="xs:anyURI"/><xs:attribute name="role" type="xs:anyURI"/>
            <xs:attribute name="arcrole" type="xs:anyURI"/><xs:attribute name="title" type="xs:string"/>
            <xs:attribute name="show" type="xs:token"/><xs:attribute name="actuate" type="xs:token"/>
            <xs:attribute name="label" type="xs:NCName"/><xs:attribute name="from" type="xs:NCName"/>
            <xs:attribute name="to" type="xs:NCName"/>
            """
        ),
        .init(
            "http://xml.apache.org/xml-soap",
            at: [],
            qualified: false,
            """
            <xs:complexType name="mapItem"><xs:sequence><xs:element name="key" nillable="true" type="xs:anyType"/>
            <xs:element name="value" nillable="true" type="xs:anyType"/></xs:sequence></xs:complexType>
            <xs:complexType name="Map"><xs:sequence>
            <xs:element minOccurs="0" maxOccurs="unbounded" name="item" type="t:mapItem"/></xs:sequence></xs:complexType>
            <xs:complexType name="Vector"><xs:sequence>
            <xs:element minOccurs="0" maxOccurs="unbounded" name="item" type="xs:anyType"/></xs:sequence></xs:complexType>
            <xs:complexType name="Element"><xs:sequence><xs:any processContents="skip"/></xs:sequence></xs:complexType>
            <xs:simpleType name="DataHandler"><xs:restriction base="xs:string"/></xs:simpleType>
            """
        ),
        .init("http://schemas.microsoft.com/2003/10/Serialization/", at: [], microsoft),
        .init(
            "http://schemas.microsoft.com/2003/10/Serialization/Arrays",
            at: [],
            ["string", "int", "long", "boolean", "decimal", "double", "dateTime"].map { name in
                """
                <xs:complexType name="ArrayOf\(name)"><xs:sequence>
                <xs:element minOccurs="0" maxOccurs="unbounded" name="\(name)" type="xs:\(name)"\
                \(name == "string" ? " nillable=\"true\"" : "")/></xs:sequence></xs:complexType>
                <xs:element name="ArrayOf\(name)" nillable="true" type="t:ArrayOf\(name)"/>
                """
            }.joined()
        ),
    ]

    private static let xml = """
        <xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language">
        <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType>
        </xs:union></xs:simpleType></xs:attribute>
        <xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName">
        <xs:enumeration value="default"/><xs:enumeration value="preserve"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="id" type="xs:ID"/>
        <xs:attributeGroup name="specialAttrs"><xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/>
        <xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/></xs:attributeGroup>
        """

    private static let xmlMime = """
        <xs:attribute name="contentType"><xs:simpleType><xs:restriction base="xs:string">
        <xs:minLength value="3"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="expectedContentTypes" type="xs:string"/>
        <xs:complexType name="base64Binary"><xs:simpleContent><xs:extension base="xs:base64Binary">
        <xs:attribute ref="t:contentType"/></xs:extension></xs:simpleContent></xs:complexType>
        <xs:complexType name="hexBinary"><xs:simpleContent><xs:extension base="xs:hexBinary">
        <xs:attribute ref="t:contentType"/></xs:extension></xs:simpleContent></xs:complexType>
        """

    private static let microsoft = """
        <xs:element name="anyType" nillable="true" type="xs:anyType"/>
        <xs:element name="char" nillable="true" type="t:char"/>
        <xs:simpleType name="char"><xs:restriction base="xs:int"/></xs:simpleType>
        <xs:element name="duration" nillable="true" type="t:duration"/>
        <xs:simpleType name="duration"><xs:restriction base="xs:duration">
        <xs:pattern value="\\-?P(\\d*D)?(T(\\d*H)?(\\d*M)?(\\d*(\\.\\d*)?S)?)?"/>
        <xs:minInclusive value="-P10675199DT2H48M5.4775808S"/><xs:maxInclusive value="P10675199DT2H48M5.4775807S"/>
        </xs:restriction></xs:simpleType>
        <xs:element name="guid" nillable="true" type="t:guid"/>
        <xs:simpleType name="guid"><xs:restriction base="xs:string">
        <xs:pattern value="[\\da-fA-F]{8}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{12}"/>
        </xs:restriction></xs:simpleType>
        <xs:attribute name="FactoryType" type="xs:QName"/><xs:attribute name="Id" type="xs:ID"/>
        <xs:attribute name="Ref" type="xs:IDREF"/>
        """
        + [
            "string", "int", "long", "short", "boolean", "decimal", "double", "float", "dateTime", "base64Binary",
            "anyURI", "QName", "byte", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort",
        ].map {
            "<xs:element name=\"\($0)\" nillable=\"true\" type=\"xs:\($0)\"/>"
        }.joined()

    /// The types of section 5 of SOAP 1.1 (and of part 2 of SOAP 1.2): one for each built-in type, with the attributes
    /// of a reference, and the array.
    private static func encoding(arrayType: Bool) -> String {
        let types = [
            "string", "boolean", "decimal", "integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong",
            "unsignedShort", "unsignedByte", "positiveInteger", "negativeInteger", "nonNegativeInteger",
            "nonPositiveInteger", "float", "double", "date", "time", "dateTime", "duration", "gYear", "gYearMonth",
            "gMonth", "gMonthDay", "gDay", "anyURI", "QName", "NCName", "Name", "NMTOKEN", "token", "normalizedString",
            "language", "hexBinary", "base64Binary", "ID", "IDREF",
        ]
        let common =
            arrayType
            ? """
            <xs:attributeGroup name="commonAttributes"><xs:attribute name="id" type="xs:ID"/>
            <xs:attribute name="href" type="xs:anyURI"/><xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:attributeGroup><xs:attribute name="arrayType" type="xs:string"/>
            <xs:attribute name="offset" type="xs:string"/><xs:attribute name="position" type="xs:string"/>
            <xs:attribute name="root" type="xs:boolean"/>
            <xs:attributeGroup name="arrayAttributes"><xs:attribute ref="t:arrayType"/><xs:attribute ref="t:offset"/>
            </xs:attributeGroup>
            """
            : """
            <xs:attribute name="id" type="xs:ID"/><xs:attribute name="ref" type="xs:IDREF"/>
            <xs:attribute name="nodeType" type="xs:string"/><xs:attribute name="itemType" type="xs:QName"/>
            <xs:attribute name="arraySize" type="xs:string"/>
            <xs:attributeGroup name="commonAttributes"><xs:attribute ref="t:id"/><xs:attribute ref="t:ref"/>
            <xs:anyAttribute namespace="##other" processContents="lax"/></xs:attributeGroup>
            <xs:attributeGroup name="arrayAttributes"><xs:attribute ref="t:itemType"/><xs:attribute ref="t:arraySize"/>
            </xs:attributeGroup>
            """
        let content =
            "<xs:sequence><xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" processContents=\"lax\"/></xs:sequence>"
        let simple = types.map {
            """
            <xs:complexType name="\($0)"><xs:simpleContent><xs:extension base="xs:\($0)">
            <xs:attributeGroup ref="t:commonAttributes"/></xs:extension></xs:simpleContent></xs:complexType>
            <xs:element name="\($0)" type="t:\($0)"/>
            """
        }
        return common + """
            <xs:complexType name="Array">\(content)<xs:attributeGroup ref="t:arrayAttributes"/>
            <xs:attributeGroup ref="t:commonAttributes"/></xs:complexType><xs:element name="Array" type="t:Array"/>
            <xs:complexType name="Struct">\(content)<xs:attributeGroup ref="t:commonAttributes"/></xs:complexType>
            <xs:element name="Struct" type="t:Struct"/>
            <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
            """ + simple.joined()
    }
}
