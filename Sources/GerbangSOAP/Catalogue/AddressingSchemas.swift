/// WS-Addressing, as far as descriptions refer to it.
enum AddressingSchemas {
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
