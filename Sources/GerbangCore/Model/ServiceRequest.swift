public import GerbangJSON

/// How a submission reached the MPP backend.
public enum Channel: String, Sendable, Hashable, CaseIterable {
    /// By the applicant, over the network.
    case online
    /// By an officer at a counter, on the applicant's behalf; the submission names the ``Officer``.
    case counter
    /// By the applicant, at a self-service machine in the mall; an ``Officer`` who helps may be named.
    case kiosk
}

/// The citizen or business on whose behalf a request is made.
public struct Applicant: Sendable, Hashable {
    /// The citizen's identity number.
    public var nik: NIK?
    /// The full name as registered.
    public var name: Sensitive<String>?

    /// Creates an applicant.
    public init(nik: NIK? = nil, name: Sensitive<String>? = nil) {
        self.nik = nik
        self.name = name
    }
}

/// What a client asks for, before it is accepted.
public struct Submission: Sendable, Hashable {
    /// The service asked for.
    public var service: ServiceID
    /// The region in which it is asked for.
    public var region: Region
    /// On whose behalf.
    public var applicant: Applicant
    /// How it reached the backend.
    public var channel: Channel
    /// Who submitted it on the applicant's behalf: required over ``Channel/counter``, possible over ``Channel/kiosk``.
    ///
    /// It is not part of what makes two submissions the same: a colleague who repeats one with its key finds the first
    /// request, with the first officer, instead of doing it twice.
    public var officer: Officer?
    /// The service's input. It holds personal data: never log it.
    public var payload: JSONValue
    /// The client's key.
    ///
    /// The same key always means the same request.
    public var idempotencyKey: String
    /// When the request must be settled; `nil` for the default.
    public var deadline: Timestamp?
    /// Where to tell of the request's changes; `nil` when the client asks by itself.
    public var callback: Callback?

    /// Creates a submission.
    public init(
        service: ServiceID,
        region: Region,
        applicant: Applicant = Applicant(),
        channel: Channel = .online,
        officer: Officer? = nil,
        payload: JSONValue,
        idempotencyKey: String,
        deadline: Timestamp? = nil,
        callback: Callback? = nil
    ) {
        self.service = service
        self.region = region
        self.applicant = applicant
        self.channel = channel
        self.officer = officer
        self.payload = payload
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
        self.callback = callback
    }
}

/// A submission that was accepted: the part of a request that never changes.
public struct ServiceRequest: Sendable, Hashable {
    /// The request's identifier.
    public var id: RequestID
    /// Who submitted it.
    public var client: ClientID
    /// What was submitted.
    public var submission: Submission
    /// The connection that answers it, chosen at acceptance.
    public var connection: ConnectionID
    /// The adapter's operation that provides the service there.
    public var operation: OperationID
    /// When it was accepted.
    public var acceptedAt: Timestamp
    /// When it must be settled.
    public var deadline: Timestamp
    /// The generation of the configuration that it was accepted under; `nil` when that had none.
    public var generation: Int?
    /// The case that it belongs to, if it must wait for older requests of the same one.
    public var ordering: OrderingKey?
    /// The tenant whose client submitted it.
    public var tenant: TenantID?

    /// Creates a request.
    public init(
        id: RequestID,
        client: ClientID,
        submission: Submission,
        connection: ConnectionID,
        operation: OperationID,
        acceptedAt: Timestamp,
        deadline: Timestamp,
        generation: Int? = nil,
        ordering: OrderingKey? = nil,
        tenant: TenantID? = nil
    ) {
        self.id = id
        self.client = client
        self.submission = submission
        self.connection = connection
        self.operation = operation
        self.acceptedAt = acceptedAt
        self.deadline = deadline
        self.generation = generation
        self.ordering = ordering
        self.tenant = tenant
    }
}
