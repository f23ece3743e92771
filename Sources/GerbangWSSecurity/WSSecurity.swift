public import GerbangCore
public import GerbangHTTP

/// How the SOAP messages of one connection are secured, and what is demanded of the answers (WS-Security 1.1).
///
/// Messages get one `wsse:Security` header. Answers are believed only if the verification is satisfied; without one they
/// are handed on as they are.
public struct WSSecurity: MessageSecurity {
    /// A user with a password (Username Token Profile 1.1).
    public struct UsernameToken: Sendable, Hashable {
        /// How the password is sent.
        public enum PasswordType: Sendable, Hashable {
            /// As it is: only over TLS.
            case text
            /// As a digest over a nonce, the time and the password, by SHA-1 as the profile demands.
            case digest
        }

        /// The user's name.
        public var user: String
        /// The password.
        public var password: Sensitive<String>
        /// How the password is sent.
        public var passwordType: PasswordType

        /// Creates a token.
        public init(user: String, password: Sensitive<String>, passwordType: PasswordType = .digest) {
            self.user = user
            self.password = password
            self.passwordType = passwordType
        }
    }

    /// A part of a message that a signature may cover.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// The SOAP body.
        case body
        /// The timestamp of the Security header.
        case timestamp
        /// Every header block of WS-Addressing.
        case addressing
        /// The username token.
        case usernameToken
    }

    /// A signature with a certificate (X.509 Token Profile 1.1), which the message carries.
    public struct Signature: Sendable, Hashable {
        /// The key and its certificate.
        public var identity: SigningIdentity
        /// What is signed, as far as the message has it; the body always is.
        public var parts: Set<Part>

        /// Creates a signature.
        public init(identity: SigningIdentity, parts: Set<Part> = [.body, .timestamp]) {
            self.identity = identity
            self.parts = parts
        }
    }

    /// What is demanded of answers.
    public struct Verification: Sendable, Hashable {
        /// One of these must have signed; which one an answer names itself does not matter.
        public var certificates: [PinnedCertificate]
        /// What must be there and signed; the body always must be, and with `addressing` every such header block.
        public var parts: Set<Part>
        /// How much the agency's clock may differ from ours.
        public var clockSkew: Duration

        /// Creates demands.
        public init(
            certificates: [PinnedCertificate],
            parts: Set<Part> = [.body, .timestamp],
            clockSkew: Duration = .seconds(300)
        ) {
            self.certificates = certificates
            self.parts = parts
            self.clockSkew = clockSkew
        }
    }

    /// Who sends; nil for no username token.
    public var usernameToken: UsernameToken?
    /// How long a message holds by its timestamp; nil for no timestamp.
    public var validity: Duration?
    /// How messages are signed; nil for no signature.
    public var signature: Signature?
    /// What is demanded of answers; nil for nothing.
    public var verification: Verification?
    /// The actor (SOAP 1.2: role) that the header is for; nil for the final receiver.
    public var actor: String?
    /// Whether a receiver that does not understand the header must refuse the message.
    public var isMandatory = true
    /// Gives so many random bytes, fit for cryptography.
    public var random: @Sendable (Int) -> [UInt8] = WSSecurity.systemRandom

    /// Creates settings that do nothing yet.
    public init() {}

    /// Whether both secure messages in the same way; the source of random bytes does not count.
    public static func == (left: WSSecurity, right: WSSecurity) -> Bool {
        left.usernameToken == right.usernameToken && left.validity == right.validity
            && left.signature == right.signature && left.verification == right.verification
            && left.actor == right.actor && left.isMandatory == right.isMandatory
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(usernameToken)
        hasher.combine(validity)
        hasher.combine(signature)
        hasher.combine(verification)
        hasher.combine(actor)
        hasher.combine(isMandatory)
    }

    private static let systemRandom: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

extension WSSecurity: CustomStringConvertible, CustomReflectable {
    /// What is there, without any of it.
    public var description: String {
        let parts = [
            usernameToken.map { _ in "username token" }, validity.map { _ in "timestamp" },
            signature.map { _ in "signature" }, verification.map { _ in "verification" },
        ]
        return "WS-Security: \(parts.compactMap { $0 }.joined(separator: ", "))"
    }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror { Mirror(self, children: ["summary": description]) }
}
