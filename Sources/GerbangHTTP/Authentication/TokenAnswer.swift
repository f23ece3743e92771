internal import GerbangCore
internal import GerbangJSON

/// What a token endpoint's answer amounts to.
enum TokenAnswer: Sendable {
    /// A token and, if told, how long it is good for from when it was asked for.
    case token(Sensitive<String>, lifetime: Duration?)
    /// None, why, and how long the endpoint wants us to wait.
    case failure(WireFailure, retryAfter: Duration?)
}

extension TokenAnswer {
    /// The errors of RFC 6749 §5.2 and some of §4.1.2.1 that servers use here as well; only these are ever repeated.
    private static let refusals: Set<String> = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied",
    ]

    /// Reads leniently: real endpoints answer with numbers as texts, other names, HTML, or nothing.
    init(_ outcome: WireOutcome, now: Timestamp) {
        switch outcome {
        case .failed(let failure):
            // The agency's own message has not been sent, however far this one got.
            self = .failure(
                WireFailure(failure.kind, .notSent, detail: "no token: \(failure.detail)"),
                retryAfter: nil
            )
        case .answered(let response):
            let body = Self.object(response.body)
            if (200...299).contains(response.status), let token = Self.token(in: body) {
                self = .token(token, lifetime: Self.lifetime(in: body))
            } else {
                self = .failure(
                    Self.failure(status: response.status, error: body["error"]?.stringValue),
                    retryAfter: RetryAfter.delay(from: response.headerFields, now: now)
                )
            }
        }
    }

    private static func object(_ bytes: [UInt8]) -> JSONObject {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
        return (try? JSONValue(parsing: bytes))?.objectValue ?? [:]
    }

    private static func token(in body: JSONObject) -> Sensitive<String>? {
        let names = ["access_token", "accessToken"]
        guard let text = names.lazy.compactMap({ body[$0]?.stringValue }).first, !text.isEmpty,
            // It goes into a header field: whatever else could end one has no place in it.
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        return Sensitive(text)
    }

    /// The lifetime as a number or a text; `nil` when it is absent or says that there is none.
    private static func lifetime(in body: JSONObject) -> Duration? {
        guard let value = body["expires_in"] ?? body["expiresIn"] else { return nil }
        let number = value.numberValue ?? value.stringValue.flatMap { JSONNumber($0) }
        guard let seconds = number?.double, seconds >= 1 else { return nil }
        return .milliseconds(Int64(min(seconds, 86_400) * 1000))
    }

    private static func failure(status: Int, error: String?) -> WireFailure {
        let name = error.flatMap { refusals.contains($0) ? $0 : nil }
        let said = "the token endpoint answered HTTP \(status)" + (name.map { " (\($0))" } ?? "")
        let kind: WireFailure.Kind =
            switch status {
            case 408, 425, 429: .unavailable
            case 400...499: .unauthorized
            case 500...: .unavailable
            case 200...299: name == nil ? .malformed : .unauthorized
            default: .malformed
            }
        return WireFailure(kind, .notSent, detail: kind == .malformed ? "\(said) without a usable token" : said)
    }
}
