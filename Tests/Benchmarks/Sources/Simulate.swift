internal import ArgumentParser
internal import DukcapilSimulator
internal import GerbangTesting
internal import Glibc
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// A simulated agency in a process of its own, so that its work is not taken for the gateway's.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a simulated agency until SIGTERM.",
        shouldDisplay: false
    )

    @Argument(help: "The agency.")
    var agency: SimulatedAgency

    @Flag(name: .long, help: "Never answer.")
    var hang = false

    func run() async throws {
        switch agency {
        case .dukcapil:
            let simulator = try DukcapilSimulator()
            if hang { simulator.faults.inject(.hang, times: .max) }
            await serve(simulator.baseURL, simulator)
        case .transport:
            let simulator = try TransportSimulator()
            if hang { simulator.faults.inject(.hang, times: .max) }
            await serve(simulator.baseURL, simulator)
        case .oss:
            let simulator = try OSSSimulator()
            if hang { simulator.faults.inject(.hang, times: .max) }
            await serve(simulator.baseURL, simulator)
        case .satusehat:
            let simulator = try SATUSEHATSimulator()
            if hang { simulator.faults.inject(.hang, times: .max) }
            await serve(simulator.baseURL, simulator)
        }
    }

    /// Says where it listens, as ``Child`` expects it, and stays.
    private func serve(_ baseURL: String, _ simulator: any Sendable) async {
        let port = baseURL.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
        print("listening on http://127.0.0.1:\(port)")
        fflush(nil)
        while true { pause() }
        _ = simulator
    }
}

/// The simulated agencies, with their connections and one cheap query each.
enum SimulatedAgency: String, CaseIterable, ExpressibleByArgument {
    case dukcapil, transport, oss, satusehat

    /// The connection to it, as an operator would write it.
    func connection(port: UInt16) -> String {
        let base = "http://127.0.0.1:\(port)"
        let rest =
            switch self {
            case .dukcapil:
                """
                    baseURL: \(base)/dukcapil
                    settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}
                """
            case .transport:
                """
                    baseURL: \(base)
                    settings:
                      client: {instance: ID, memberClass: GOV, memberCode: MPP, subsystemCode: gerbang}
                      provider: {instance: ID, memberClass: GOV, memberCode: DISHUB, subsystemCode: transport}
                """
            case .oss:
                """
                    baseURL: \(base)/v1/kl/rba
                    settings: {institution: "022", userKey: demo-user-key}
                """
            case .satusehat:
                """
                    baseURL: \(base)
                    settings: {organizationId: "10000004"}
                    authentication:
                      - oauth2:
                          tokenURL: \(base)/oauth2/v1/accesstoken
                          grantIn: query
                          clientID: demo
                          clientSecret: demo
                """
            }
        return """
              - id: \(rawValue)
                adapter: \(rawValue)
                limits: {concurrency: 32}
            \(rest)

            """
    }

    /// A query that it answers.
    var query: (service: String, payload: String) {
        switch self {
        case .dukcapil: ("population.person.lookup", #"{"nik":"3174015708900003"}"#)
        case .transport: ("transport.vehicle.lookup", #"{"plate":"B 1234 XYZ"}"#)
        case .oss: ("licensing.business.lookup", #"{"nib":"9120001234567"}"#)
        case .satusehat: ("health.patient.find", #"{"nik":"9271060312000001"}"#)
        }
    }
}

/// Running agencies.
struct SimulatedAgencies {
    private(set) var children: [SimulatedAgency: Child] = [:]

    init(folder: String, hanging: SimulatedAgency? = nil) throws {
        for agency in SimulatedAgency.allCases {
            children[agency] = try Child(
                CommandLine.arguments[0],
                ["simulate", agency.rawValue] + (agency == hanging ? ["--hang"] : []),
                log: folder + "/\(agency.rawValue).log"
            )
        }
    }

    var pids: [Int32] { children.values.map(\.pid) }

    /// The connections to all of them.
    var connections: String {
        SimulatedAgency.allCases.compactMap { agency in children[agency].map { agency.connection(port: $0.port) } }
            .joined()
    }

    /// Ends one agency: its port then refuses connections.
    func stop(_ agency: SimulatedAgency) { children[agency]?.stop() }

    func stop() { for child in children.values where child.isRunning { child.stop() } }
}

extension Stage {
    /// A query to each of `agencies`.
    func queries(_ agencies: [SimulatedAgency], wait: Bool) -> [LoadGenerator.Message] {
        agencies.map { submission(of: $0.query.service, $0.query.payload, wait: wait) }
    }
}
