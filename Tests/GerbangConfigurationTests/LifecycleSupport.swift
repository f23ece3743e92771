internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangTesting
internal import Testing

/// A configuration file in a folder of its own, and a gateway that works with it.
final class ManagedGateway: Sendable {
    struct Unreachable: HTTPTransport {
        func send(_ request: OutboundRequest) async -> WireOutcome { .failed(WireFailure(.connect, .notSent)) }
    }

    static let base = """
        storage: {path: gerbang.db}
        connections:
          - {id: satu, adapter: polos, baseURL: http://a, limits: {concurrency: 4}}
          - id: dua
            adapter: semu
            baseURL: http://b
            settings: {office: kota, password: sangat-rahasia}

        """

    let folder: URL
    let clock = ManualClock()

    var file: String { folder.appending(path: "gerbang.yaml").path }
    var archive: ConfigurationArchive { ConfigurationArchive(folder: ConfigurationArchive.folder(for: file)) }

    init(_ text: String = base) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-lifecycle-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(text)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ text: String, to name: String = "gerbang.yaml") throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    var text: String { get throws { try String(contentsOfFile: file, encoding: .utf8) } }

    func start(isStrict: Bool = false) throws(ConfigurationRefusal) -> ConfigurationStart {
        try ConfigurationStart(file: file, archive: archive, isStrict: isStrict, at: clock.now()) {
            () throws(GerbangError) in
            do { return try FakeAdapter.registry() } catch { throw GerbangError(.internalFault, "no adapters") }
        }
    }

    /// A gateway that begins with what the file says, or with what last held.
    func live(isStrict: Bool = false) throws -> (engine: Engine, manager: ConfigurationManager) {
        let start = try start(isStrict: isStrict)
        let engine = try Engine(
            start.configuration.plan(),
            generation: start.entry.generation,
            store: MemoryStore(),
            transport: Unreachable(),
            clock: clock
        )
        return (engine, ConfigurationManager(start, engine: engine, clock: clock))
    }
}

extension Engine {
    /// How many calls may be under way, by connection.
    var limits: [String: Int] {
        Dictionary(uniqueKeysWithValues: snapshot.connections.map { ($0.key.text, $0.value.limits.concurrency) })
    }
}

/// Waits until `condition` holds.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<20_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("it never happened that \(what)")
}
