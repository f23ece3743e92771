internal import GerbangCore
internal import HTTPTypes

extension Authentication {
    /// Adds the proofs to a message, one scheme after the other.
    ///
    /// A connection's credentials replace fields of the same name that the message brings.
    ///
    /// - Parameters:
    ///   - tokens: The fetched tokens, by the position of their scheme.
    ///   - now: The time of every signature of this attempt.
    func authorize(
        _ message: OutboundRequest,
        tokens: [Int: Sensitive<String>] = [:],
        at now: Timestamp
    ) throws(WireFailure) -> OutboundRequest {
        var message = message
        var nearestToken: String?
        for (index, scheme) in schemes.enumerated() {
            switch scheme {
            case .apiKey(let header, let value):
                message.headerFields[header] = value.revealed
            case .basic(let user, let password, let header):
                message.headerFields[header] = Self.basic(user, password.revealed)
            case .bearer(let token, let header, let type):
                message.headerFields[header] = Self.typed(type, token.revealed)
                nearestToken = token.revealed
            case .oauth2(let client):
                guard let token = tokens[index] else {
                    throw WireFailure(.unauthorized, .notSent, detail: "there is no token")
                }
                message.headerFields[client.header] = Self.typed(client.type, token.revealed)
                nearestToken = token.revealed
            case .signature(let signature):
                try signature.sign(&message, token: nearestToken, at: now)
            case .message(let scheme):
                message = try scheme.security.secure(message, at: now)
            }
        }
        return message
    }

    /// Whether a scheme judges answers.
    var judgesAnswers: Bool {
        schemes.contains { if case .message = $0 { true } else { false } }
    }

    /// The answer as the schemes let it be believed, the last one, which closed the message, first.
    func open(_ answer: WireResponse, at now: Timestamp) throws(WireFailure) -> WireResponse {
        var answer = answer
        for case .message(let scheme) in schemes.reversed() { answer = try scheme.security.open(answer, at: now) }
        return answer
    }

    static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
    }

    private static func typed(_ type: String, _ token: String) -> String {
        type.isEmpty ? token : "\(type) \(token)"
    }
}
