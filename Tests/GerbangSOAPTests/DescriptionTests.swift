internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import Testing

/// What a description says about its services.
@Suite struct DescriptionTests {
    @Test("Ports of several kinds are told apart")
    func ports() throws {
        let wsdl = try Fixture.load("parts")
        let ports = try #require(wsdl.services.first).ports
        #expect(ports.map(\.name) == ["P11", "P12", "PGet"])
        #expect(ports.map(\.kind) == [.soap(.v11), .soap(.v12), .http(verb: "GET")])
        #expect(ports[2].otherOperations == ["send"])
        let operation = try wsdl.operation("send", port: "P11")
        #expect(operation.input?.headers.map(\.key) == ["auth"])
        #expect(operation.input?.attachments == ["file"])
        #expect(operation.output?.parts.map(\.key) == ["first", "second"])
        #expect(try wsdl.operation("send", port: "P12").action == "urn:send")
        #expect(wsdl.documentation?.contains("odd places") == true)
    }

    @Test("One-way operations and declared faults are known")
    func exchanges() throws {
        let wsdl = try Fixture.load("exchange")
        #expect(try wsdl.operation("tell").isOneWay)
        #expect(try wsdl.operation("tell").exchange == .oneWay)
        #expect(try wsdl.operation("call").faults.map(\.name) == ["Refused", "Busy"])
        #expect(try wsdl.operation("call").version == .v12)
    }

    @Test("An unknown operation is refused with the names that there are")
    func unknownOperation() throws {
        let wsdl = try Fixture.load("calculator")
        let error = refusal { _ = try wsdl.operation("Divide") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("Add") == true)
    }

    @Test("Policies are resolved where they are in the description")
    func policies() throws {
        let wsdl = try Fixture.load("sap")
        let port = try #require(wsdl.services.first?.ports.first)
        #expect(port.policies.first?.isResolved == true)
        #expect(port.policies.first?.assertions == ["TransportBinding", "UsingAddressing"])
    }

    /// The description of ``Fixture/description(schema:attributes:)`` with a text replaced.
    private static func load(replacing old: String, with new: String) throws -> WSDL {
        let schema = #"<xs:element name="request"/><xs:element name="answer"/><xs:element name="auth" type="xs:int"/>"#
        let text = String(decoding: Fixture.description(schema: schema), as: UTF8.self)
        #expect(text.contains(old))
        return try WSDL.load(files: ["a.wsdl": Array(text.replacing(old, with: new).utf8)], root: "a.wsdl")
    }

    @Test(
        "An address that is none of HTTP is noted, and only calling it is another matter",
        arguments: [
            "jms:queue/requests", "jms://queue", "net.tcp://localhost:9/a", "soap.tcp://localhost:9/a",
            "REPLACE_WITH_ACTUAL_URL", "",
        ]
    )
    func addresses(address: String) throws {
        let wsdl = try Self.load(replacing: "http://localhost/", with: address)
        #expect(wsdl.warnings.count == 1)
        let operation = try wsdl.operation("call")
        #expect(operation.httpAddress == nil)
        #expect(operation.check(.input).failure == nil)
        #expect(try Self.load(replacing: "http:", with: "http:").operation("call").httpAddress == "http://localhost/")
    }

    @Test("A port whose binding is missing is noted, and the others are there")
    func missingBinding() throws {
        let wsdl = try Self.load(
            replacing: #"<wsdl:service name="S">"#,
            with: #"<wsdl:service name="S"><wsdl:port name="Q" binding="t:Gone"/>"#
        )
        #expect(wsdl.warnings.count == 1)
        #expect(wsdl.services.flatMap(\.ports).map(\.name) == ["P"])
    }

    @Test("An operation that is bound and nowhere defined is noted, and the others are there")
    func missingOperation() throws {
        let wsdl = try Self.load(
            replacing: #"<wsdl:operation name="call"><soap:operation"#,
            with: #"<wsdl:operation name="gone"/><wsdl:operation name="call"><soap:operation"#
        )
        #expect(wsdl.warnings.count == 1)
        #expect(wsdl.operations.map(\.name) == ["call"])
    }

    @Test("An empty target namespace is none")
    func emptyNamespace() throws {
        let wsdl = try Self.load(
            replacing: "<xs:schema ",
            with: #"<xs:schema targetNamespace=""><xs:element name="free" type="xs:int"/></xs:schema><xs:schema "#
        )
        #expect(wsdl.warnings.count == 1)
        let operation = try wsdl.operation("call")
        #expect(operation.check(.input).failure == nil)
        let content = try operation.decodeRequest(envelope("<t:request><free>1</free></t:request>"))
        #expect(content.body["#content"] == [["free": 1]])
    }

    @Test("An address of files is a mistake")
    func addressOfFiles() {
        let error = refusal { _ = try Self.load(replacing: "http://localhost/", with: "sftp://localhost/a") }
        #expect(error?.code == .wsdl)
        #expect(error?.line != nil)
    }

