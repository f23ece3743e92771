internal import DukcapilSimulator
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
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
            table.row("  through the engine, in memory", rate.own, .perSecond, baseline: ("module", rate.module))
            table.row(
                "  processor time each, engine and agency",
                costs[.manifest] ?? .nan,
                .microseconds,
                baseline: ("module", costs[.module] ?? .nan)
            )
            table.row("  share of the module's throughput", rate.own / rate.module, .share, aim: .atLeast(0.8))
            try await durably(query)
        }
    }

    /// The same through two daemons that flush every commit, in turns.
    private func durably(_ query: PackagedQuery) async throws {
        let module = try await Stage("module", options: options, connections: query.connection(.module))
        defer { module.tearDown() }
        let manifest = try await Stage("manifest", options: options, connections: query.connection(.manifest))
        defer { manifest.tearDown() }
        for stage in [module, manifest] {
            try stage.start()
            try check(completing(query, on: stage).run(seconds: 1), query.name)
        }
        var (rates, costs) = ([0.0, 0.0], [Double.infinity, .infinity])
        for _ in 0..<(options.isQuick ? 1 : 4) {
            for (index, stage) in [module, manifest].enumerated() {
                let run = await watched([stage.pid]) { completing(query, on: stage).run(seconds: options.seconds / 3) }
                try check(run.value, query.name)
                rates[index] = max(rates[index], run.value.rate)
                costs[index] = min(costs[index], run.processor[0] / Double(run.value.count))
            }
        }
        table.row("  through the daemon, every commit flushed", rates[1], .perSecond, baseline: ("module", rates[0]))
        table.row("  processor time each, daemon", costs[1], .microseconds, baseline: ("module", costs[0]))
        table.row("  share of the module's throughput", rates[1] / rates[0], .share, aim: .atLeast(0.8))
    }

    private func completing(_ query: PackagedQuery, on stage: Stage) -> LoadGenerator {
        stage.completing([stage.submission(of: query.service.text, query.payload.text(), wait: true)])
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

    /// Loading a thousand manifests of several sizes.
    func manifests() throws {
        let count = options.isQuick ? 50 : 1000
        table.heading("manifests: loading \(count), each with a name of its own")
        let starter = AdapterID(checked: "starter")
        try load(count, "those that 'gerbang adapter new' writes", ManifestStarter.text(id: starter), id: starter.text)
        for (name, id) in [("Dukcapil", "dukcapil"), ("Transport", "transport")] {
            let path = "Adapters/\(name)/adapter.yaml"
            try load(count, "of the size of \(path)", String(contentsOfFile: path, encoding: .utf8), id: id)
        }
    }

    private func load(_ count: Int, _ name: String, _ text: String, id: String) throws {
        let folder = options.folder + "/manifests"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var paths: [String] = []
        for number in 0..<count {
            let path = "\(folder)/\(number).yaml"
            try text.replacingOccurrences(of: "\nid: \(id)\n", with: "\nid: \(id)-\(number)\n")
                .write(toFile: path, atomically: false, encoding: .utf8)
            paths.append(path)
        }
        let start = Stopwatch.now
        let before = Usage.of(0).processor
        var registry = try AdapterRegistry()
        try registry.register(manifests: paths)
        let seconds = Stopwatch.now - start
        table.note("\(name): \(text.utf8.count / 1024) KiB, \(text.split(separator: "\n").count) lines")
        table.row("  all", seconds, .seconds, aim: options.isQuick ? .none : .below(2))
        table.row("  processor time each", (Usage.of(0).processor - before) / Double(count), .microseconds)
    }
}
