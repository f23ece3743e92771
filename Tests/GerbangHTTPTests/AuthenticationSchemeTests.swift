internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@testable internal import GerbangHTTP

@Suite("Authentication schemes")
struct AuthenticationSchemeTests {
    private func fields(_ schemes: AuthenticationScheme..., carrying: HTTPFields = [:]) throws -> HTTPFields {
        var message = OutboundRequest.sample
        message.headerFields = carrying
        return try Authentication(schemes).authorize(message, at: ManualClock.start).headerFields
    }

    @Test("a fixed value, user and password, and a fixed token stand in the fields that are named")
    func fixedSchemes() throws {
        let userKey = try Field.name("user_key")
        let splp = try Field.name("AuthorizationSPLP")
        let pcare = try Field.name("X-authorization")
        let auth = try Field.name("Auth")
        let fields = try fields(
            .apiKey(header: userKey, value: Sensitive("k1")),
            .basic(user: "Aladdin", password: Sensitive("open sesame")),
            .bearer(token: Sensitive("jwt.jwt.jwt"), header: splp),
            .basic(user: "faskes", password: Sensitive("sandi:095"), header: pcare),
            .bearer(token: Sensitive("sso"), header: auth, type: "bearer")
        )
        #expect(fields[userKey] == "k1")
        #expect(fields.first { $0.name == userKey }?.name.rawName == "user_key")
        #expect(fields[.authorization] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "the example of RFC 7617 §2")
        #expect(fields[splp] == "Bearer jwt.jwt.jwt")
        #expect(fields[pcare] == "Basic ZmFza2VzOnNhbmRpOjA5NQ==")
        #expect(fields[auth] == "bearer sso")
    }

    @Test("a token without a word in front of it stands alone")
    func bareToken() throws {
        #expect(try fields(.bearer(token: Sensitive("t"), type: ""))[.authorization] == "t")
    }

    @Test("a connection's credentials replace what the message brings, and nothing else")
    func replacing() throws {
        let fields = try fields(
            .bearer(token: Sensitive("ours")),
            carrying: [.authorization: "theirs", .accept: "text/xml"]
        )
        #expect(fields[values: .authorization] == ["Bearer ours"])
        #expect(fields[.accept] == "text/xml")
        #expect(try self.fields(carrying: [.authorization: "theirs"])[.authorization] == "theirs")
    }

    // MARK: - What does not fit

    private static let key = SigningKey.hmacSHA256(Sensitive("k"))
    private static let token = AuthenticationScheme.bearer(token: Sensitive("t"))

    private static func signature(
        _ template: String,
        in header: HTTPField.Name = .cookie,
        clientID: String? = nil,
        prefix: String = "",
        timestampIn headers: [HTTPField.Name] = []
    ) throws -> AuthenticationScheme {
        .signature(
            MessageSignature(
                key: key,
                stringToSign: try StringToSign(template: template),
                clientID: clientID,
                header: header,
                prefix: prefix,
                timestampHeaders: headers
            )
        )
    }

    private static func client(_ change: (inout OAuth2Client) -> Void) -> AuthenticationScheme {
        var client = OAuth2Client.sample
        change(&client)
        return .oauth2(client)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var field: String
        var make: @Sendable () throws -> [AuthenticationScheme]

        init(_ description: String, at field: String, _ make: @escaping @Sendable () throws -> [AuthenticationScheme]) {
            testDescription = description
            self.field = field
            self.make = make
        }
    }

