public import GerbangCore

/// What an operator lets a connection do.
public enum ConnectionMode: String, Sendable, Hashable, CaseIterable {
    /// It takes new requests and makes their calls.
    case enabled
    /// It takes no new requests; those that it has go on.
    case draining
    /// It takes no new requests, and those that it has wait.
    case disabled
}

/// A connection as the operators see it.
public struct ConnectionStatus: Sendable, Hashable {
    /// The connection's name.
    public var id: ConnectionID
    /// The adapter's name.
    public var adapter: AdapterID
    /// The adapter's version.
    public var adapterVersion: String
    /// The agency behind it.
    public var agency: LocalizedText
    /// The services that it provides.
    public var services: [ServiceID]
    /// The regions that it serves.
    public var regions: [Region]
    /// How many calls may be under way.
    public var concurrency: Int
    /// How many calls are under way.
    public var inFlight = 0
    /// Whether an operator has paused it.
    public var isPaused = false
    /// What an operator lets it do.
    public var mode = ConnectionMode.enabled
    /// How often the breaker has opened since the agency last worked well.
    public var breakerOpenings = 0
    /// Why no call may begin now; `nil` when one may.
    public var closedBecause: QueueReason?
    /// When to look again; `nil` when somebody must act first.
    public var closedUntil: Timestamp?
    /// How many requests are in each state that is not final; ``RequestState/failed`` counts the dead letters.
    public var backlog: [RequestState: Int] = [:]
    /// When the oldest queued request was accepted.
    public var oldest: Timestamp?
}
