/// The table behind ``GerbangError/Code``: one row a code.
enum ErrorCatalogue {
    struct Entry: Sendable {
        let blame: GerbangError.Blame
        let status: Int
        let isRetryable: Bool
        let title: String
        let citizenText: LocalizedText
    }

    /// What a code that this version does not know is taken for.
    static let unknown = Entry(
        blame: .gateway,
        status: 500,
        isRetryable: false,
        title: "Unknown error",
        citizenText: CitizenTexts.internalFault
    )

    static let entries: [GerbangError.Code: Entry] = Dictionary(
        uniqueKeysWithValues: (clientEntries + gatewayEntries + agencyEntries + networkEntries).map { ($0.0, $0.1) }
    )

    private static func entry(
        _ code: GerbangError.Code,
        _ blame: GerbangError.Blame,
        _ status: Int,
        _ title: String,
        _ text: LocalizedText,
        retryable: Bool = false
    ) -> (GerbangError.Code, Entry) {
        (code, Entry(blame: blame, status: status, isRetryable: retryable, title: title, citizenText: text))
    }

    private static let clientEntries = [
        entry(.malformedRequest, .client, 400, "Malformed request", CitizenTexts.wrongData),
        entry(.invalidInput, .client, 422, "Invalid input", CitizenTexts.wrongData),
        entry(.unknownService, .client, 422, "Unknown service", CitizenTexts.notOffered),
        entry(.unknownRegion, .client, 422, "Unknown region", CitizenTexts.notOffered),
        entry(.noConnection, .client, 422, "No connection serves this region", CitizenTexts.notOffered),
        entry(.idempotencyKeyMissing, .client, 400, "Idempotency-Key missing", CitizenTexts.internalFault),
        entry(.idempotencyKeyReused, .client, 422, "Idempotency-Key reused", CitizenTexts.internalFault),
        entry(.unauthorized, .client, 401, "Authentication required", CitizenTexts.internalFault),
        entry(.forbidden, .client, 403, "Not permitted", CitizenTexts.internalFault),
        entry(.notFound, .client, 404, "Not found", CitizenTexts.notFound),
        entry(.methodNotAllowed, .client, 405, "Method not allowed", CitizenTexts.internalFault),
        entry(.conflict, .client, 409, "Not possible in this state", CitizenTexts.notNow),
        entry(.tooLarge, .client, 413, "Request too large", CitizenTexts.wrongData),
        entry(.tenantLimit, .client, 429, "The tenant's limit is reached", CitizenTexts.tryAgain),
        entry(.unsupportedMediaType, .client, 415, "Unsupported media type", CitizenTexts.internalFault),
    ]

    private static let gatewayEntries = [
        entry(.internalFault, .gateway, 500, "Internal fault", CitizenTexts.internalFault),
        entry(.storageUnavailable, .gateway, 503, "Storage unavailable", CitizenTexts.tryAgain, retryable: true),
        entry(.shuttingDown, .gateway, 503, "Shutting down", CitizenTexts.tryAgain, retryable: true),
        entry(.tooManyStreams, .gateway, 503, "Too many streams of events", CitizenTexts.tryAgain, retryable: true),
        entry(.invalidConfiguration, .gateway, 500, "Invalid configuration", CitizenTexts.internalFault),
        entry(.deadlineExceeded, .gateway, 504, "Deadline exceeded", CitizenTexts.tooLate),
        entry(.attemptsExhausted, .gateway, 502, "Attempts exhausted", CitizenTexts.needsOfficer),
        entry(.poison, .gateway, 500, "Request crashes its worker", CitizenTexts.needsOfficer),
        entry(.cancelled, .client, 409, "Cancelled", CitizenTexts.cancelled),
    ]

    private static let agencyEntries = [
        entry(.agencyRejected, .agency, 422, "Rejected by the agency", CitizenTexts.rejected),
        entry(.agencyNotFound, .agency, 404, "Unknown to the agency", CitizenTexts.noData),
        entry(.agencyInvalidInput, .agency, 422, "Input refused by the agency", CitizenTexts.wrongData),
        entry(.agencyUnauthorized, .agency, 502, "Agency refuses our credentials", CitizenTexts.needsOfficer),
        entry(.agencyUnavailable, .agency, 503, "Agency unavailable", CitizenTexts.agencyDown, retryable: true),
        entry(.agencyThrottled, .agency, 503, "Agency limits the rate", CitizenTexts.queued, retryable: true),
        entry(.agencyQuotaExhausted, .agency, 503, "Agency's quota used up", CitizenTexts.tomorrow, retryable: true),
        entry(.agencyOutsideHours, .agency, 503, "Outside service hours", CitizenTexts.closed, retryable: true),
        entry(.agencyUnreadable, .agency, 502, "Agency's answer unreadable", CitizenTexts.agencyDown, retryable: true),
        entry(.outcomeUnknown, .agency, 502, "Outcome not known yet", CitizenTexts.checking),
    ]

    private static let networkEntries = [
        entry(.unreachable, .network, 503, "Agency unreachable", CitizenTexts.agencyDown, retryable: true),
        entry(.timeout, .network, 504, "Agency did not answer in time", CitizenTexts.agencyDown, retryable: true),
        entry(.connectionLost, .network, 502, "Connection lost", CitizenTexts.agencyDown, retryable: true),
        entry(.untrustedPeer, .network, 502, "Agency's certificate not trusted", CitizenTexts.needsOfficer),
    ]
}