    @Test("An operation without messages is noted, and the others are there")
    func noMessages() throws {
        let wsdl = try Self.load(
            replacing: #"<wsdl:portType name="P">"#,
            with:
                #"<wsdl:portType name="P"><wsdl:operation name="bare"/><wsdl:operation name="empty"><wsdl:input/><wsdl:output/></wsdl:operation>"#
        )
        #expect(wsdl.warnings.count == 3)
        #expect(wsdl.operations.map(\.name) == ["call"])
        let bound = try Self.load(
            replacing: #"<wsdl:input message="t:in"/><wsdl:output message="t:out"/>"#,
            with: ""
        )
        #expect(try bound.operation("call").messageKinds.isEmpty)
        #expect(refusal { _ = try bound.operation("call").encodeRequest([:]) }?.code == .unsupported)
    }

    @Test(
        "A header is found that is named by another namespace, or is in another message",
        arguments: [#"xmlns:o="urn:other" message="o:h""#, #"message="t:in""#]
    )
    func headers(reference: String) throws {
        let text = #"""
            <wsdl:message name="h"><wsdl:part name="auth" element="t:auth"/></wsdl:message><wsdl:portType name="P">
            """#
        let schema = #"<xs:element name="request"/><xs:element name="answer"/><xs:element name="auth" type="xs:int"/>"#
        let description = String(decoding: Fixture.description(schema: schema), as: UTF8.self)
            .replacing(#"<wsdl:portType name="P">"#, with: text)
            .replacing(
                #"<soap:body use="literal"/></wsdl:input>"#,
                with: #"<soap:body use="literal"/><soap:header \#(reference) part="auth" use="literal"/></wsdl:input>"#
            )
        let wsdl = try WSDL.load(files: ["a.wsdl": Array(description.utf8)], root: "a.wsdl")
        let operation = try wsdl.operation("call")
        #expect(operation.input?.headers.map(\.element) == [XMLName("auth", namespace: "urn:t")])
        #expect(operation.input?.element == XMLName("request", namespace: "urn:t"))
        let header = #"<e:Header><q:auth xmlns:q="urn:t">7</q:auth></e:Header>"#
        #expect(try operation.decodeRequest(envelope("<t:request/>", header: header)).headers == ["auth": 7])
        let wrong = description.replacing(#"part="auth" use"#, with: #"part="none" use"#)
        #expect(refusal { _ = try WSDL.load(files: ["a.wsdl": Array(wrong.utf8)], root: "a.wsdl") }?.code == .wsdl)
    }

    @Test(
        "Descriptions and answers come in other encodings",
        arguments: [
            ("windows-1250", String.Encoding.windowsCP1250, "jméno"), ("windows-1251", .windowsCP1251, "имя"),
            ("windows-1254", .windowsCP1254, "adı"), ("ISO-8859-2", .isoLatin2, "jméno"), ("UTF-16", .utf16, "имя"),
        ]
    )
    func encodings(label: String, encoding: String.Encoding, name: String) throws {
        func encoded(_ bytes: [UInt8], declared: Bool = true) throws -> [UInt8] {
            let declaration = declared ? "<?xml version=\"1.0\" encoding=\"\(label)\"?>" : ""
            return Array(try #require((declaration + String(decoding: bytes, as: UTF8.self)).data(using: encoding)))
        }
        let schema = """
            <xs:element name="request"/><xs:element name="answer"><xs:complexType><xs:sequence>
            <xs:element name="\(name)" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
            """
        let description = try encoded(Fixture.description(schema: schema))
        let operation = try WSDL.load(files: ["a.wsdl": description], root: "a.wsdl").operation("call")
        #expect(operation.check(.output).failure == nil)
        let answer = envelope("<t:answer><t:\(name)>\(name)</t:\(name)></t:answer>")
        let expected = SOAPAnswer.output([name: .string(name)], headers: [:])
        #expect(try operation.decodeResponse(encoded(answer)) == expected)
        #expect(try operation.decodeResponse(encoded(answer, declared: false), charset: label) == expected)
    }

    @Test("A name that is none is refused", arguments: ["a b", "a/b", "a:b", "a;b", "a%b", "a\\b", "", "1a"])
    func operationNames(name: String) throws {
        let text = String(
            decoding: Fixture.description(schema: "<xs:element name=\"request\"/><xs:element name=\"answer\"/>"),
            as: UTF8.self
        )
        let parts = text.components(separatedBy: "operation name=\"call\"")
        let error = refusal {
            _ = try WSDL.load(
                files: ["a.wsdl": Array(parts.joined(separator: "operation name=\"\(name)\"").utf8)],
                root: "a.wsdl"
            )
        }
        #expect(error?.code == .wsdl)
    }
}
