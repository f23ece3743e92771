internal import AllAdapters
public import GerbangConfiguration
public import GerbangCore
public import GerbangEngine
public import GerbangHTTP
internal import GerbangSQLite
public import Logging
public import ServiceLifecycle

/// A gateway in the process of an MPP backend: what `gerbang serve` runs, without the HTTP API.
///
/// Nothing accepted is lost, and nothing is done twice, also when the process is killed: open the same database again. The
/// gateway is a service of Swift Service Lifecycle; put it in front of the backend's own server, so that it stops after it.
///
/// ```swift
/// let gateway = try Gateway(contentsOf: "gerbang.yaml", logger: logger)
/// let receipt = try await gateway.submit(submission, waiting: .seconds(5))
/// ```
///
/// There is no global state: a process can have several gateways, each with its own database. Metrics go to whatever
/// the process has bootstrapped swift-metrics with; a gateway starts no server and no event loop, only one thread that
/// carries the calls to agencies.
public struct Gateway: GatewayProtocol, ServiceLifecycle.Service {
    /// Where requests are kept.
    public enum Storage: Sendable, Hashable {
        /// In the SQLite database at this path, which is made when there is none; its folder must exist.
        case file(String)
        /// In memory: for tests, and for trying things out. Everything is forgotten with the gateway.
        case memory
    }

    /// The engine: for what operators do, such as pausing a connection or settling a doubt.
    public let engine: Engine
    /// In whose name requests are submitted unless a call says otherwise.
    public let client: ClientID

    let clock: any WallClock

    /// Opens a gateway that is set up by a configuration file, the same that `gerbang serve` reads.
    ///
    /// The parts `server` and `log` of the file are the daemon's and mean nothing here.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - adapters: The adapters that its connections may name; by default all of this build.
    ///   - client: In whose name requests are submitted unless a call says otherwise.
    ///   - logger: Where the gateway writes what operators want to know. No personal data is written.
    /// - Throws: `ConfigurationFile.Invalid` with everything that is wrong with the file; ``GerbangError`` when the
    ///   database cannot be opened.
    public init(
        contentsOf path: String,
        adapters: AdapterRegistry? = nil,
        client: ClientID = .embedded,
        logger: Logger = Logger(label: "gerbang")
    ) throws {
        let adapters = if let adapters { adapters } else { try AllAdapters.registry() }
        try self.init(ConfigurationFile.load(path: path, adapters: adapters), client: client, logger: logger)
    }

    /// Opens a gateway that is set up in code.
    ///
    /// - Parameters:
    ///   - configuration: The connections and limits; its parts `server` and `log` mean nothing here.
    ///   - storage: Where requests are kept; by default in the database that the configuration names.
    ///   - client: In whose name requests are submitted unless a call says otherwise.
    ///   - logger: Where the gateway writes what operators want to know. No personal data is written.
    /// - Throws: ``GerbangError`` when the database cannot be opened or the configuration does not hold together.
    public init(
        _ configuration: GatewayConfiguration,
        storage: Storage? = nil,
        client: ClientID = .embedded,
        logger: Logger = Logger(label: "gerbang")
    ) throws(GerbangError) {
        let store: any RequestStore =
            switch storage ?? .file(configuration.storagePath) {
            case .file(let path): try SQLiteStore(path: path)
            case .memory: MemoryStore()
            }
        try self.init(configuration, store: store, client: client, logger: logger)
    }

    /// Opens a gateway on a store of the caller's.
    ///
    /// - Parameters:
    ///   - configuration: The connections and limits; its parts `server` and `log` mean nothing here.
    ///   - store: Where requests are kept.
    ///   - transport: What carries the calls to agencies; by default libcurl, on a thread of this gateway.
    ///   - generation: The configuration's number: it stands in the histories of requests.
    ///   - clock: The source of time.
    ///   - client: In whose name requests are submitted unless a call says otherwise.
    ///   - logger: Where the gateway writes what operators want to know. No personal data is written.
    ///   - probe: Told of points at which tests may end the process.
    ///   - availability: Asked before every call whether a connection's adapter can work at all.
    /// - Throws: ``GerbangError`` when the configuration does not hold together, or the system has no thread left.
    public init(
        _ configuration: GatewayConfiguration,
        store: any RequestStore,
        transport: (any HTTPTransport)? = nil,
        generation: Int = 1,
        clock: any WallClock = SystemClock(),
        client: ClientID = .embedded,
        logger: Logger = Logger(label: "gerbang"),
        probe: Probe = .none,
        availability: (any AdapterAvailability)? = nil
    ) throws(GerbangError) {
        engine = try Engine(
            configuration.plan(),
            generation: generation,
            store: store,
            transport: Self.transport(transport),
            clock: clock,
            logger: logger,
            probe: probe,
            availability: availability
        )
        self.client = client
        self.clock = clock
    }

    /// Replaces the configuration of the running gateway, for everything that begins from now on: connections, limits,
    /// deadlines, callbacks. See ``Engine/apply(_:generation:)``.
    ///
    /// Where requests are kept does not change; the parts `server` and `log` mean nothing here.
    ///
    /// - Returns: The number of the new configuration.
    /// - Throws: ``GerbangError`` when the configuration does not hold together; nothing has changed then.
    @discardableResult
    public func apply(_ configuration: GatewayConfiguration) async throws(GerbangError) -> Int {
        try await engine.apply(configuration.plan()).generation
    }

    private static func transport(_ given: (any HTTPTransport)?) throws(GerbangError) -> any HTTPTransport {
        if let given { return given }
        do throws(WireFailure) {
            return try CurlTransport()
        } catch {
            throw GerbangError(.internalFault, "the transport cannot start: \(error)")
        }
    }

    /// Works until ``stop()`` is called or the process is shut down gracefully. Call it once.
    ///
    /// Requests may be submitted before and meanwhile. When the task is cancelled instead, calls under way are given up;
    /// what they may have done is settled when the database is opened again.
    ///
    /// - Throws: ``GerbangError`` when the store does not work at the start.
    public func run() async throws {
        defer { engine.endWaits() }
        try await withGracefulShutdownHandler {
            try await engine.run()
        } onGracefulShutdown: {
            engine.stop()
        }
    }

    /// Takes no more submissions, and lets ``run()`` return once the calls under way have ended or their time is over.
    public func stop() {
        engine.stop()
    }
}

extension ClientID {
    /// The backend that a gateway is embedded in.
    public static let embedded = ClientID(checked: "embedded")
}
