public import GerbangCore
public import GerbangJSON

/// The part of a request that changes. Everything the engine knows of it is here, in the store and on disk.
public struct RequestProgress: Sendable, Hashable {
    /// What the next call does.
    public enum Step: String, Sendable, Hashable {
        /// Ask the agency for the service.
        case send
        /// Ask what became of a call whose fate is unknown.
        case inquire
        /// Ask whether the agency has decided.
        case poll
    }

    /// The right to make one call. It ends with the call's outcome, or at `until` if none is ever reported.
    public struct Lease: Sendable, Hashable {
        /// The process that makes the call: a fresh name every time it starts.
        public var owner: String
        /// When the call began.
        public var since: Timestamp
        /// When the lease may be taken away.
        public var until: Timestamp

        /// Creates a lease.
        public init(owner: String, since: Timestamp, until: Timestamp) {
            self.owner = owner
            self.since = since
            self.until = until
        }
    }

    /// Who answers the request.
    public struct Assignment: Sendable, Hashable {
        /// The connection.
        public var connection: ConnectionID
        /// The adapter's operation that provides the service there.
        public var operation: OperationID

        /// Creates an assignment.
        public init(connection: ConnectionID, operation: OperationID) {
            self.connection = connection
            self.operation = operation
        }
    }

    /// Where the request stands.
    public var state: RequestState
    /// Why it is queued.
    public var reason: QueueReason?
    /// When the next call is due; `nil` while it waits for an operator, or has ended.
    public var dueAt: Timestamp?
    /// What the next call does.
    public var step: Step
    /// When it must be settled.
    public var deadline: Timestamp
    /// How many calls have begun, of any kind: numbers them.
    public var calls: Int
    /// How many sends may have reached the agency.
    public var attempts: Int
    /// Failures in a row: the position in the retry schedule.
    public var failures: Int
    /// Negative answers in a row about a request that the agency had acknowledged.
    public var negativeAnswers: Int
    /// How often in a row a process went down during a send.
    public var recoveries: Int
    /// Counts leases, so that the outcome of a lease that was taken away is recognised.
    public var epoch: Int
    /// The call under way.
    public var lease: Lease?
    /// The number of the last event.
    public var sequence: Int
    /// Whether cancelling was asked for during a call.
    public var isCancelRequested: Bool
    /// When the last call ended that may have had an effect which is not known; `nil` when there is none.
    public var doubtfulSince: Timestamp?
    /// When the agency first said that it has the request and decides later.
    public var acknowledgedAt: Timestamp?
    /// The agency's own number for it.
    public var agencyReference: String?
    /// What the agency answered.
    public var output: JSONValue?
    /// Why it did not succeed, or what it last stumbled over.
    public var error: GerbangError?
    /// When it last changed.
    public var updatedAt: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp?
    /// Whether it stands in the dead-letter list.
    public var isDeadLetter: Bool
    /// Who answers it now; `nil` as long as that is the connection which was chosen at acceptance.
    public var assignment: Assignment?
    /// The connections that it was taken from since it was accepted or redriven: it does not go back to them.
    public var left: Set<ConnectionID> = []

    /// The progress of a request that is accepted at `moment`: queued and due at once. Its first event is written by
    /// the store together with it.
    public init(acceptedAt moment: Timestamp, deadline: Timestamp) {
        state = .queued
        reason = .new
        dueAt = moment
        step = .send
        self.deadline = deadline
        calls = 0
        attempts = 0
        failures = 0
        negativeAnswers = 0
        recoveries = 0
        epoch = 0
        sequence = 1
        isCancelRequested = false
        updatedAt = moment
        isDeadLetter = false
    }

    /// The event that belongs to ``init(acceptedAt:deadline:)``; see ``RequestRecord/acceptedEvent``.
    package var acceptedEvent: RequestEvent {
        RequestEvent(sequence: 1, at: updatedAt, kind: .accepted, state: state, reason: reason, dueAt: dueAt)
    }
}

/// The result of one step of the state machine.
public struct Transition: Sendable, Hashable {
    /// The request afterwards.
    public var progress: RequestProgress
    /// What is added to its history; empty when nothing changed.
    public var events: [RequestEvent]
    /// What the client is to be told of it; the store puts it into the outbox in the same transaction.
    public var callbacks: [CallbackMessage]

    /// Creates a transition.
    public init(progress: RequestProgress, events: [RequestEvent], callbacks: [CallbackMessage] = []) {
        self.progress = progress
        self.events = events
        self.callbacks = callbacks
    }
}
