internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import Testing

/// `xs:redefine`.
@Suite struct RedefinitionTests {
    private static let input: JSONValue = [
        "@version": 1, "@source": "mpp",
        "person": ["name": "Siti", "code": "AB123", "city": "Bogor", "village": "Ciawi"],
        "officer": ["name": "Budi", "code": "CD456", "city": "Depok", "desk": 4],
        "phone": "021", "email": "a@example.org",
    ]

    @Test("Types, groups and attributes are the redefined ones for everybody, also for what is derived from them")
    func redefined() throws {
        let operation = try Fixture.operation("redefine/service")
        let bytes = try operation.encodeRequest(Self.input)
        let person = try #require(SOAPEnvelope(XMLDocument(parsing: bytes)).content?.firstChild("person"))
        #expect(person.children.map(\.localName) == ["name", "code", "city", "village"])
        #expect(try operation.decodeRequest(bytes).body == Self.input)
    }

    @Test("The original is out of use")
    func original() throws {
        let operation = try Fixture.operation("redefine/service")
        var narrow = Self.input.objectValue ?? [:]
        narrow["person"] = ["name": "Siti", "code": "abc", "city": "Bogor"]
        #expect(refusal { _ = try operation.encodeRequest(.object(narrow)) }?.pointer?.description == "/person/code")
        narrow["person"] = ["name": "Siti", "code": "AB123"]
        #expect(refusal { _ = try operation.encodeRequest(.object(narrow)) }?.code == .json)
    }

    private static let base =
        #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"><xs:complexType name="A"/></xs:schema>"#

    private static let refused: [(String, String)] = [
        (
            #"<xs:complexType name="B"><xs:complexContent><xs:extension base="t:B"/></xs:complexContent></xs:complexType>"#,
            "does not declare"
        ),
        (#"<xs:simpleType name="A"><xs:restriction base="xs:int"/></xs:simpleType>"#, "does not declare"),
        (#"<xs:complexType name="A"><xs:sequence/></xs:complexType>"#, "deriving it from itself"),
        (#"<xs:element name="A"/>"#, "cannot be redefined"),
    ]

    @Test("Redefinitions of what is not there, or that are none", arguments: refused)
    func mistakes(component: String, reason: String) {
        let schema =
            "<xs:redefine schemaLocation=\"b.xsd\">\(component)</xs:redefine><xs:element name=\"request\"/><xs:element name=\"answer\"/>"
        let error = refusal {
            _ = try WSDL.load(
                files: ["a.wsdl": Fixture.description(schema: schema), "b.xsd": Array(Self.base.utf8)],
                root: "a.wsdl"
            )
        }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }

    @Test("Schemas that redefine each other in a circle end")
    func circle() {
        func schema(_ other: String) -> [UInt8] {
            Array(
                """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
                <xs:redefine schemaLocation="\(other)"><xs:complexType name="A"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType></xs:redefine></xs:schema>
                """.utf8
            )
        }
        let description = Fixture.description(
            schema: "<xs:include schemaLocation=\"b.xsd\"/><xs:element name=\"request\"/><xs:element name=\"answer\"/>"
        )
        let files = ["a.wsdl": description, "b.xsd": schema("c.xsd"), "c.xsd": schema("b.xsd")]
        #expect(refusal { _ = try WSDL.load(files: files, root: "a.wsdl") }?.code == .schema)
    }
}
