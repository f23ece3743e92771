internal import AllAdapters
internal import DukcapilSimulator
internal import Foundation
internal import GerbangClient
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangSQLite
internal import GerbangServer
internal import GerbangTesting
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// Four simulated agencies and a gateway in a process of its own, in a temporary folder.
final class DemoWorld {
    let agencies: DemoAgencies
    let key: String
    private(set) var daemon: DaemonProcess
    private(set) var client: GatewayAPI

    /// The connections, and the form of the adapter that each of them uses.
    static let packagings = [
        ("dukcapil", "dukcapil"), ("dishub", "transport"), ("oss", "oss"), ("satusehat", "satusehat"),
    ].map { connection, adapter in
        (connection: connection, form: AllAdapters.manifests[adapter] == nil ? "Swift module" : "manifest, data only")
    }

    private let folder: URL
    private let carrier: CurlTransport

    static func make() async throws -> DemoWorld {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gerbang-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let agencies = try DemoAgencies()
        let configuration = Self.configuration(agencies, folder: folder)
        try configuration.write(to: folder.appendingPathComponent("gerbang.yaml"), atomically: true, encoding: .utf8)
        for (adapter, manifest) in AllAdapters.manifests {
            let file = folder.appendingPathComponent(Self.manifestFile(adapter))
            try manifest.write(to: file, atomically: true, encoding: .utf8)
        }
        let (key, record) = APIKeys.generate(client: try ClientID("demo"), role: .operator, at: SystemClock().now())
        try await SQLiteStore(path: Self.database(in: folder), exclusive: false).save(record)
        return try DemoWorld(agencies: agencies, key: key, folder: folder)
    }

    private init(agencies: DemoAgencies, key: String, folder: URL) throws {
        self.agencies = agencies
        self.key = key
        self.folder = folder
        carrier = try CurlTransport()
        daemon = try Self.startDaemon(in: folder)
        client = GatewayAPI(base: try BaseURL(daemon.url), key: key, transport: carrier)
    }

    /// Starts the gateway again after it was killed.
    func restartDaemon() throws {
        daemon.waitForExit()
        daemon = try Self.startDaemon(in: folder)
        client = GatewayAPI(base: try BaseURL(daemon.url), key: key, transport: carrier)
    }

    func tearDown() {
        daemon.stop()
        agencies.stop()
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

    private static func manifestFile(_ adapter: String) -> String { "\(adapter).yaml" }

    /// As an operator would write it, with shorter waits so that nobody has to watch paint dry.
    private static func configuration(_ agencies: DemoAgencies, folder: URL) -> String {
        """
        server: {port: 0}
        storage: {path: \(database(in: folder))}
        adapters: [\(AllAdapters.manifests.keys.sorted().map(manifestFile).joined(separator: ", "))]
        connections:
          - id: dukcapil
            adapter: dukcapil
            baseURL: \(agencies.registry.baseURL)
            settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}
            retry: {delays: [500ms, 1s, 2s], ceiling: 2s}
            breaker: {open: 1s, maximumOpen: 2s}
          - id: dishub
            adapter: transport
            baseURL: \(agencies.transport.baseURL)
            regions: ["31"]
            settings:
              client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
              provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
              inquiryConclusiveAfter: 2s
            retry: {delays: [500ms, 1s, 2s], ceiling: 2s}
            breaker: {open: 1s, maximumOpen: 2s}
          - id: oss
            adapter: oss
            baseURL: \(agencies.licensing.baseURL)
            settings: {institution: "022", userKey: demo-user-key}
            hours: {closed: [{from: "\(agencies.maintenance.lowerBound)", until: "\(agencies.maintenance.upperBound)"}]}
          - id: satusehat
            adapter: satusehat
            baseURL: \(agencies.health.baseURL)
            settings: {organizationId: "10000004"}
            authentication:
              - oauth2:
                  tokenURL: \(agencies.health.baseURL)/oauth2/v1/accesstoken
                  grantIn: query
                  clientID: demo
                  clientSecret: demo
            retry: {delays: [500ms, 1s, 2s], ceiling: 2s}

        """
    }
}
