public import GerbangCore
public import GerbangTesting

/// A server that answers as the civil registry does, with invented people, for tests and demonstrations.
///
/// It checks credentials and the registered address, counts the day's quota, keeps access hours and compares names by
/// similarity. Its ledger has one entry for each query that it worked out an answer to; the key is the `X-Request-ID`
/// of the message, so that no citizen's number stands in it. A query may be there more than once.
public final class DukcapilSimulator: Sendable {
    /// Every query that was answered, whether or not the answer arrived.
    public let ledger: Ledger
    /// The trouble to make, by the adapter's operation names `call-nik` and `call-verify-by-element`.
    ///
    /// ``Fault/duplicate`` does nothing here, since a query cannot be done twice.
    public let faults: FaultPlan
    private let server: LoopbackServer

    /// Starts the registry.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - clock: What tells the day of the quota and the access hours.
    ///   - rules: Whom it serves, when and how much.
    /// - Throws: `LoopbackServerError` when it cannot listen on the port.
    public init(port: Int = 0, clock: any WallClock = SystemClock(), rules: Rules = Rules()) throws {
        let ledger = Ledger()
        let faults = FaultPlan()
        let desk = RegistryDesk(rules: rules, clock: clock, ledger: ledger, faults: faults)
        server = try LoopbackServer(port: port) { desk.serve($0) }
        self.ledger = ledger
        self.faults = faults
    }

    /// The base URL for a connection.
    public var baseURL: String { "\(server.baseURL)/dukcapil" }

    /// Refuses connections from now on and cuts those that stand.
    public func refuse() {
        server.pauseAccepting()
    }

    /// Takes connections again.
    ///
    /// - Throws: `LoopbackServerError` when the port was taken meanwhile.
    public func accept() throws {
        try server.resumeAccepting()
    }

    /// Ends the registry.
    public func stop() {
        server.stop()
    }
}

extension DukcapilSimulator {
    /// Whom the registry serves, when and how much; the defaults fit the adapter's documented example.
    public struct Rules: Sendable, Hashable {
        /// How errors are told.
        public enum ErrorStyle: Sendable, Hashable {
            /// `RESPONSE_CODE` with a description.
            case code
            /// One sentence in `RESPON`, as older instances do.
            case sentence
        }

        /// The path between `get_json` and the method.
        public var institution = "MPP-JAKSEL"
        /// The user who may ask.
        public var userID = "DEMO"
        /// The user's password.
        public var password = "rahasia"
        /// The registered addresses.
        public var clientAddresses: Set<String> = ["10.1.2.3"]
        /// How many queries a day are answered.
        public var dailyQuota = 1_000_000
        /// The access hours in seconds of the day; all day by default.
        public var accessHours: Range<Int> = 0..<86_400
        /// The zone of the quota's day and the access hours.
        public var zone = Zone.wib
        /// How errors are told.
        public var errorStyle = ErrorStyle.code

        /// Creates the default rules.
        public init() {}
    }
}
