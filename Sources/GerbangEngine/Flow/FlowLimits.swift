/// How much a connection may be asked, and how it is treated when it is in trouble.
public struct FlowLimits: Sendable, Hashable {
    /// Calls at the same time.
    public var concurrency: Int
    /// Calls a second; `nil` for no limit.
    public var callsPerSecond: Double?
    /// The share of the calls under way that may be retries.
    public var retryShare: Double
    /// How many retries may always be under way, whatever the share.
    public var minimumRetries: Int
    /// When the breaker opens and for how long.
    public var breaker: BreakerLimits

    /// Creates limits; the defaults suit an agency of which nothing is known.
    public init(
        concurrency: Int = 16,
        callsPerSecond: Double? = nil,
        retryShare: Double = 0.2,
        minimumRetries: Int = 3,
        breaker: BreakerLimits = BreakerLimits()
    ) {
        self.concurrency = concurrency
        self.callsPerSecond = callsPerSecond
        self.retryShare = retryShare
        self.minimumRetries = minimumRetries
        self.breaker = breaker
    }
}

/// When a breaker opens and for how long.
public struct BreakerLimits: Sendable, Hashable {
    /// Failures in a row that open it.
    public var consecutiveFailures: Int
    /// The share of failures in the last minute that opens it, once there were ``minimumCalls``.
    public var failureShare: Double
    /// The calls in the last minute below which the share says nothing.
    public var minimumCalls: Int
    /// How long it stays open the first time; doubles each time up to ``maximumOpen``.
    public var open: Duration
    /// The longest time it stays open.
    public var maximumOpen: Duration
    /// Successful probes that close it.
    public var probes: Int

    /// Creates limits.
    public init(
        consecutiveFailures: Int = 5,
        failureShare: Double = 0.5,
        minimumCalls: Int = 20,
        open: Duration = .seconds(30),
        maximumOpen: Duration = .seconds(600),
        probes: Int = 3
    ) {
        self.consecutiveFailures = consecutiveFailures
        self.failureShare = failureShare
        self.minimumCalls = minimumCalls
        self.open = open
        self.maximumOpen = maximumOpen
        self.probes = probes
    }
}
