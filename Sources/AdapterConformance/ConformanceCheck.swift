/// One thing that an adapter has to get right.
public struct ConformanceCheck: Sendable, Hashable {
    /// The stable name, such as `fault.stall`.
    public let name: String
    /// What it means, in one sentence.
    public let meaning: String

    private init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

extension ConformanceCheck {
    /// All checks, in the order of a report.
    public static let all: [ConformanceCheck] = [
        descriptorValid, descriptorServices, descriptorMatches, descriptorInquiry, constructionPure,
        constructionRefuses,
        messagePrepared, messagePure, messageStable, messageKey, answerSucceeds, answerOutput, faultRefused, faultTLS,
        faultStall, faultResetBefore, faultResetAfter, faultGarbage, faultEmpty, fault500, fault503, fault429, fault401,
        fault404, faultDuplicate, cancellationPrompt, privacyTarget, privacyErrors, privacyPrinting,
    ]

    /// The check called `name`.
    public init?(named name: String) {
        guard let check = Self.all.first(where: { $0.name == name }) else { return nil }
        self = check
    }

    static let descriptorValid = ConformanceCheck(
        "descriptor.valid",
        "The description holds together: names once, a semantic version, time limits that can be kept."
    )
    static let descriptorServices = ConformanceCheck(
        "descriptor.services",
        "Every service that is provided stands in the catalogue, and at least one is."
    )
    static let descriptorMatches = ConformanceCheck(
        "descriptor.matches",
        "The adapter that is made offers the operations, services and effects that its definition says."
    )
    static let descriptorInquiry = ConformanceCheck(
        "descriptor.inquiry",
        "An operation that must not be repeated names a query that settles a doubt."
    )
    static let constructionPure = ConformanceCheck(
        "construction.pure",
        "Making the adapter, preparing a message and reading an answer do no input or output."
    )
    static let constructionRefuses = ConformanceCheck(
        "construction.refuses",
        "Settings that are missing or of the wrong type are reported with their place, and nothing crashes."
    )
    static let messagePrepared = ConformanceCheck(
        "message.prepared",
        "The sample input, which fits the service's schema, becomes a message that can be sent."
    )
    static let messagePure = ConformanceCheck("message.pure", "The same call always gives the same message.")
    static let messageStable = ConformanceCheck(
        "message.stable",
        "A second attempt says the same as the first: target, method and everything that is not the time or its own number."
    )
    static let messageKey = ConformanceCheck(
        "message.key",
        "The declared element carries a key that is the same for all attempts and another for every request."
    )
    static let answerSucceeds = ConformanceCheck(
        "answer.succeeds",
        "The sample of a good answer, received over the wire, is a success."
    )
    static let answerOutput = ConformanceCheck(
        "answer.output",
        "The output of the good answer fits the service's output schema."
    )
    static let faultRefused = ConformanceCheck(
        "fault.refused",
        "A refused connection is known not to have reached the agency, and the call is made again."
    )
    static let faultTLS = ConformanceCheck(
        "fault.tls",
        "A failed TLS handshake is known not to have reached the agency, and the call is made again."
    )
    static let faultStall = ConformanceCheck(
        "fault.stall",
        "An agency that takes the message and never answers is given up at the time limit; what must not be repeated is in doubt."
    )
    static let faultResetBefore = ConformanceCheck(
        "fault.reset-before",
        "A connection reset before the message was read is never taken for an answer, and never for more than is known."
    )
    static let faultResetAfter = ConformanceCheck(
        "fault.reset-after",
        "A connection reset after the message was read leaves in doubt what must not be repeated."
    )
    static let faultGarbage = ConformanceCheck(
        "fault.garbage",
        "HTTP 200 with a body that says nothing is neither a success nor a decision."
    )
    static let faultEmpty = ConformanceCheck(
        "fault.empty",
        "HTTP 200 without a body is neither a success nor a decision."
    )
    static let fault500 = ConformanceCheck(
        "fault.500",
        "HTTP 500 without an explanation leaves in doubt what must not be repeated."
    )
    static let fault503 = ConformanceCheck(
        "fault.503",
        "HTTP 503 is waited out as long as Retry-After says, or left in doubt where a call must not be repeated."
    )
    static let fault429 = ConformanceCheck("fault.429", "HTTP 429 is waited out as long as Retry-After says.")
    static let fault401 = ConformanceCheck(
        "fault.401",
        "HTTP 401 blames our credentials and ends nothing; when they are accepted the next time, the call succeeds."
    )
    static let fault404 = ConformanceCheck(
        "fault.404",
        "An inquiry does not take a stray page with HTTP 404 for the agency's word that nothing was done."
    )
    static let faultDuplicate = ConformanceCheck(
        "fault.duplicate",
        "A call that reaches the agency twice is recognised by its key, and HTTP 409 without an explanation sends nothing again."
    )
    static let cancellationPrompt = ConformanceCheck(
        "cancellation.prompt",
        "A call that is cancelled while the agency is silent ends at once."
    )
    static let privacyTarget = ConformanceCheck(
        "privacy.target",
        "No secret and no personal data stand in the path or the query, which are logged on the way."
    )
    static let privacyErrors = ConformanceCheck(
        "privacy.errors",
        "No secret and no personal data get into errors and texts, not even when the agency repeats them."
    )
    static let privacyPrinting = ConformanceCheck(
        "privacy.printing",
        "Printing or dumping the adapter shows no secret."
    )
}
