internal import GerbangCore
internal import GerbangJSON

/// A problem document (RFC 9457) of a gateway.
struct Problem: Sendable, Hashable {
    /// One of several things that are wrong.
    struct Issue: Sendable, Hashable {
        /// The place, such as `/payload/nik`.
        var place: String?
        /// What is wrong.
        var detail: String
    }

    /// The HTTP status.
    var status: Int
    /// Gerbang's error code.
    var code: GerbangError.Code
    /// What kind of problem it is.
    var title: String
    /// What is wrong here.
    var detail: String
    /// Whether the same call may succeed later.
    var isRetryable: Bool
    /// Where it is wrong: a place in the body, a header field, a parameter, a line.
    var place: String?
    /// Everything that is wrong, when it is more than one thing.
    var issues: [Issue]

    /// Reads a problem document; `nil` when it is not one of a gateway.
    init?(_ document: JSONValue, status: Int) {
        guard let code = document["code"]?.stringValue else { return nil }
        self.status = document["status"]?.intValue ?? status
        self.code = GerbangError.Code(rawValue: code)
        title = document["title"]?.stringValue ?? code
        detail = document["detail"]?.stringValue ?? ""
        isRetryable = document["retryable"]?.boolValue ?? false
        place = Self.place(in: document)
        issues = (document["errors"]?.arrayValue ?? []).map { issue in
            Issue(place: Self.place(in: issue), detail: issue["detail"]?.stringValue ?? "")
        }
    }

    private static func place(in document: JSONValue) -> String? {
        if let field = document["field"]?.stringValue { return field.isEmpty ? "the whole body" : field }
        if let header = document["header"]?.stringValue { return "header field \(header)" }
        if let parameter = document["parameter"]?.stringValue { return "query parameter \(parameter)" }
        guard let line = document["line"]?.intValue, let column = document["column"]?.intValue else { return nil }
        return "line \(line), column \(column) of the body"
    }

    /// The exit code that the problem amounts to.
    var exitStatus: ExitStatus {
        switch status {
        case 401, 403: .unauthorized
        case 404: .notFound
        case 502, 503, 504: .unreachable
        default: .refused
        }
    }

    /// The problem as an error of a command.
    var error: CommandError {
        let all = issues.isEmpty ? [Issue(place: place, detail: detail)] : issues
        let details = all.map { issue in issue.place.map { "\($0): \(issue.detail)" } ?? issue.detail }
        return CommandError(exitStatus, "\(title) (\(status) \(code.rawValue))", details: details, advice: advice)
    }

    /// What to do about it.
    private var advice: String? {
        if let advice = Self.advices[code] { return advice }
        if isRetryable { return "try again in a moment" }
        return code.blame == .gateway ? "the gateway's log says more" : nil
    }

    private static let advices: [GerbangError.Code: String] = [
        .malformedRequest: "correct the input and try again",
        .invalidInput: "correct the fields named above; 'gerbang services show SERVICE' gives the form of the input",
        .unknownService: "'gerbang services' lists what there is",
        .unknownRegion: "write a Kemendagri code, such as 31.74",
        .noConnection: "'gerbang connections' shows which regions are served, to operators",
        .idempotencyKeyReused: "take a new --idempotency-key for a new request, or repeat the first one unchanged",
        .unauthorized: "name the key in --key-file or GERBANG_KEY; 'gerbang keys create' makes one",
        .forbidden: "this needs an operator's key; 'gerbang keys create --operator' makes one",
        .notFound: "check the name or identifier; a client sees only its own requests",
        .conflict: "'gerbang show ID' tells where the request stands",
        .tooLarge: "send less, or raise server.maximumBodyBytes in the gateway's configuration",
        .storageUnavailable: "nothing was changed; try again in a moment, with the same idempotency key",
        .shuttingDown: "the gateway is stopping; try again when it is back, with the same idempotency key",
    ]
}
