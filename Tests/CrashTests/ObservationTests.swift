internal import DukcapilSimulator
internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing
internal import TransportSimulator

@Suite("What a busy daemon tells of itself")
struct ObservationTests {
    @Test("Its log is JSON, line by line, and says nothing of people, passwords or keys; its metrics are in order")
    func busy() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        let agencies = try Agencies(callbackSecret: folder.callbackSecret)
        defer { agencies.stop() }
        try folder.configure(agencies.configuration(for: folder, level: "trace"))
        let daemon = try await LivingDaemon(folder)
        let strangeKey = "gbk_0123456789ab_\(String(repeating: "c0ffee", count: 10))"
        try await keepBusy(daemon, agencies)
        await misuse(daemon, key: strangeKey)
        try await checkMetrics(daemon)
        #expect(try await daemon.stop() == 0)

        let log = try folder.logText()
        let lines = log.split(separator: "\n")
        #expect(lines.count > 100, "a busy daemon has more to say")
        for line in lines {
            let json = try? JSONValue(parsing: Array(line.utf8))
            #expect(json?["msg"]?.stringValue != nil && json?["level"]?.stringValue != nil, "\(line)")
        }
        let key = try #require(folder.key)
        let secret = try #require(key.split(separator: "_").last.map { String($0) })
        let secrets = [
            Wish.nik, "3174011708900003", "3273012512850001", "3578014107950002", "3174015708900099", Wish.name, "SITI",
            "ASEP TELADAN", "JAKARTA", "B 9012 TRK", Agencies.password, "wish-", key, secret, strangeKey, "c0ffee",
            "P02478375538",
            "mall=31.74",
        ]
        for secret in secrets { #expect(!log.localizedCaseInsensitiveContains(secret), "the log has \(secret)") }
    }

    private func keepBusy(_ daemon: LivingDaemon, _ agencies: Agencies) async throws {
        let (stage, dice) = (Stage(), Dice(seed: 7))
        let journal = Journal(callback: agencies.receiver.url)
        let crowd = Crowd(stage: stage, journal: journal, caller: daemon.caller, dice: dice)
        let chaos = Chaos(agencies: agencies, stage: stage, dice: dice)
        stage.open(daemon.url)
        let background = Task {
            await withDiscardingTaskGroup { group in
                group.addTask { await crowd.press(size: 4) }
                group.addTask { await chaos.rage() }
            }
        }
        while journal.count < 120 { try await Task.sleep(for: .milliseconds(20)) }
        stage.close()
        background.cancel()
        await background.value
        #expect(journal.complaints == [])
    }

    /// What goes wrong before anybody has read the manual, with personal data in all the wrong places.
    private func misuse(_ daemon: LivingDaemon, key: String) async {
        let nik = Wish.nik
        let wrongKey = try? Caller(key: key)
        _ = await wrongKey?.get("/v1/requests", at: daemon.url)
        _ = await daemon.caller.get("/v1/requests/\(nik)", at: daemon.url)
        _ = await daemon.caller.get("/\(nik)", at: daemon.url, query: [("nik", nik)])
        _ = await daemon.caller.get("/v1/requests", at: daemon.url, query: [("state", nik), ("cursor", nik)])
        _ = await daemon.caller.submit([.string(nik)], key: "wish-\(nik)", at: daemon.url)
        let strange = Wish(.lookUp, key: "wish-\(nik)", payload: ["nik": .string(nik + "1"), "x": .string(Wish.name)])
        _ = await daemon.caller.submit(strange.body, key: strange.key, at: daemon.url)
    }

    private func checkMetrics(_ daemon: LivingDaemon) async throws {
        let reply = try #require(await daemon.caller.get("/metrics", at: daemon.url))
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(reply.status == 200)
        #expect(text.contains("gerbang_requests_accepted"))
        #expect(!text.contains(Wish.nik))
        guard let promtool = Self.promtool else { return }
        let (status, complaints) = try await Blocking.run { try Self.run(promtool, input: reply.body) }
        #expect(status == 0)
        #expect(complaints == "")
    }

    /// Where `promtool` of Debian's package `prometheus` is installed.
    private static let promtool: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/promtool" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private static func run(_ tool: String, input: [UInt8]) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["check", "metrics"]
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
