public import GerbangCore
public import HTTPTypes

/// Where a token comes from, and where it goes (RFC 6749).
public struct OAuth2Client: Sendable, Hashable {
    /// What is presented for a token.
    public enum Grant: Sendable, Hashable {
        /// Only who we are (§4.4).
        case clientCredentials
        /// Besides, a user's name and password (§4.3), as single sign-on services for officers ask for.
        case password(user: String, password: Sensitive<String>)
    }

    /// How the client's name and secret are sent (§2.3.1).
    public enum CredentialPlacement: Sendable, Hashable {
        /// As `client_id` and `client_secret` of the form.
        case form
        /// In `Authorization: Basic`, both percent-encoded first, as the RFC says.
        case basic
        /// In `Authorization: Basic` as they are, for servers that do not decode them.
        case plainBasic
    }

    /// Where the name of the grant stands.
    public enum GrantPlacement: Sendable, Hashable {
        /// As `grant_type` of the form.
        case form
        /// As `grant_type` of the address' query.
        case query
        /// As `grantType` of a JSON object, which has nothing else in it (SNAP).
        case json
    }

    /// The address of the token endpoint: `https` or `http`, a query is allowed.
    public var tokenURL: String
    /// Our name there; `nil` where ``requestAuthentication`` says who we are.
    public var clientID: String?
    /// The secret that goes with the name; `nil` for a client without one.
    public var clientSecret: Sensitive<String>?
    /// What is presented.
    public var grant: Grant
    /// How name and secret are sent.
    public var credentials: CredentialPlacement
    /// Where the name of the grant stands.
    public var grantPlacement: GrantPlacement
    /// The scope to ask for.
    public var scope: String?
    /// The audience to ask for.
    public var audience: String?
    /// What authenticates the message to the token endpoint besides, such as a signature; never another `oauth2`.
    public var requestAuthentication: Authentication
    /// The header field that carries the token.
    public var header: HTTPField.Name
    /// The word in front of the token, empty for none. What the endpoint calls its tokens is not looked at.
    public var type: String

    /// Creates a client; the defaults are those of most servers.
    public init(
        tokenURL: String,
        clientID: String? = nil,
        clientSecret: Sensitive<String>? = nil,
        grant: Grant = .clientCredentials,
        credentials: CredentialPlacement = .form,
        grantPlacement: GrantPlacement = .form,
        scope: String? = nil,
        audience: String? = nil,
        requestAuthentication: Authentication = .none,
        header: HTTPField.Name = .authorization,
        type: String = "Bearer"
    ) {
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.grant = grant
        self.credentials = credentials
        self.grantPlacement = grantPlacement
        self.scope = scope
        self.audience = audience
        self.requestAuthentication = requestAuthentication
        self.header = header
        self.type = type
    }
}

extension OAuth2Client: CustomStringConvertible, CustomReflectable {
    /// A fixed text.
    public var description: String { "oauth2" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension OAuth2Client {
    func check() throws(GerbangError) {
        try Self.checkAddress(tokenURL)
        try AuthenticationScheme.checkType(type)
        guard clientID != nil || !requestAuthentication.isEmpty else {
            throw Authentication.refuse("is required, unless 'authentication' says who we are", at: "clientID")
        }
        switch credentials {
        case .form:
            guard clientID == nil || grantPlacement != .json else {
                throw Authentication.refuse(
                    "has no place in a JSON grant; use basic or 'authentication'",
                    at: "clientID"
                )
            }
        case .basic, .plainBasic:
            guard let clientID, clientSecret != nil else {
                throw Authentication.refuse("basic needs clientID and clientSecret", at: "credentials")
            }
            guard credentials == .basic || !clientID.contains(":") else {
                throw Authentication.refuse("must not have a colon in plainBasic", at: "clientID")
            }
            guard !requestAuthentication.schemes.contains(where: { $0.header == .authorization }) else {
                throw Authentication.refuse("the header field authorization is already written", at: "authentication")
            }
        }
        if grantPlacement == .json, grant != .clientCredentials || scope != nil || audience != nil {
            throw Authentication.refuse("carries nothing but client credentials", at: "grantIn")
        }
        for scheme in requestAuthentication.schemes {
            if case .oauth2 = scheme {
                throw Authentication.refuse("a token must not depend on another token", at: "authentication")
            }
        }
    }

    private static func checkAddress(_ text: String) throws(GerbangError) {
        guard !text.contains("#") else { throw Authentication.refuse("must not have a fragment", at: "tokenURL") }
        do throws(GerbangError) {
            // The query is all that a token address has more than a base URL; it is only copied.
            _ = try BaseURL(String(text.prefix { $0 != "?" }))
        } catch {
            throw Authentication.refuse("must be an http or https address without user and password", at: "tokenURL")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw Authentication.refuse("has a space, a backslash or a character outside ASCII", at: "tokenURL")
        }
    }
}
