internal import Foundation
internal import GerbangClient
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON

extension Suite {
    /// The same load with and without configurations that are swapped, connections that come and go, drain and are disabled.
    func swap() async throws {
        let swaps = options.isQuick ? 50 : 1000
        table.heading("swap: \(swaps) changes over the API while requests are submitted and waited for (16 tasks)")
        let stage = try await stage("swap")
        defer { stage.tearDown() }
        try stage.start()
        let client = try GatewayClient(url: "http://127.0.0.1:\(stage.port)", key: Sensitive(stage.key))
        let api = GatewayAPI(
            base: try BaseURL("http://127.0.0.1:\(stage.port)"),
            key: stage.key,
            transport: try CurlTransport()
        )
        _ = try await Self.complete(client, seconds: 1, tasks: 16)
        let text = try String(contentsOfFile: stage.folder + "/gerbang.yaml", encoding: .utf8)
        let quiet = try await watched([stage.pid, agency.pid]) {
            try await Self.complete(client, seconds: options.seconds * 4, tasks: 16)
        }
        let began = Stopwatch.now
        let (seconds, connection) = (options.seconds * 4, agency.connection)
        // Spread over the time of the quiet run at least, so that both have as many requests.
        let pause = Duration.milliseconds(Int64(options.seconds * 4000 / Double(swaps) / 2))
        let busy = try await watched([stage.pid, agency.pid]) {
            try await withThrowingTaskGroup(of: Completions?.self) { group in
                group.addTask { try await Self.complete(client, seconds: seconds, tasks: 16) }
                group.addTask {
                    for number in 0..<swaps {
                        try await Self.change(number, text, spare: connection, api)
                        try await Task.sleep(for: pause)
                    }
                    return nil
                }
                return try await group.reduce(into: Completions()) { if let run = $1 { $0 = run } }
            }
        }
        table.row("changes", Double(swaps) / (Stopwatch.now - began), .perSecond)
        let before = quiet.value.latencies.percentile(0.99) / 1e3
        let after = busy.value.latencies.percentile(0.99) / 1e3
        table.row("completions", busy.value.rate, .perSecond, baseline: ("undisturbed", quiet.value.rate))
        table.row("  latency, p99", after, .milliseconds, baseline: ("undisturbed", before), aim: .below(before * 1.5))
        table.row("memory", Usage.memory(of: stage.pid) / 1e6, .megabytes)
        noteOthers(max(quiet.others, busy.others))
    }

    private static func change(_ number: Int, _ text: String, spare connection: String, _ api: GatewayAPI) async throws
    {
        let spare = "spare-\(number / 4 % 10)"
        switch number % 4 {
        case 1: _ = try await api.post(["connections", spare, "drain"])
        case 2: _ = try await api.post(["connections", spare, "disable"])
        default:
            var changed = text.replacingOccurrences(of: "concurrency: 64", with: "concurrency: \(60 + number % 8)")
            // Every other change takes the spare connection away again.
            if number % 4 == 0 {
                changed += connection.replacingOccurrences(of: "id: \(Stage.connection)", with: "id: \(spare)")
            }
            _ = try await api.post(["config"], ["text": .string(changed)])
        }
    }
}
