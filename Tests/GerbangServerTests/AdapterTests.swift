internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangServer
internal import HTTPTypes
internal import Testing

/// Registering adapters and deciding on them over HTTP, and the trail that it leaves.
@Suite(.timeLimit(.minutes(5)))
struct AdapterTests {
    private let key = AgencyKey()
    private let id = AdapterID(checked: "example")

    private func file(_ version: String = "1.0.0", total: String = "30s") -> String {
        """
        {"remote": 1, "id": "example", "version": "\(version)", "agency": {"id": "Contoh", "en": "Example"},
         "mode": "call", "hosts": ["127.0.0.1"],
         "operations": [
           {"id": "look", "provides": "transport.vehicle.lookup", "effect": "query", "timeouts": {"total": "\(total)"}}]}
        """
    }

    private func store() async throws -> MemoryAdapterStore {
        let store = MemoryAdapterStore()
        try await store.save(
            AdapterKey(id: key.id, adapter: id, publicKey: key.publicKey, createdAt: SystemClock().now())
        )
        return store
    }

    private func signed(
        _ json: JSONValue,
        to path: String,
        by client: Client,
        key: AgencyKey? = nil
    ) async throws -> Reply {
        let body = json.encoded()
        let proof = try (key ?? self.key).sign(
            method: "POST",
            path: path,
            body: body,
            at: SystemClock().now(),
            nonce: Nonce.make()
        )
        return try await client.call(.post, path, ["Authorization": proof.authorization], body: body)
    }

    private func register(_ file: String, by client: Client, report: JSONValue? = nil) async throws -> Reply {
        var json: JSONObject = ["kind": "remote", "content": .string(file)]
        json["report"] = report
        return try await signed(.object(json), to: "/v1/adapters", by: client)
    }

    @Test("From a file to work: registered, looked at, approved, heard of, disabled, enabled, rolled back")
    func life() async throws {
        try await withGateway(store: store()) { gateway in
            let operators = try gateway.client(named: "ani", .operator)
            let agency = try gateway.client()
            #expect(try await operators.get("/v1/adapters").json["items"]?.arrayValue?.isEmpty == true)
            #expect(try await register(file(), by: agency, report: ["passed": 9]).status == 201)
            #expect(try await register(file(), by: agency).status == 200)
            #expect(try await register(file(total: "31s"), by: agency).status == 409)
            let diff = try await operators.get("/v1/adapters/example/diff")
            #expect(diff.json["to"]?["report"] == ["passed": 9])
            let path = "/v1/adapters/example/heartbeat"
            let instance = RemoteInstance(file: Array(file().utf8), address: try BaseURL("http://127.0.0.1:9000"))
            #expect(try await signed(instance.heartbeat(), to: path, by: agency).status == 409)
            let approved = try await operators.post("/v1/adapters/example/approve", body: ["version": "1.0.0"])
            #expect(approved.json["servedVersion"] == "1.0.0")
            let beat = try await signed(instance.heartbeat(), to: path, by: agency)
            #expect(beat.json["command"] == "serve")
            let shown = try await operators.get("/v1/adapters/example")
            #expect(shown.json["instances"]?[0]?["phase"] == "live")
            #expect(try await operators.post("/v1/adapters/example/disable").json["mode"] == "disabled")
            #expect(try await operators.post("/v1/adapters/example/drain").json["mode"] == "draining")
            #expect(try await operators.post("/v1/adapters/example/enable").json["mode"] == "enabled")
            #expect(try await register(file("1.1.0"), by: agency).status == 201)
            let reason: JSONValue = ["version": "1.1.0", "reason": "not tested"]
            #expect(try await operators.post("/v1/adapters/example/reject", body: reason).status == 200)
            let again = try await operators.post("/v1/adapters/example/approve", body: ["version": "1.1.0"])
            #expect(again.status == 409)
            let back = try await operators.post("/v1/adapters/example/rollback", body: ["version": "1.0.0"])
            #expect(back.status == 409)
        }
    }

    @Test("What an operator does is written down, with who did it and what came of it")
    func trail() async throws {
        let store = try await store()
        try await withGateway(store: store) { gateway in
            let operators = try gateway.client(named: "ani", .operator)
            _ = try await operators.post("/v1/connections/dukcapil/pause")
            _ = try await operators.post("/v1/connections/nowhere/pause")
            _ = try await operators.post("/v1/connections/siti-\(Sample.nik)/pause")
            _ = try await register(file(), by: gateway.client())
            _ = try await operators.post("/v1/adapters/example/approve", body: ["version": "1.0.0"])
            let items = try await operators.get("/v1/audit").json["items"]?.arrayValue ?? []
            let told = items.map { item in
                ["actor", "action", "subject", "outcome"].map { item[$0]?.stringValue ?? "" }.joined(separator: " ")
            }
            #expect(
                told == [
                    "operator:ani connections.pause dukcapil done",
                    "operator:ani connections.pause nowhere not-found",
                    "operator:ani connections.pause something not-found",
                    "agency:\(key.id) adapters.register example done",
                    "operator:ani adapters.approve example done",
                ]
            )
            let page = try await operators.get("/v1/audit?after=3&limit=1").json["items"]?.arrayValue ?? []
            #expect(page.map { $0["sequence"]?.intValue } == [4])
            #expect(AuditEntry.firstBroken(of: try await store.auditEntries(after: 0, limit: 100)) == nil)
        }
    }

    @Test("Nobody gets in without the adapter's key, and operators' doors stay shut for clients")
    func access() async throws {
        try await withGateway(store: store()) { gateway in
            let agency = try gateway.client()
            let json: JSONValue = ["kind": "remote", "content": .string(file())]
            let unsigned = try await agency.post("/v1/adapters", body: json)
            #expect(unsigned.status == 401)
            #expect(unsigned["WWW-Authenticate"] == "Gerbang")
            #expect(try await signed(json, to: "/v1/adapters", by: agency, key: AgencyKey()).status == 401)
            let client = try gateway.client(named: "mpp")
            for path in ["/v1/adapters", "/v1/adapters/example", "/v1/adapters/example/diff", "/v1/audit"] {
                #expect(try await client.get(path).status == 403)
            }
            #expect(try await client.post("/v1/adapters/example/approve", body: ["version": "1.0.0"]).status == 403)
            #expect(try await client.post("/v1/adapters/example/disable").status == 403)
        }
    }

    @Test("Heartbeats carry secrets: where others could listen they are refused")
    func protection() async throws {
        let instance = RemoteInstance(file: Array(file().utf8), address: try BaseURL("http://127.0.0.1:9000"))
        for isBehindTLS in [false, true] {
            var configuration = GatewayServer.Configuration.testing
            configuration.host = "0.0.0.0"
            configuration.isBehindTLS = isBehindTLS
            let keys = KeyShelf()
            _ = try keys.make("ani", .operator)
            try await withGateway(keys: keys, configuration: configuration, store: store()) { gateway in
                let agency = try gateway.client()
                let reply = try await signed(instance.heartbeat(), to: "/v1/adapters/example/heartbeat", by: agency)
                #expect(reply.status == (isBehindTLS ? 409 : 403))
            }
        }
    }

    @Test("A gateway that takes no registrations says so")
    func none() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            #expect(try await client.get("/v1/adapters").status == 404)
            #expect(try await client.get("/v1/audit").status == 404)
        }
    }
}
