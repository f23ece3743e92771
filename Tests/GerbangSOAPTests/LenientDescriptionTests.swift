internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangSchema
internal import GerbangXML
internal import Testing

/// Descriptions that are not quite what WSDL 1.1 asks for, and leave no doubt about what is meant.
@Suite struct LenientDescriptionTests {
    private static let elements =
        #"<xs:element name="request" type="xs:int"/><xs:element name="answer" type="xs:int"/>"#

    /// The description of ``Fixture/description(schema:attributes:)`` with something replaced.
    private static func load(_ changes: [String: String], schema: String = "") throws -> WSDL {
        var text = String(decoding: Fixture.description(schema: schema + elements), as: UTF8.self)
        for (old, new) in changes {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        return try WSDL.load(files: ["a.wsdl": Array(text.utf8)], root: "a.wsdl")
    }

    private static func expectPassing(_ wsdl: WSDL, isValidated: Bool = true) {
        let checks = wsdl.check()
        #expect(!checks.isEmpty)
        for check in checks {
            #expect(check.failure == nil, "\(check.operation) \(check.kind)")
            #expect(check.isValidated == isValidated)
        }
    }

    @Test("A schema without target namespace is the description's where it is referred to so")
    func nameless() throws {
        let wsdl = try Self.load(
            ["<xs:schema targetNamespace=\"urn:t\" elementFormDefault=\"qualified\">": "<xs:schema>"],
            schema:
                #"<xs:complexType name="C"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>"#
        )
        Self.expectPassing(wsdl)
        #expect(wsdl.warnings.contains { $0.contains("no target namespace") })
        #expect(try wsdl.operation("call").input?.element?.namespaceURI == "urn:t")
        // Where nothing does, it has none.
        let plain = try Self.load([
            "<xs:schema targetNamespace=\"urn:t\" elementFormDefault=\"qualified\">": "<xs:schema>",
            "t:request": "request", "t:answer": "answer",
        ])
        Self.expectPassing(plain)
        #expect(plain.warnings.isEmpty)
        #expect(try plain.operation("call").input?.element?.namespaceURI == nil)
    }

    @Test("Other languages' schemas are passed over, a misspelt XML Schema is not")
    func extensions() throws {
        let wsdl = try Self.load(["<wsdl:types>": "<wsdl:types><o:schema xmlns:o=\"urn:other\"/>"])
        Self.expectPassing(wsdl)
        #expect(wsdl.warnings.contains { $0.contains("no XML Schema") })
        let misspelt = ["<wsdl:types>": "<wsdl:types><o:schema xmlns:o=\"http://www.w3c.org/2001/XMLSchema\"/>"]
        #expect(refusal { _ = try Self.load(misspelt) }?.message.contains("root element") == true)
    }

    @Test("A part may leave its element empty, or its name")
    func parts() throws {
        let typed = try Self.load([
            #"<wsdl:part name="p" element="t:request"/>"#: #"<wsdl:part name="p" element="" type="xs:int"/>"#
        ])
        #expect(typed.check().allSatisfy { $0.failure == nil })
        let unnamed = try Self.load([#"name="p" element="t:request""#: #"element="t:request""#])
        Self.expectPassing(unnamed)
        #expect(unnamed.warnings.contains { $0.contains("wsdl:part has no name") })
        // A type alone names nothing.
        let nothing = [#"name="p" element="t:request""#: #"type="xs:int""#]
        #expect(refusal { _ = try Self.load(nothing) }?.message == "wsdl:part has no name.")
    }

    @Test("XML Schema's own types are found whatever their case, also where an element should be")
    func builtins() throws {
        let schema =
            #"<xs:complexType name="C"><xs:sequence><xs:element name="a" type="xs:dateTime"/></xs:sequence></xs:complexType>"#
        let wsdl = try Self.load(
            [
                "xs:dateTime": "xs:datetime", #"element="t:request""#: #"element="xs:String""#,
                #"element="t:answer""#: #"type="t:C""#,
            ],
            schema: schema
        )
        #expect(wsdl.check().allSatisfy { $0.failure == nil })
        #expect(wsdl.warnings.contains { $0.contains("xs:dateTime") })
        #expect(wsdl.warnings.contains { $0.contains("xs:string") })
        #expect(refusal { _ = try Self.load(["type=\"xs:int\"": "type=\"xs:integr\""]) }?.code == .schema)
    }

    @Test("The same message may be defined again, another one of its name may not")
    func repeated() throws {
        let out = #"<wsdl:message name="out">"#
        let same = #"<wsdl:message name="in"><wsdl:part name="p" element="t:request"/></wsdl:message>"#
        Self.expectPassing(try Self.load([out: same + out]))
        let other = same.replacing("t:request", with: "t:answer")
        #expect(refusal { _ = try Self.load([out: other + out]) }?.message.contains("twice and differently") == true)
    }

    @Test("White space in front of the XML declaration, and UTF-16 that is UTF-8")
    func start() throws {
        let text = String(decoding: Fixture.description(schema: Self.elements), as: UTF8.self)
        for (start, encoding) in [("\n\n ", "UTF-8"), ("\u{FEFF}\n", "utf-8"), ("", "UTF-16"), ("\n", "utf-16")] {
            let file = "\(start)<?xml version=\"1.0\" encoding=\"\(encoding)\"?>\n\(text)"
            let wsdl = try WSDL.load(files: ["a.wsdl": Array(file.utf8)], root: "a.wsdl")
            Self.expectPassing(wsdl)
            #expect(wsdl.warnings.count == 1)
            // What is wrong is still told by its own line.
            let wrong = file.replacing("name=\"answer\" type=\"xs:int\"", with: "name=\"answer\" type=\"t:none\"")
            let lines = wrong.split(separator: "\n", omittingEmptySubsequences: false)
            let line = lines.firstIndex { $0.contains("t:none") }.map { $0 + 1 }
            #expect(refusal { _ = try WSDL.load(files: ["a.wsdl": Array(wrong.utf8)], root: "a.wsdl") }?.line == line)
        }
    }

    @Test("A file with the mark of UTF-8 is read as UTF-8, whatever its declaration says", arguments: ["", " ", "\n"])
    func mark(space: String) throws {
        let elements = Self.elements + #"<xs:element name="é" type="xs:int"/><xs:element name="user" type="xs:int"/>"#
        let text = String(decoding: Fixture.description(schema: elements), as: UTF8.self)
        let file = "\u{FEFF}\(space)<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\(text)"
        // Read as Latin-1 it would be another name, or none.
        let named = file.replacing("element=\"t:request\"", with: "element=\"t:é\"")
        let wsdl = try WSDL.load(files: ["a.wsdl": Array(named.utf8)], root: "a.wsdl")
        #expect(try wsdl.operation("call").encodeRequest(1).contains(0xC3))
        #expect(try wsdl.operation("call").check(.input).failure == nil)
        #expect(String(decoding: try wsdl.operation("call").encodeRequest(1), as: UTF8.self).contains(":é"))
        #expect(wsdl.warnings.count == 1)
        #expect(wsdl.warnings.first?.contains("names another encoding") == true)
    }

    @Test("A part with neither element nor type is a mistake only where a SOAP message needs it")
    func emptyPart() throws {
        let message = #"<wsdl:message name="none"><wsdl:part name="Body"/></wsdl:message><wsdl:message name="in">"#
        Self.expectPassing(try Self.load([#"<wsdl:message name="in">"#: message]))
        let used = [#"<wsdl:part name="p" element="t:request"/>"#: #"<wsdl:part name="p"/>"#]
        #expect(refusal { _ = try Self.load(used) }?.message == "wsdl:part has neither an element nor a type.")
    }

    // MARK: Faults

    private static func fault(_ message: String, use: String) -> [String: String] {
        let encoding = #" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/""#
        return [
            #"<wsdl:message name="in">"#: "\(message)<wsdl:message name=\"in\">",
            "</wsdl:operation></wsdl:portType>":
                "<wsdl:fault name=\"bad\" message=\"t:bad\"/></wsdl:operation></wsdl:portType>",
            "</wsdl:operation></wsdl:binding>":
                "<wsdl:fault name=\"bad\"><soap:fault name=\"bad\" use=\"\(use)\"\(encoding)/></wsdl:fault></wsdl:operation></wsdl:binding>",
        ]
    }

    @Test("A fault of an empty message has no detail")
    func emptyFault() throws {
        let wsdl = try Self.load(Self.fault(#"<wsdl:message name="bad"/>"#, use: "literal"))
        Self.expectPassing(wsdl)
        let operation = try wsdl.operation("call")
        let bytes = try operation.encodeFault("bad", detail: [:], blamesSender: true, reason: "no")
        guard case .fault(let fault) = try operation.decodeResponse(bytes) else { throw WrongKind() }
        #expect(fault.detail == nil)
        let filled = refusal {
            _ = try operation.encodeFault("bad", detail: ["a": 1], blamesSender: true, reason: "no")
        }
        #expect(filled?.message.contains("no detail") == true)
    }

    @Test("By SOAP encoding too a wildcard's elements come through")
    func encodedWildcard() throws {
        let type = """
            <xs:complexType name="F"><xs:sequence><xs:element name="a" type="xs:int"/>
            <xs:any namespace="##any" maxOccurs="unbounded" minOccurs="0"/></xs:sequence></xs:complexType>
            """
        let message = #"<wsdl:message name="bad"><wsdl:part name="p" type="t:F"/></wsdl:message>"#
        let operation = try Self.load(Self.fault(message, use: "encoded"), schema: type).operation("call")
        #expect(operation.check(.fault("bad")).failure == nil)
        let detail = try json(##"{"a": 1, "#any": [{"{urn:x}b": "1"}, {"{urn:x}c": "2"}]}"##)
        let bytes = try operation.encodeFault("bad", detail: detail, blamesSender: true, reason: "no")
        guard case .fault(let fault) = try operation.decodeResponse(bytes) else { throw WrongKind() }
        #expect(fault.detail == detail)
    }

    private struct WrongKind: Error {}

    @Test("By SOAP encoding a type that contains itself has an end, for the JSON Schema too")
    func encodedRecursion() throws {
        let type = """
            <xs:complexType name="F"><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="next" type="t:F"/>
            </xs:sequence></xs:complexType>
            """
        let message = #"<wsdl:message name="bad"><wsdl:part name="p" type="t:F"/></wsdl:message>"#
        let operation = try Self.load(Self.fault(message, use: "encoded"), schema: type).operation("call")
        let sample = try operation.sample(.fault("bad"))
        #expect(operation.check(.fault("bad")).failure == nil)
        #expect(try JSONSchema(operation.schema(.fault("bad"))).validate(sample).isEmpty)
    }

    @Test("SOAP encoding's own array is an array")
    func encodedArray() throws {
        let schema =
            #"<xs:complexType name="C"><xs:sequence><xs:element name="a" type="e:Array"/></xs:sequence></xs:complexType>"#
        let wsdl = try Self.load(
            [
                "xmlns:t=\"urn:t\"": "xmlns:t=\"urn:t\" xmlns:e=\"http://schemas.xmlsoap.org/soap/encoding/\"",
                #"<wsdl:part name="p" element="t:request"/>"#: #"<wsdl:part name="p" type="t:C"/>"#,
                "<soap:body use=\"literal\"/></wsdl:input>": "<soap:body use=\"encoded\"/></wsdl:input>",
                "<soap:binding ": "<soap:binding style=\"rpc\" ",
            ],
            schema: schema
        )
        let operation = try wsdl.operation("call")
        #expect(operation.check(.input).failure == nil)
        let input = try json(#"{"p": {"a": ["x", "y"]}}"#)
        #expect(try operation.decodeRequest(operation.encodeRequest(input)).body == input)
    }

    // MARK: The catalogue

    @Test("SOAP's envelopes, XML Encryption and WS-Security are in the catalogue")
    func catalogue() throws {
        let security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
        let schema = """
            <xs:complexType name="C" xmlns:e1="http://schemas.xmlsoap.org/soap/envelope/"
            xmlns:e2="http://www.w3.org/2003/05/soap-envelope" xmlns:x="http://www.w3.org/2001/04/xmlenc#" xmlns:s="\(security)">
            <xs:sequence><xs:element name="a" type="e1:Envelope"/><xs:element name="b" type="e2:Envelope"/>
            <xs:element ref="e1:Fault"/><xs:element ref="e2:Fault"/><xs:element ref="x:EncryptedData"/>
            <xs:element ref="x:EncryptedKey"/><xs:element name="m" type="x:EncryptionMethodType"/><xs:element ref="s:Security"/>
            <xs:element ref="s:UsernameToken"/><xs:element ref="s:KeyIdentifier"/></xs:sequence>
            <xs:attribute ref="e1:mustUnderstand"/></xs:complexType>
            """
        let wsdl = try Self.load(
            [#"<xs:element name="request" type="xs:int"/>"#: #"<xs:element name="request" type="t:C"/>"#],
            schema: schema
        )
        Self.expectPassing(wsdl)
    }
}
