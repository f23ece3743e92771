/// WS-Security's schemas (Web Services Security: SOAP Message Security 1.0, with the username token profile).
enum SecuritySchemas {
    private static let folder = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    private static let utility = folder + "wssecurity-utility-1.0.xsd"
    private static let extensions = folder + "wssecurity-secext-1.0.xsd"

    static let entries: [SchemaCatalogue.Entry] = [
        .init(utility, at: [utility], utilityBody),
        .init(extensions, at: [extensions], prefixes: ["wsu": utility], extensionsBody),
    ]

    private static let utilityBody = """
        <xs:attribute name="Id" type="xs:ID"/>
        <xs:attributeGroup name="commonAtts"><xs:attribute ref="t:Id"/>
        <xs:anyAttribute namespace="##other" processContents="lax"/></xs:attributeGroup>
        <xs:complexType name="AttributedDateTime"><xs:simpleContent><xs:extension base="xs:string">
        <xs:attributeGroup ref="t:commonAtts"/></xs:extension></xs:simpleContent></xs:complexType>
        <xs:complexType name="AttributedURI"><xs:simpleContent><xs:extension base="xs:anyURI">
        <xs:attributeGroup ref="t:commonAtts"/></xs:extension></xs:simpleContent></xs:complexType>
        <xs:element name="Created" type="t:AttributedDateTime"/><xs:element name="Expires" type="t:AttributedDateTime"/>
        <xs:element name="Timestamp" type="t:TimestampType"/>
        <xs:complexType name="TimestampType"><xs:sequence><xs:element ref="t:Created" minOccurs="0"/>
        <xs:element ref="t:Expires" minOccurs="0"/></xs:sequence><xs:attributeGroup ref="t:commonAtts"/></xs:complexType>
        """

    private static let others = "<xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/>"

    /// A text with attributes, on the base of another type.
    private static func text(_ name: String, _ base: String, _ attributes: String) -> String {
        """
        <xs:complexType name="\(name)"><xs:simpleContent><xs:extension base="\(base)">\(attributes)</xs:extension>
        </xs:simpleContent></xs:complexType>
        """
    }

    /// A type with any elements, of which more is said by profiles only.
    private static func open(_ name: String, _ attributes: String = "", first: String = "") -> String {
        """
        <xs:complexType name="\(name)"><xs:sequence>\(first)
        <xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>\(attributes)\(others)</xs:complexType>
        """
    }

    private static let id = "<xs:attribute ref=\"wsu:Id\"/>"
    private static let encoding = "<xs:attribute name=\"EncodingType\" type=\"xs:anyURI\"/>"
    private static let valueType = "<xs:attribute name=\"ValueType\" type=\"xs:anyURI\"/>"

    private static let extensionsBody =
        text("AttributedString", "xs:string", id + others)
        + text("PasswordString", "t:AttributedString", "<xs:attribute name=\"Type\" type=\"xs:anyURI\"/>")
        + text("EncodedString", "t:AttributedString", encoding)
        + text("BinarySecurityTokenType", "t:EncodedString", valueType)
        + text("KeyIdentifierType", "t:EncodedString", valueType)
        + open("UsernameTokenType", id, first: "<xs:element name=\"Username\" type=\"t:AttributedString\"/>")
        + open("SecurityHeaderType")
        + open("TransformationParametersType")
        + open("EmbeddedType", valueType)
        + open("SecurityTokenReferenceType", id + "<xs:attribute ref=\"t:Usage\"/>")
            + """
            <xs:simpleType name="tUsage"><xs:list itemType="xs:anyURI"/></xs:simpleType>
            <xs:attribute name="Usage" type="t:tUsage"/>
            <xs:complexType name="ReferenceType"><xs:attribute name="URI" type="xs:anyURI"/>\(valueType)\(others)</xs:complexType>
            """
        + [
            "UsernameToken": "UsernameTokenType", "BinarySecurityToken": "BinarySecurityTokenType",
            "Reference": "ReferenceType", "Embedded": "EmbeddedType", "KeyIdentifier": "KeyIdentifierType",
            "SecurityTokenReference": "SecurityTokenReferenceType", "Security": "SecurityHeaderType",
            "TransformationParameters": "TransformationParametersType", "Password": "PasswordString",
            "Nonce": "EncodedString",
        ].sorted { $0.key < $1.key }.map { "<xs:element name=\"\($0.key)\" type=\"t:\($0.value)\"/>" }.joined()
}
