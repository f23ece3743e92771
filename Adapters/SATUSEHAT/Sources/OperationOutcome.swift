internal import GerbangJSON

/// What the platform says about an operation (FHIR R4, OperationOutcome).
///
/// Severities and codes are taken as texts: the platform uses some that FHIR does not know.
struct OperationOutcome {
    /// One thing that the platform has to say.
    struct Issue {
        /// The code in lower case, where it is a short technical word.
        var code: String?
        /// The element of our message that it is about, such as `subject`.
        var element: String?
        /// What it means for a call.
        var meaning: IssueMeaning
    }

    /// The issues that are errors, the most telling first. Only `warning` and `information` are none.
    let errors: [Issue]

    init(_ outcome: JSONObject) {
        let issues = outcome["issue"]?.arrayValue ?? outcome["issue"]?.objectValue.map { [.object($0)] } ?? []
        errors = issues.compactMap { issue in
            guard issue.objectValue != nil else { return nil }
            let severity = FHIRText.text(issue["severity"])?.lowercased()
            guard severity != "warning", severity != "information" else { return nil }
            let code = FHIRText.safeCode(issue["code"])?.lowercased()
            return Issue(
                code: code,
                element: Self.element(issue["expression"]),
                meaning: IssueMeaning(code: code, text: Self.text(of: issue))
            )
        }.sorted { $0.meaning < $1.meaning }
    }

    /// What is written for people. It is only looked at, never kept: it may repeat what was sent.
    private static func text(of issue: JSONValue) -> String {
        [issue["details"]?["text"], issue["details"], issue["diagnostics"]].compactMap { FHIRText.text($0) }
            .joined(separator: " ").lowercased()
    }

    /// The first step below the resource of a path such as `Encounter.subject.reference` or `data.location[0]`.
    private static func element(_ expression: JSONValue?) -> String? {
        let path = FHIRText.text(expression?.arrayValue?.first ?? expression)
        let steps = path?.split(separator: ".").map { $0.prefix { $0 != "[" } } ?? []
        return (steps.first == "Encounter" || steps.first == "data" ? steps.dropFirst() : steps[...]).first
            .map { String($0) }
    }
}

/// What an issue means for a call, the most telling first.
enum IssueMeaning: Int, Comparable {
    /// The platform has this already.
    case duplicate
    /// Our credentials are refused.
    case credentials
    /// The credentials may not do this for the organisation that the message names.
    case organization
    /// The calls are too many.
    case tooMany
    /// Something broke: it is open whether anything was done.
    case open
    /// It collides with something that is there.
    case conflict
    /// The message is wrong.
    case invalid
    /// Something that the message refers to is not known.
    case unknownReference
    /// A decision against it.
    case refused
    /// A code that is in no table.
    case unknown

    /// Texts go before codes: the platform says `value` and `processing` about many things.
    init(code: String?, text: String) {
        if text.contains("not able to be authenticated") {
            self = .credentials
        } else if text.contains("cannot be accessed due to business rule") {
            self = .organization
        } else {
            self = code.flatMap { Self.codes[$0] } ?? .unknown
        }
    }

    static func < (left: IssueMeaning, right: IssueMeaning) -> Bool { left.rawValue < right.rawValue }

    /// The codes of FHIR R4 (value set issue-type), and `format`, which is the platform's own.
    private static let codes: [String: IssueMeaning] = [
        "duplicate": .duplicate,
        "security": .credentials, "login": .credentials, "unknown": .credentials, "expired": .credentials,
        "forbidden": .credentials, "suppressed": .credentials,
        "throttled": .tooMany,
        "transient": .open, "lock-error": .open, "no-store": .open, "exception": .open, "timeout": .open,
        "incomplete": .open,
        "conflict": .conflict,
        "invalid": .invalid, "structure": .invalid, "required": .invalid, "value": .invalid, "format": .invalid,
        "invariant": .invalid, "code-invalid": .invalid, "extension": .invalid, "too-long": .invalid,
        "not-supported": .invalid,
        "not-found": .unknownReference, "deleted": .unknownReference,
        "processing": .refused, "business-rule": .refused, "multiple-matches": .refused, "too-costly": .refused,
    ]
}
