internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Synchronization
internal import Testing

/// A configuration of which every text is applied, except `bad`.
private final class FakeControl: ConfigurationControl {
    private struct State {
        var entries = [FakeControl.entry(1, by: "start")]
        var failure: ConfigurationReport.Failure?
    }

    private static let refusal = ConfigurationRefusal(
        GerbangError(.invalidInput, "the configuration is not usable: one thing is wrong with it"),
        issues: [
            ConfigurationIssue(file: "g.yaml", line: 3, column: 5, field: "connections.0.id", message: "is required"),
            ConfigurationIssue(file: "g.yaml", message: "cannot be read"),
        ]
    )
    private let state = Mutex(State())

    private static func entry(_ generation: Int, by actor: String) -> ConfigurationEntry {
        ConfigurationEntry(
            generation: generation,
            hash: "ab",
            at: Timestamp(milliseconds: 0),
            actor: actor,
            changes: ["connections.a: added"],
            atNextStart: generation > 1 ? ["server.port"] : []
        )
    }

    func report() async throws(ConfigurationRefusal) -> ConfigurationReport {
        state.withLock { state in
            ConfigurationReport(
                entry: state.entries[0],
                file: "g.yaml",
                content: ["connections": []],
                lastFailure: state.failure
            )
        }
    }

    func history(limit: Int) async -> [ConfigurationEntry] { state.withLock { Array($0.entries.prefix(limit)) } }

    func preview(_ text: String) async throws(ConfigurationRefusal) -> ConfigurationPreview {
        guard text != "bad" else { throw Self.refusal }
        return ConfigurationPreview(changes: ["connections.a: added"], atNextStart: [])
    }

    func apply(
        _ text: String,
        replacing generation: Int?,
        by actor: String
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        guard text != "bad" else { throw Self.refusal }
        guard generation != 99 else { throw ConfigurationRefusal(GerbangError(.conflict, "it is not 99")) }
        return change(by: actor)
    }

    func reload(by actor: String) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        state.withLock { state in
            state.failure = .init(at: Timestamp(milliseconds: 0), actor: actor, refusal: Self.refusal)
        }
        throw Self.refusal
    }

    func rollBack(to generation: Int?, by actor: String) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        guard generation != 99 else { throw ConfigurationRefusal(GerbangError(.notFound, "there is no 99")) }
        return change(by: actor)
    }

    private func change(by actor: String) -> ConfigurationEntry {
        state.withLock { state in
            state.entries.insert(Self.entry(state.entries.count + 1, by: actor), at: 0)
            return state.entries[0]
        }
    }
}

@Suite("The configuration over HTTP")
struct ConfigurationTests {
    @Test("It is shown, applied, listed and taken back, in the operator's name")
    func changing() async throws {
        try await withGateway(control: FakeControl()) { gateway in
            let client = try gateway.client(named: "ani", .operator)
            let shown = try await client.get("/v1/config")
            #expect(shown.json["generation"] == 1)
            #expect(shown.json["isCurrent"] == true)
            let checked = try await client.post("/v1/config/check", body: ["text": "a: 1"])
            #expect(checked.json["changes"] == ["connections.a: added"])
            let applied = try await client.post("/v1/config", body: ["text": "a: 1", "generation": 1])
            #expect((applied.status, applied.json["generation"]) == (200, 2))
            #expect(applied.json["actor"] == "operator:ani")
            #expect(applied.json["atNextStart"] == ["server.port"])
            #expect(try await client.post("/v1/config/rollback", body: [:]).json["generation"] == 3)
            let history = try await client.get("/v1/config/history?limit=2")
            #expect(history.json["items"]?.arrayValue?.compactMap { $0["generation"]?.intValue } == [3, 2])
        }
    }

    @Test("What is refused is told with its places, now and afterwards")
    func refusing() async throws {
        try await withGateway(control: FakeControl()) { gateway in
            let client = try gateway.client(named: "ani", .operator)
            for path in ["/v1/config", "/v1/config/check"] {
                let reply = try await client.post(path, body: ["text": "bad"])
                #expect(reply.status == 422)
                let errors = reply.json["errors"]?.arrayValue ?? []
                #expect(errors.count == 2)
                #expect((errors.first?["file"], errors.first?["line"], errors.first?["column"]) == ("g.yaml", 3, 5))
            }
            #expect(try await client.post("/v1/config/reload").status == 422)
            let shown = try await client.get("/v1/config")
            #expect(shown.json["isCurrent"] == false)
            #expect(shown.json["lastFailure"]?["actor"] == "operator:ani")
            #expect(shown.json["lastFailure"]?["errors"]?[0]?["line"] == 3)
            #expect(try await client.post("/v1/config", body: ["text": "a", "generation": 99]).status == 409)
            #expect(try await client.post("/v1/config/rollback", body: ["generation": 99]).status == 404)
            for body: JSONValue in [
                [:], ["text": 1], ["text": "a", "generation": 0], ["text": "a", "generation": "1"], [],
            ] {
                #expect(try await client.post("/v1/config", body: body).status == 422, "\(body.text())")
            }
            #expect(try await client.get("/v1/config/history?limit=0").status == 422)
        }
    }

    @Test("A gateway that was set up in code says so, and a client may not look")
    func withoutControl() async throws {
        try await withGateway { gateway in
            let ani = try gateway.client(named: "ani", .operator)
            #expect(try await ani.get("/v1/config").status == 404)
            #expect(try await ani.post("/v1/config", body: ["text": "a"]).status == 404)
            let mall = try gateway.client(named: "mall")
            #expect(try await mall.get("/v1/config").status == 403)
            #expect(try await mall.post("/v1/config", body: ["text": "a"]).status == 403)
        }
    }
}
