public import GerbangCore

/// What a route may decide by. The payload is not among it: where a request goes must not depend on personal data.
public struct RouteFacts: Sendable, Hashable {
    /// The service that is asked for.
    public var service: ServiceID
    /// For which place.
    public var region: Region
    /// Who asks.
    public var client: ClientID
    /// The tenant that the client belongs to.
    public var tenant: TenantID?
    /// Over which channel.
    public var channel: Channel
    /// The present moment.
    public var now: Timestamp

    /// Creates the facts of one submission.
    public init(
        service: ServiceID,
        region: Region,
        client: ClientID,
        tenant: TenantID? = nil,
        channel: Channel = .online,
        now: Timestamp
    ) {
        self.service = service
        self.region = region
        self.client = client
        self.tenant = tenant
        self.channel = channel
        self.now = now
    }
}

/// A rule that says whether a route is for a submission. It is a pure function; whoever makes it compiles it first.
public struct RouteCondition: Sendable, Hashable, CustomStringConvertible {
    /// The rule as its author wrote it. Two conditions with one text are the same condition.
    public let description: String
    private let holds: @Sendable (RouteFacts) throws(GerbangError) -> Bool

    /// Creates a condition.
    public init(_ description: String, _ holds: @escaping @Sendable (RouteFacts) throws(GerbangError) -> Bool) {
        self.description = description
        self.holds = holds
    }

    /// Whether the route is for a submission with these facts.
    public func holds(for facts: RouteFacts) throws(GerbangError) -> Bool { try holds(facts) }

    /// Whether two conditions have one text.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

/// Says for which submissions a connection is chosen, and before which others.
///
/// A connection that no route names is chosen for all its regions, with ``standardPriority``. One that a route names is
/// chosen by its routes only.
public struct Route: Sendable, Hashable {
    /// The priority of what says none.
    public static let standardPriority = 100

    /// The connection.
    public var connection: ConnectionID
    /// The regions that it is for, within those that the connection serves; `nil` for all of them.
    public var regions: [Region]?
    /// For which submissions; `nil` for all of its regions.
    public var condition: RouteCondition?
    /// The lower, the earlier it is chosen.
    public var priority: Int
    /// Its share beside routes of the same priority with an equally narrow region.
    public var weight: Int
    /// Whether it takes requests that another connection cannot take.
    public var takesOver: Bool

    /// Creates a route.
    public init(
        connection: ConnectionID,
        regions: [Region]? = nil,
        condition: RouteCondition? = nil,
        priority: Int = standardPriority,
        weight: Int = 1,
        takesOver: Bool = true
    ) {
        self.connection = connection
        self.regions = regions
        self.condition = condition
        self.priority = priority
        self.weight = weight
        self.takesOver = takesOver
    }
}

/// When a request goes to another connection because its own cannot take it.
///
/// A connection that is not configured any more, or that is disabled, always lets go what may go: it could wait for ever.
public struct FailoverPolicy: Sendable, Hashable {
    /// After how many openings of the breaker in a row the agency counts as out of order; `nil` for never. The first one may
    /// be a hiccup that a short wait mends.
    public var breakerOpenings: Int?
    /// Whether a pause lets requests go. An operator who pauses usually wants them kept.
    public var whenPaused: Bool
    /// From how long a closing on the agency's hours let requests go; `nil` for never.
    public var closedFor: Duration?
    /// From how long a silence of every process that speaks for a remote adapter lets requests go; `nil` for never. By then
    /// its calls under way are given up as well.
    public var silentFor: Duration?

    /// Creates a policy; by default an agency that is out of order loses its requests, and a remote adapter that nobody
    /// speaks for.
    public init(
        breakerOpenings: Int? = 2,
        whenPaused: Bool = false,
        closedFor: Duration? = nil,
        silentFor: Duration? = .seconds(60)
    ) {
        self.breakerOpenings = breakerOpenings
        self.whenPaused = whenPaused
        self.closedFor = closedFor
        self.silentFor = silentFor
    }

    /// Why what `gate` guards cannot take a request; `nil` when it can, or when waiting for it is right.
    func obstacle(_ gate: ConnectionGate?, at now: Timestamp) -> QueueReason? {
        guard var gate else { return .noConnection }
        guard case .closed(let reason, let until) = gate.admission(at: now) else { return nil }
        switch reason {
        case .noConnection, .disabled: return reason
        case .paused: return whenPaused ? reason : nil
        case .breakerOpen: return breakerOpenings.map { gate.breaker.openings >= $0 } == true ? reason : nil
        case .outsideHours:
            guard let closedFor else { return nil }
            return until.map { $0 - now >= closedFor } ?? true ? reason : nil
        case .noInstance:
            guard let silentFor, let absence = gate.absence else { return nil }
            return absence >= silentFor ? reason : nil
        default: return nil
        }
    }
}
