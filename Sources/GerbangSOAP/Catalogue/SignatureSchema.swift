/// XML Signature's schema (XML-Signature Syntax and Processing, section 4).
enum SignatureSchema {
    private static let namespace = "http://www.w3.org/2000/09/xmldsig#"

    static let entries: [SchemaCatalogue.Entry] = [
        .init(
            namespace,
            at: [
                "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd",
                "http://www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd",
                "http://www.w3.org/2000/09/xmldsig",
                "http://www.w3.org/TR/2008/REC-xmldsig-core-20080610/xmldsig-core-schema.xsd",
            ],
            body
        )
    ]

    private static func complex(_ name: String, mixed: Bool = false, _ content: String) -> String {
        "<xs:complexType name=\"\(name)Type\"\(mixed ? " mixed=\"true\"" : "")>\(content)</xs:complexType>"
            + "<xs:element name=\"\(name)\" type=\"t:\(name)Type\"/>"
    }

    private static let id = "<xs:attribute name=\"Id\" type=\"xs:ID\" use=\"optional\"/>"
    private static let algorithm = "<xs:attribute name=\"Algorithm\" type=\"xs:anyURI\" use=\"required\"/>"
    private static let others = "<xs:any namespace=\"##other\" processContents=\"lax\"/>"
    private static let binary = "t:CryptoBinary"

    private static func element(_ name: String, _ type: String? = nil, _ occurs: String = "") -> String {
        guard let type else { return "<xs:element ref=\"t:\(name)\"\(occurs)/>" }
        return "<xs:element name=\"\(name)\" type=\"\(type)\"\(occurs)/>"
    }

    private static let optional = " minOccurs=\"0\""
    private static let many = " maxOccurs=\"unbounded\""

    private static func sequence(_ parts: String..., occurs: String = "") -> String {
        "<xs:sequence\(occurs)>\(parts.joined())</xs:sequence>"
    }

    private static func choice(_ parts: String..., occurs: String = "") -> String {
        "<xs:choice\(occurs)>\(parts.joined())</xs:choice>"
    }

    private static func attribute(_ name: String, _ type: String = "xs:anyURI", _ more: String = "") -> String {
        "<xs:attribute name=\"\(name)\" type=\"\(type)\"\(more)/>"
    }

    private static func anything(_ namespace: String, _ occurs: String) -> String {
        "<xs:any namespace=\"\(namespace)\" processContents=\"lax\"\(occurs)/>"
    }

    private static let simple = """
        <xs:simpleType name="CryptoBinary"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:simpleType name="DigestValueType"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:element name="DigestValue" type="t:DigestValueType"/>
        <xs:simpleType name="HMACOutputLengthType"><xs:restriction base="xs:integer"/></xs:simpleType>
        <xs:element name="KeyName" type="xs:string"/><xs:element name="MgmtData" type="xs:string"/>
        <xs:complexType name="SignatureValueType"><xs:simpleContent><xs:extension base="xs:base64Binary">\(id)</xs:extension>
        </xs:simpleContent></xs:complexType><xs:element name="SignatureValue" type="t:SignatureValueType"/>
        <xs:complexType name="X509IssuerSerialType"><xs:sequence><xs:element name="X509IssuerName" type="xs:string"/>
        <xs:element name="X509SerialNumber" type="xs:integer"/></xs:sequence></xs:complexType>
        """

    private static let signature: [String] = [
        complex(
            "Signature",
            sequence(
                element("SignedInfo"),
                element("SignatureValue"),
                element("KeyInfo", nil, optional),
                element("Object", nil, optional + many)
            ) + id
        ),
        complex(
            "SignedInfo",
            sequence(element("CanonicalizationMethod"), element("SignatureMethod"), element("Reference", nil, many))
                + id
        ),
        complex("CanonicalizationMethod", mixed: true, sequence(anything("##any", optional + many)) + algorithm),
        complex(
            "SignatureMethod",
            mixed: true,
            sequence(
                element("HMACOutputLength", "t:HMACOutputLengthType", optional),
                anything("##other", optional + many)
            ) + algorithm
        ),
        complex(
            "Reference",
            sequence(element("Transforms", nil, optional), element("DigestMethod"), element("DigestValue")) + id
                + attribute("URI") + attribute("Type")
        ),
        complex("Transforms", sequence(element("Transform", nil, many))),
        complex(
            "Transform",
            mixed: true,
            choice(others, element("XPath", "xs:string"), occurs: optional + many) + algorithm
        ),
        complex("DigestMethod", mixed: true, sequence(anything("##other", optional + many)) + algorithm),
        complex("Manifest", sequence(element("Reference", nil, many)) + id),
        complex("SignatureProperties", sequence(element("SignatureProperty", nil, many)) + id),
        complex(
            "SignatureProperty",
            mixed: true,
            choice(others, occurs: many) + attribute("Target", "xs:anyURI", " use=\"required\"") + id
        ),
        complex(
            "Object",
            mixed: true,
            sequence(anything("##any", ""), occurs: optional + many) + id + attribute("MimeType", "xs:string")
                + attribute("Encoding")
        ),
    ]

    private static let keys: [String] = [
        complex(
            "KeyInfo",
            mixed: true,
            choice(
                element("KeyName"),
                element("KeyValue"),
                element("RetrievalMethod"),
                element("X509Data"),
                element("PGPData"),
                element("SPKIData"),
                element("MgmtData"),
                others,
                occurs: many
            ) + id
        ),
        complex("KeyValue", mixed: true, choice(element("DSAKeyValue"), element("RSAKeyValue"), others)),
        complex(
            "RetrievalMethod",
            sequence(element("Transforms", nil, optional)) + attribute("URI") + attribute("Type")
        ),
        complex(
            "X509Data",
            sequence(
                choice(
                    element("X509IssuerSerial", "t:X509IssuerSerialType"),
                    element("X509SKI", "xs:base64Binary"),
                    element("X509SubjectName", "xs:string"),
                    element("X509Certificate", "xs:base64Binary"),
                    element("X509CRL", "xs:base64Binary"),
                    others
                ),
                occurs: many
            )
        ),
        complex(
            "PGPData",
            choice(
                sequence(
                    element("PGPKeyID", "xs:base64Binary"),
                    element("PGPKeyPacket", "xs:base64Binary", optional),
                    anything("##other", optional + many)
                ),
                sequence(element("PGPKeyPacket", "xs:base64Binary"), anything("##other", optional + many))
            )
        ),
        complex(
            "SPKIData",
            sequence(element("SPKISexp", "xs:base64Binary"), anything("##other", optional), occurs: many)
        ),
        complex(
            "DSAKeyValue",
            sequence(
                sequence(element("P", binary), element("Q", binary), occurs: optional),
                element("G", binary, optional),
                element("Y", binary),
                element("J", binary, optional),
                sequence(element("Seed", binary), element("PgenCounter", binary), occurs: optional)
            )
        ),
        complex("RSAKeyValue", sequence(element("Modulus", binary), element("Exponent", binary))),
    ]

    private static let body = simple + signature.joined() + keys.joined()
}
