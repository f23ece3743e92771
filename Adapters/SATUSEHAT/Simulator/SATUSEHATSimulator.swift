public import GerbangCore
public import GerbangTesting

/// A server that answers as SATUSEHAT does, for tests and demonstrations: the token endpoint below `/oauth2/v1`, the
/// FHIR interface below `/fhir-r4/v1`.
///
/// Its patients are the ten invented ones that the Ministry of Health publishes for its own sandbox; beside them there
/// is one practitioner (`N10000001`), one location and one organisation. A call without a valid token gets the
/// gateway's 401. The ledger has an entry for each encounter; the key is its identifier's value.
public final class SATUSEHATSimulator: Sendable {
    /// Every encounter that was registered, whether or not the answer arrived.
    public let ledger: Ledger
    /// The trouble to make, by the names `token`, `find-patient`, `register-encounter` and `find-encounter`.
    ///
    /// ``Fault/status500`` at `token` is what the platform answers to an address that it does not admit. At
    /// `register-encounter`, ``Fault/duplicate`` answers as if this had been the second call: the encounter is there
    /// afterwards, once.
    public let faults: FaultPlan
    private let tokens: TokenOffice
    private let server: LoopbackServer

    /// Starts the platform.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - clock: What tells when a token is over and which encounters lie in the future.
    ///   - rules: Whom it serves.
    /// - Throws: `LoopbackServerError` when it cannot listen on the port.
    public init(port: Int = 0, clock: any WallClock = SystemClock(), rules: Rules = Rules()) throws {
        let ledger = Ledger()
        let faults = FaultPlan()
        let tokens = TokenOffice(rules: rules, clock: clock)
        let book = EncounterBook(organizationID: rules.organizationID, clock: clock, ledger: ledger)
        let desk = HealthDesk(tokens: tokens, book: book, clock: clock, faults: faults)
        server = try LoopbackServer(port: port) { desk.serve($0) }
        self.ledger = ledger
        self.faults = faults
        self.tokens = tokens
    }

    /// The base URL for a connection.
    public var baseURL: String { server.baseURL }

    /// How many tokens were issued so far.
    public var issuedTokenCount: Int { tokens.issuedCount }

    /// Makes every token that was issued so far invalid, as when the platform restarts.
    public func expireTokens() {
        tokens.expireAll()
    }

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

    /// Ends the platform.
    public func stop() {
        server.stop()
    }
}

extension SATUSEHATSimulator {
    /// Whom the platform serves; the defaults fit the adapter's documented example.
    public struct Rules: Sendable, Hashable {
        /// The client that gets tokens.
        public var clientID = "demo"
        /// The client's secret.
        public var clientSecret = "demo"
        /// How long a token is valid, in whole seconds.
        public var tokenLifetime: Duration = .seconds(3599)
        /// The client's organisation; it may touch no other's resources.
        public var organizationID = "10000004"

        /// Creates the default rules.
        public init() {}
    }
}
