internal import AdapterConformance
internal import AdapterTooling
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchema
internal import GerbangSchemas
internal import HTTPTypes
internal import Testing

@Suite struct OpenAPIImportTests {
    private func translate(
        _ text: String,
        _ choose: (inout OpenAPIImport.Choice) -> Void = { _ in }
    ) throws -> (OpenAPIImport, Manifest) {
        var choice = OpenAPIImport.Choice()
        choose(&choice)
        let made = try OpenAPIImport(text, choice: choice, catalogue: .builtin())
        return (made, try Manifest.parse(made.manifest, file: "adapter.yaml"))
    }

    private func message(_ manifest: Manifest, _ operation: String, _ input: JSONValue) throws -> WireRequest {
        var reader = SettingsReader(.object(manifest.fixtureSettings))
        let adapter = try #require(manifest.definition.make(&reader))
        let descriptor = try #require(adapter.descriptor.operation(OperationID(operation)))
        let request = ServiceRequest(
            id: try #require(RequestID("0193a6f0-5b00-7000-8000-000000000001")),
            client: try ClientID("c"),
            submission: Submission(
                service: try #require(descriptor.service),
                region: .nation,
                payload: input,
                idempotencyKey: "k"
            ),
            connection: try ConnectionID("c"),
            operation: descriptor.id,
            acceptedAt: Timestamp(milliseconds: 0),
            deadline: Timestamp(milliseconds: 1)
        )
        return try adapter.prepare(
            AdapterCall(operation: descriptor, request: request, now: Timestamp(milliseconds: 0))
        )
    }

