internal import Gerbang
internal import GerbangClient
internal import Logging
internal import Synchronization

extension Suite {
    /// The same requests through a gateway in this process, and through the daemon's API, called as a Swift backend does.
    func embedded() async throws {
        table.heading("embedded: submit and wait, the gateway in the backend's process against a daemon (64 tasks)")
        let daemon = try await stage("embedded-daemon")
        defer { daemon.tearDown() }
        try daemon.start()
        let client = try GatewayClient(url: "http://127.0.0.1:\(daemon.port)", key: Sensitive(daemon.key))
        _ = try await Self.complete(client, seconds: 1)
        var own = Usage.of(0).processor
        let remote = try await watched([daemon.pid, agency.pid]) {
            try await Self.complete(client, seconds: options.seconds)
        }
        let remoteOwn = (Usage.of(0).processor - own) / Double(remote.value.count)
        let remoteCost = remote.processor[0] / Double(remote.value.count)
        daemon.stop()

        let folder = try await stage("embedded")
        defer { folder.tearDown() }
        let gateway = try embeddedGateway(on: folder.database)
        let local = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run() }
            _ = try await Self.complete(gateway, seconds: 1)
            own = Usage.of(0).processor
            let run = try await watched([agency.pid]) { try await Self.complete(gateway, seconds: options.seconds) }
            own = Usage.of(0).processor - own
            gateway.stop()
            try await group.waitForAll()
            return run
        }
        table.row(
            "completions",
            local.value.rate,
            .perSecond,
            baseline: ("daemon", remote.value.rate)
        )
        table.row(
            "  processor time each, backend and gateway",
            own / Double(local.value.count),
            .microseconds,
            baseline: ("daemon", remoteOwn + remoteCost)
        )
        table.row("  of the backend that talks to the daemon", remoteOwn, .microseconds)
        table.row(
            "  latency, median",
            local.value.latencies.median / 1e3,
            .milliseconds,
            baseline: ("daemon", remote.value.latencies.median / 1e3)
        )
        noteOthers(max(local.others, remote.others))
    }

    /// A gateway in this process, set up as the daemon's configuration file says.
    private func embeddedGateway(on database: String) throws -> Gateway {
        var connection = try Connection(
            Stage.connection,
            adapter: "transport",
            baseURL: agency.baseURL,
            settings: Agency.settings
        )
        connection.limits.concurrency = 64
        var configuration = GatewayConfiguration()
        configuration.connections = [connection]
        var logger = Logger(label: "embedded")
        logger.logLevel = .warning
        return try Gateway(configuration, storage: .file(database), logger: logger)
    }

    struct Completions: Sendable {
        var count = 0
        var seconds = 0.0
        var latencies = Samples()

        var rate: Double { Double(count) / seconds }
    }

    /// Submits from several tasks for so many seconds, each as soon as its last request has succeeded.
    ///
    /// - Parameter tasks: How many.
    static func complete(
        _ gateway: some GatewayProtocol,
        seconds: Double,
        tasks: Int = 64
    ) async throws -> Completions {
        let start = Stopwatch.now
        let run = Int.random(in: 0 ..< .max)
        let samples = try await withThrowingTaskGroup(of: [Double].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var latencies: [Double] = []
                    while Stopwatch.now - start < seconds {
                        let began = Stopwatch.now
                        let submission = try Submission(
                            .lookUpVehicle,
                            in: "31.74",
                            key: "\(run)-\(task)-\(latencies.count)",
                            payload: ["plate": "B 1234 XYZ"]
                        )
                        let status = try await gateway.submit(submission, waiting: .seconds(30)).status
                        guard status.state == .succeeded else {
                            throw BenchmarkError("a request ended as \(status.state.rawValue)")
                        }
                        latencies.append((Stopwatch.now - began) * 1e6)
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        var completions = Completions(count: samples.count, seconds: Stopwatch.now - start)
        for sample in samples { completions.latencies.add(sample) }
        return completions
    }
}
