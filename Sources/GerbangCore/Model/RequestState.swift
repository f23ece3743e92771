/// Where a request stands.
public enum RequestState: String, Sendable, Hashable, CaseIterable {
    /// It waits to be sent; ``QueueReason`` says why, and a due time says until when.
    case queued
    /// A call to the agency is under way.
    case running
    /// A call was made and its effect is not known; it is settled by inquiry or by an operator, never by resending.
    case inDoubt
    /// The agency has it and will decide later.
    case awaitingAgency
    /// The agency did what was asked. Final.
    case succeeded
    /// The agency decided against it. Final.
    case rejected
    /// Gerbang gave up; nothing was done at the agency. Final until an operator redrives it.
    case failed
    /// The deadline passed; nothing was done at the agency. Final.
    case expired
    /// The client or an operator cancelled it before it was done. Final.
    case cancelled

    /// Whether the request has ended.
    public var isFinal: Bool {
        switch self {
        case .queued, .running, .inDoubt, .awaitingAgency: false
        case .succeeded, .rejected, .failed, .expired, .cancelled: true
        }
    }
}

/// Why a queued request waits.
public enum QueueReason: String, Sendable, Hashable, CaseIterable {
    /// It has just been accepted, redriven or found not to have happened.
    case new
    /// An attempt failed and the next one is scheduled.
    case retry
    /// The agency asked for fewer calls, or its quota is used up.
    case throttled
    /// The connection's breaker is open.
    case breakerOpen
    /// The agency is outside its service hours or in maintenance.
    case outsideHours
    /// An operator paused the connection.
    case paused
    /// An operator disabled the connection.
    case disabled
    /// All of the connection's call slots are taken.
    case busy
    /// The connection is not configured at the moment.
    case noConnection
    /// No process of the connection's remote adapter may be given work.
    case noInstance
    /// An older request for the same case has not ended.
    case behindAnother
}
