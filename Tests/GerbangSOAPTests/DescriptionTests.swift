internal import Foundation
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
