public import GerbangCore

/// Where events wait until a client has taken them.
///
/// Every request with a callback has a lane of messages, in the order of its events. Only the first message of a lane
/// can be taken, under a lease; the next follows when that one is delivered or given up. What a method has returned
/// from survives a crash of the process and a power cut.
///
/// Messages are put in by ``RequestStore/update(_:knowing:label:transition:)`` and
/// ``RequestStore/claim(_:at:transition:)``, in the transaction that writes the events they tell of: see
/// ``Transition/callbacks``. A request without a callback costs a store nothing.
public protocol CallbackOutbox: CallbackSecretStore {
    /// Takes the first messages of due lanes of the asked clients, oldest due time first, and leases them until
    /// `leaseUntil`.
    func claimCallbacks(
        _ asks: [CallbackAsk],
        at now: Timestamp,
        leaseUntil: Timestamp
    ) async throws(GerbangError) -> CallbackBatch

    /// Applies the end of a delivery, if its lease is still the last one of its lane.
    ///
    /// - Returns: When the lane's next message is due; `nil` when there is none, or the lease was given anew.
    func settleCallback(
        _ delivery: CallbackDelivery,
        as outcome: CallbackOutcome,
        at now: Timestamp
    ) async throws(GerbangError) -> Timestamp?

    /// When the next message of each client is due, for every client that has any; the end of its lease counts for a
    /// message that is under way.
    func callbackDueTimes() async throws(GerbangError) -> [ClientID: Timestamp]

    /// How far the callbacks of a request have come; `nil` when it never had a message.
    func callbackSummary(of id: RequestID) async throws(GerbangError) -> CallbackSummary?

    /// How many messages wait, of all clients.
    func callbackBacklog() async throws(GerbangError) -> CallbackBacklog
}

/// An event on its way to the client: complete, so that every try sends the same bytes.
public struct CallbackMessage: Sendable, Hashable {
    /// The number of the event that it tells of.
    public var sequence: Int
    /// When the event happened.
    public var createdAt: Timestamp
    /// The body.
    public var body: [UInt8]

    /// Creates a message.
    public init(sequence: Int, createdAt: Timestamp, body: [UInt8]) {
        self.sequence = sequence
        self.createdAt = createdAt
        self.body = body
    }
}

/// How many messages of a client may be taken.
public struct CallbackAsk: Sendable, Hashable {
    /// The client.
    public var client: ClientID
    /// How many lanes.
    public var slots: Int

    /// Creates an ask.
    public init(client: ClientID, slots: Int) {
        self.client = client
        self.slots = slots
    }
}

/// A message under a lease.
public struct CallbackDelivery: Sendable, Hashable {
    /// The request that it tells of.
    public var request: RequestID
    /// Whose request it is.
    public var client: ClientID
    /// Where it goes: the ``GerbangCore/Callback/url``.
    public var url: Sensitive<String>
    /// The message.
    public var message: CallbackMessage
    /// How often it has been tried in vain.
    public var failures: Int
    /// Counts the leases of the lane.
    public var epoch: Int
    /// When the lease ends.
    public var leaseUntil: Timestamp

    /// Creates a delivery.
    public init(
        request: RequestID,
        client: ClientID,
        url: Sensitive<String>,
        message: CallbackMessage,
        failures: Int,
        epoch: Int,
        leaseUntil: Timestamp
    ) {
        self.request = request
        self.client = client
        self.url = url
        self.message = message
        self.failures = failures
        self.epoch = epoch
        self.leaseUntil = leaseUntil
    }
}

/// What was taken from the outbox.
public struct CallbackBatch: Sendable, Hashable {
    /// The messages.
    public var deliveries: [CallbackDelivery]
    /// For every asked client that still has messages, when the next is due.
    public var nextDue: [ClientID: Timestamp]

    /// Creates a batch.
    public init(deliveries: [CallbackDelivery] = [], nextDue: [ClientID: Timestamp] = [:]) {
        self.deliveries = deliveries
        self.nextDue = nextDue
    }
}

/// How a delivery ended.
public enum CallbackOutcome: Sendable, Hashable {
    /// The client has taken it.
    case delivered
    /// It failed; try again.
    case failed(retryAt: Timestamp)
    /// It was not tried; try again.
    case postponed(until: Timestamp)
    /// It failed for too long: the lane goes on without it.
    case givenUp
    /// The client wants no more of this request: everything that waits is given up, and nothing is put in any more.
    case gone
}

/// How many messages wait.
public struct CallbackBacklog: Sendable, Hashable {
    /// How many.
    public var pending: Int
    /// When the oldest of them came about.
    public var oldest: Timestamp?

    /// Creates a backlog.
    public init(pending: Int = 0, oldest: Timestamp? = nil) {
        self.pending = pending
        self.oldest = oldest
    }
}
