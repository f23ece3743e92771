internal import ArgumentParser
internal import Foundation
internal import Glibc

/// What the benchmarks were told.
struct Options: Sendable {
    var gerbang: String
    var agency: String
    var folder: String
    var isQuick: Bool
    var stored: Int
    var minutes: Int

    /// Seconds of load for one figure.
    var seconds: Double { isQuick ? 1 : 6 }
}

@main
struct BenchmarksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gerbang-benchmarks",
        abstract: "Measure the gateway against baselines of the same minute.",
        subcommands: [RunCommand.self, PrototypeCommand.self, SimulateCommand.self],
        defaultSubcommand: RunCommand.self
    )
}

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run all benchmarks, or those named.")

    @Argument(
        help: """
            accept, complete, embedded, latency, isolation, footprint, growth, micro, soap, cel, manifest, manifests, routing, \
            scale, swap, mixed; all but mixed when none is named.
            """
    )
    var names: [String] = []

    @Flag(name: .long, help: "A second for each figure and small numbers: shows that everything runs, proves nothing.")
    var quick = false

    @Option(name: .long, help: "The largest number of stored requests in 'growth'.")
    var stored = 200_000

    @Option(name: .long, help: "How long 'mixed' lasts, in minutes.")
    var minutes = 10

    @Option(name: .long, help: "The gateway to measure.")
    var gerbang: String

    @Option(name: .long, help: "The agency's executable: vehicle-service of Tests/Peers/gsoap.")
    var agency: String

    @Option(name: .long, help: "Where to keep databases meanwhile: on the disk that is to be measured.")
    var folder: String

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let options = Options(
            gerbang: gerbang,
            agency: agency,
            folder: folder,
            isQuick: quick,
            stored: stored,
            minutes: minutes
        )
        let all: [(name: String, run: (Suite) async throws -> Void)] = [
            ("accept", { try await $0.accept() }), ("complete", { try await $0.complete() }),
            ("embedded", { try await $0.embedded() }),
            ("latency", { try await $0.latency() }), ("isolation", { try await $0.isolation() }),
            ("footprint", { try await $0.footprint() }), ("growth", { try await $0.growth() }),
            ("micro", { try await $0.micro() }), ("soap", { try await $0.messages() }), ("cel", { try await $0.cel() }),
            ("manifest", { try await $0.manifest() }), ("manifests", { try $0.manifests() }),
            ("routing", { try $0.routing() }), ("scale", { try await $0.scale() }),
            ("swap", { try await $0.swap() }), ("mixed", { try await $0.mixed() }),
        ]
        for name in names where !all.contains(where: { $0.name == name }) {
            throw ValidationError("there is no benchmark called \(name)")
        }
        let suite = try Suite(options)
        defer { suite.tearDown() }
        for benchmark in all where names.contains(benchmark.name) || (names.isEmpty && benchmark.name != "mixed") {
            try await benchmark.run(suite)
        }
        suite.table.note("")
        for line in suite.table.missed { suite.table.note("missed: \(line)") }
        suite.table.note("load averages now: \(MachineNoise.loadAverages)")
    }
}

/// What the benchmarks share.
final class Suite {
    let options: Options
    let agency: Agency
    var table = Table()

    init(_ options: Options) throws {
        self.options = options
        try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
        agency = try Agency(executable: options.agency, folder: options.folder)
        table.note(
            "load averages before: \(MachineNoise.loadAverages), processors: \(sysconf(Int32(_SC_NPROCESSORS_ONLN)))"
        )
    }

    func tearDown() { agency.stop() }

    func stage(_ name: String) async throws -> Stage {
        try await Stage(name, options: options, connections: agency.connection)
    }

    /// Runs `body` and says how much of the machine others used meanwhile.
    ///
    /// - Parameter pids: The processes that belong to the benchmark besides this one.
    /// - Returns: What `body` returned, and the processor time in microseconds of each of `pids`.
    func watched<Value>(
        _ pids: [Int32],
        _ body: () async throws -> Value
    ) async rethrows -> (value: Value, processor: [Double], others: Double) {
        let noise = MachineNoise.now()
        let before = ([0] + pids).map { Usage.of($0).processor }
        let value = try await body()
        let used = zip([0] + pids, before).map { Usage.of($0).processor - $1 }
        return (value, Array(used.dropFirst()), noise.others(own: used.reduce(0, +)))
    }

    func noteOthers(_ share: Double) {
        let text = String(format: "%.0f", share * 100)
        table.note(
            "other work on this machine meanwhile: \(text) % of it\(share > 0.15 ? "  (too much: measure again)" : "")"
        )
    }

    func check(_ result: LoadGenerator.Result, _ what: String) throws {
        guard result.failures == 0, result.count > 0 else {
            throw BenchmarkError("\(what): \(result.failures) of \(result.failures + result.count) requests failed")
        }
    }
}
