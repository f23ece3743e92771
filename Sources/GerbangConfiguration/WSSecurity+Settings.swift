internal import GerbangCore
internal import GerbangHTTP
internal import GerbangWSSecurity

extension AuthenticationScheme {
    /// Reads the scheme called `wsSecurity`.
    static func wsSecurity(_ reader: inout SettingsReader) -> AuthenticationScheme? {
        let issues = reader.issues.count
        var security = WSSecurity()
        security.usernameToken = reader.object("usernameToken", WSSecurity.UsernameToken.init)
        security.validity = reader.optionalDuration("timestamp")
        security.signature = reader.object("signature", WSSecurity.Signature.init)
        security.verification = reader.object("verify", WSSecurity.Verification.init)
        security.actor = reader.optionalString("actor")
        security.isMandatory = reader.bool("mustUnderstand", default: true)
        if let validity = security.validity, validity < .seconds(1) || validity > .seconds(3600) {
            reader.report("must be from 1s to 1h", at: "timestamp")
        }
        if security.signature?.parts.contains(.usernameToken) == true, !reader.has("usernameToken") {
            reader.report("signs a usernameToken that is not there", at: "signature")
        }
        if !["usernameToken", "timestamp", "signature", "verify"].contains(where: { reader.has($0) }) {
            reader.report("must have at least one of usernameToken, timestamp, signature and verify")
        }
        guard reader.issues.count == issues else { return nil }
        return .message(Message(security))
    }
}

extension WSSecurity.UsernameToken {
    fileprivate init?(_ reader: inout SettingsReader) {
        let user = reader.value("user", Self.writable)
        let type = reader.choice("type", [("digest", PasswordType.digest), ("text", .text)], default: .digest)
        var password = reader.secret("password")
        if let given = password?.revealed, (try? Self.writable(given)) == nil {
            reader.report("must be a text without control characters", at: "password")
            password = nil
        }
        guard let user, let password else { return nil }
        self.init(user: user, password: password, passwordType: type)
    }

    private static func writable(_ text: String) throws(GerbangError) -> String {
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw GerbangError(.invalidConfiguration, "must be a text without control characters")
        }
        return text
    }
}

extension WSSecurity.Signature {
    fileprivate init?(_ reader: inout SettingsReader) {
        let certificates = WSSecurity.certificates(&reader)
        let key = reader.secret("key")
        let parts = WSSecurity.parts(&reader)
        guard let certificate = certificates?.first, let key else { return nil }
        do throws(GerbangError) {
            self.init(identity: try SigningIdentity(key: key, certificate: certificate), parts: parts)
        } catch {
            reader.report(error.message, at: "key")
            return nil
        }
    }
}

extension WSSecurity.Verification {
    fileprivate init?(_ reader: inout SettingsReader) {
        let certificates = WSSecurity.certificates(&reader)
        let parts = WSSecurity.parts(&reader)
        let skew = reader.duration("clockSkew", default: .seconds(300))
        guard let certificates else { return nil }
        self.init(certificates: certificates, parts: parts, clockSkew: skew)
    }
}

extension WSSecurity {
    fileprivate static func certificates(_ reader: inout SettingsReader) -> [PinnedCertificate]? {
        guard let pem = reader.secret("certificate") else { return nil }
        do throws(GerbangError) {
            return try PinnedCertificate.all(inPEM: pem.revealed)
        } catch {
            reader.report(error.message, at: "certificate")
            return nil
        }
    }

    fileprivate static func parts(_ reader: inout SettingsReader) -> Set<Part> {
        let parts = reader.texts("parts") { text throws(GerbangError) in
            guard let part = Part(rawValue: text) else {
                let names = Part.allCases.map(\.rawValue).joined(separator: ", ")
                throw GerbangError(.invalidConfiguration, "must be one of \(names)")
            }
            return part
        }
        return Set(parts ?? [.body, .timestamp])
    }
}
