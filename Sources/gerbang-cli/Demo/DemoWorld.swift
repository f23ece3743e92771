internal import DukcapilSimulator
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangSQLite
internal import GerbangServer
internal import GerbangTesting
internal import TransportSimulator

/// Two simulated agencies and a gateway in a process of its own, in a temporary folder.
final class DemoWorld {
    let registry: DukcapilSimulator
    let transport: TransportSimulator
    let key: String
    private(set) var daemon: DaemonProcess
    private(set) var client: GatewayClient

    private let folder: URL
    private let carrier: CurlTransport

    static func make() async throws -> DemoWorld {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gerbang-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let registry = try DukcapilSimulator()
        let transport = try TransportSimulator()
        let configuration = Self.configuration(registry: registry, transport: transport, folder: folder)
        try configuration.write(to: folder.appendingPathComponent("gerbang.yaml"), atomically: true, encoding: .utf8)
        let (key, record) = APIKeys.generate(client: try ClientID("demo"), role: .operator, at: SystemClock().now())
        try await SQLiteStore(path: Self.database(in: folder), exclusive: false).save(record)
        return try DemoWorld(registry: registry, transport: transport, key: key, folder: folder)
    }

    private init(
        registry: DukcapilSimulator,
        transport: TransportSimulator,
        key: String,
        folder: URL
    ) throws {
        self.registry = registry
        self.transport = transport
        self.key = key
        self.folder = folder
        carrier = try CurlTransport()
        daemon = try Self.startDaemon(in: folder)
        client = GatewayClient(base: try BaseURL(daemon.url), key: key, transport: carrier)
    }

    /// Starts the gateway again after it was killed.
    func restartDaemon() throws {
        daemon.waitForExit()
        daemon = try Self.startDaemon(in: folder)
        client = GatewayClient(base: try BaseURL(daemon.url), key: key, transport: carrier)
    }

    func tearDown() {
        daemon.stop()
        registry.stop()
        transport.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func startDaemon(in folder: URL) throws -> DaemonProcess {
        try DaemonProcess(
            executable: "/proc/self/exe",
            arguments: ["serve", "--config", folder.appendingPathComponent("gerbang.yaml").path],
            logPath: folder.appendingPathComponent("gerbang.log").path
        )
    }

    private static func database(in folder: URL) -> String {
        folder.appendingPathComponent("gerbang.db").path
    }

    /// As an operator would write it, with shorter waits so that nobody has to watch paint dry.
    private static func configuration(
        registry: DukcapilSimulator,
        transport: TransportSimulator,
        folder: URL
    ) -> String {
        """
        server: {port: 0}
        storage: {path: \(database(in: folder))}
        connections:
          - id: dukcapil
            adapter: dukcapil
            baseURL: \(registry.baseURL)
            settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}
            retry: {delays: [500ms, 1s, 2s], ceiling: 2s}
            breaker: {open: 1s, maximumOpen: 2s}
          - id: dishub
            adapter: transport
            baseURL: \(transport.baseURL)
            regions: ["31"]
            settings:
              client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
              provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
              inquiryConclusiveAfter: 2s
            retry: {delays: [500ms, 1s, 2s], ceiling: 2s}
            breaker: {open: 1s, maximumOpen: 2s}

        """
    }
}