    static let mistakes: [Mistake] = [
        Mistake("an empty key", at: "value") { [.apiKey(header: .cookie, value: Sensitive(""))] },
        Mistake("a key with a line break", at: "value") { [.apiKey(header: .cookie, value: Sensitive("a\r\nb: c"))] },
        Mistake("a key that ends with a space", at: "value") { [.apiKey(header: .cookie, value: Sensitive("a "))] },
        Mistake("a field of the transport", at: "header") {
            [.apiKey(header: try Field.name("Host"), value: Sensitive("a"))]
        },
        Mistake("two schemes in one field", at: "header") {
            [token, .basic(user: "u", password: Sensitive("p"))]
        },
        Mistake("a user with a colon", at: "user") { [.basic(user: "a:b", password: Sensitive("p"))] },
        Mistake("a password with a line break", at: "password") { [.basic(user: "a", password: Sensitive("p\n"))] },
        Mistake("a token with a line break", at: "token") { [.bearer(token: Sensitive("a\nb"))] },
        Mistake("a type of two words", at: "type") { [.bearer(token: Sensitive("a"), type: "Bearer token")] },
        Mistake("a token address that is none", at: "tokenURL") { [client { $0.tokenURL = "sso.example/token" }] },
        Mistake("a password in a token address", at: "tokenURL") {
            [client { $0.tokenURL = "https://u:p@sso.example" }]
        },
        Mistake("a fragment", at: "tokenURL") { [client { $0.tokenURL = "https://sso.example/#a" }] },
        Mistake("a space in the query", at: "tokenURL") { [client { $0.tokenURL = "https://sso.example/?a b" }] },
        Mistake("nobody asks for the token", at: "clientID") { [client { $0.clientID = nil }] },
        Mistake("Basic without a secret", at: "credentials") {
            [
                client {
                    $0.clientSecret = nil
                    $0.credentials = .basic
                }
            ]
        },
        Mistake("a colon that nobody can tell from the separator", at: "clientID") {
            [
                client {
                    $0.clientID = "a:b"
                    $0.credentials = .plainBasic
                }
            ]
        },
        Mistake("credentials of a form in a JSON grant", at: "clientID") { [client { $0.grantPlacement = .json }] },
        Mistake("a scope in a JSON grant", at: "grantIn") {
            [
                client {
                    $0.grantPlacement = .json
                    $0.credentials = .basic
                    $0.scope = "a"
                }
            ]
        },
        Mistake("a token for a token", at: "authentication") {
            let inner = try Authentication([.oauth2(.sample)])
            return [client { $0.requestAuthentication = inner }]
        },
        Mistake("two proofs in one field of the token request", at: "authentication") {
            let inner = try Authentication([token])
            return [
                client {
                    $0.credentials = .basic
                    $0.requestAuthentication = inner
                }
            ]
        },
        Mistake("a signature over no token", at: "stringToSign") { [try signature("{token}:{timestamp}")] },
        Mistake("a signature before its token", at: "stringToSign") { [try signature("{token}"), token] },
        Mistake("a signature over nothing", at: "stringToSign") { [try signature("")] },
        Mistake("a signature over what the transport writes later", at: "stringToSign") {
            [try signature("{header.Host}")]
        },
        Mistake("no name for {clientID}", at: "clientID") { [try signature("{clientID}")] },
        Mistake("a time that is sent and not signed", at: "timestamp") {
            [try signature("{method}", timestampIn: [.date])]
        },
        Mistake("the time in the signature's field", at: "timestamp") {
            [try signature("{timestamp}", timestampIn: [.cookie])]
        },
        Mistake("the time in another scheme's field", at: "timestamp") {
            [token, try signature("{timestamp}", timestampIn: [.authorization])]
        },
        Mistake("another scheme in the time's field", at: "header") {
            [try signature("{timestamp}", timestampIn: [.authorization]), token]
        },
        Mistake("the time in a field of the transport", at: "timestamp") {
            [try signature("{timestamp}", timestampIn: [try Field.name("Connection")])]
        },
        Mistake("a prefix with a line break", at: "prefix") { [try signature("{method}", prefix: "a\n")] },
        Mistake("an empty signing key", at: "key") {
            [
                .signature(
                    MessageSignature(
                        key: .hmacSHA512(Sensitive("")),
                        stringToSign: StringToSign([.method]),
                        header: .cookie
                    )
                )
            ]
        },
    ]

    @Test("what cannot work is refused with the setting at fault", arguments: mistakes)
    func refused(_ mistake: Mistake) throws {
        let schemes = try mistake.make()
        let error = #expect(throws: GerbangError.self) { try Authentication(schemes) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.field?.tokens == [mistake.field])
    }

