internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// SOAP encoding, as services of the nusoap and Axis 1 kind speak it.
@Suite struct EncodedTests {
    private let prefixes = #"xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:n="urn:example:rpc-encoded""#

    private func output(_ name: String, _ wire: String) throws -> JSONValue {
        let operation = try Fixture.operation("rpc-encoded", name)
        guard case .output(let value, _) = try operation.decodeResponse(envelope(wire)) else { return nil }
        return value
    }

    @Test("References are followed")
    func references() throws {
        let value = try output(
            "getStudent",
            """
            <n:getStudentResponse \(prefixes)><getStudentReturn href="#id0"/></n:getStudentResponse>
            <multiRef \(prefixes) id="id0" enc:root="0" xsi:type="n:Student"><nim href="#id1"/><score xsi:type="xs:decimal">3.50</score>
            <tags xsi:type="enc:Array" enc:arrayType="xs:string[2]"><x xsi:type="xs:string">a</x><x xsi:nil="true"/></tags></multiRef>
            <multiRef id="id1" xsi:type="xs:string">0123</multiRef>
            """
        )
        #expect(value["return"]?["nim"] == "0123")
        #expect(value["return"]?["score"] == .number(try #require(JSONNumber("3.50"))))
        #expect(value["return"]?["tags"] == ["a", nil])
    }

    @Test("A circle of references ends with an error, and so does a flood of them")
    func circle() throws {
        let circle = """
            <n:getStudentResponse \(prefixes)><return href="#a"/></n:getStudentResponse><r id="a" href="#b"/><r id="b" href="#a"/>
            """
        #expect(throws: Never.self) { try output("getStudent", circle) }
        var flood = "<n:anythingResponse \(prefixes)><return href=\"#i0\"/></n:anythingResponse>"
        for index in 0..<40 {
            flood +=
                "<r \(prefixes) id=\"i\(index)\" xsi:type=\"enc:Array\"><a href=\"#i\(index + 1)\"/><a href=\"#i\(index + 1)\"/></r>"
        }
        #expect(refusal { _ = try output("anything", flood + "<r id=\"i40\"/>") }?.code == .xml)
    }

    @Test("Arrays of several dimensions and arrays of arrays keep their shape")
    func dimensions() throws {
        let operation = try Fixture.operation("rpc-encoded", "list")
        let value = try json(#"{"matrix": [[1, 2, 3], [4, 5, 6]], "rows": [[1], [], [2, 3]]}"#)
        let bytes = try operation.encodeRequest(value)
        #expect(try operation.decodeRequest(bytes).body == value)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#"enc:arrayType="xs:int[2,3]""#))
        #expect(text.contains(#"enc:arrayType="xs:int[][3]""#))
        #expect(
            refusal { _ = try operation.encodeRequest(["matrix": [[1], [1, 2]], "rows": []]) }?.pointer?.description
                == "/matrix"
        )
    }