    @Test(
        "A document becomes a manifest whose fixtures pass",
        arguments: [
            OpenAPIDocuments.vehicles, OpenAPIDocuments.permits, OpenAPIDocuments.forms,
        ]
    )
    func works(document: String) throws {
        let (made, manifest) = try translate(document)
        let results = manifest.runFixtures()
        #expect(results.count >= manifest.descriptor.operations.count)
        for result in results { #expect(result.isPassed, "\(result.name): \(result.differences)") }
        #expect(!made.notes.contains { $0.reason.contains("mend it by hand: ") && $0.place.hasPrefix("adapter.yaml") })
    }

    @Test(
        "What is made passes lint and the conformance suite as it is",
        arguments: [
            OpenAPIDocuments.vehicles, OpenAPIDocuments.permits, OpenAPIDocuments.forms, OpenAPIDocuments.population,
        ]
    )
    func conforms(document: String) async throws {
        let made = try OpenAPIImport(document, catalogue: .builtin())
        let manifest = try Manifest.parse(made.manifest, file: "adapter.yaml", files: [:], catalogue: .builtin())
        #expect(manifest.warnings.isEmpty, "\(manifest.warnings)")
        for result in manifest.runFixtures() { #expect(result.isPassed, "\(result.name): \(result.differences)") }
        let subject = ConformanceSubject(manifest, bytes: Array(made.manifest.utf8))
        let report = try await AdapterConformance(subject).run()
        let failures = report.failures.map { "\($0.check.name) \($0.subject ?? ""): \($0.detail ?? "")" }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    @Test("A service that the catalogue does not have is described by the document's schemas")
    func services() throws {
        let (made, manifest) = try translate(OpenAPIDocuments.population)
        #expect(manifest.services.map(\.id.text) == manifest.descriptor.operations.compactMap { $0.service?.text })
        let find = try #require(manifest.services.first)
        #expect(find.title.indonesian == "Mencari penduduk" && find.id.text.hasSuffix(".get-penduduk-nik"))
        let input = try JSONSchema(find.input)
        #expect(input.validate(["nik": "3174014101900001", "status": 2]).isEmpty)
        #expect(!input.validate(["nik": "31"]).isEmpty && !input.validate(["nik": "3174014101900001", "x": 1]).isEmpty)
        // What may be null is left out when it is.
        #expect(find.output["required"] == ["nik"])
        #expect(try JSONSchema(find.output).validate(["nik": "3174014101900001"]).isEmpty)
        // Both successes fit.
        let deed = try #require(manifest.services.first { $0.id.text.hasSuffix(".buat-akta-baru") })
        let output = try JSONSchema(deed.output)
        #expect(output.validate(["nomor": 1]).isEmpty)
        #expect(output.validate(["nomor": "1", "tautan": "https://contoh.example/1"]).isEmpty)
        #expect(!output.validate(["tautan": "https://contoh.example/1"]).isEmpty)
        #expect(made.manifest.contains("check: privacy.target"))
        #expect(made.notes.contains { $0.reason.contains("nik in the path or the query") })
        // The catalogue's own service stays as it is, and the input's schema is that of the document then.
        let (_, known) = try translate(OpenAPIDocuments.vehicles) {
            $0.services = ["getVehicle": ServiceID(checked: "transport.vehicle.lookup")]
        }
        #expect(known.services.isEmpty)
    }

    @Test("A query by reference, with a service of the catalogue")
    func vehicles() throws {
        let (made, manifest) = try translate(OpenAPIDocuments.vehicles) {
            $0.services = ["getVehicle": ServiceID(checked: "transport.vehicle.lookup")]
        }
        let operation = try #require(manifest.descriptor.operations.first)
        #expect(operation.id.text == "get-vehicle" && operation.effect == .query)
        #expect(operation.service?.text == "transport.vehicle.lookup")
        #expect(manifest.descriptor.id.text == "register-kendaraan-contoh")
        #expect(made.manifest.contains("https://register.example/api"))
        let sent = try message(manifest, "get-vehicle", ["plate": "B 1/2", "fields": ["a", "b"]])
        #expect(sent.url(below: try BaseURL("http://x")) == "http://x/vehicles/B%201%2F2?fields=a&fields=b")
        #expect(made.notes.contains { $0.place.hasSuffix("/parameters/2") && $0.reason.contains("cookie") })
        #expect(throws: GerbangError.self) { try message(manifest, "get-vehicle", ["plate": "MUCH TOO LONG"]) }
        for result in manifest.runFixtures(catalogue: try .builtin()) { #expect(result.isPassed) }
    }

    @Test("A POST is not repeated; a PUT is when its key is told")
    func effects() throws {
        let (made, manifest) = try translate(OpenAPIDocuments.permits) { $0.keys = ["PUT /permits/{id}": "ref"] }
        let create = try #require(manifest.descriptor.operation(OperationID("create-permit")))
        #expect(create.effect == .nonIdempotent)
        #expect(made.notes.contains { $0.reason.contains("inquiry") })
        let put = try #require(manifest.descriptor.operation(OperationID("put-permits-id")))
        #expect(put.effect == .idempotent(key: "ref"))
        let sent = try message(manifest, "put-permits-id", ["id": "7", "note": "x"])
        let body = try JSONValue(parsing: sent.body)
        #expect(body["ref"]?.stringValue == "0193a6f0-5b00-7000-8000-000000000001")
        let created = try message(manifest, "create-permit", ["kind": "IMB", "owner-name": "A", "area": 2])
        #expect(try JSONValue(parsing: created.body) == ["kind": "IMB", "owner-name": "A", "area": 2])
        let (_, other) = try translate(OpenAPIDocuments.permits)
        #expect(other.descriptor.operation(try OperationID("put-permits-id"))?.effect == .nonIdempotent)
    }

    @Test("What is not translated is told with its place")
    func notes() throws {
        let (made, manifest) = try translate(OpenAPIDocuments.forms)
        let form = try message(manifest, "post-payments", ["bill": "a b", "amount": 5])
        #expect(String(decoding: form.body, as: UTF8.self) == "bill=a%20b&amount=5")
        for (place, reason) in [
            ("/components/securitySchemes/query", "query"), ("/paths/~1documents", "'file' is a file"),
            ("/paths/~1reports/post/requestBody", "application/xml"),
            ("/paths/~1documents/post/responses/202", "not in this document"),
            ("/paths/~1payments/post/responses/200", "empty answer"),
        ] {
            #expect(made.notes.contains { "\($0)".contains(place) && "\($0)".contains(reason) }, "\(place) \(reason)")
        }
    }

    @Test("Gerbang's own description is translated as well")
    func own() throws {
        let text = String(decoding: GerbangSchemas.openAPI, as: UTF8.self)
        let (_, manifest) = try translate(text)
        #expect(manifest.descriptor.operations.count > 5)
        for result in manifest.runFixtures() { #expect(result.isPassed, "\(result.name): \(result.differences)") }
    }

    @Test(
        "What is no OpenAPI document is refused with what would be right",
        arguments: [
            ("a: [", "line"), ("swagger: '2.0'", "Swagger 2.0"), ("openapi: 3.0.0", "paths"), ("[]", "openapi"),
            ("openapi: 3.1.0\npaths: {}", "no operation"),
        ]
    )
    func refused(text: String, reason: String) {
        let error = #expect(throws: GerbangError.self) { try OpenAPIImport(text, catalogue: .builtin()) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test("An operation that the document does not have is refused with those that it has")
    func unknown() {
        let error = #expect(throws: GerbangError.self) {
            try translate(OpenAPIDocuments.vehicles) { $0.operations = ["x"] }
        }
        #expect(error?.message.contains("getVehicle") == true)
    }
}