    @Test("two signatures may share the field of their time, and then have one time")
    func sharedTime() throws {
        let first = try Self.signature("{timestamp}", timestampIn: [.date])
        guard case .signature(var second) = try Self.signature("{timestamp}", in: .referer, timestampIn: [.date]) else {
            return
        }
        second.timestampFormat = .seconds
        let fields = try fields(first, .signature(second))
        #expect(fields[.date] == "2026-01-05T09:00:00+07:00")
        #expect(fields[.cookie] == fields[.referer])
    }

    // MARK: - Secrets

    @Test("neither a list nor a scheme nor a part of it shows what it holds")
    func descriptions() throws {
        let secret = "rahasia-3174"
        var client = OAuth2Client(
            tokenURL: "https://\(secret).example",
            clientID: secret,
            clientSecret: Sensitive(secret),
            grant: .password(user: secret, password: Sensitive(secret))
        )
        client.requestAuthentication = try Authentication([
            .apiKey(header: .cookie, value: Sensitive(secret)),
            .signature(
                MessageSignature(
                    key: .hmacSHA256(Sensitive(secret)),
                    stringToSign: StringToSign([.literal("x")]),
                    clientID: secret,
                    header: .date
                )
            ),
        ])
        let list = try Authentication([
            .basic(user: secret, password: Sensitive(secret)),
            .oauth2(
                {
                    var other = client
                    other.header = .cookie
                    return other
                }()
            ),
        ])
        var dumped = ""
        dump(list, to: &dumped)
        for scheme in list.schemes + client.requestAuthentication.schemes {
            dump(scheme, to: &dumped)
            dumped += "\(scheme) \(String(reflecting: scheme))"
            if case .signature(let signature) = scheme {
                dump(signature, to: &dumped)
                dump(signature.key, to: &dumped)
                dumped += "\(signature) \(String(reflecting: signature)) \(String(reflecting: signature.key))"
            }
        }
        dump(client, to: &dumped)
        dumped += "\(list) \(String(reflecting: list)) \(client) \(String(reflecting: client))"
        #expect(!dumped.contains(secret))
        #expect("\(list)" == "basic, oauth2")
        #expect("\(Authentication.none)" == "no authentication")
        #expect(client.requestAuthentication.schemes.map(\.name) == ["apiKey", "hmac"])
    }

    @Test("a transport with secrets shows none when it is dumped")
    func transport() throws {
        let list = try Authentication([.basic(user: "u", password: Sensitive("rahasia-3174"))])
        var dumped = ""
        dump(AuthenticatedTransport(TestLine { _, _ in .token(1) }, authentication: list), to: &dumped)
        #expect(!dumped.contains("rahasia"))
    }

    // MARK: - On the wire

    @Test("what is written is what arrives")
    func onTheWire() async throws {
        let seen = Mutex<ServedRequest?>(nil)
        let server = try LoopbackServer { request in
            seen.withLock { $0 = request }
            return .text("ok")
        }
        let header = try Field.name("X-Signature")
        let list = try Authentication([
            .apiKey(header: try Field.name("user_key"), value: Sensitive("k")),
            .signature(
                MessageSignature(
                    key: Self.key,
                    stringToSign: StringToSign([.target, .literal("|"), .header(.contentType)]),
                    header: header,
                    prefix: "v1=",
                    encoding: .upperHexadecimal
                )
            ),
        ])
        let wire = WireRequest(
            method: .post,
            path: ["a b"],
            query: [.init("q", "ü")],
            headerFields: [.contentType: "text/xml"],
            body: [1]
        )
        let transport = AuthenticatedTransport(try Shared.transport.get(), authentication: list)
        let base = try BaseURL(server.baseURL + "/api")
        let outcome = await transport.send(OutboundRequest(wire, below: base, timeouts: Shared.patient))
        #expect(outcome.status == 200)
        let request = try #require(seen.withLock { $0 })
        #expect(request.headerFields[try Field.name("user_key")] == "k")
        #expect(request.target == "/api/a%20b?q=%C3%BC")
        let signed = try Self.key.sign(Array("\(request.target)|text/xml".utf8))
        #expect(request.headerFields[header] == "v1=" + Hexadecimal.lower(signed).uppercased())
        #expect(request.body == [1])
    }
}
