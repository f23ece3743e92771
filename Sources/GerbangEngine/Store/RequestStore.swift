public import GerbangCore

/// Where requests live. What a method has returned from survives a crash of the process and a power cut.
///
/// A store knows nothing of what a request's states mean: it applies the transitions that it is given, each within one
/// transaction, and keeps their events. Implementations are held to `RequestStoreConformance`.
public protocol RequestStore: CallbackOutbox {
    /// Checks that a request would be stored.
    ///
    /// - Throws: ``GerbangError/Code/storageUnavailable`` with the reason why not, as long as that holds.
    func check() async throws(GerbangError)

    /// Stores a new request, or finds the one that the client's idempotency key already stands for.
    func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance

    /// What a client's idempotency key stands for: ``Acceptance/known(_:)``, ``Acceptance/conflicting`` when the content
    /// was another one, `nil` when it is new.
    func acceptance(
        of key: String,
        client: ClientID,
        fingerprint: [UInt8]
    ) async throws(GerbangError) -> Acceptance?

    /// Takes due requests of the asked connections, oldest due time first and retries within their own bound, and
    /// applies `transition` to each. Requests under a lease are never taken.
    ///
    /// Of requests with one ``OrderingKey`` only the head is taken, however many connections answer them: the one that was
    /// accepted first of those that have not ended. A request that comes back from a final state stands behind the head,
    /// and before those that were accepted after it. What stands behind a head costs a claim nothing.
    ///
    /// Where several tenants have due requests on a connection, each gets its turn: one of each, then another of each.
    func claim(
        _ asks: [ClaimAsk],
        at now: Timestamp,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> ClaimBatch

    /// Applies `transition` to one request.
    ///
    /// - Parameter request: The request itself if the caller has it: it never changes and need not be read again.
    /// - Returns: The request afterwards; `nil` when there is none with this identifier.
    /// - Throws: What `transition` throws, with nothing changed.
    func update(
        _ id: RequestID,
        knowing request: ServiceRequest?,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord?

    /// The request called `id`.
    func record(_ id: RequestID) async throws(GerbangError) -> RequestRecord?

    /// The history of a request after event number `sequence`, in order.
    func events(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent]

    /// Requests that match `filter`, newest first.
    func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestRecord]

    /// Requests whose lease ended before `moment`, or all that anybody holds when `moment` is `nil`.
    func leases(endedBefore moment: Timestamp?, limit: Int) async throws(GerbangError) -> [RequestID]

    /// Queued requests whose deadline passed before `moment`.
    func overdue(before moment: Timestamp, limit: Int) async throws(GerbangError) -> [RequestID]

    /// Requests of a connection that may be taken, now or later: page by page, each from the one after `last` on, the
    /// last of the page before. A request that changes meanwhile may be missed, or come twice.
    func waiting(
        on connection: ConnectionID,
        after last: RequestRecord?,
        limit: Int
    ) async throws(GerbangError) -> [RequestRecord]

    /// How many requests of each tenant have not ended.
    func openRequests() async throws(GerbangError) -> [TenantID: Int]

    /// Counts and times what was accepted in a span of time.
    func report(on span: ReportSpan) async throws(GerbangError) -> Report

    /// Removes requests to which nothing has happened since `moment`, the oldest first: ended, no dead letters, and with
    /// nothing in the outbox that the client is still to be told. Their history goes with them, and so does what their
    /// idempotency keys stand for.
    ///
    /// - Returns: How many were removed; fewer than `limit` when there are no more.
    func removeFinished(before moment: Timestamp, limit: Int) async throws(GerbangError) -> Int

    /// The earliest due time of the requests that nobody holds, for every connection that has any.
    func dueTimes() async throws(GerbangError) -> [ConnectionID: Timestamp]

    /// How many requests there are in each state that is not final, by connection, and how many dead letters.
    func backlog() async throws(GerbangError) -> [BacklogEntry]

    /// What is remembered of connections.
    func connectionMarks() async throws(GerbangError) -> [ConnectionID: ConnectionMark]

    /// Changes what is remembered of a connection; nothing is remembered before the first change.
    func updateMark(
        of connection: ConnectionID,
        _ change: @escaping @Sendable (inout ConnectionMark) -> Void
    ) async throws(GerbangError)
}

extension RequestStore {
    /// Applies `transition` to one request; see ``update(_:knowing:label:transition:)``.
    public func update(
        _ id: RequestID,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord? {
        try await update(id, knowing: nil, label: label, transition: transition)
    }
}

/// Why a store is asked to change a request: names its commits in crash tests.
public enum StoreLabel: String, Sendable, Hashable, CaseIterable {
    /// A new request.
    case accept
    /// The intent to call.
    case claim
    /// The outcome of a call.
    case settle
    /// A lease whose holder is gone, or a deadline that has passed.
    case recover
    /// A client's or operator's wish.
    case command
}

/// A request as it is stored.
public struct RequestRecord: Sendable, Hashable {
    /// What was asked for; never changes.
    public var request: ServiceRequest
    /// Where it stands.
    public var progress: RequestProgress
    /// Whether an older request for the same case has not ended. The store knows it when it reads the request; it is not
    /// part of what is stored of this one.
    public var isBehindAnother: Bool

