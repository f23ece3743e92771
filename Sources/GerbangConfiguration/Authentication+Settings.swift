package import GerbangCore
package import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes

extension Authentication {
    /// Reads the list called `authentication`: one scheme an item, `- basic: {…}`.
    package init(_ reader: inout SettingsReader) {
        self.init()
        var schemes = self
        // Items that are wrong are reported and left out; the others are checked against each other.
        _ = reader.list("authentication") { reader in schemes.readItem(&reader) }
        self = schemes
    }

    private mutating func readItem(_ reader: inout SettingsReader) -> Void? {
        let readings: [(String, (inout SettingsReader) -> AuthenticationScheme?)] = [
            ("apiKey", AuthenticationScheme.apiKey), ("basic", AuthenticationScheme.basic),
            ("bearer", AuthenticationScheme.bearer), ("oauth2", AuthenticationScheme.oauth2),
            ("hmac", AuthenticationScheme.hmac), ("rsa", AuthenticationScheme.rsa),
            ("wsSecurity", AuthenticationScheme.wsSecurity),
        ]
        var (found, schemes) = (0, self)
        for (name, read) in readings {
            if reader.has(name) { found += 1 }
            reader.object(name) { reader -> Void? in
                guard let scheme = read(&reader) else { return nil }
                do throws(GerbangError) {
                    try schemes.append(scheme)
                } catch {
                    reader.report(error.message, at: error.field?.tokens.first)
                }
                return ()
            }
        }
        self = schemes
        if found != 1 {
            reader.report("must name one scheme: \(readings.map(\.0).joined(separator: ", "))")
        }
        return ()
    }
}

extension AuthenticationScheme {
    fileprivate static func apiKey(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let header = reader.value("header", fieldName)
        let value = reader.secret("value")
        guard let header, let value else { return nil }
        return .apiKey(header: header, value: value)
    }

    fileprivate static func basic(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let user = reader.string("user")
        let password = reader.secret("password")
        let header = reader.optionalValue("header", fieldName)
        guard let user, let password else { return nil }
        return .basic(user: user, password: password, header: header ?? .authorization)
    }

    fileprivate static func bearer(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let token = reader.secret("token")
        let header = reader.optionalValue("header", fieldName)
        let type = reader.optionalString("type")
        guard let token else { return nil }
        return .bearer(token: token, header: header ?? .authorization, type: type ?? "Bearer")
    }

    fileprivate static func oauth2(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let tokenURL = reader.string("tokenURL")
        let user = reader.optionalString("user")
        let password = reader.optionalSecret("password")
        if (user == nil) != (password == nil) {
            reader.report("user and password belong together", at: reader.has("user") ? "user" : "password")
        }
        var client = OAuth2Client(tokenURL: tokenURL ?? "")
        client.clientID = reader.optionalString("clientID")
        client.clientSecret = reader.optionalSecret("clientSecret")
        if let user, let password { client.grant = .password(user: user, password: password) }
        client.credentials = reader.choice(
            "credentials",
            [("form", .form), ("basic", .basic), ("plainBasic", .plainBasic)],
            default: .form
        )
        client.grantPlacement = reader.choice(
            "grantIn",
            [("form", .form), ("query", .query), ("json", .json)],
            default: .form
        )
        client.scope = reader.optionalString("scope")
        client.audience = reader.optionalString("audience")
        client.header = reader.optionalValue("header", fieldName) ?? .authorization
        client.type = reader.optionalString("type") ?? "Bearer"
        let issues = reader.issues.count
        client.requestAuthentication = Authentication(&reader)
        // What follows from a part that could not be read would only hide the mistake.
        guard tokenURL != nil, reader.issues.count == issues, !isMissing("clientSecret", client.clientSecret, reader)
        else { return nil }
        return .oauth2(client)
    }

    fileprivate static func hmac(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let makeKey = reader.choice(
            "hash",
            [("sha256", SigningKey.hmacSHA256), ("sha512", SigningKey.hmacSHA512)],
            default: SigningKey.hmacSHA256
        )
        let key = reader.secret("key")
        return signature(key.map(makeKey), &reader)
    }

    fileprivate static func rsa(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let makeKey = reader.choice(
            "padding",
            [("pkcs1", SigningKey.rsaSHA256), ("pss", SigningKey.rsaPSSSHA256)],
            default: SigningKey.rsaSHA256
        )
        var key: RSAPrivateKey?
        if let pem = reader.secret("key") {
            do throws(GerbangError) {
                key = try RSAPrivateKey(pem: pem)
            } catch {
                reader.report(error.message, at: "key")
            }
        }
        return signature(key.map(makeKey), &reader)
    }

    private static func signature(_ key: SigningKey?, _ reader: inout SettingsReader) -> AuthenticationScheme? {
        let stringToSign = reader.value("stringToSign") { text throws(GerbangError) in
            try StringToSign(template: text)
        }
        let header = reader.value("header", fieldName)
        let clientID = reader.optionalString("clientID")
        let prefix = reader.optionalString("prefix")
        let encoding = reader.choice(
            "encoding",
            [
                ("base64", MessageSignature.Encoding.base64), ("hex", .lowerHexadecimal),
                ("HEX", .upperHexadecimal),
            ],
            default: .base64
        )
        let timestamp = reader.object("timestamp", TimestampSettings.init) ?? TimestampSettings()
        guard let key, let stringToSign, let header, !isMissing("clientID", clientID, reader) else { return nil }
        return .signature(
            MessageSignature(
                key: key,
                stringToSign: stringToSign,
                clientID: clientID,
                header: header,
                prefix: prefix ?? "",
                encoding: encoding,
                timestampFormat: timestamp.format,
                timestampHeaders: timestamp.headers
            )
        )
    }

    /// Whether a field is there but could not be read, which has been reported.
    private static func isMissing(_ key: String, _ value: (some Sendable)?, _ reader: SettingsReader) -> Bool {
        value == nil && reader.has(key)
    }

    fileprivate static func fieldName(_ text: String) throws(GerbangError) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            throw GerbangError(.invalidConfiguration, "must be the name of a header field, such as X-Signature")
        }
        return name
    }
}

/// The part of a signature called `timestamp`.
private struct TimestampSettings {
    var format = MessageSignature.TimestampFormat.iso8601(.wib)
    var headers: [HTTPField.Name] = []

    init() {}

    init?(_ reader: inout SettingsReader) {
        let zones: [(String, Zone)] = [("WIB", .wib), ("WITA", .wita), ("WIT", .wit), ("UTC", .utc)]
        let zone = reader.choice("zone", zones, default: .wib)
        format = reader.choice(
            "format",
            [
                ("seconds", .seconds), ("milliseconds", .milliseconds), ("iso8601", .iso8601(zone)),
                ("iso8601.milliseconds", .iso8601Milliseconds(zone)),
            ],
            default: .iso8601(zone)
        )
        headers = reader.texts("headers", AuthenticationScheme.fieldName) ?? []
    }
}
