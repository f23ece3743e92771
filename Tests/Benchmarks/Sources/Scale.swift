internal import AllAdapters
internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP

extension Suite {
    /// A configuration of 514 malls and regencies with 20 connections each: reading it, holding it, and being idle with it.
    func scale() async throws {
        let tenants = options.isQuick ? 20 : 514
        table.heading("scale: \(tenants) tenants with 20 connections each")
        let codes = (11...99).flatMap { province in (1...99).map { String(format: "%d.%02d", province, $0) } }
        let regions = Array(codes.lazy.compactMap { try? Region($0) }.prefix(tenants))
        guard regions.count == tenants else { throw BenchmarkError("there are only \(regions.count) regencies") }
        for (name, text) in [("in full", Self.full(regions)), ("by templates", Self.templated(regions))] {
            let stage = try await Stage("scale", options: options, connections: text)
            defer { stage.tearDown() }
            let path = stage.folder + "/gerbang.yaml"
            let content = try String(contentsOfFile: path, encoding: .utf8)
            let registry = try AllAdapters.registry()
            var times = Samples()
            var connections = 0
            for _ in 0..<3 {
                let began = Stopwatch.now
                let configuration = try ConfigurationFile.parse(content, file: path, adapters: registry)
                _ = try Engine(configuration.plan(), store: MemoryStore(), transport: NoTransport())
                times.add((Stopwatch.now - began) * 1e6)
                connections = configuration.connections.count
            }
            table.note("\(name): \(connections) connections, \(content.utf8.count / 1024) KiB")
            table.row("  reading and compiling", times.median / 1e6, .seconds, aim: .below(2))
            table.row("  start-up of the daemon", try stage.start(), .seconds)
            try await Task.sleep(for: .seconds(3))
            table.row("  memory, idle", Usage.memory(of: stage.pid) / 1e6, .megabytes, aim: .below(150))
            let before = Usage.of(stage.pid).processor
            let seconds = options.isQuick ? 2.0 : 10.0
            try await Task.sleep(for: .seconds(seconds))
            table.row("  processor, idle", (Usage.of(stage.pid).processor - before) / seconds / 1e4, .percent)
            stage.stop()
        }
    }

    private static let settings = "{institution: MPP-UJI, userId: UJI, password: {env: PATH}, clientAddress: 10.0.0.1}"

    /// Every connection with everything that it has.
    private static func full(_ regions: [Region]) -> String {
        var text = ""
        for region in regions {
            for number in 0..<20 {
                text += """
                      - id: kota-\(region.digits)-\(number)
                        adapter: dukcapil
                        baseURL: https://layanan-\(number).kota-\(region.digits).example/api
                        regions: ["\(region)"]
                        limits: {concurrency: 8, callsPerSecond: 20}
                        hours: {zone: WIB, weekly: [{days: [mon, tue, wed, thu, fri], opens: "08:00", closes: "16:00"}]}
                        retry: {delays: [5s, 30s, 2m], ceiling: 1h}
                        settings: \(settings)

                    """
            }
        }
        return text
    }

    /// What all have in common is written once.
    private static func templated(_ regions: [Region]) -> String {
        var text = ""
        for region in regions {
            for number in 0..<20 {
                text += "  - {id: kota-\(region.digits)-\(number), like: registry, "
                text += "baseURL: \"https://layanan-\(number).kota-\(region.digits).example/api\", "
                text += "regions: [\"\(region)\"]}\n"
            }
        }
        return text + """
            templates:
              registry:
                adapter: dukcapil
                limits: {concurrency: 8, callsPerSecond: 20}
                hours: {zone: WIB, weekly: [{days: [mon, tue, wed, thu, fri], opens: "08:00", closes: "16:00"}]}
                retry: {delays: [5s, 30s, 2m], ceiling: 1h}
                settings: \(settings)

            """
    }
}

/// A transport that reaches nobody.
private struct NoTransport: HTTPTransport {
    func send(_ request: OutboundRequest) async -> WireOutcome { .failed(WireFailure(.connect, .notSent)) }
}
