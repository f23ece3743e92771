internal import GerbangCore
internal import HTTPTypes

extension OAuth2Client {
    /// The time limits of a message to a token endpoint.
    static let timeouts = CallTimeouts()
    /// The longest answer of a token endpoint that is read, in bytes.
    static let maximumAnswerBytes = 256 << 10

    /// The message that asks for a token.
    func tokenRequest(profile: TransportProfile, at now: Timestamp) throws(WireFailure) -> OutboundRequest {
        var message = OutboundRequest(
            method: .post,
            url: tokenURL,
            headerFields: [.accept: "application/json"],
            timeouts: Self.timeouts,
            // A token that is handed out twice harms nobody.
            resend: .allowed,
            maximumResponseBytes: Self.maximumAnswerBytes,
            profile: profile
        )
        switch grantPlacement {
        case .json:
            message.headerFields[.contentType] = "application/json"
            message.body = Array("{\"grantType\":\"client_credentials\"}".utf8)
        case .query:
            message.url = addressWithGrant
            message.headerFields[.contentType] = "application/x-www-form-urlencoded"
            message.body = Array(Self.form(fields).utf8)
        case .form:
            message.headerFields[.contentType] = "application/x-www-form-urlencoded"
            message.body = Array(Self.form([("grant_type", grantName)] + fields).utf8)
        }
        if let clientID, let secret = clientSecret?.revealed {
            switch credentials {
            case .form: break
            case .basic:
                message.headerFields[.authorization] = Authentication.basic(
                    Self.encoded(clientID),
                    Self.encoded(secret)
                )
            case .plainBasic:
                message.headerFields[.authorization] = Authentication.basic(clientID, secret)
            }
        }
        return try requestAuthentication.authorize(message, at: now)
    }

    private var grantName: String {
        switch grant {
        case .clientCredentials: "client_credentials"
        case .password: "password"
        }
    }

    /// The address with the grant in its query, unless the query has one already.
    private var addressWithGrant: String {
        let query = tokenURL.drop { $0 != "?" }.dropFirst()
        guard !query.split(separator: "&").contains(where: { $0.hasPrefix("grant_type=") }) else { return tokenURL }
        let separator = tokenURL.contains("?") ? (query.isEmpty || query.hasSuffix("&") ? "" : "&") : "?"
        return "\(tokenURL)\(separator)grant_type=\(grantName)"
    }

    /// What the form has besides the name of the grant.
    private var fields: [(String, String)] {
        var fields: [(String, String)] = []
        if credentials == .form {
            if let clientID { fields.append(("client_id", clientID)) }
            if let clientSecret { fields.append(("client_secret", clientSecret.revealed)) }
        }
        if case .password(let user, let password) = grant {
            fields += [("username", user), ("password", password.revealed)]
        }
        if let scope { fields.append(("scope", scope)) }
        if let audience { fields.append(("audience", audience)) }
        return fields
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var output = ""
        PercentEncoding.append(text, to: &output)
        return output
    }
}
