public import GerbangJSON

/// One line of a request's append-only history.
public struct RequestEvent: Sendable, Hashable {
    /// The position in the history, starting at 1, without gaps.
    public var sequence: Int
    /// When it happened.
    public var at: Timestamp
    /// What happened.
    public var kind: Kind
    /// The state after it.
    public var state: RequestState
    /// Why the request waits, when it is queued.
    public var reason: QueueReason?
    /// When Gerbang acts next, when it waits.
    public var dueAt: Timestamp?
    /// The number of the call that it belongs to.
    public var attempt: Int?
    /// What was wrong.
    public var error: GerbangError?
    /// Who did it, when it was a person; such as `operator:ani`.
    public var actor: String?
    /// The generation of the configuration that chose the connection, or that the call is made with.
    public var generation: Int?
    /// Where it went, when it was given to another connection.
    public var detour: Detour?

    /// A change of the connection that answers a request.
    public struct Detour: Sendable, Hashable {
        /// The connection that it left.
        public var from: ConnectionID
        /// The connection that answers it from now on.
        public var to: ConnectionID
        /// Why the first one could not take it.
        public var because: QueueReason

        /// Creates a change.
        public init(from: ConnectionID, to: ConnectionID, because: QueueReason) {
            self.from = from
            self.to = to
            self.because = because
        }
    }

    /// A kind of event.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The request was accepted and stored.
        case accepted
        /// A call that asks for the service starts; written before its first byte leaves.
        case sending
        /// A call that asks what became of an earlier one starts.
        case inquiring
        /// The attempt failed and another one is scheduled.
        case retryScheduled
        /// The agency asked us to wait.
        case throttled
        /// The effect of the attempt is not known.
        case doubted
        /// The inquiry could not settle the doubt yet.
        case stillInDoubt
        /// The inquiry, or an operator, found that nothing had happened: it is sent again.
        case foundNotDone
        /// The agency has it and decides later.
        case pending
        /// The process had gone down during a call; the request was taken up again.
        case recovered
        /// An outcome arrived after its lease had ended and was not used.
        case staleOutcome
        /// The client or an operator asked to cancel during a call.
        case cancelRequested
        /// An operator said what became of a request in doubt.
        case resolved
        /// An operator put a failed request back into the queue.
        case redriven
        /// An operator took a failed request off the dead-letter list.
        case discarded
        /// Its connection could not take it, and nothing may have happened there: another connection answers it.
        case rerouted
        /// Final: see ``RequestState``.
        case succeeded
        /// Final: see ``RequestState``.
        case rejected
        /// Final: see ``RequestState``.
        case failed
        /// Final: see ``RequestState``.
        case expired
        /// Final: see ``RequestState``.
        case cancelled
    }

    /// Creates an event.
    public init(
        sequence: Int,
        at: Timestamp,
        kind: Kind,
        state: RequestState,
        reason: QueueReason? = nil,
        dueAt: Timestamp? = nil,
        attempt: Int? = nil,
        error: GerbangError? = nil,
        actor: String? = nil,
        generation: Int? = nil,
        detour: Detour? = nil
    ) {
        self.sequence = sequence
        self.at = at
        self.kind = kind
        self.state = state
        self.reason = reason
        self.dueAt = dueAt
        self.attempt = attempt
        self.error = error
        self.actor = actor
        self.generation = generation
        self.detour = detour
    }
}

extension RequestEvent {
    /// The event as JSON, as it stands in the API.
    public var json: JSONValue {
        var object: JSONObject = [
            "sequence": .number(JSONNumber(sequence)),
            "at": .string(at.description),
            "kind": .string(kind.rawValue),
            "state": .string(state.rawValue),
        ]
        object["reason"] = reason.map { .string($0.rawValue) }
        object["dueAt"] = dueAt.map { .string($0.description) }
        object["attempt"] = attempt.map { .number(JSONNumber($0)) }
        object["error"] = error?.json
        object["actor"] = actor.map { .string($0) }
        object["generation"] = generation.map { .number(JSONNumber($0)) }
        if let detour {
            object["from"] = .string(detour.from.text)
            object["to"] = .string(detour.to.text)
            object["because"] = .string(detour.because.rawValue)
        }
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is not an event.
    public init?(json: JSONValue) {
        guard let sequence = json["sequence"]?.intValue, let at = json["at"]?.stringValue.flatMap({ Timestamp($0) }),
            let kind = json["kind"]?.stringValue.flatMap({ Kind(rawValue: $0) }),
            let state = json["state"]?.stringValue.flatMap({ RequestState(rawValue: $0) })
        else { return nil }
        self.init(
            sequence: sequence,
            at: at,
            kind: kind,
            state: state,
            reason: json["reason"]?.stringValue.flatMap { QueueReason(rawValue: $0) },
            dueAt: json["dueAt"]?.stringValue.flatMap { Timestamp($0) },
            attempt: json["attempt"]?.intValue,
            error: json["error"].flatMap { GerbangError(json: $0) },
            actor: json["actor"]?.stringValue,
            generation: json["generation"]?.intValue,
            detour: Detour(json: json)
        )
    }
}

extension RequestEvent.Detour {
    fileprivate init?(json: JSONValue) {
        guard let from = json["from"]?.stringValue.flatMap({ try? ConnectionID($0) }),
            let to = json["to"]?.stringValue.flatMap({ try? ConnectionID($0) }),
            let because = json["because"]?.stringValue.flatMap({ QueueReason(rawValue: $0) })
        else { return nil }
        self.init(from: from, to: to, because: because)
    }
}
