/// XML Encryption's schema (XML Encryption Syntax and Processing, section 3).
enum EncryptionSchema {
    private static let signature = "http://www.w3.org/2000/09/xmldsig#"

    static let entries: [SchemaCatalogue.Entry] = [
        .init(
            "http://www.w3.org/2001/04/xmlenc#",
            at: [
                "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd",
                "http://www.w3.org/TR/xmlenc-core/xenc-schema.xsd",
            ],
            prefixes: ["ds": signature],
            body
        )
    ]

    /// What `EncryptedData` and `EncryptedKey` have in common, with what the latter has in addition.
    private static func encrypted(_ name: String, _ more: String = "", attributes: String = "") -> String {
        """
        <xs:complexType name="\(name)Type"><xs:complexContent><xs:extension base="t:EncryptedType">
        <xs:sequence>\(more)</xs:sequence>\(attributes)</xs:extension></xs:complexContent></xs:complexType>
        <xs:element name="\(name)" type="t:\(name)Type"/>
        """
    }

    private static let others =
        "<xs:any namespace=\"##other\" processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>"

    private static let body = """
        <xs:complexType name="EncryptedType" abstract="true"><xs:sequence>
        <xs:element name="EncryptionMethod" type="t:EncryptionMethodType" minOccurs="0"/>
        <xs:element ref="ds:KeyInfo" minOccurs="0"/><xs:element ref="t:CipherData"/>
        <xs:element ref="t:EncryptionProperties" minOccurs="0"/></xs:sequence><xs:attribute name="Id" type="xs:ID"/>
        <xs:attribute name="Type" type="xs:anyURI"/><xs:attribute name="MimeType" type="xs:string"/>
        <xs:attribute name="Encoding" type="xs:anyURI"/></xs:complexType>
        <xs:complexType name="EncryptionMethodType" mixed="true"><xs:sequence>
        <xs:element name="KeySize" type="t:KeySizeType" minOccurs="0"/>
        <xs:element name="OAEPparams" type="xs:base64Binary" minOccurs="0"/>\(others)</xs:sequence>
        <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:simpleType name="KeySizeType"><xs:restriction base="xs:integer"/></xs:simpleType>
        <xs:complexType name="CipherDataType"><xs:choice><xs:element name="CipherValue" type="xs:base64Binary"/>
        <xs:element ref="t:CipherReference"/></xs:choice></xs:complexType>
        <xs:element name="CipherData" type="t:CipherDataType"/>
        <xs:complexType name="CipherReferenceType"><xs:sequence>
        <xs:element name="Transforms" type="t:TransformsType" minOccurs="0"/></xs:sequence>
        <xs:attribute name="URI" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:element name="CipherReference" type="t:CipherReferenceType"/>
        <xs:complexType name="TransformsType"><xs:sequence><xs:element ref="ds:Transform" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType>
        <xs:complexType name="AgreementMethodType" mixed="true"><xs:sequence>
        <xs:element name="KA-Nonce" type="xs:base64Binary" minOccurs="0"/>\(others)
        <xs:element name="OriginatorKeyInfo" type="ds:KeyInfoType" minOccurs="0"/>
        <xs:element name="RecipientKeyInfo" type="ds:KeyInfoType" minOccurs="0"/></xs:sequence>
        <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:element name="AgreementMethod" type="t:AgreementMethodType"/>
        <xs:complexType name="ReferenceType"><xs:sequence>\(others)</xs:sequence>
        <xs:attribute name="URI" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:element name="ReferenceList"><xs:complexType><xs:choice maxOccurs="unbounded">
        <xs:element name="DataReference" type="t:ReferenceType"/><xs:element name="KeyReference" type="t:ReferenceType"/>
        </xs:choice></xs:complexType></xs:element>
        <xs:complexType name="EncryptionPropertiesType"><xs:sequence>
        <xs:element ref="t:EncryptionProperty" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType><xs:element name="EncryptionProperties" type="t:EncryptionPropertiesType"/>
        <xs:complexType name="EncryptionPropertyType" mixed="true"><xs:choice maxOccurs="unbounded">
        <xs:any namespace="##other" processContents="lax"/></xs:choice><xs:attribute name="Target" type="xs:anyURI"/>
        <xs:attribute name="Id" type="xs:ID"/><xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace"/>
        </xs:complexType><xs:element name="EncryptionProperty" type="t:EncryptionPropertyType"/>
        """ + encrypted("EncryptedData")
        + encrypted(
            "EncryptedKey",
            "<xs:element ref=\"t:ReferenceList\" minOccurs=\"0\"/>"
                + "<xs:element name=\"CarriedKeyName\" type=\"xs:string\" minOccurs=\"0\"/>",
            attributes: "<xs:attribute name=\"Recipient\" type=\"xs:string\"/>"
        )
}
