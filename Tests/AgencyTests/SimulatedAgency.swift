internal import AllAdapters
internal import DukcapilSimulator
internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangTesting
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// A simulated agency with the connection that an operator would configure for it.
struct SimulatedAgency: Sendable {
    let connection: Connection
    let ledger: Ledger
    let faults: FaultPlan
    let refuse: @Sendable () -> Void
    let accept: @Sendable () throws -> Void
    let stop: @Sendable () -> Void

    /// Starts the agency called `name`, as of `clock`, with a connection by its Swift module or by a manifest.
    static func start(_ name: String, manifest: AgencyManifest?, clock: any WallClock) throws -> SimulatedAgency {
        switch name {
        case "dukcapil":
            let simulator = try DukcapilSimulator(clock: clock)
            return SimulatedAgency(
                connection: try connection(
                    by: manifest,
                    """
                    adapter: \(manifest?.adapter ?? "dukcapil")
                        baseURL: \(simulator.baseURL)
                        settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}
                    """
                ),
                ledger: simulator.ledger,
                faults: simulator.faults,
                refuse: simulator.refuse,
                accept: simulator.accept,
                stop: simulator.stop
            )
        case "oss":
            let simulator = try OSSSimulator(clock: clock)
            return SimulatedAgency(
                connection: try connection(
                    by: manifest,
                    """
                    adapter: oss
                        baseURL: \(simulator.baseURL)
                        settings: {institution: "022", userKey: demo-user-key}
                    """
                ),
                ledger: simulator.ledger,
                faults: simulator.faults,
                refuse: simulator.refuse,
                accept: simulator.accept,
                stop: simulator.stop
            )
        case "satusehat":
            let simulator = try SATUSEHATSimulator(clock: clock)
            return SimulatedAgency(
                connection: try connection(
                    by: manifest,
                    """
                    adapter: satusehat
                        baseURL: \(simulator.baseURL)
                        settings: {organizationId: "10000004"}
                        authentication:
                          - oauth2:
                              tokenURL: \(simulator.baseURL)/oauth2/v1/accesstoken
                              grantIn: query
                              clientID: demo
                              clientSecret: demo
                    """
                ),
                ledger: simulator.ledger,
                faults: simulator.faults,
                refuse: simulator.refuse,
                accept: simulator.accept,
                stop: simulator.stop
            )
        default:
            let simulator = try TransportSimulator(clock: clock)
            return SimulatedAgency(
                connection: try connection(
                    by: manifest,
                    """
                    adapter: \(manifest?.adapter ?? "transport")
                        baseURL: \(simulator.baseURL)
                        settings:
                          client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
                          provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
                    """
                ),
                ledger: simulator.ledger,
                faults: simulator.faults,
                refuse: simulator.refuse,
                accept: simulator.accept,
                stop: simulator.stop
            )
        }
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static func connection(by manifest: AgencyManifest?, _ yaml: String) throws -> Connection {
        let manifests = manifest.map { "\"\(root)/\($0.path)\"" } ?? ""
        let file = """
            storage: {path: unused.db}
            adapters: [\(manifests)]
            connections:
              - id: agency
                \(yaml)

            """
        var connection = try ConfigurationFile.parse(file, file: "gerbang.yaml", adapters: AllAdapters.registry())
            .connections[0]
        connection.adapter = ImpatientAdapter(base: connection.adapter)
        return connection
    }
}

/// An adapter that does not wait half a minute for an agency that never answers.
private struct ImpatientAdapter: Adapter {
    let base: any Adapter
    let descriptor: AdapterDescriptor

    init(base: any Adapter) {
        self.base = base
        var descriptor = base.descriptor
        for index in descriptor.operations.indices {
            descriptor.operations[index].timeouts.firstByte = .seconds(3)
        }
        self.descriptor = descriptor
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest { try base.prepare(call) }
    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict { base.classify(exchange, for: call) }
    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding { base.assess(exchange, for: call) }
}
