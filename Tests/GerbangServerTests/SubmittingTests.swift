internal import GerbangCore
internal import GerbangJSON
internal import GerbangServer
internal import Testing

@Suite("Submitting over HTTP")
struct SubmittingTests {
    @Test("A submission is accepted with 202, its path and a time to ask again")
    func accepted() async throws {
        try await withGateway(.hang) { gateway in
            let reply = try await gateway.client().submit(key: "a")
            #expect(reply.status == 202)
            #expect(reply["Location"] == "/v1/requests/\(reply.id)")
            #expect(reply["Retry-After"].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
            #expect(reply["Idempotency-Replayed"] == nil)
            #expect(reply["Cache-Control"] == "no-store")
            #expect(reply.json["client"] == "local")
            #expect(reply.json["region"] == "31.74")
            #expect(reply.json["channel"] == "counter")
            #expect(reply.json["connection"] == "dukcapil")
            #expect(reply.json["message"]?.stringValue?.isEmpty == false)
        }
    }

    @Test(
        "Prefer: wait answers in place when the agency is quick",
        arguments: ["wait=10", "respond-async, wait = \"10\""]
    )
    func waited(preference: String) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().submit(key: "a", ["Prefer": preference, "Accept-Language": "en"])
            #expect(reply.status == 200)
            #expect(reply["Retry-After"] == nil)
            #expect(reply["Location"] == "/v1/requests/\(reply.id)")
            #expect(reply["Content-Language"] == "en")
            #expect(reply.json["state"] == "succeeded")
            #expect(reply.json["output"]?["matches"] == true)
            #expect(reply.json["agencyReference"] == "CONTOH-1")
            #expect(reply.json["message"] == "Your request is done and its result is available.")
            #expect(reply.json["finishedAt"] != nil)
        }
    }

    @Test("A wait that ends before the request does answers 202")
    func waitedInVain() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.maximumWait = .milliseconds(50)
        try await withGateway(.hang, configuration: configuration) { gateway in
            let reply = try await gateway.client().submit(key: "a", ["Prefer": "wait=3600"])
            #expect(reply.status == 202)
            let shown = try await gateway.client().get("/v1/requests/\(reply.id)?wait=3600")
            #expect(shown.status == 200)
            #expect(shown.json["state"] == "running")
        }
    }

    @Test(
        "A preference that is not understood is ignored",
        arguments: ["wait=soon", "wait", "wait=-1", "handling=strict"]
    )
    func strangePreference(preference: String) async throws {
        try await withGateway(.hang) { gateway in
            let reply = try await gateway.client().submit(key: "a", ["Prefer": preference])
            #expect(reply.status == 202)
        }
    }

    @Test("The same key and content give the first request's answer, whatever the order of the fields")
    func replayed() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let first = try await client.submit(key: "a", ["Prefer": "wait=10"])
            let members = try #require(Sample.identity.objectValue)
            let turned = JSONObject(uniqueKeysWithValues: members.reversed().map { ($0.key, $0.value) })
            let second = try await client.submit(.object(turned), key: "a")
            #expect(second.status == 200)
            #expect(second["Idempotency-Replayed"] == "true")
            #expect(second["Location"] == first["Location"])
            #expect(second.json == first.json)
        }
    }

    @Test("A key that comes again with another content is refused with 422")
    func reusedKey() async throws {
        try await withGateway(.hang) { gateway in
            let client = try gateway.client()
            _ = try await client.submit(key: "a")
            let reply = try await client.submit(Sample.identity("channel", "kiosk"), key: "a")
            #expect(reply.status == 422)
            #expect(reply.code == "idempotency-key-reused")
            #expect(reply.json["header"] == "Idempotency-Key")
        }
    }

    @Test("Two clients may use the same key")
    func keysAreScoped() async throws {
        try await withGateway(.hang) { gateway in
            let first = try await gateway.client(named: "kota-a").submit(key: "a")
            let second = try await gateway.client(named: "kota-b").submit(key: "a")
            #expect(first.status == 202)
            #expect(second.status == 202)
            #expect(first.id != second.id)
        }
    }

    @Test("A submission without a key is refused with 400")
    func missingKey() async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().post("/v1/requests", body: Sample.identity)
            #expect(reply.status == 400)
            #expect(reply.code == "idempotency-key-missing")
            #expect(reply.json["header"] == "Idempotency-Key")
            let long = try await gateway.client().submit(key: String(repeating: "k", count: 256))
            #expect(long.status == 400)
            #expect(long.code == "idempotency-key-missing")
        }
    }

    @Test("A rejected and a failed request are answered with 200 and tell why")
    func badEnds() async throws {
        try await withGateway(.reject) { gateway in
            let client = try gateway.client()
            let rejected = try await client.submit(key: "a", ["Prefer": "wait=10"])
            #expect(rejected.status == 200)
            #expect(rejected.json["state"] == "rejected")
            #expect(rejected.json["error"]?["code"] == "agency-rejected")
            #expect(rejected.json["error"]?["blame"] == "agency")
            #expect(rejected.json["error"]?["agencyCode"] == "R-9")
            #expect(
                rejected.json["message"]
                    == "Instansi contoh tidak mengabulkan permohonan Anda; tanyakan alasannya kepada petugas."
            )
            gateway.agency.behave(.fail)
            let failed = try await client.submit(key: "b", ["Prefer": "wait=10"])
            #expect(failed.status == 200)
            #expect(failed.json["state"] == "failed")
            #expect(failed.json["isDeadLetter"] == true)
        }
    }

    @Test("A deadline is taken over")
    func deadline() async throws {
        try await withGateway(.hang) { gateway in
            let moment = SystemClock().now() + .seconds(3600)
            let submission = Sample.identity("deadline", .string(moment.text(in: .wib)))
            let reply = try await gateway.client().submit(submission, key: "a")
            #expect(reply.json["deadline"] == .string(moment.description))
        }
    }
}
