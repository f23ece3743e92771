public import GerbangJSON

/// An adapter's classification of an attempt.
public enum Verdict: Sendable, Hashable {
    /// The agency did what was asked.
    case succeeded(output: JSONValue, agencyReference: String? = nil)
    /// The agency has it and decides later; ask again at or after `checkAfter`.
    case pending(agencyReference: String?, checkAfter: Duration)
    /// The agency decided against it. Asking again would not help.
    case rejected(GerbangError)
    /// The agency, or the adapter before sending, finds the input wrong. Asking again would not help.
    case invalid(GerbangError)
    /// The agency did not do it and may do it later.
    ///
    /// For an operation that is not idempotent this states that nothing was done. Where that is not certain the
    /// verdict is ``inDoubt(_:)``.
    case transient(GerbangError, retryAfter: Duration? = nil)
    /// The agency did not do it and wants no calls on this connection until then.
    case throttled(GerbangError, until: Timestamp)
    /// The agency does not accept our credentials or address. Nothing was done.
    case unauthorized(GerbangError)
    /// It is not known whether the agency did it.
    case inDoubt(GerbangError)
}

/// What an inquiry found out about an earlier call.
public enum Finding: Sendable, Hashable {
    /// The agency did what was asked.
    case done(output: JSONValue, agencyReference: String? = nil)
    /// The agency has it and decides later.
    case pending(agencyReference: String?, checkAfter: Duration)
    /// The agency has it and decided against it.
    case rejected(GerbangError)
    /// The agency never got it. It counts only when asked late enough; see ``Inquiry/conclusiveAfter``.
    case notDone
    /// The inquiry itself did not work; ask again later, not before `retryAfter` if given.
    case unclear(GerbangError, retryAfter: Duration? = nil)
}

extension Verdict {
    /// The word for this verdict in metrics and logs.
    public var name: String {
        switch self {
        case .succeeded: "succeeded"
        case .pending: "pending"
        case .rejected: "rejected"
        case .invalid: "invalid"
        case .transient: "transient"
        case .throttled: "throttled"
        case .unauthorized: "unauthorized"
        case .inDoubt: "inDoubt"
        }
    }
}
