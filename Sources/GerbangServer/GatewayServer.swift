public import GerbangCore
public import GerbangEngine
public import GerbangRegistration
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle

/// The HTTP API of an engine.
///
/// It is a service: put it into a `ServiceGroup` behind the one that runs the engine, so that it stops first. At a
/// graceful shutdown it takes no new connection, answers what waits, and returns.
public struct GatewayServer: ServiceLifecycle.Service {
    private let api: API
    private let configuration: Configuration
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - engine: What it is the API of. The server neither runs nor stops it.
    ///   - control: Changes its configuration; `nil` when it was set up in code.
    ///   - keys: The API keys that open it.
    ///   - registrar: Takes in and decides on registered adapters; `nil` takes none.
    ///   - trail: Where it is written down what operators do.
    ///   - metrics: Writes the process's metrics in Prometheus' text format.
    ///   - onListening: Told the port once connections are accepted.
    public init(
        engine: Engine,
        control: (any ConfigurationControl)? = nil,
        keys: any APIKeyStore,
        registrar: Registrar? = nil,
        trail: (any AuditTrail)? = nil,
        configuration: Configuration = Configuration(),
        metrics: @escaping @Sendable () async -> String,
        clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "gerbang.server"),
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        let keyRing = KeyRing(
            store: keys,
            refreshInterval: configuration.keyRefreshInterval,
            clock: clock,
            logger: logger
        )
        api = API(
            engine: engine,
            control: control,
            keyRing: keyRing,
            registrar: registrar,
            trail: trail,
            configuration: configuration,
            metricsText: metrics,
            clock: clock,
            logger: logger
        )
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the address cannot be listened on, or is reachable from
    ///   elsewhere while there is no key, and when a service cannot be offered by SOAP; ``GerbangError/Code/storageUnavailable`` when the keys cannot be read.
    public func run() async throws {
        try await api.keyRing.load()
        guard configuration.isLoopback || api.keyRing.hasUsableKey else {
            throw GerbangError(
                .invalidConfiguration,
                "will not listen on \(configuration.host), where others can reach it, without an API key; make one with "
                    + "'gerbang keys create --client NAME --config FILE', or listen on 127.0.0.1"
            )
        }
        _ = try api.faces.face(for: api.engine.snapshot)
        let server = try makeServer()
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await api.keyRing.keepFresh() }
                group.addTask { try await listen(server) }
                try await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            api.stop()
        }
    }

    private func makeServer() throws -> any ServiceLifecycle.Service {
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestGuard(
                    maximumBodyBytes: configuration.maximumBodyBytes,
                    timeout: .nanoseconds(configuration.receiveTimeout.milliseconds * 1_000_000)
                )
            ],
            idleTimeout: .nanoseconds(configuration.idleTimeout.milliseconds * 1_000_000),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Configuration.maximumHeaderBytes,
                maxHeaderListSize: Configuration.maximumHeaderBytes,
                maxHeaderFieldCount: Configuration.maximumHeaderFields
            )
        )
        return try HTTPServerBuilder.http1(configuration: http).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: logger)
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger,
            responder: { [api] request, writer, channel in try await api.serve(request, writer, on: channel) },
            onServerRunning: { [onListening, configuration, api] channel in
                api.start()
                await onListening(channel.localAddress?.port ?? configuration.port)
            }
        )
    }

    private func listen(_ server: any ServiceLifecycle.Service) async throws {
        do {
            try await server.run()
        } catch  where !api.isListening {
            throw GerbangError(
                .invalidConfiguration,
                "cannot listen on \(configuration.host), port \(configuration.port): \(error)"
            )
        }
    }
}
