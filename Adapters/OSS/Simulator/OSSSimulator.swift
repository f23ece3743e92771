public import GerbangCore
public import GerbangTesting

/// A server that answers as OSS does, with invented businesses and permits, for tests and demonstrations.
///
/// It checks the user key, knows NIBs, and keeps the status history of every permit. It recognises nothing that is sent
/// twice: each message counts, as the guide says nothing else. Its ledger has one entry for each status and each permit
/// that it took, with the `X-Request-ID` of the message as key.
public final class OSSSimulator: Sendable {
    /// Every status and every permit that was taken, whether or not the answer arrived.
    public let ledger: Ledger
    /// The trouble to make, by the adapter's operation names: `inquery-nib`, `receive-license-status`,
    /// `receive-license`, `check-license-status`.
    ///
    /// - ``Fault/quota`` is HTTP 429 of the server in front; ``Fault/outsideHours`` its maintenance page with HTTP 503.
    /// - ``Fault/duplicate`` refuses a status or a permit as sent before, with code 400; queries are answered as ever.
    public let faults: FaultPlan
    private let register: LicensingRegister
    private let server: LoopbackServer

    /// Starts the system.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - clock: What tells the present day of the system's own numbers.
    ///   - rules: Whom it serves and how it writes.
    /// - Throws: `LoopbackServerError` when it cannot listen on the port.
    public init(port: Int = 0, clock: any WallClock = SystemClock(), rules: Rules = Rules()) throws {
        let ledger = Ledger()
        let faults = FaultPlan()
        let register = LicensingRegister(applications: rules.applications)
        let desk = LicensingDesk(rules: rules, clock: clock, register: register, ledger: ledger, faults: faults)
        server = try LoopbackServer(port: port) { desk.serve($0) }
        self.ledger = ledger
        self.faults = faults
        self.register = register
    }

    /// The base URL for a connection.
    public var baseURL: String { "\(server.baseURL)/v1/kl/rba" }

    /// The codes of every status that a permit has had, the oldest first; `nil` when there is no such permit.
    public func statusHistory(of permitID: String) -> [String]? { register.permit(permitID)?.history }

    /// Sets the status of a permit, as another office or the system itself does.
    public func setStatus(_ code: String, of permitID: String) {
        register.change(permitID) { $0.history.append(code) }
    }

    /// The identifier of the permit that was applied for as number `number`, from 1 to ``Rules/applications``.
    public static func application(_ number: Int) -> String { LicensingRegister.application(number) }

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

    /// Ends the system.
    public func stop() {
        server.stop()
    }
}

extension OSSSimulator {
    /// Whom the system serves and how it writes; the defaults fit the adapter's documented example.
    public struct Rules: Sendable, Hashable {
        /// The user key that it accepts.
        public var userKey = "demo-user-key"
        /// The institutions that may report.
        public var institutions: Set<String> = ["022", "063"]
        /// The name of the object around the answer to `checkLicenseStatus`, which the guide spells in several ways.
        public var statusWrapper = "responcheckStatusLicense"
        /// Whether codes are texts, as the guide's tables say, and not numbers, as its samples show.
        public var writesCodesAsText = false
        /// Whether the HTTP status repeats the code, and is not 200 whatever happens.
        public var repeatsCodeAsStatus = false
        /// How many permits the first business has applied for besides the three that are known, each as the first of
        /// them but for its identifier: see ``OSSSimulator/application(_:)``.
        public var applications = 0

        /// Creates the default rules.
        public init() {}
    }
}
