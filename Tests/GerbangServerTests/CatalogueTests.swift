internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Services and connections over HTTP")
struct CatalogueTests {
    @Test("The catalogue is told in both languages")
    func services() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let list = try await client.get("/v1/services", ["Accept-Language": "en"])
            let items = list.json["items"]?.arrayValue ?? []
            let services = try ServiceCatalogue.builtin().all
            #expect(items.count == services.count)
            #expect(items.allSatisfy { $0["input"] == nil })
            let item = try #require(items.first { $0["id"] == "population.identity.verify" })
            #expect(item["title"] == "Verify identity data")
            #expect(item["texts"]?["title"]?["id"] == "Verifikasi data kependudukan")
            let service = try await client.get("/v1/services/population.identity.verify")
            #expect(service.json["title"] == "Verifikasi data kependudukan")
            #expect(service["Content-Language"] == "id")
            #expect(service.json["input"]?["required"] == ["nik"])
            #expect(service.json["output"]?["type"] == "object")
            #expect(service.json["standardSeconds"] == 10)
        }
    }

    @Test("A service that does not exist is answered with 404", arguments: ["weather.forecast", "A%20B", "-"])
    func unknownService(id: String) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().get("/v1/services/\(id)")
            #expect(reply.status == 404)
            #expect(reply.code == "not-found")
        }
    }

    @Test("Connections are shown, paused and resumed")
    func connections() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let list = try await client.get("/v1/connections")
            let names = (list.json["items"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
            #expect(names == ["dukcapil", "transport"])
            let paused = try await client.post("/v1/connections/dukcapil/pause")
            #expect(paused.json["isPaused"] == true)
            #expect(paused.json["closedBecause"] == "paused")
            _ = try await client.submit(key: "a")
            let shown = try await client.get("/v1/connections/dukcapil")
            #expect(shown.json["backlog"]?["queued"] == 1)
            #expect(shown.json["oldest"] != nil)
            #expect(shown.json["services"] == ["population.identity.verify"])
            #expect(shown.json["regions"] == ["ID"])
            let resumed = try await client.post("/v1/connections/dukcapil/resume")
            #expect(resumed.json["isPaused"] == false)
        }
    }

    @Test("Connections drain, are disabled and enabled; what they do not take is refused")
    func modes() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            for (verb, mode) in [("drain", "draining"), ("disable", "disabled")] {
                let changed = try await client.post("/v1/connections/dukcapil/\(verb)")
                #expect(changed.json["mode"] == .string(mode))
                let refused = try await client.submit(key: verb)
                #expect(refused.status == 422)
                #expect(refused.code == "no-connection")
            }
            #expect(try await client.get("/v1/connections/dukcapil").json["closedBecause"] == "disabled")
            let enabled = try await client.post("/v1/connections/dukcapil/enable")
            #expect(enabled.json["mode"] == "enabled")
            #expect(try await client.submit(key: "a").status == 202)
        }
    }

    @Test("A connection that does not exist is answered with 404", arguments: ["nowhere", "A%20B"])
    func unknownConnection(id: String) async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            #expect(try await client.get("/v1/connections/\(id)").status == 404)
            #expect(try await client.post("/v1/connections/\(id)/pause").status == 404)
            for verb in ["resume", "enable", "drain", "disable"] {
                #expect(try await client.post("/v1/connections/\(id)/\(verb)").status == 404)
            }
        }
    }
}