    /// Creates a record.
    public init(request: ServiceRequest, progress: RequestProgress, isBehindAnother: Bool = false) {
        self.request = request
        self.progress = progress
        self.isBehindAnother = isBehindAnother
    }

    /// The connection that answers it now.
    public var connection: ConnectionID { progress.assignment?.connection ?? request.connection }

    /// The operation that provides the service there.
    public var operation: OperationID { progress.assignment?.operation ?? request.operation }
}

extension RequestRecord {
    /// The first event of a new request, which the store writes together with it; it names the officer who submitted it, and the
    /// configuration that chose the connection.
    public var acceptedEvent: RequestEvent {
        var event = progress.acceptedEvent
        event.actor = request.submission.officer?.actor
        event.generation = request.generation
        return event
    }
}

/// What became of a submission.
public enum Acceptance: Sendable, Hashable {
    /// It is a new request and is stored.
    case stored
    /// The client has submitted the same under this key before.
    case known(RequestRecord)
    /// The client has submitted something else under this key before.
    case conflicting
}

/// How many calls of a connection may begin.
public struct ClaimAsk: Sendable, Hashable {
    /// The connection.
    public var connection: ConnectionID
    /// How many requests may be taken.
    public var slots: Int
    /// How many of them may be retries.
    public var retrySlots: Int

    /// Creates an ask.
    public init(connection: ConnectionID, slots: Int, retrySlots: Int) {
        self.connection = connection
        self.slots = slots
        self.retrySlots = retrySlots
    }
}

/// What was claimed.
public struct ClaimBatch: Sendable, Hashable {
    /// The requests after their transition. One without a lease was ended instead of claimed.
    public var records: [RequestRecord]
    /// For every asked connection that still has work, when the next of it is due.
    public var nextDue: [ConnectionID: Timestamp]

    /// Creates a batch.
    public init(records: [RequestRecord] = [], nextDue: [ConnectionID: Timestamp] = [:]) {
        self.records = records
        self.nextDue = nextDue
    }
}

/// Which requests to list.
public struct RequestFilter: Sendable, Hashable {
    /// Only those of this client.
    public var client: ClientID?
    /// Only those of this tenant.
    public var tenant: TenantID?
    /// Only those in one of these states; all when empty.
    public var states: Set<RequestState>
    /// Only those for this service.
    public var service: ServiceID?
    /// Only those of this connection.
    public var connection: ConnectionID?
    /// Only those in the dead-letter list.
    public var isDeadLetter: Bool
    /// Only those accepted before this one: the last of the page before.
    public var before: RequestID?
    /// How many at most.
    public var limit: Int

    /// Creates a filter that matches everything.
    public init(
        client: ClientID? = nil,
        tenant: TenantID? = nil,
        states: Set<RequestState> = [],
        service: ServiceID? = nil,
        connection: ConnectionID? = nil,
        isDeadLetter: Bool = false,
        before: RequestID? = nil,
        limit: Int = 50
    ) {
        self.client = client
        self.tenant = tenant
        self.states = states
        self.service = service
        self.connection = connection
        self.isDeadLetter = isDeadLetter
        self.before = before
        self.limit = limit
    }
}

/// How many requests of a connection are in one state.
public struct BacklogEntry: Sendable, Hashable {
    /// The connection.
    public var connection: ConnectionID
    /// The state; ``RequestState/failed`` counts the dead letters.
    public var state: RequestState
    /// How many.
    public var count: Int
    /// When the oldest of them was accepted.
    public var oldest: Timestamp

    /// Creates an entry.
    public init(connection: ConnectionID, state: RequestState, count: Int, oldest: Timestamp) {
        self.connection = connection
        self.state = state
        self.count = count
        self.oldest = oldest
    }
}

/// What is remembered of a connection when the process ends.
public struct ConnectionMark: Sendable, Hashable {
    /// Whether an operator has paused it.
    public var isPaused: Bool
    /// Whether an operator lets it take new requests, and make calls.
    public var mode: ConnectionMode
    /// No call before this moment: the agency asked so.
    public var notBefore: Timestamp?

    /// Creates a mark.
    public init(isPaused: Bool = false, mode: ConnectionMode = .enabled, notBefore: Timestamp? = nil) {
        self.isPaused = isPaused
        self.mode = mode
        self.notBefore = notBefore
    }
}
