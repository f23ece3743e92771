/// WS-Addressing and the utilities of WS-Security, as far as descriptions refer to them.
enum MessagingSchemas {
    static let entries: [SchemaCatalogue.Entry] = [
        .init(
            "http://www.w3.org/2005/08/addressing",
            at: [
                "http://www.w3.org/2005/08/addressing/ws-addr.xsd", "http://www.w3.org/2006/03/addressing/ws-addr.xsd",
                "http://www.w3.org/2005/08/addressing",
            ],
            addressing(parameters: "ReferenceParameters", metadata: "Metadata")
        ),
        .init(
            "http://schemas.xmlsoap.org/ws/2004/08/addressing",
            at: [
                "http://schemas.xmlsoap.org/ws/2004/08/addressing",
                "http://schemas.xmlsoap.org/ws/2004/08/addressing/addressing.xsd",
            ],
            addressing(parameters: "ReferenceProperties", metadata: "ReferenceParameters")
        ),
        .init(
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
            at: ["http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"],
            """
            <xs:attribute name="Id" type="xs:ID"/>
            <xs:attributeGroup name="commonAtts"><xs:attribute ref="t:Id"/>
            <xs:anyAttribute namespace="##other" processContents="lax"/></xs:attributeGroup>
            <xs:complexType name="AttributedDateTime"><xs:simpleContent><xs:extension base="xs:string">
            <xs:attributeGroup ref="t:commonAtts"/></xs:extension></xs:simpleContent></xs:complexType>
            <xs:element name="Created" type="t:AttributedDateTime"/><xs:element name="Expires" type="t:AttributedDateTime"/>
            <xs:element name="Timestamp" type="t:TimestampType"/>
            <xs:complexType name="TimestampType"><xs:sequence><xs:element ref="t:Created" minOccurs="0"/>
            <xs:element ref="t:Expires" minOccurs="0"/></xs:sequence><xs:attributeGroup ref="t:commonAtts"/></xs:complexType>
            """
        ),
        .init(
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
            at: ["http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"],
            ["Security", "UsernameToken", "BinarySecurityToken", "SecurityTokenReference"].map { name in
                """
                <xs:element name="\(name)" type="t:\(name)Type"/><xs:complexType name="\(name)Type" mixed="true">
                <xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
                <xs:anyAttribute namespace="##any" processContents="lax"/></xs:complexType>
                """
            }.joined()
        ),
    ]

    private static func addressing(parameters: String, metadata: String) -> String {
        let anything = "<xs:any namespace=\"##other\" processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>"
        let open = "<xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/>"
        let uris = ["MessageID", "To", "Action"].map { "<xs:element name=\"\($0)\" type=\"t:AttributedURIType\"/>" }
        let endpoints = ["EndpointReference", "ReplyTo", "From", "FaultTo"].map {
            "<xs:element name=\"\($0)\" type=\"t:EndpointReferenceType\"/>"
        }
        let bags = [parameters, metadata].map {
            """
            <xs:element name="\($0)" type="t:\($0)Type"/><xs:complexType name="\($0)Type"><xs:sequence>
            <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>\(open)
            </xs:complexType>
            """
        }
        return """
            <xs:complexType name="AttributedURIType"><xs:simpleContent><xs:extension base="xs:anyURI">\(open)</xs:extension>
            </xs:simpleContent></xs:complexType>
            <xs:complexType name="AttributedURI"><xs:simpleContent><xs:extension base="xs:anyURI">\(open)</xs:extension>
            </xs:simpleContent></xs:complexType>
            <xs:complexType name="RelatesToType"><xs:simpleContent><xs:extension base="xs:anyURI">
            <xs:attribute name="RelationshipType" type="xs:anyURI"/>\(open)</xs:extension></xs:simpleContent></xs:complexType>
            <xs:element name="RelatesTo" type="t:RelatesToType"/>
            <xs:complexType name="EndpointReferenceType"><xs:sequence><xs:element name="Address" type="t:AttributedURIType"/>
            <xs:element ref="t:\(parameters)" minOccurs="0"/><xs:element ref="t:\(metadata)" minOccurs="0"/>\(anything)
            </xs:sequence>\(open)</xs:complexType>
            """ + uris.joined() + endpoints.joined() + bags.joined()
    }
}
