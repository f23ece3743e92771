public import GerbangCore
public import HTTPTypes

/// One way to prove who sends a message.
public enum AuthenticationScheme: Sendable, Hashable {
    /// A fixed value in a header field.
    case apiKey(header: HTTPField.Name, value: Sensitive<String>)
    /// User and password (RFC 7617), in `Authorization` unless another field is named.
    case basic(user: String, password: Sensitive<String>, header: HTTPField.Name = .authorization)
    /// A token that somebody else renews; `type` is the word in front of it, empty for none.
    case bearer(token: Sensitive<String>, header: HTTPField.Name = .authorization, type: String = "Bearer")
    /// A token that is fetched and renewed as needed (RFC 6749).
    case oauth2(OAuth2Client)
    /// A signature over parts of the message.
    case signature(MessageSignature)
    /// A proof within the message, and demands on the answer.
    case message(Message)

    /// The scheme's name in configurations.
    public var name: String {
        switch self {
        case .apiKey: "apiKey"
        case .basic: "basic"
        case .bearer: "bearer"
        case .oauth2: "oauth2"
        case .signature(let signature): signature.key.name
        case .message(let message): message.security.name
        }
    }

    /// The header field that carries the proof; nil where the message itself does.
    var header: HTTPField.Name? {
        switch self {
        case .apiKey(let header, _), .basic(_, _, let header), .bearer(_, let header, _): header
        case .oauth2(let client): client.header
        case .signature(let signature): signature.header
        case .message: nil
        }
    }

    /// The further header fields that carry the time of a signature.
    var timestampHeaders: [HTTPField.Name] {
        if case .signature(let signature) = self { signature.timestampHeaders } else { [] }
    }

    /// Checks what can be wrong with the scheme by itself.
    func check() throws(GerbangError) {
        switch self {
        case .apiKey(_, let value):
            try Self.check(value.revealed, "value")
        case .basic(let user, let password, _):
            guard !user.isEmpty, !user.contains(":") else {
                throw Authentication.refuse("must not be empty or have a colon, which ends a user's name", at: "user")
            }
            // Both are hidden in Base64, so that only what RFC 7617 §2 forbids is left to refuse.
            guard Self.hasNoControls(user) else {
                throw Authentication.refuse("must not have control characters", at: "user")
            }
            guard Self.hasNoControls(password.revealed) else {
                throw Authentication.refuse("must not have control characters", at: "password")
            }
        case .bearer(let token, _, let type):
            try Self.check(token.revealed, "token")
            try Self.checkType(type)
        case .oauth2(let client):
            try client.check()
        case .signature(let signature):
            try signature.check()
        case .message:
            break
        }
    }

    /// The word in front of a token.
    static func checkType(_ type: String) throws(GerbangError) {
        guard type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Authentication.refuse("must be one word, such as Bearer, or empty", at: "type")
        }
    }

    private static func check(_ value: String, _ field: String) throws(GerbangError) {
        guard isFieldValue(value) else {
            throw Authentication.refuse(
                "must be a text for a header field: not empty, without control characters, no space at either end",
                at: field
            )
        }
    }

    /// Whether a header field can carry `text` as it is.
    static func isFieldValue(_ text: String) -> Bool {
        !text.isEmpty && hasNoControls(text) && text.utf8.first != 0x20 && text.utf8.last != 0x20
    }

    /// Whether `text` is free of control characters, line breaks among them.
    static func hasNoControls(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
}

extension AuthenticationScheme: CustomStringConvertible, CustomReflectable {
    /// The scheme's name.
    public var description: String { name }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}
