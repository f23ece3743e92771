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
        authentication: Authentication = .none
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
