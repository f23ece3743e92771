internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import Testing

/// Kills the daemon and the processes of a remote adapter, and counts what was done at the agency.
@Suite(.timeLimit(.minutes(15)))
struct RemoteAdapterTests {
    private static let lives = 8
    private static let requestsOfALife = 12

    @Test("Killed daemons and killed, hung and replaced processes of a remote adapter: everything is booked once")
    func lives() async throws {
        let dice = Dice(seed: 862)
        let agency = RemoteAgency {
            dice.pick([.killed, .hung] + [RemoteAgency.Mood](repeating: .honest, count: 8)) ?? .honest
        }
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try await agency.register(in: folder)
        try folder.configure(
            """
            server: {port: 0}
            storage: {path: \(folder.database)}
            engine: {stopGrace: 5s}
            connections:
              - id: inspection
                adapter: inspection-remote
                baseURL: http://127.0.0.1:9
                limits: {concurrency: 8, minimumRetries: 8}
                retry: {delays: [20ms, 50ms, 100ms], ceiling: 100ms}
                breaker: {consecutiveFailures: 1000, failureShare: 1, minimumCalls: 1000}
            """
        )
        let transport = try CurlTransport()
        var accepted: [RequestID] = []
        var process = try agency.boot()
        for life in 0..<Self.lives {
            let daemon = try await LivingDaemon(folder)
            // Every other life the process is killed with its daemon, and comes back as another one.
            if life % 2 == 1 {
                process.kill()
                process = try agency.boot()
            }
            #expect(try await agency.beat(process, at: daemon.url, by: transport))
            for number in 0..<Self.requestsOfALife {
                accepted.append(try await daemon.submit(.booking(key: "life-\(life)-\(number)")))
            }
            try await Task.sleep(for: dice.milliseconds(0...200))
            daemon.process.kill()
            daemon.process.waitForExit()
        }
        let daemon = try await LivingDaemon(folder)
        let living = process
        let beating = Task {
            while !Task.isCancelled {
                _ = try await agency.beat(living, at: daemon.url, by: transport)
                try await Task.sleep(for: .seconds(1))
            }
        }
        for id in accepted {
            let reply = try await daemon.request(id) { $0.state?.isFinal == true }
            #expect(reply.state == .succeeded, "\(id)")
        }
        beating.cancel()
        _ = await beating.result
        #expect(agency.ledger.repeatedKeys == [])
        #expect(Set(agency.ledger.entries.map(\.key)) == Set(accepted.map(\.description)))
        #expect(try await daemon.stop() == 0)
        process.kill()
    }
}