    @Test("They keep it in a literal message too, as of a description that does not say encoded")
    func literalDimensions() throws {
        let text = try String(contentsOfFile: "\(Fixture.folder)/rpc-encoded.wsdl", encoding: .utf8)
            .replacing(#"use="encoded""#, with: #"use="literal""#)
        let operation = try WSDL.load(files: ["s.wsdl": Array(text.utf8)], root: "s.wsdl").operation("list", port: nil)
        let value = try json(#"{"matrix": [[1, 2, 3], [4, 5, 6]], "rows": [[1], [], [2, 3]]}"#)
        #expect(try operation.decodeRequest(operation.encodeRequest(value)).body == value)
    }

    @Test("An array in open content is an array")
    func untypedArrays() throws {
        let wire = """
            <n:anythingResponse \(prefixes)><return xsi:type="enc:Array" enc:arrayType="xs:int[2]"><i>1</i><i>2</i></return>
            </n:anythingResponse>
            """
        #expect(try output("anything", wire) == ["return": [1, 2]])
        let operation = try Fixture.operation("rpc-encoded", "anything")
        let value: JSONValue = ["value": ["a", ["b"]]]
        #expect(try operation.decodeRequest(operation.encodeRequest(value)).body == value)
    }

    @Test("Facets are checked before sending, as no schema validates encoded messages")
    func facets() throws {
        let operation = try Fixture.operation("nusoap", "getInfo")
        #expect(
            refusal { _ = try operation.encodeRequest(["nim": "x", "year": 70_000]) }?.pointer?.description == "/year"
        )
    }

    private static let recursive = """
        <xs:complexType name="N"><xs:sequence><xs:element name="next" type="t:N" minOccurs="1"/><xs:element name="v" type="xs:int"/></xs:sequence>
        </xs:complexType><xs:element name="request" type="t:N"/><xs:element name="auth" type="xs:int"/>
        """

    private static func document(_ uses: (body: String, header: String), optional: Bool = false) throws
        -> SOAPOperation
    {
        let recursive = optional ? recursive.replacing("minOccurs=\"1\"", with: "minOccurs=\"0\"") : recursive
        let text = String(
            decoding: Fixture.description(schema: recursive + #"<xs:element name="answer"/>"#),
            as: UTF8.self
        )
        .replacing(
            #"<wsdl:portType"#,
            with: #"<wsdl:message name="h"><wsdl:part name="auth" element="t:auth"/></wsdl:message><wsdl:portType"#
        )
        .replacing(
            #"<soap:body use="literal"/></wsdl:input>"#,
            with:
                #"<soap:body use="\#(uses.body)"/><soap:header message="t:h" part="auth" use="\#(uses.header)"/></wsdl:input>"#
        )
        return try WSDL.load(files: ["a.wsdl": Array(text.utf8)], root: "a.wsdl").operation("call")
    }

    @Test("The outermost elements have their namespaces, and what is in them has none")
    func namespaces() throws {
        let operation = try Self.document(("encoded", "encoded"))
        let input: JSONValue = ["next": nil, "v": 1]
        let bytes = try operation.encodeRequest(input, headers: ["auth": 5])
        let text = String(decoding: bytes, as: UTF8.self)
        let style = #"soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/""#
        #expect(text.contains("<t:request \(style) xsi:type=\"t:N\"><next xsi:nil=\"true\"/>"))
        #expect(text.contains("<t:auth \(style) xsi:type=\"xs:int\">5</t:auth>"))
        let content = try operation.decodeRequest(bytes)
        #expect(content.body == input)
        #expect(content.headers == ["auth": 5])
    }

    @Test("A header block is written as its own use says", arguments: [("encoded", "literal"), ("literal", "encoded")])
    func uses(body: String, header: String) throws {
        let operation = try Self.document((body, header), optional: true)
        let bytes = try operation.encodeRequest(["v": 1], headers: ["auth": 5])
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("<t:auth>5</t:auth>") == (header == "literal"))
        #expect(text.contains("<t:v>1</t:v>") == (body == "literal"))
    }

    @Test("A struct that contains itself has a sample, as every encoded element may be nil")
    func recursion() throws {
        let operation = try Self.document(("encoded", "encoded"))
        #expect(operation.check(.input).failure == nil)
        for seed in 1...20 {
            let sample = try operation.randomSample(.input, seed: UInt64(seed))
            #expect(try operation.decodeRequest(operation.encodeRequest(sample)).body == sample)
        }
        let literal = try Self.document(("literal", "literal"))
        #expect(literal.check(.input).failure?.code == .sample)
    }

    @Test("An answer in ISO-8859-1 with other names is read")
    func latin() throws {
        let operation = try Fixture.operation("nusoap", "getInfo")
        var bytes = Array(#"<?xml version="1.0" encoding="ISO-8859-1"?>"#.utf8)
        bytes += envelope("<ns1:getInfoResponse xmlns:ns1=\"urn:one\"><hasil xsi:type=\"xs:string\">caf").map { $0 }
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "</e:Body></e:Envelope>", with: "")
        bytes = Array(text.utf8) + [0xE9] + Array("</hasil></ns1:getInfoResponse></e:Body></e:Envelope>".utf8)
        guard case .output(let value, _) = try operation.decodeResponse(bytes) else { return }
        #expect(value == ["return": "café"])
    }
}
