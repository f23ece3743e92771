internal import AdapterConformance
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSOAP
internal import HTTPTypes
internal import Testing

/// A manifest that was made from a description needs no hand to pass the conformance suite, in which an agency on the
/// loopback interface also gives each operation its good answer.
@Suite("Manifests from descriptions and the conformance suite")
struct GeneratedConformanceTests {
    private static let own = Descriptions.own.filter { path in
        ["calculator.wsdl", "bni.wsdl", "rpc-encoded.wsdl", "headershare.wsdl", "axis.wsdl"].contains {
            path.hasSuffix("/\($0)")
        }
    }
    private static let others = Descriptions.others.filter { path in
        ["with_basic_elements.wsdl", "single_type_action_io.wsdl", "op-monitoring.wsdl", "valid-getrandom.wsdl"]
            .contains {
                path.hasSuffix("/\($0)")
            } || path.hasSuffix("BAS_1.0.0_1.0.0.wsdl")
    }

    @Test("As it is written", arguments: own)
    func plain(path: String) async throws { try await prove(path, isQuery: false) }

    @Test("As queries", arguments: own.prefix(2))
    func queries(path: String) async throws { try await prove(path, isQuery: true) }

    @Test(
        "Those of others too",
        .enabled(if: !Descriptions.others.isEmpty, "needs the conformance data"),
        arguments: others
    )
    func foreign(path: String) async throws { try await prove(path, isQuery: false) }

    private func prove(_ path: String, isQuery: Bool) async throws {
        var options = ManifestFromWSDL.Options()
        if isQuery { options.queries = try WSDL.load(file: path).operations.map(\.name) }
        let (made, manifest) = try Descriptions.manifest(path, options)
        let text = try #require(made.files.first { $0.path == "adapter.yaml" }).text
        let report = try await AdapterConformance(ConformanceSubject(manifest, bytes: Array(text.utf8))).run()
        let failures = report.failures.map { "\($0.check.name) \($0.subject ?? ""): \($0.detail ?? "")" }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        let answered = report.results.filter { $0.check.name == "answer.succeeds" }
        #expect(answered.count == manifest.descriptor.operations.count)
        #expect(answered.allSatisfy { $0.outcome == .passed }, "\(answered)")
    }

    @Test("What the status alone says is not overruled by a fault that nobody declared")
    func faults() throws {
        let path = try #require(Self.own.first { $0.hasSuffix("/calculator.wsdl") })
        let manifest = try Descriptions.manifest(path).manifest
        let adapter = try Support.adapter(manifest, settings: [:])
        let fixture = try #require(manifest.fixtures.first)
        let call = try Support.call(adapter, fixture.input, fixture.operation.text)
        let message = try adapter.prepare(call)
        func verdict(_ status: Int, code: String) -> String {
            let body = """
                <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>\
                <faultcode>soap:\(code)</faultcode><faultstring>x</faultstring></soap:Fault></soap:Body></soap:Envelope>
                """
            let answer = WireResponse(status: status, headerFields: [.contentType: "text/xml"], body: Array(body.utf8))
            return adapter.classify(Exchange(request: message, response: answer), for: call).name
        }
        #expect(verdict(401, code: "Client") == "unauthorized")
        #expect(verdict(403, code: "Server") == "unauthorized")
        #expect(verdict(429, code: "Server") == "throttled")
        #expect(verdict(500, code: "Client") == "invalid")
        #expect(verdict(500, code: "Server") == "inDoubt")
    }
}
