/// What happens at the agency when an operation is called, and what a second call would do.
public enum Effect: Sendable, Hashable {
    /// Nothing changes. May be repeated at will.
    case query
    /// Something changes, once: the agency recognises a repetition by the named element of the message, which carries
    /// ``AdapterCall/key``.
    case idempotent(key: String)
    /// Something changes with every call. Never repeated unless it is certain that nothing happened.
    case nonIdempotent

    /// Whether a call whose fate is unknown may simply be repeated.
    public var isRepeatable: Bool { self != .nonIdempotent }

    /// The word for this effect in descriptions.
    public var name: String {
        switch self {
        case .query: "query"
        case .idempotent: "idempotent"
        case .nonIdempotent: "nonIdempotent"
        }
    }
}

/// How the fate of a call is found out.
public struct Inquiry: Sendable, Hashable {
    /// The adapter's operation that asks; its effect is ``Effect/query``.
    public var operation: OperationID
    /// How long after the doubtful call ended a negative answer becomes reliable.
    ///
    /// A call that timed out here may still be at work there. Until this much time has passed, "no such record" means
    /// "not yet".
    public var conclusiveAfter: Duration

    /// Creates a description of how to inquire.
    public init(operation: OperationID, conclusiveAfter: Duration = .seconds(60)) {
        self.operation = operation
        self.conclusiveAfter = conclusiveAfter
    }
}

/// What an adapter offers: one kind of call to its agency.
public struct OperationDescriptor: Sendable, Hashable {
    /// The operation's name within the adapter.
    public var id: OperationID
    /// The service that it provides; `nil` for an inquiry or another helper.
    public var service: ServiceID?
    /// What happens at the agency.
    public var effect: Effect
    /// How a doubt is settled; `nil` leaves it to an operator.
    public var inquiry: Inquiry?
    /// The time limits of one call.
    public var timeouts: CallTimeouts
    /// How many calls may ask for the service.
    public var maximumAttempts: Int
    /// Which requests must be called one after the other; `nil` when none has to wait for another.
    public var orderingKey: OrderingRule?

    /// Creates a description of an operation.
    public init(
        id: OperationID,
        service: ServiceID? = nil,
        effect: Effect,
        inquiry: Inquiry? = nil,
        timeouts: CallTimeouts = CallTimeouts(),
        maximumAttempts: Int = 15,
        orderingKey: OrderingRule? = nil
    ) {
        self.id = id
        self.service = service
        self.effect = effect
        self.inquiry = inquiry
        self.timeouts = timeouts
        self.maximumAttempts = maximumAttempts
        self.orderingKey = orderingKey
    }
}
