internal import DukcapilSimulator
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangManifest
internal import TransportSimulator

extension Suite {
    /// The same agency through its Swift module and through its manifest: translating alone, and from submission to end.
    func manifest() async throws {
        table.heading("manifest: the manifest of an agency against its Swift module")
        let transportAgency = try TransportSimulator()
        let registry = try DukcapilSimulator()
        defer {
            transportAgency.stop()
            registry.stop()
        }
        for query in PackagedQuery.all(transport: transportAgency.baseURL, dukcapil: registry.baseURL) {
            let module = try await translating(query, .module)
            let manifest = try await translating(query, .manifest)
            table.row(
                "\(query.name): prepare and classify",
                manifest / 1e3,
                .microseconds,
                baseline: ("module", module / 1e3)
            )
            // In turns, so that a slow minute of the machine hits both; the best round of each counts.
            var rates: [PackagedQuery.Packaging: Double] = [:]
            var costs: [PackagedQuery.Packaging: Double] = [:]
            for _ in 0..<(options.isQuick ? 1 : 4) {
                for packaging in PackagedQuery.Packaging.allCases {
                    let before = Usage.of(0).processor
                    let seconds = options.seconds / 3
                    let rate = try await query.throughput(packaging, tasks: 32, seconds: seconds)
                    let cost = (Usage.of(0).processor - before) / (rate * seconds)
                    rates[packaging] = max(rates[packaging] ?? 0, rate)
                    costs[packaging] = min(costs[packaging] ?? .infinity, cost)
                }
            }
            let rate = (own: rates[.manifest] ?? .nan, module: rates[.module] ?? .nan)
            table.row("  through the engine", rate.own, .perSecond, baseline: ("module", rate.module))
            table.row(
                "  processor time each, engine and agency",
                costs[.manifest] ?? .nan,
                .microseconds,
                baseline: ("module", costs[.module] ?? .nan)
            )
            table.row("  share of the module's throughput", rate.own / rate.module, .share, aim: .atLeast(0.8))
        }
    }

    /// Nanoseconds for one message and the judgement of its answer.
    private func translating(_ query: PackagedQuery, _ packaging: PackagedQuery.Packaging) async throws -> Double {
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let adapter = try query.adapter(packaging)
        let call = try query.call(adapter)
        let exchange = try await query.exchange(adapter, for: call, over: transport)
        return try measure {
            _ = try adapter.prepare(call)
            _ = adapter.classify(exchange, for: call)
        }
    }

    /// Loading a thousand manifests of the size of the transport agency's.
    func manifests() throws {
        let count = options.isQuick ? 50 : 1000
        table.heading(
            "manifests: loading \(count) of the size of Adapters/Transport/adapter.yaml, each with a name of its own"
        )
        let text = try String(contentsOfFile: "Adapters/Transport/adapter.yaml", encoding: .utf8)
        let folder = options.folder + "/manifests"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var paths: [String] = []
        for number in 0..<count {
            let path = "\(folder)/\(number).yaml"
            try text.replacingOccurrences(of: "\nid: transport\n", with: "\nid: transport-\(number)\n")
                .write(toFile: path, atomically: false, encoding: .utf8)
            paths.append(path)
        }
        let start = Stopwatch.now
        let before = Usage.of(0).processor
        var registry = try AdapterRegistry()
        try registry.register(manifests: paths)
        let seconds = Stopwatch.now - start
        table.row("all", seconds, .seconds, aim: options.isQuick ? .none : .below(2))
        table.row("  processor time each", (Usage.of(0).processor - before) / Double(count), .microseconds)
    }
}
