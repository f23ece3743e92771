internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangSchema
internal import Testing

/// The descriptions that must pass as a whole.
@Suite struct CorpusTests {
    static let own = [
        "builtins", "calculator", "catalogue", "dataset", "encodings/bom", "encodings/latin1", "encodings/utf16",
        "exchange", "extensions", "facets", "imports/Service.Orders_1.0.0", "mixed", "models", "names", "namespaces",
        "nillable", "parts", "recursion", "redefine/service", "relative", "restriction", "rpc-encoded", "rpc-literal",
        "shapes",
        "wildcards",
        "axis", "nusoap", "vies", "sap", "bni",
        "odd/cdata", "odd/chain/Main.v1.0", "odd/dotnet", "odd/headershare", "odd/location", "odd/multi", "odd/nobody",
        "odd/nu2", "odd/overload", "odd/rpclit",
    ]

    @Test("Every message of every operation goes to XML and back", arguments: own)
    func roundTrip(name: String) throws {
        let checks = try Fixture.load(name).check()
        #expect(!checks.isEmpty)
        for check in checks { #expect(check.failure == nil, "\(check.operation) \(check.kind)") }
    }

    @Test("The derived JSON Schema is a schema, and accepts the samples", arguments: own)
    func jsonSchema(name: String) throws {
        for operation in try Fixture.load(name).operations {
            for kind in operation.messageKinds {
                let schema = try JSONSchema(operation.schema(kind))
                let issues = schema.validate(try operation.sample(kind))
                #expect(issues.isEmpty, "\(operation.name) \(kind): \(issues)")
            }
        }
    }

    // MARK: Descriptions that others wrote

    static let conformance: String = {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(here)/../shared/conformance/wsdl"
    }()

    static let others: [String] = {
        let names = FileManager.default.enumerator(atPath: conformance)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".wsdl") }.sorted()
    }()

    @Test(
        "Descriptions of others pass",
        .enabled(if: !others.isEmpty),
        arguments: others.filter { !$0.contains("negative") }
    )
    func passing(name: String) throws {
        for check in try WSDL.load(file: "\(Self.conformance)/\(name)").check() {
            #expect(check.failure == nil, "\(check.operation) \(check.kind)")
            #expect(check.isValidated)
        }
    }

    @Test(
        "Broken descriptions of others are refused",
        .enabled(if: !others.isEmpty),
        arguments: others.filter { $0.contains("negative") }
    )
    func refused(name: String) {
        #expect(throws: SOAPError.self) { try WSDL.load(file: "\(Self.conformance)/\(name)") }
    }
}
