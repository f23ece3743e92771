internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// What libxml2 does not take of a description's schemas.
@Suite struct SchemaRefusalTests {
    /// `a` may be the first or the second one.
    private static let twice =
        #"<xs:element name="a" type="xs:int" minOccurs="0"/><xs:element name="a" type="xs:int" minOccurs="0"/>"#

    private static func load(_ schema: String) throws -> (SOAPOperation, [String]) {
        let wsdl = try WSDL.load(
            files: ["a.wsdl": Fixture.description(schema: schema + #"<xs:element name="answer"/>"#)],
            root: "a.wsdl"
        )
        return (try wsdl.operation("call"), wsdl.warnings)
    }

    @Test("An ambiguous content model spares the rest of the schema nothing")
    func ambiguous() throws {
        let (operation, warnings) = try Self.load(
            """
            <xs:complexType name="Odd"><xs:sequence>\(Self.twice)</xs:sequence><xs:attribute name="k" type="xs:int"/>
            </xs:complexType><xs:element name="request"><xs:complexType><xs:sequence><xs:element name="odd" type="t:Odd"/>
            <xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
            """
        )
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("Odd (a.wsdl:3)") == true)
        let check = operation.check(.input)
        #expect(check.failure == nil)
        #expect(check.isValidated)
        func read(_ odd: String, _ number: String) throws -> JSONValue {
            let wire = envelope("<t:request><t:odd\(odd)</t:odd><t:n>\(number)</t:n></t:request>")
            return try operation.decodeRequest(wire).body
        }
        #expect(try read(#" k="1"><t:a>1</t:a>"#, "2") == ["odd": ["@k": 1, "a": 1], "n": 2])
        // The element beside it, and the attribute of the type itself, are validated; its content is read by the contract.
        #expect(refusal { _ = try read("><t:a>1</t:a>", "9999999999") }?.path == "/request/n")
        #expect(refusal { _ = try read(#" k="x">"#, "2") }?.path == "/request/odd/@k")
        #expect(refusal { _ = try read("><t:b/>", "2") }?.code == .xml)
    }

    @Test("A family of types stays one where an extension is ambiguous, unnamed types included")
    func family() throws {
        let (operation, warnings) = try Self.load(
            """
            <xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType>
            <xs:complexType name="More"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>
            <xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="k" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType>
            <xs:complexType name="Other"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>
            <xs:element name="o" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
            <xs:complexType name="Less"><xs:complexContent><xs:restriction base="t:More"><xs:sequence>
            <xs:element name="a" type="xs:int"/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>
            <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="item" type="t:Base" maxOccurs="unbounded"/>
            <xs:element name="unnamed"><xs:complexType><xs:sequence>\(Self.twice)</xs:sequence></xs:complexType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
            """
        )
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("unnamed (a.wsdl:") == true)
        let input = try json(
            """
            {"item": [{"a": 1}, {"#type": "More", "@k": 2, "a": 1, "a#2": 2}, {"#type": "Other", "o": 3}, {"#type": "Less", "a": 4}],
            "unnamed": {"a": 1}}
            """
        )
        #expect(try operation.decodeRequest(operation.encodeRequest(input)).body == input)
    }

    @Test("Thousands of ambiguous types do not turn validation off")
    func manyAmbiguous() throws {
        let types = (0..<2_500).map {
            "<xs:complexType name=\"T\($0)\"><xs:sequence>\(Self.twice)</xs:sequence></xs:complexType>\n"
        }
        let (operation, _) = try Self.load(types.joined() + #"<xs:element name="request" type="xs:int"/>"#)
        #expect(operation.check(.input).isValidated)
        #expect(refusal { _ = try operation.decodeRequest(envelope("<t:request>x</t:request>")) }?.code == .xml)
    }

    @Test("The note on a set names the type that refers to its group")
    func setInGroup() throws {
        let schema =
            #"<xs:group name="G"><xs:all><xs:element name="a" type="xs:int"/></xs:all></xs:group>"#
            + #"<xs:complexType name="Holder"><xs:sequence><xs:group ref="t:G"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:complexType>"#
            + #"<xs:element name="request" type="t:Holder"/>"#
        let (_, warnings) = try Self.load(schema)
        #expect(warnings.contains { $0.contains("allow it: Holder (a.wsdl:") }, "\(warnings)")
    }

    @Test("A schema that libxml2 does not take is refused with the place in the description")
    func place() {
        let schema = """
            <xs:element name="request"><xs:complexType><xs:sequence>
            <xs:element name="a" type="xs:string"/>
            <xs:element name="b" type="xs:int" default="x"/></xs:sequence></xs:complexType></xs:element>
            """
        let error = refusal { _ = try Self.load(schema) }
        #expect(error?.code == .schema)
        #expect(error?.file == "a.wsdl")
        #expect(error?.line == 5)
    }

    @Test("A schema in Microsoft's own language is refused, and says what to do")
    func reduced() {
        let namespace = "urn:schemas-microsoft-com:xml-data"
        let inside = String(decoding: Fixture.description(schema: ""), as: UTF8.self).replacing(
            "<xs:schema ",
            with: "<xs:schema xmlns:xs=\"\(namespace)\" "
        )
        let imported = Fixture.description(schema: #"<xs:include schemaLocation="b.xsd"/>"#)
        let reduced = "<Schema xmlns=\"\(namespace)\" name=\"b\"/>"
        for files in [["a.wsdl": Array(inside.utf8)], ["a.wsdl": imported, "b.xsd": Array(reduced.utf8)]] {
            let error = refusal { _ = try WSDL.load(files: files, root: "a.wsdl") }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("ask the agency") == true)
        }
    }

    @Test(
        "A schema in a draft's language is read as one of 2001",
        arguments: ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"]
    )
    func drafts(namespace: String) throws {
        let schema = """
            <xs:element name="request"><xs:complexType><xs:element name="at" type="xs:timeInstant"/>
            <xs:element name="site" type="xs:uriReference" minOccurs="0" maxOccurs="*"/><xs:attribute name="k" type="xs:int"/>
            </xs:complexType></xs:element><xs:element name="answer" type="t:A"/>
            <xs:complexType name="A"><xs:all><xs:element name="n" type="xs:int"/></xs:all></xs:complexType>
            """
        let inside = String(decoding: Fixture.description(schema: schema), as: UTF8.self).replacing(
            "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"",
            with: "xmlns:xs=\"\(namespace)\""
        )
        let draft = """
            <xs:schema xmlns:xs="\(namespace)" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">\(schema)</xs:schema>
            """
        let imported = Fixture.description(schema: #"<xs:include schemaLocation="b.xsd"/>"#)
        for files in [["a.wsdl": Array(inside.utf8)], ["a.wsdl": imported, "b.xsd": Array(draft.utf8)]] {
            let wsdl = try WSDL.load(files: files, root: "a.wsdl")
            #expect(wsdl.warnings.count == 1)
            let operation = try wsdl.operation("call")
            for check in wsdl.check() {
                #expect(check.failure == nil)
                #expect(check.isValidated)
            }
            let input = try json(
                #"{"@k": 1, "at": "2026-01-31T08:30:00Z", "site": ["http://localhost/", "http://localhost/b"]}"#
            )
            #expect(try operation.decodeRequest(operation.encodeRequest(input)).body == input)
            #expect(refusal { _ = try operation.encodeRequest(["at": "yesterday"]) }?.pointer?.description == "/at")
        }
    }
}
