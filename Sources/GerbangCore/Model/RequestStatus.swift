public import GerbangJSON

/// A request as its client and the operators see it: where it is, who holds it and what came out.
public struct RequestStatus: Sendable, Hashable {
    /// The request's identifier.
    public var id: RequestID
    /// Who submitted it.
    public var client: ClientID
    /// What was asked for.
    public var service: ServiceID
    /// Where.
    public var region: Region
    /// How it reached the backend.
    public var channel: Channel
    /// The officer who submitted it on the applicant's behalf. Only its client and the operators may know.
    public var officer: Officer?
    /// The connection that answers it.
    public var connection: ConnectionID
    /// Where it stands.
    public var state: RequestState
    /// Why it waits, when it is queued.
    public var reason: QueueReason?
    /// When Gerbang acts next; `nil` when it waits for somebody else or has ended.
    public var dueAt: Timestamp?
    /// How many calls asked the agency for the service.
    public var attempts: Int
    /// Whether cancelling was asked for during a call.
    public var isCancelRequested: Bool
    /// When it was accepted.
    public var acceptedAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp
    /// When it must be settled.
    public var deadline: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp?
    /// What the agency answered, in the service's output form. It holds personal data: never log it.
    public var output: JSONValue?
    /// The agency's own number for it.
    public var agencyReference: String?
    /// Why it did not succeed, or what it last stumbled over.
    public var error: GerbangError?
    /// Whether it stands in the dead-letter list.
    public var isDeadLetter: Bool
    /// How far its calls back have come; `nil` when it has none, and in lists.
    public var callback: CallbackSummary?
    /// What the citizen is told: who has to act next, why it waits, and when it is likely to end.
    public var progress: ProgressNotice

    /// Creates a status; without a notice the citizen is told what the status alone amounts to.
    public init(
        id: RequestID,
        client: ClientID,
        service: ServiceID,
        region: Region,
        channel: Channel,
        officer: Officer? = nil,
        connection: ConnectionID,
        state: RequestState,
        reason: QueueReason? = nil,
        dueAt: Timestamp? = nil,
        attempts: Int = 0,
        isCancelRequested: Bool = false,
        acceptedAt: Timestamp,
        updatedAt: Timestamp,
        deadline: Timestamp,
        finishedAt: Timestamp? = nil,
        output: JSONValue? = nil,
        agencyReference: String? = nil,
        error: GerbangError? = nil,
        isDeadLetter: Bool = false,
        progress: ProgressNotice? = nil
    ) {
        self.id = id
        self.client = client
        self.service = service
        self.region = region
        self.channel = channel
        self.officer = officer
        self.connection = connection
        self.state = state
        self.reason = reason
        self.dueAt = dueAt
        self.attempts = attempts
        self.isCancelRequested = isCancelRequested
        self.acceptedAt = acceptedAt
        self.updatedAt = updatedAt
        self.deadline = deadline
        self.finishedAt = finishedAt
        self.output = output
        self.agencyReference = agencyReference
        self.error = error
        self.isDeadLetter = isDeadLetter
        let wording = Wording(agency: nil, zone: region.zone, now: updatedAt)
        self.progress = ProgressNotice(.aboutToBeSent, .unknown, wording)
        self.progress = progress ?? ProgressNotice(of: self, in: ProgressContext(wording))
    }
}
