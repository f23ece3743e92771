internal import AllAdapters
internal import CoreMetrics
internal import Gerbang
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangObservability
internal import GerbangRegistration
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

/// The gateway with its HTTP API as a process of its own: the library, the server and what an operator sees of them.
struct Daemon {
    let services: ServiceGroup

    /// Builds everything and opens the store; nothing runs yet.
    ///
    /// - Parameters:
    ///   - start: The configuration.
    ///   - registration: The database, with what is registered in it.
    ///   - probe: Told of points at which tests may end the process.
    ///   - onListening: Told the port once the API can be called.
    /// - Throws: ``GerbangError`` when the configuration does not hold together.
    static func build(
        _ start: ConfigurationStart,
        registration: Registration,
        probe: Probe,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws(GerbangError) -> Daemon {
        let configuration = start.configuration
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(PrometheusMetricsFactory(registry: registry))
        MetricTexts.describe(in: registry)
        registry.collect(ProcessMetrics.families)
        let logger = makeLogger(configuration.log)
        guard configuration.storagePath == registration.path else {
            throw GerbangError(
                .invalidConfiguration,
                "the configuration that last held keeps its requests in \(configuration.storagePath), and the file names "
                    + "another database; mend the file"
            )
        }
        let (store, registrar) = (registration.store, registration.registrar)
        let gateway = try Gateway(
            configuration,
            store: store,
            generation: start.entry.generation,
            logger: logger,
            probe: probe,
            availability: registrar
        )
        let engine = gateway.engine
        let manager = ConfigurationManager(start, engine: engine, logger: logger)
        registrar.use(
            Registrar.Surroundings(
                connections: { Array(engine.snapshot.connections.values) },
                apply: { change throws(GerbangError) in
                    do throws(ConfigurationRefusal) {
                        try await manager.reapply(
                            noting: change.note,
                            by: change.actor,
                            keeping: change.keep,
                            adapters: change.adapters
                        )
                    } catch {
                        guard !error.issues.isEmpty else { throw error.error }
                        throw GerbangError(
                            .invalidConfiguration,
                            error.issues.map(\.description).joined(separator: "; ")
                        )
                    }
                },
                logger: logger
            )
        )
        let server = GatewayServer(
            engine: engine,
            control: manager,
            keys: store,
            registrar: registrar,
            trail: store,
            configuration: GatewayServer.Configuration(
                host: configuration.server.host,
                port: configuration.server.port,
                maximumBodyBytes: configuration.server.maximumBodyBytes,
                maximumWait: configuration.server.maximumWait,
                maximumEventStreams: configuration.server.maximumEventStreams,
                isBehindTLS: configuration.server.isBehindTLS,
                soapServices: configuration.soap.services,
                soapAddress: configuration.soap.address
            ),
            metrics: {
                var families = MetricTexts.families(of: (try? await engine.connectionStatuses()) ?? [])
                families += MetricTexts.families(of: manager)
                families.append(MetricTexts.isWritable((try? await engine.checkStore()) != nil))
                if let callbacks = try? await engine.callbackBacklog() {
                    families += MetricTexts.families(of: callbacks, at: SystemClock().now())
                }
                return String(decoding: registry.render(extra: families), as: UTF8.self)
            },
            logger: logger,
            onListening: onListening
        )
        // Stopped in reverse: the gateway last, so that what was accepted meanwhile is still stored.
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: gateway), .init(service: ConfigurationService(manager: manager)),
                    .init(service: server),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        return Daemon(services: services)
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
