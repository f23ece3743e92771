internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSQLite
internal import GerbangTesting
internal import Testing
internal import TransportSimulator

@Suite("The daemon, as somebody meets it who has not read its manual")
struct DaemonTests {
    @Test("A bad configuration ends with exit code 2 and names every mistake by file and line")
    func badConfiguration() async throws {
        let folder = try await GatewayFolder(withKey: false)
        defer { folder.remove() }
        try folder.configure(
            """
            server: {port: 70000}
            surprise: yes
            storage: {path: \(folder.database)}
            connections:
              - id: dukcapil
                adapter: dukkapil
                baseURL: ftp://registry
            """
        )
        let end = try #require(try await folder.startInVain())
        #expect(end.status == 2)
        for line in [1, 2, 6, 7] { #expect(end.said.contains("gerbang.yaml:\(line):"), "\(end.said)") }
        #expect(end.said.contains("dukcapil, "), "the adapters that there are: \(end.said)")
    }

    @Test("A configuration that is not there ends with exit code 2")
    func noConfiguration() async throws {
        let folder = try await GatewayFolder(withKey: false)
        defer { folder.remove() }
        let end = try #require(try await folder.startInVain())
        #expect(end.status == 2)
        #expect(end.said.contains("cannot be read"))
    }

    @Test("It does not listen where others can reach it without a key")
    func noKeys() async throws {
        let folder = try await GatewayFolder(withKey: false)
        defer { folder.remove() }
        try folder.configure("server: {host: 0.0.0.0, port: 0}\nstorage: {path: \(folder.database)}\n")
        let end = try #require(try await folder.startInVain())
        #expect(end.status == 2)
        #expect(end.said.contains("will not listen on 0.0.0.0"), "\(end.said)")
        #expect(end.said.contains("gerbang keys create"), "\(end.said)")
    }

    @Test("A second daemon on one database is refused, and the first one goes on")
    func secondDaemon() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure("server: {port: 0}\nstorage: {path: \(folder.database)}\n")
        let daemon = try await LivingDaemon(folder)
        let end = try #require(try await folder.startInVain())
        #expect(end.status == 2)
        #expect(end.said.contains("is held by another process; only one may work on a database"), "\(end.said)")
        #expect(await daemon.isAlive())
        #expect(try await daemon.stop() == 0)
    }

    @Test("A port that is taken ends with exit code 2 and a text that names it")
    func takenPort() async throws {
        let other = try LoopbackServer { _ in .text("taken") }
        defer { other.stop() }
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure("server: {port: \(other.port)}\nstorage: {path: \(folder.database)}\n")
        let end = try #require(try await folder.startInVain())
        #expect(end.status == 2)
        #expect(end.said.contains("cannot listen on 127.0.0.1, port \(other.port)"), "\(end.said)")
    }

    @Test("SIGTERM during a call: it stops with exit code 0 and the outcome is stored")
    func gracefulStop() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        let agencies = try Agencies(callbackSecret: folder.callbackSecret)
        defer { agencies.stop() }
        try folder.configure(agencies.configuration(for: folder))
        let daemon = try await LivingDaemon(folder)
        // On a busy machine a slow call may be over before anybody has looked.
        var found: RequestID?
        for number in 1...50 where found == nil {
            agencies.transport.faults.inject(.slow, operation: "book-inspection")
            let id = try await daemon.submit(.booking(key: "slow-\(number)"))
            if try await daemon.request(id, until: { $0.state != .queued }).state == .running { found = id }
        }
        let id = try #require(found)
        let (status, took) = try await Self.timeOfStop(daemon)
        #expect(status == 0)
        #expect(took < .seconds(10))
        let store = try SQLiteStore(path: folder.database)
        let record = try #require(try await store.record(id))
        #expect(record.progress.state == .succeeded)
        #expect(try await store.events(of: id, after: 0).map(\.kind) == [.accepted, .sending, .succeeded])
        #expect(agencies.transport.ledger.entries(for: id.description).count == 1)
    }

    @Test("SIGTERM during a call that does not end: it stops all the same, and the next daemon settles the doubt")
    func stopWithoutAnswer() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        let agencies = try Agencies(callbackSecret: folder.callbackSecret)
        defer { agencies.stop() }
        try folder.configure(agencies.configuration(for: folder, stopGrace: "300ms"))
        agencies.transport.faults.inject(.hang, operation: "book-inspection")
        let daemon = try await LivingDaemon(folder)
        let id = try await daemon.submit(.booking(key: "hanging"))
        _ = try await daemon.request(id) { $0.state == .running }
        // The effect must have happened, or there would be nothing to find out.
        while agencies.transport.ledger.entries.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let (status, took) = try await Self.timeOfStop(daemon)
        #expect(status == 0)
        #expect(took < .seconds(10))
        let next = try await LivingDaemon(folder)
        let end = try await next.request(id) { $0.state?.isFinal == true }
        #expect(end.state == .succeeded)
        #expect(agencies.transport.ledger.entries(for: id.description).count == 1)
        #expect(try await next.stop() == 0)
    }

    private static func timeOfStop(_ daemon: LivingDaemon) async throws -> (status: Int32, took: Duration) {
        let clock = SystemClock()
        let began = clock.now()
        let status = try await daemon.stop()
        return (status, clock.now() - began)
    }
}
