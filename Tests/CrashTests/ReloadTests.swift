internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@Suite("The daemon and its configuration file", .timeLimit(.minutes(5)))
struct ReloadTests {
    private static func text(_ folder: GatewayFolder, concurrency: Int = 16, port: Int = 0) -> String {
        """
        server: {port: \(port)}
        storage: {path: \(folder.database)}
        connections:
          - id: dukcapil
            adapter: dukcapil
            baseURL: http://127.0.0.1:9
            limits: {concurrency: \(concurrency)}
            settings: {institution: MPP-UJI, userId: UJI, password: amat-rahasia, clientAddress: 10.0.0.1}

        """
    }

    /// Waits until the API shows what `isEnough` wants.
    private static func configuration(
        _ daemon: LivingDaemon,
        until isEnough: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        for _ in 0..<6000 {
            let reply = try #require(await daemon.caller.get("/v1/config", at: daemon.url))
            if isEnough(reply.json) { return reply.json }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never looked as it should")
        return .null
    }

    private static func metric(_ name: String, _ daemon: LivingDaemon) async throws -> String? {
        let reply = try #require(await daemon.caller.get("/metrics", at: daemon.url))
        return String(decoding: reply.body, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.map(String.init)
    }

    private static func concurrency(_ daemon: LivingDaemon) async throws -> Int? {
        try #require(await daemon.caller.get("/v1/connections/dukcapil", at: daemon.url)).json["concurrency"]?.intValue
    }

    @Test(
        "SIGHUP applies the file; a bad one changes nothing, is told everywhere, and does not keep it from starting again"
    )
    func hangUp() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.text(folder))
        let daemon = try await LivingDaemon(folder)
        try folder.configure(Self.text(folder, concurrency: 3))
        daemon.process.hangUp()
        let second = try await Self.configuration(daemon) { $0["generation"] == 2 }
        #expect(second["actor"] == "sighup")
        #expect(second["changes"] == ["connections.dukcapil.limits.concurrency: 16 → 3"])
        #expect(try await Self.concurrency(daemon) == 3)
        #expect(try await Self.metric("gerbang_configuration_current", daemon) == "1")

        try folder.configure(Self.text(folder, concurrency: 99_999))
        daemon.process.hangUp()
        let failed = try await Self.configuration(daemon) { $0["isCurrent"] == false }
        #expect(failed["generation"] == 2)
        #expect(failed["lastFailure"]?["errors"]?[0]?["line"] == 7)
        #expect(try await Self.concurrency(daemon) == 3)
        #expect(try await Self.metric("gerbang_configuration_current", daemon) == "0")
        #expect(try await Self.metric("gerbang_configuration_generation", daemon) == "2")
        #expect(try folder.logText().contains("gerbang.yaml:7:"))
        #expect(try await daemon.stop() == 0)

        let next = try await LivingDaemon(folder)
        #expect(try await Self.concurrency(next) == 3)
        let started = try await Self.configuration(next) { $0["isCurrent"] == false }
        #expect(started["lastFailure"]?["actor"] == "start")
        let log = try folder.logText()
        #expect(log.contains("working with generation 2, which last held"))
        #expect(!log.contains("amat-rahasia"))
        #expect(try await next.stop() == 0)
    }

    @Test("A configuration over the API is checked, applied, listed, taken back, and shows no secret")
    func api() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.text(folder))
        let daemon = try await LivingDaemon(folder)
        let (caller, url) = (daemon.caller, daemon.url)
        let changed = Self.text(folder, concurrency: 5, port: 1)
        let check = try #require(await caller.post("/v1/config/check", at: url, ["text": .string(changed)]))
        #expect(check.json["changes"]?.arrayValue?.count == 2)
        #expect(check.json["atNextStart"] == ["server.port"])
        #expect(try await Self.concurrency(daemon) == 16)
        let bad: JSONValue = ["text": .string(changed.replacingOccurrences(of: "baseURL", with: "baseUrl"))]
        let refused = try #require(await caller.post("/v1/config", at: url, bad))
        #expect(refused.status == 422)
        #expect(refused.json["errors"]?.arrayValue?.contains { $0["line"] == 6 } == true)
        let applied = try #require(
            await caller.post("/v1/config", at: url, ["text": .string(changed), "generation": 1])
        )
        #expect((applied.status, applied.json["generation"]) == (200, 2))
        #expect(applied.json["actor"] == "operator:crash-test")
        #expect(try String(contentsOfFile: folder.configuration, encoding: .utf8) == changed)
        #expect(try await Self.concurrency(daemon) == 5)
        let late = try #require(await caller.post("/v1/config", at: url, ["text": "{}", "generation": 1]))
        #expect(late.status == 409)
        let back = try #require(await caller.post("/v1/config/rollback", at: url, [:]))
        #expect((back.status, back.json["generation"]) == (200, 3))
        #expect(try await Self.concurrency(daemon) == 16)
        #expect(try String(contentsOfFile: folder.configuration, encoding: .utf8) == Self.text(folder))
        let reloaded = try #require(await caller.post("/v1/config/reload", at: url))
        #expect(reloaded.json["generation"] == 4)
        let history = try #require(await caller.get("/v1/config/history", at: url))
        #expect(history.json["items"]?.arrayValue?.compactMap { $0["generation"]?.intValue } == [4, 3, 2, 1])
        let shown = try #require(await caller.get("/v1/config", at: url))
        for reply in [check, refused, applied, back, reloaded, history, shown] {
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("amat-rahasia"))
        }
        #expect(try await daemon.stop() == 0)
    }

    @Test("Disabled stays disabled through kill -9, and draining too")
    func modesSurvive() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.text(folder))
        let daemon = try await LivingDaemon(folder)
        for (verb, mode) in [("drain", "draining"), ("disable", "disabled")] {
            let reply = try #require(await daemon.caller.post("/v1/connections/dukcapil/\(verb)", at: daemon.url))
            #expect(reply.json["mode"] == .string(mode))
        }
        daemon.process.kill()
        _ = try await Blocking.run { daemon.process.waitForExit() }
        let next = try await LivingDaemon(folder)
        for _ in 0..<6000 {
            let reply = try #require(await next.caller.get("/v1/connections/dukcapil", at: next.url))
            if reply.json["mode"] == "disabled" { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        let reply = try #require(await next.caller.get("/v1/connections/dukcapil", at: next.url))
        #expect((reply.json["mode"], reply.json["closedBecause"]) == ("disabled", "disabled"))
        let enabled = try #require(await next.caller.post("/v1/connections/dukcapil/enable", at: next.url))
        #expect(enabled.json["mode"] == "enabled")
        #expect(try await next.stop() == 0)
    }
}
