internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import HTTPTypes
internal import Testing

@Suite("Authentication in a configuration")
struct AuthenticationTests {
    /// A connection whose schemes follow from line 6.
    private static func connection(_ schemes: String) -> String {
        """
        connections:
          - id: a
            adapter: polos
            baseURL: https://a.example
            authentication:
        \(schemes)

        """
    }

    private func authentication(_ schemes: String) throws -> Authentication {
        try #require(parse(Self.connection(schemes)).connections.first).authentication
    }

    private func name(_ text: String) throws -> HTTPField.Name { try #require(HTTPField.Name(text)) }

    @Test("the fixed schemes arrive, secrets from where they are named")
    func fixedSchemes() throws {
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        let list = try authentication(
            """
                  - apiKey: {header: user_key, value: {env: PATH}}
                  - basic: {user: faskes, password: "sandi:095", header: X-authorization}
                  - bearer: {token: jwt, header: AuthorizationSPLP}
                  - bearer: {token: t, type: ""}
            """
        )
        let expected = try Authentication([
            .apiKey(header: name("user_key"), value: Sensitive(path)),
            .basic(user: "faskes", password: Sensitive("sandi:095"), header: name("X-authorization")),
            .bearer(token: Sensitive("jwt"), header: name("AuthorizationSPLP")),
            .bearer(token: Sensitive("t"), type: ""),
        ])
        #expect(list == expected)
    }

    @Test("SATUSEHAT: the grant in the query, everything else in the form")
    func satusehat() throws {
        let list = try authentication(
            """
                  - oauth2:
                      tokenURL: https://api-satusehat.example/oauth2/v1/accesstoken?grant_type=client_credentials
                      grantIn: query
                      clientID: demo
                      clientSecret: rahasia
            """
        )
        let client = OAuth2Client(
            tokenURL: "https://api-satusehat.example/oauth2/v1/accesstoken?grant_type=client_credentials",
            clientID: "demo",
            clientSecret: Sensitive("rahasia"),
            grantPlacement: .query
        )
        #expect(list == (try Authentication([.oauth2(client)])))
    }

    @Test("BPJS: a consumer, a key and a signature over the second")
    func bpjs() throws {
        let list = try authentication(
            """
                  - apiKey: {header: X-cons-id, value: "1234"}
                  - apiKey: {header: user_key, value: kunci}
                  - hmac:
                      key: pwd
                      stringToSign: "{clientID}&{timestamp}"
                      clientID: "1234"
                      header: X-signature
                      timestamp: {format: seconds, headers: [X-timestamp]}
            """
        )
        let signature = MessageSignature(
            key: .hmacSHA256(Sensitive("pwd")),
            stringToSign: StringToSign([.clientID, .literal("&"), .timestamp]),
            clientID: "1234",
            header: try name("X-signature"),
            timestampFormat: .seconds,
            timestampHeaders: [try name("X-timestamp")]
        )
        #expect(list.schemes.last == .signature(signature))
        #expect("\(list)" == "apiKey, apiKey, hmac")
    }

    @Test("SNAP: a token for a signature, and a signature over the token", .enabled(if: Keys.isAvailable))
    func snap() throws {
        let pem = try Keys.rsa()
        let text = { (path: String) in
            """
                  - oauth2:
                      tokenURL: https://bank.example/snap/v1.0/access-token/b2b
                      grantIn: json
                      authentication:
                        - apiKey: {header: X-CLIENT-KEY, value: G1}
                        - rsa:
                            key: {file: "\(path)"}
                            stringToSign: "{clientID}|{timestamp}"
                            clientID: G1
                            header: X-SIGNATURE
                            timestamp: {headers: [X-TIMESTAMP]}
                  - hmac:
                      hash: sha512
                      key: rahasia
                      stringToSign: "{method}:{target}:{token}:{body.minified.sha256}:{timestamp}"
                      header: X-SIGNATURE
                      encoding: base64
                      timestamp: {format: iso8601, zone: WIB, headers: [X-TIMESTAMP]}
            """
        }
        let list = try withFile(Array(pem.utf8)) { try authentication(text($0)) }
        let stamp = [try name("X-TIMESTAMP")]
        let asymmetric = MessageSignature(
            key: .rsaSHA256(try RSAPrivateKey(pem: Sensitive(pem.trimmingCharacters(in: .whitespacesAndNewlines)))),
            stringToSign: StringToSign([.clientID, .literal("|"), .timestamp]),
            clientID: "G1",
            header: try name("X-SIGNATURE"),
            timestampHeaders: stamp
        )
        let client = OAuth2Client(
            tokenURL: "https://bank.example/snap/v1.0/access-token/b2b",
            grantPlacement: .json,
            requestAuthentication: try Authentication([
                .apiKey(header: name("X-CLIENT-KEY"), value: Sensitive("G1")), .signature(asymmetric),
            ])
        )
        let symmetric = MessageSignature(
            key: .hmacSHA512(Sensitive("rahasia")),
            stringToSign: StringToSign([
                .method, .literal(":"), .target, .literal(":"), .token, .literal(":"),
                .bodySHA256(minified: true, uppercase: false), .literal(":"), .timestamp,
            ]),
            header: try name("X-SIGNATURE"),
            timestampHeaders: stamp
        )
        #expect(list == (try Authentication([.oauth2(client), .signature(symmetric)])))
    }

    @Test("two tokens in two fields")
    func twoTokens() throws {
        let list = try authentication(
            """
                  - oauth2:
                      tokenURL: https://apimws.example/oauth2/token
                      clientID: a
                      clientSecret: b
                      credentials: basic
                  - oauth2:
                      tokenURL: https://sso-siasn.example/token
                      clientID: c
                      user: petugas
                      password: sandi
                      scope: openid
                      audience: siasn
                      header: Auth
                      type: bearer
            """
        )
        let sso = OAuth2Client(
            tokenURL: "https://sso-siasn.example/token",
            clientID: "c",
            grant: .password(user: "petugas", password: Sensitive("sandi")),
            scope: "openid",
            audience: "siasn",
            header: try name("Auth"),
            type: "bearer"
        )
        let wso2 = OAuth2Client(
            tokenURL: "https://apimws.example/oauth2/token",
            clientID: "a",
            clientSecret: Sensitive("b"),
            credentials: .basic
        )
        #expect(list == (try Authentication([.oauth2(wso2), .oauth2(sso)])))
    }

    @Test("every choice of a signature arrives")
    func choices() throws {
        let list = try authentication(
            """
                  - hmac:
                      hash: sha256
                      key: k
                      stringToSign: "{timestamp}"
                      header: A
                      prefix: "v1="
                      encoding: HEX
                      timestamp: {format: iso8601.milliseconds, zone: WIT}
                  - hmac: {key: k, stringToSign: "{timestamp}", header: B, encoding: hex, timestamp: {format: milliseconds}}
            """
        )
        let signatures = list.schemes.compactMap { if case .signature(let signature) = $0 { signature } else { nil } }
        #expect(signatures.map(\.encoding) == [.upperHexadecimal, .lowerHexadecimal])
        #expect(signatures.map(\.timestampFormat) == [.iso8601Milliseconds(.wit), .milliseconds])
        #expect(signatures.map(\.prefix) == ["v1=", ""])
    }

    @Test("a connection without the list, or with an empty one, has none")
    func none() throws {
        #expect(try authentication("      []") == Authentication.none)
        #expect(
            try parse("connections: [{id: a, adapter: polos, baseURL: http://a}]").connections.first?.authentication
                .isEmpty == true
        )
    }

