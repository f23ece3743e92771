internal import GerbangSOAP
internal import GerbangXML
internal import Testing

/// Files and messages that mean harm by their size or their form.
@Suite struct HostileFileTests {
    private static let text =
        #"<xs:element name="request" type="xs:string"/><xs:element name="answer" type="xs:string"/>"#

    private static func schema(_ content: String) -> [UInt8] {
        Array(
            #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">\#(content)</xs:schema>"#
                .utf8
        )
    }

    private func load(_ schema: String, _ files: [String: [UInt8]] = [:]) throws -> WSDL {
        var files = files
        files["a.wsdl"] = Fixture.description(schema: schema)
        return try WSDL.load(files: files, root: "a.wsdl")
    }

    @Test("Includes and imports in circles end, and everything is there once")
    func circles() throws {
        let files = [
            "b.xsd": Self.schema(#"<xs:include schemaLocation="c.xsd"/><xs:include schemaLocation="b.xsd"/>"#),
            "c.xsd": Self.schema(
                #"<xs:include schemaLocation="b.xsd"/><xs:import namespace="urn:t" schemaLocation="c.xsd"/>\#(Self.text)"#
            ),
        ]
        #expect(try load(#"<xs:include schemaLocation="b.xsd"/>"#, files).operations.count == 1)
    }

    @Test("A chain of six hundred files, and one that branches, are refused")
    func chains() throws {
        var chain: [String: [UInt8]] = [:]
        var tree: [String: [UInt8]] = [:]
        for number in 0..<1_200 {
            chain["s\(number).xsd"] = Self.schema(#"<xs:include schemaLocation="s\#(number + 1).xsd"/>"#)
            tree["s\(number).xsd"] = Self.schema(
                #"<xs:include schemaLocation="s\#((2 * number + 1) % 1_200).xsd"/><xs:include schemaLocation="s\#((2 * number + 2) % 1_200).xsd"/>"#
            )
        }
        for files in [chain, tree] {
            let error = refusal { _ = try load(#"<xs:include schemaLocation="s0.xsd"/>\#(Self.text)"#, files) }
            #expect(error?.code == .limit, "\(String(describing: error))")
        }
    }

    private static let documents = [
        #"<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>"#,
        #"<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>"#,
        #"<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">"#,
    ]

    @Test("A document type is refused in a description, in a schema and in a message", arguments: documents)
    func documentTypes(declaration: String) throws {
        let description = Array(declaration.utf8) + Fixture.description(schema: Self.text)
        #expect(refusal { _ = try WSDL.load(files: ["a.wsdl": description], root: "a.wsdl") }?.code == .file)
        let files = ["b.xsd": Array(declaration.utf8) + Self.schema(Self.text)]
        #expect(refusal { _ = try load(#"<xs:include schemaLocation="b.xsd"/>"#, files) }?.code == .file)
        let operation = try load(Self.text).operation("call")
        let message = Array(declaration.utf8) + envelope("<t:request>x</t:request>")
        #expect(refusal { _ = try operation.decodeRequest(message) }?.code == .envelope)
    }

    @Test("Deep nesting, a huge attribute and a huge number of attributes are refused where they stand")
    func sizes() throws {
        let deep = String(repeating: "<xs:sequence>", count: 400) + String(repeating: "</xs:sequence>", count: 400)
        let many = (0..<2_000).map { " a\($0)=\"\"" }.joined()
        for schema in [
            "<xs:complexType name=\"D\">\(deep)</xs:complexType>",
            "<xs:element name=\"\(String(repeating: "x", count: 400_000))\"/>", "<xs:element name=\"d\"\(many)/>",
        ] {
            let error = refusal { _ = try load(schema + Self.text) }
            #expect(error?.code == .file || error?.code == .limit, "\(String(describing: error))")
        }
        let operation = try load(Self.text).operation("call")
        let nested = String(repeating: "<a>", count: 400) + String(repeating: "</a>", count: 400)
        for body in [
            "<t:request>\(nested)</t:request>", "<t:request a=\"\(String(repeating: "x", count: 400_000))\"/>",
            "<t:request\(many)/>",
        ] {
            #expect(refusal { _ = try operation.decodeRequest(envelope(body)) }?.code == .envelope)
        }
    }

    @Test("What a schema lets grow without end is bounded by the message")
    func unbounded() throws {
        let operation = try Fixture.operation(
            schema:
                #"<xs:element name="request"><xs:complexType><xs:sequence maxOccurs="unbounded"><xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>"#
        )
        let body = "<t:request>\(String(repeating: "<a/>", count: 100_000))</t:request>"
        #expect(throws: Never.self) { try operation.decodeRequest(envelope(body), isValidated: false) }
        let more = "<t:request>\(String(repeating: "<a/>", count: 600_000))</t:request>"
        #expect(refusal { _ = try operation.decodeRequest(envelope(more), isValidated: false) }?.code == .envelope)
    }
}
