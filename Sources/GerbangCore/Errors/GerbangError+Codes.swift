extension GerbangError.Code {
    // MARK: The client must act

    /// The request is not well-formed: broken JSON, a missing body, a broken header.
    public static let malformedRequest = Self(rawValue: "malformed-request")
    /// A value is missing, of the wrong type, unknown or not allowed; `field` names it.
    public static let invalidInput = Self(rawValue: "invalid-input")
    /// The catalogue has no such service.
    public static let unknownService = Self(rawValue: "unknown-service")
    /// No such region code.
    public static let unknownRegion = Self(rawValue: "unknown-region")
    /// The service exists, but no connection offers it in the region.
    public static let noConnection = Self(rawValue: "no-connection")
    /// A submission came without an idempotency key.
    public static let idempotencyKeyMissing = Self(rawValue: "idempotency-key-missing")
    /// An idempotency key came a second time with another content.
    public static let idempotencyKeyReused = Self(rawValue: "idempotency-key-reused")
    /// Credentials are missing or wrong.
    public static let unauthorized = Self(rawValue: "unauthorized")
    /// The client may not do this.
    public static let forbidden = Self(rawValue: "forbidden")
    /// There is no such thing, or it is somebody else's.
    public static let notFound = Self(rawValue: "not-found")
    /// The resource exists but does not take this method.
    public static let methodNotAllowed = Self(rawValue: "method-not-allowed")
    /// The request's state does not allow this.
    public static let conflict = Self(rawValue: "conflict")
    /// The body is larger than allowed.
    public static let tooLarge = Self(rawValue: "too-large")
    /// The body is not JSON.
    public static let unsupportedMediaType = Self(rawValue: "unsupported-media-type")
    /// The client's tenant has as many open requests as it may have, or submits faster than it may.
    public static let tenantLimit = Self(rawValue: "tenant-limit")
    /// The client or an operator cancelled the request.
    public static let cancelled = Self(rawValue: "cancelled")

    // MARK: The gateway must act

    /// A fault in Gerbang or one of its adapters.
    public static let internalFault = Self(rawValue: "internal-fault")
    /// The store cannot write at the moment: nothing was accepted.
    public static let storageUnavailable = Self(rawValue: "storage-unavailable")
    /// The process is stopping and accepts nothing new.
    public static let shuttingDown = Self(rawValue: "shutting-down")
    /// As many streams of events are open as are allowed.
    public static let tooManyStreams = Self(rawValue: "too-many-streams")
    /// The configuration is not usable.
    public static let invalidConfiguration = Self(rawValue: "invalid-configuration")
    /// The request's deadline passed before an agency settled it.
    public static let deadlineExceeded = Self(rawValue: "deadline-exceeded")
    /// All attempts were used.
    public static let attemptsExhausted = Self(rawValue: "attempts-exhausted")
    /// The process went down with this request several times in a row.
    public static let poison = Self(rawValue: "poison")

    // MARK: The agency must act

    /// The agency decided against the request.
    public static let agencyRejected = Self(rawValue: "agency-rejected")
    /// The agency has no such record.
    public static let agencyNotFound = Self(rawValue: "agency-not-found")
    /// The agency finds the input wrong.
    public static let agencyInvalidInput = Self(rawValue: "agency-invalid-input")
    /// The agency refuses Gerbang's own credentials or address.
    public static let agencyUnauthorized = Self(rawValue: "agency-unauthorized")
    /// The agency said that it cannot work now, and that nothing was done.
    public static let agencyUnavailable = Self(rawValue: "agency-unavailable")
    /// The agency wants fewer calls.
    public static let agencyThrottled = Self(rawValue: "agency-throttled")
    /// The agency's quota is used up for the day.
    public static let agencyQuotaExhausted = Self(rawValue: "agency-quota-exhausted")
    /// The agency does not work at this hour.
    public static let agencyOutsideHours = Self(rawValue: "agency-outside-hours")
    /// The agency's answer could not be understood.
    public static let agencyUnreadable = Self(rawValue: "agency-unreadable")
    /// It is not known whether the agency did what was asked.
    public static let outcomeUnknown = Self(rawValue: "outcome-unknown")

    // MARK: The network must act

    /// The agency cannot be reached; nothing was sent.
    public static let unreachable = Self(rawValue: "unreachable")
    /// A time limit passed.
    public static let timeout = Self(rawValue: "timeout")
    /// The connection broke before the answer was complete.
    public static let connectionLost = Self(rawValue: "connection-lost")
    /// The peer's certificate is not trusted.
    public static let untrustedPeer = Self(rawValue: "untrusted-peer")

    /// Every code of this version, in the order of their texts.
    public static var all: [Self] { ErrorCatalogue.entries.keys.sorted { $0.rawValue < $1.rawValue } }
}
