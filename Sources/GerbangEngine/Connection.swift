internal import Crypto
public import GerbangCore
public import GerbangHTTP

/// An adapter with the address of an agency, and how the agency is to be treated.
public struct Connection: Sendable {
    /// The connection's name.
    public var id: ConnectionID
    /// The translator, made with the connection's settings.
    public var adapter: any Adapter
    /// Where the agency's interface is.
    public var baseURL: BaseURL
    /// The regions that it serves.
    public var regions: [Region]
    /// How much it may be asked.
    public var limits: FlowLimits
    /// When it works.
    public var calendar: ServiceCalendar
    /// How long to wait after failures.
    public var schedule: RetrySchedule
    /// Trust, client certificate and proxy.
    public var profile: TransportProfile
    /// How its messages prove who sends them.
    public var authentication: Authentication
    /// The tenant that it belongs to; `nil` when it is for all.
    public var tenant: TenantID?
    /// Which system of the agency it leads to, when there are several connections to that one: a repetition that it
    /// recognises on one it recognises on the others, and a case is one case on all of them.
    public var agencyGroup: String?

    /// Creates a connection.
    public init(
        id: ConnectionID,
        adapter: any Adapter,
        baseURL: BaseURL,
        regions: [Region] = [.nation],
        limits: FlowLimits = FlowLimits(),
        calendar: ServiceCalendar = ServiceCalendar(),
        schedule: RetrySchedule = .standard,
        profile: TransportProfile = TransportProfile(),
        authentication: Authentication = .none,
        tenant: TenantID? = nil,
        agencyGroup: String? = nil
    ) {
        self.id = id
        self.adapter = adapter
        self.baseURL = baseURL
        self.regions = regions
        self.limits = limits
        self.calendar = calendar
        self.schedule = schedule
        self.profile = profile
        self.authentication = authentication
        self.tenant = tenant
        self.agencyGroup = agencyGroup
    }
}

extension Connection {
    /// What the state machine has to know of `operation` here.
    func context(
        of operation: OperationDescriptor,
        now: Timestamp,
        jitter: Double
    ) -> RequestMachine.Context {
        RequestMachine.Context(
            effect: operation.effect,
            inquiry: operation.inquiry,
            maximumAttempts: operation.maximumAttempts,
            schedule: schedule,
            now: now,
            jitter: jitter
        )
    }
}

extension Connection {
    /// What tells the cases of one system of an agency from those of another.
    private var system: String { agencyGroup.map { "group \($0)" } ?? "connection \(id)" }

    /// Whether a repetition that was sent over `other` would be recognised here: both lead to one system, through adapters
    /// that make the same key of a request.
    func recognisesRepetition(of other: Connection?) -> Bool {
        guard let other, let agencyGroup else { return false }
        return agencyGroup == other.agencyGroup && adapter.descriptor.id == other.adapter.descriptor.id
    }

    /// The case that a call belongs to, as a key that is the same for all connections to one system of the agency.
    ///
    /// Not the same for all that the adapter speaks to: one adapter may serve five hundred regencies, whose cases have
    /// nothing to do with each other, and no tenant shall be able to hold back another one's.
    func orderingKey(of call: AdapterCall) throws(GerbangError) -> OrderingKey? {
        guard let key = try call.operation.orderingKey?.key(of: call) else { return nil }
        // The length tells where the system ends, so that no two pairs make one text.
        let text = "\(system.utf8.count) \(system) \(key)"
        let digest = SHA256.hash(data: Array(text.utf8)).prefix(16)
        return OrderingKey(digest: Hexadecimal.lower(digest))
    }
}
