internal import DukcapilSimulator
internal import Foundation
internal import GerbangTesting
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// The form in which the adapters that exist in two forms are used.
enum Packaging: CaseIterable {
    /// The Swift modules that are built in.
    case module
    /// `Adapters/*/adapter.yaml` in their place.
    case manifest

    /// The manifests to name in a configuration.
    func manifests(in folder: GatewayFolder) -> [String] {
        switch self {
        case .module: []
        case .manifest: ["\(Self.root)/Adapters/Dukcapil/adapter.yaml", folder.transportManifest]
        }
    }

    /// The transport agency's manifest, by which the bookings of one vehicle are made one after the other.
    static func orderedTransport() throws -> String {
        let text = try String(contentsOfFile: "\(root)/Adapters/Transport/adapter.yaml", encoding: .utf8)
        let service = "    provides: transport.inspection.book\n"
        let ordered = text.replacing(service, with: service + "    orderingKey: input.plate\n")
        return ordered.replacing("\nversion: 1.0.0\n", with: "\nversion: 1.0.0-ordered\n")
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}

/// The four simulated agencies, and a client's server that is called back; they outlive every daemon.
final class Agencies: Sendable {
    /// The password that the registry knows the gateway by.
    static let password = "rahasia"

    let registry: DukcapilSimulator
    let transport: TransportSimulator
    let licensing: OSSSimulator
    let health: SATUSEHATSimulator
    let receiver: CallbackReceiver

    init(callbackSecret: [UInt8], dice: Dice = Dice(seed: 1)) throws {
        registry = try DukcapilSimulator()
        transport = try TransportSimulator()
        var rules = OSSSimulator.Rules()
        rules.applications = 20_000
        licensing = try OSSSimulator(rules: rules)
        health = try SATUSEHATSimulator()
        receiver = try CallbackReceiver(secret: callbackSecret, dice: dice)
    }

    /// Everything that was done and must be done once, at any of them.
    var effects: [Ledger.Entry] { transport.ledger.entries + licensing.ledger.entries + health.ledger.entries }

    func stop() {
        registry.stop()
        transport.stop()
        licensing.stop()
        health.stop()
        receiver.stop()
    }

    /// A configuration for all of them with waits so short that nothing is waited out.
    func configuration(
        for folder: GatewayFolder,
        packaging: Packaging = .module,
        level: String = "info",
        stopGrace: String = "5s"
    ) -> String {
        Self.configuration(
            for: folder,
            registry: registry.baseURL,
            transport: transport.baseURL,
            packaging: packaging,
            level: level,
            stopGrace: stopGrace
        ) + """
              - id: oss
                adapter: oss
                baseURL: \(licensing.baseURL)
                settings: {institution: "022", userKey: demo-user-key, inquiryConclusiveAfter: 300ms}
            \(Self.flow(retry: Self.quickRetry))
              - id: satusehat
                adapter: satusehat
                baseURL: \(health.baseURL)
                settings: {organizationId: "10000004", inquiryConclusiveAfter: 300ms}
                authentication:
                  - oauth2:
                      tokenURL: \(health.baseURL)/oauth2/v1/accesstoken
                      grantIn: query
                      clientID: demo
                      clientSecret: demo
            \(Self.flow(retry: Self.quickRetry))

            """
    }

    /// A configuration for a registry and a transport agency at these addresses.
    static func configuration(
        for folder: GatewayFolder,
        registry: String,
        transport: String,
        packaging: Packaging = .module,
        level: String = "info",
        stopGrace: String = "5s",
        retry: String = quickRetry
    ) -> String {
        """
        server: {port: 0}
        log: {level: \(level)}
        storage: {path: \(folder.database)}
        engine: {stopGrace: \(stopGrace)}
        callbacks:
          allowPrivateTargets: ["127.0.0.0/8"]
          allowHTTP: true
          concurrencyPerClient: 16
          timeout: 1s
          retry: \(quickRetry)
        adapters: [\(packaging.manifests(in: folder).map { "\"\($0)\"" }.joined(separator: ", "))]
        connections:
          - id: dukcapil
            adapter: dukcapil
            baseURL: \(registry)
            settings: {institution: MPP-JAKSEL, userId: DEMO, password: \(password), clientAddress: 10.1.2.3}
        \(flow(retry: retry))
          - id: dishub
            adapter: transport
            baseURL: \(transport)
            regions: ["31"]
            settings:
              client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
              provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
              inquiryConclusiveAfter: 300ms
        \(flow(retry: retry))

        """
    }

    static let quickRetry = "{delays: [20ms, 50ms, 100ms], ceiling: 100ms}"

    /// The lines of a connection that keep its waits short.
    private static func flow(retry: String) -> String {
        """
            limits: {concurrency: 32, minimumRetries: 32}
            retry: \(retry)
            breaker: {consecutiveFailures: 10, failureShare: 0.8, open: 50ms, maximumOpen: 100ms, probes: 1}
        """
    }
}
