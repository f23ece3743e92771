internal import DukcapilSimulator
internal import GerbangTesting
internal import TransportSimulator

/// Both simulated agencies; they outlive every daemon.
final class Agencies: Sendable {
    /// The password that the registry knows the gateway by.
    static let password = "rahasia"

    let registry: DukcapilSimulator
    let transport: TransportSimulator

    init() throws {
        registry = try DukcapilSimulator()
        transport = try TransportSimulator()
    }

    func stop() {
        registry.stop()
        transport.stop()
    }

    /// A configuration for both with waits so short that nothing is waited out.
    func configuration(for folder: GatewayFolder, level: String = "info", stopGrace: String = "5s") -> String {
        Self.configuration(
            for: folder,
            registry: registry.baseURL,
            transport: transport.baseURL,
            level: level,
            stopGrace: stopGrace
        )
    }

    /// A configuration for agencies at these addresses.
    static func configuration(
        for folder: GatewayFolder,
        registry: String,
        transport: String,
        level: String = "info",
        stopGrace: String = "5s",
        retry: String = "{delays: [20ms, 50ms, 100ms], ceiling: 100ms}"
    ) -> String {
        """
        server: {port: 0}
        log: {level: \(level)}
        storage: {path: \(folder.database)}
        engine: {stopGrace: \(stopGrace)}
        connections:
          - id: dukcapil
            adapter: dukcapil
            baseURL: \(registry)
            settings: {institution: MPP-JAKSEL, userId: DEMO, password: \(password), clientAddress: 10.1.2.3}
            limits: {concurrency: 32, minimumRetries: 32}
            retry: \(retry)
            breaker: {consecutiveFailures: 10, failureShare: 0.8, open: 50ms, maximumOpen: 100ms, probes: 1}
          - id: dishub
            adapter: transport
            baseURL: \(transport)
            regions: ["31"]
            settings:
              client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
              provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
              inquiryConclusiveAfter: 300ms
            limits: {concurrency: 32, minimumRetries: 32}
            retry: \(retry)
            breaker: {consecutiveFailures: 10, failureShare: 0.8, open: 50ms, maximumOpen: 100ms, probes: 1}

        """
    }
}