    // MARK: - Mistakes

    private static let signature = "key: k, stringToSign: \"{method}\", header: S"

    @Test(
        "a mistake is shown at its place",
        arguments: [
            ("authentication: {}", "5:5: connections.0.authentication: must be a list"),
            (
                "authentication:\n      - digest: {}",
                """
                6:9: connections.0.authentication.0: must name one scheme: apiKey, basic, bearer, oauth2, hmac, rsa, wsSecurity|\
                6:9: connections.0.authentication.0.digest: unknown field; allowed are: apiKey, basic, bearer, hmac, oauth2, rsa, wsSecurity
                """
            ),
            (
                "authentication:\n      - apiKey: {header: A, value: a}\n        bearer: {token: t}",
                "6:9: connections.0.authentication.0: must name one scheme: apiKey, basic, bearer, oauth2, hmac, rsa, wsSecurity"
            ),
            (
                "authentication:\n      - apiKey:\n          header: A B\n          value: a",
                "7:11: connections.0.authentication.0.apiKey.header: must be the name of a header field, such as X-Signature"
            ),
            (
                "authentication:\n      - apiKey:\n          header: A\n          value: 12",
                "8:11: connections.0.authentication.0.apiKey.value: must be a text, {env: NAME} or {file: PATH}"
            ),
            (
                "authentication:\n      - apiKey:\n          header: A\n          value: {env: GERBANG_UNSET_VARIABLE}",
                "8:11: connections.0.authentication.0.apiKey.value: the environment variable GERBANG_UNSET_VARIABLE is not set"
            ),
            (
                "authentication:\n      - apiKey:\n          header: Host\n          value: a",
                "7:11: connections.0.authentication.0.apiKey.header: the header field host belongs to the transport"
            ),
            (
                "authentication:\n      - bearer: {token: a}\n      - basic:\n          user: u\n          password: p",
                "7:9: connections.0.authentication.1.basic.header: another scheme already writes the header field authorization"
            ),
            (
                "authentication:\n      - bearer: {tokn: a}",
                """
                6:9: connections.0.authentication.0.bearer.token: is required|\
                6:18: connections.0.authentication.0.bearer.tokn: unknown field; allowed are: header, token, type
                """
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: sso.example\n          clientID: a",
                "7:11: connections.0.authentication.0.oauth2.tokenURL: must be an http or https address without user and password"
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: https://sso.example",
                "6:9: connections.0.authentication.0.oauth2.clientID: is required, unless 'authentication' says who we are"
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: https://sso.example\n          clientID: a\n          user: u",
                "9:11: connections.0.authentication.0.oauth2.user: user and password belong together"
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: https://sso.example\n          clientID: a\n          grantIn: body",
                "9:11: connections.0.authentication.0.oauth2.grantIn: must be one of form, query, json"
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: https://sso.example\n          authentication:\n            - basic: {user: a}",
                "9:15: connections.0.authentication.0.oauth2.authentication.0.basic.password: is required"
            ),
            (
                "authentication:\n      - oauth2:\n          tokenURL: https://sso.example\n          authentication:\n            - oauth2: {tokenURL: https://b.example, clientID: a}",
                "8:11: connections.0.authentication.0.oauth2.authentication: a token must not depend on another token"
            ),
            (
                "authentication:\n      - hmac: {key: k, header: S, stringToSign: \"{jam}\"}",
                """
                6:35: connections.0.authentication.0.hmac.stringToSign: there is no part {jam}; known are: method, path, \
                target, body, body.minified, body.sha256, body.SHA256, body.minified.sha256, body.minified.SHA256, \
                timestamp, clientID, token, header.NAME
                """
            ),
            (
                "authentication:\n      - hmac: {key: k, header: S, stringToSign: \"{token}\"}",
                "6:35: connections.0.authentication.0.hmac.stringToSign: signs a {token}, but no bearer or oauth2 stands before it"
            ),
            (
                "authentication:\n      - hmac: {\(signature), hash: md5}",
                "6:61: connections.0.authentication.0.hmac.hash: must be one of sha256, sha512"
            ),
            (
                "authentication:\n      - hmac: {\(signature), timestamp: {format: unix}}",
                "6:73: connections.0.authentication.0.hmac.timestamp.format: must be one of seconds, milliseconds, iso8601, iso8601.milliseconds"
            ),
            (
                "authentication:\n      - hmac: {\(signature), timestamp: {headers: [T]}}",
                "6:61: connections.0.authentication.0.hmac.timestamp: has headers, but the string to sign has no {timestamp}"
            ),
            (
                "authentication:\n      - rsa: {\(signature)}",
                "6:15: connections.0.authentication.0.rsa.key: must be an RSA private key of at least 2048 bits in PEM (PKCS #1 or PKCS #8)"
            ),
        ]
    )
    func mistakes(lines: String, expected: String) throws {
        let text = "connections:\n  - id: a\n    adapter: polos\n    baseURL: https://a.example\n    \(lines)\n"
        #expect(try issues(of: text) == expected.split(separator: "|").map { "c.yaml:\($0)" })
    }

    @Test("no mistake repeats a secret")
    func secretsInMistakes() throws {
        let text = Self.connection(
            """
                  - apiKey: {header: A, value: "rahasia\\n"}
                  - basic: {user: "u:rahasia", password: rahasia}
                  - bearer: {token: "rahasia rahasia\\t"}
                  - rsa: {key: rahasia, stringToSign: "{method}", header: S}
                  - oauth2: {tokenURL: "https://rahasia:rahasia@sso.example", clientID: rahasia, clientSecret: rahasia}
            """
        )
        let found = try issues(of: text)
        #expect(found.count == 5)
        #expect(!found.joined().contains("rahasia"))
    }
}

/// Keys made by `openssl`.
private enum Keys {
    static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    static func rsa() throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = ["genrsa", "2048"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
