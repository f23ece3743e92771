internal import AllAdapters
internal import CoreMetrics
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangObservability
internal import GerbangSQLite
internal import GerbangServer
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The adapters of this build.
enum GatewayAdapters {
    static func registry() throws(GerbangError) -> AdapterRegistry {
        try AllAdapters.registry()
    }
}

/// A gateway, put together from its configuration: the one place that knows all parts.
struct Gateway {
    let engine: Engine
    let services: ServiceGroup

    /// Builds everything and opens the store; nothing runs yet.
    ///
    /// - Parameter onListening: Told the port once the API can be called.
    /// - Throws: ``GerbangError`` when the store cannot be opened or the configuration does not hold together.
    static func build(
        _ configuration: GatewayConfiguration,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws(GerbangError) -> Gateway {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(PrometheusMetricsFactory(registry: registry))
        MetricTexts.describe(in: registry)
        registry.collect(ProcessMetrics.families)
        let logger = makeLogger(configuration.log)
        let probe = CrashProbe.fromEnvironment() ?? .none
        let store = try SQLiteStore(path: configuration.storagePath, probe: probe)
        let transport: CurlTransport
        do throws(WireFailure) {
            transport = try CurlTransport()
        } catch {
            throw GerbangError(.internalFault, "the transport cannot start: \(error)")
        }
        let engine = try Engine(
            catalogue: .builtin(),
            connections: configuration.connections,
            store: store,
            transport: transport,
            configuration: configuration.engine,
            logger: logger,
            probe: probe
        )
        let server = GatewayServer(
            engine: engine,
            keys: store,
            configuration: GatewayServer.Configuration(
                host: configuration.server.host,
                port: configuration.server.port,
                maximumBodyBytes: configuration.server.maximumBodyBytes,
                maximumWait: configuration.server.maximumWait
            ),
            metrics: {
                let connections = try? await engine.connectionStatuses()
                return String(
                    decoding: registry.render(extra: MetricTexts.families(of: connections ?? [])),
                    as: UTF8.self
                )
            },
            logger: logger,
            onListening: onListening
        )
        // Stopped in reverse: the engine last, so that what was accepted meanwhile is still stored.
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: EngineService(engine: engine)), .init(service: server)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        return Gateway(engine: engine, services: services)
    }

    private static func makeLogger(_ log: GatewayConfiguration.Log) -> Logger {
        let redactor = Redactor()
        let level = Logger.Level(rawValue: log.level) ?? .info
        return Logger(label: "gerbang") { label in
            switch log.format {
            case .json:
                JSONLogHandler(label: label, level: level, sink: FileDescriptorSink.standardError, redactor: redactor)
            case .console:
                ConsoleLogHandler(
                    label: label,
                    level: level,
                    sink: FileDescriptorSink.standardError,
                    redactor: redactor,
                    isColored: isatty(STDERR_FILENO) == 1
                )
            }
        }
    }
}

/// Runs an engine as a service.
private struct EngineService: ServiceLifecycle.Service {
    let engine: Engine

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await engine.run()
        } onGracefulShutdown: {
            engine.stop()
        }
    }
}
