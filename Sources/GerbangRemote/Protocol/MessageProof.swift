internal import Crypto
public import GerbangCore
internal import GerbangJSON

/// What proves who sent a message, and that it is the one that was sent: RFC 8032 signatures of agencies, RFC 2104
/// codes between the gateway and one instance.
///
/// Both are made over the same text, its lines joined by a line feed:
///
/// ```
/// GERBANG1
/// POST
/// /v1/adapters/vehicles/heartbeat
/// 1767578400000
/// 5f0c…
/// SHA-256 of the body, 64 hexadecimal digits
/// ```
///
/// and stand in `Authorization: Gerbang SCHEME,ID,TIME,NONCE,PROOF`, the time in milliseconds since 1970, the proof in
/// Base64. `Docs/RemoteAdapters.md` has test vectors.
public struct MessageProof: Sendable, Hashable {
    /// How it is made.
    public enum Scheme: String, Sendable, Hashable {
        /// By the agency's private key.
        case ed25519
        /// By the secret of one instance.
        case hmac
    }

    /// How it is made.
    public var scheme: Scheme
    /// Which key, or which instance.
    public var id: String
    /// When it was made.
    public var time: Timestamp
    /// Never used twice.
    public var nonce: String
    /// The signature or code.
    public var proof: [UInt8]

    /// How far the sender's clock may differ from this one's.
    public static let window = Duration.seconds(120)

    /// Reads the value of an `Authorization` field; `nil` when it has another form.
    public init?(authorization: String) {
        let mark = "gerbang "
        guard authorization.prefix(mark.count).lowercased() == mark else { return nil }
        let parts = authorization.dropFirst(mark.count).split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        guard parts.count == 5, let scheme = Scheme(rawValue: parts[0]), let time = Int64(parts[2]),
            time >= 0, (8...64).contains(parts[3].utf8.count), (1...64).contains(parts[1].utf8.count),
            let proof = Base64.decode(parts[4])
        else { return nil }
        self.init(
            scheme: scheme,
            id: parts[1],
            time: Timestamp(milliseconds: time),
            nonce: parts[3],
            proof: proof
        )
    }

    init(scheme: Scheme, id: String, time: Timestamp, nonce: String, proof: [UInt8]) {
        self.scheme = scheme
        self.id = id
        self.time = time
        self.nonce = nonce
        self.proof = proof
    }

    /// The value of the `Authorization` field.
    public var authorization: String {
        "Gerbang \(scheme.rawValue),\(id),\(time.milliseconds),\(nonce),\(Base64.encode(proof))"
    }

    /// What is signed.
    public static func text(method: String, path: String, time: Timestamp, nonce: String, body: [UInt8]) -> String {
        let hash = Hexadecimal.lower(SHA256.hash(data: body))
        return "GERBANG1\n\(method)\n\(path)\n\(time.milliseconds)\n\(nonce)\n\(hash)"
    }

    /// What an answer's code covers: the nonce of the question binds the two together.
    public static func answerText(nonce: String, status: Int, body: [UInt8]) -> String {
        "GERBANG1-ANSWER\n\(nonce)\n\(status)\n\(Hexadecimal.lower(SHA256.hash(data: body)))"
    }

    /// Whether the owner of `publicKey` made it for this message.
    public func isSigned(method: String, path: String, body: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard scheme == .ed25519, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        let text = Self.text(method: method, path: path, time: time, nonce: nonce, body: body)
        return key.isValidSignature(proof, for: Array(text.utf8))
    }

    package static func code(_ text: String, secret: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: secret)))
    }

    /// Whether `code` was made of `text` with `secret`; takes the same time wherever they differ.
    static func isCode(_ code: [UInt8], of text: String, secret: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: Array(text.utf8),
            using: SymmetricKey(data: secret)
        )
    }

    /// Proves a message of the gateway to an instance.
    public static func ofGateway(
        to instance: String,
        secret: Sensitive<[UInt8]>,
        method: String,
        path: String,
        body: [UInt8],
        at time: Timestamp,
        nonce: String
    ) -> MessageProof {
        let text = text(method: method, path: path, time: time, nonce: nonce, body: body)
        let proof = code(text, secret: secret.revealed)
        return MessageProof(scheme: .hmac, id: instance, time: time, nonce: nonce, proof: proof)
    }
}

/// The private key of an agency: what signs registrations and heartbeats of one adapter.
public struct AgencyKey: Sendable {
    /// The key's name: 12 hexadecimal digits.
    public let id: String
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new key.
    public init() {
        key = Curve25519.Signing.PrivateKey()
        id = Self.name(of: key)
    }

    /// Reads a key file; `nil` when it is none.
    public init?(text: String) {
        let parts = text.filter { !$0.isWhitespace }.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "gak", let seed = Self.bytes(parts[2]), seed.count == 32,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            Self.name(of: key) == parts[1]
        else { return nil }
        self.key = key
        id = String(parts[1])
    }

    /// The public half: 32 bytes.
    public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// The key as it stands in a file: `gak_` + name + `_` + the seed of RFC 8032 in hexadecimal.
    public var text: Sensitive<String> { Sensitive("gak_\(id)_\(Hexadecimal.lower(key.rawRepresentation))") }

    /// The public half as an agency hands it to an operator: `gap_` + name + `_` + 64 hexadecimal digits.
    public var publicText: String { "gap_\(id)_\(Hexadecimal.lower(publicKey))" }

    /// Reads a public half; `nil` when it is none.
    public static func publicKey(text: String) -> (id: String, key: [UInt8])? {
        let parts = text.filter { !$0.isWhitespace }.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "gap", let key = bytes(parts[2]), key.count == 32, name(of: key) == parts[1]
        else { return nil }
        return (String(parts[1]), key)
    }

    /// Signs a message.
    ///
    /// - Throws: ``GerbangError/Code/internalFault`` when the system has no randomness left.
    public func sign(
        method: String,
        path: String,
        body: [UInt8],
        at time: Timestamp,
        nonce: String
    ) throws(GerbangError) -> MessageProof {
        let text = MessageProof.text(method: method, path: path, time: time, nonce: nonce, body: body)
        guard let proof = try? key.signature(for: Array(text.utf8)) else {
            throw GerbangError(.internalFault, "the message cannot be signed")
        }
        return MessageProof(scheme: .ed25519, id: id, time: time, nonce: nonce, proof: Array(proof))
    }

    private static func name(of key: Curve25519.Signing.PrivateKey) -> String {
        name(of: Array(key.publicKey.rawRepresentation))
    }

    private static func name(of publicKey: [UInt8]) -> String {
        Hexadecimal.lower(SHA256.hash(data: publicKey).prefix(6))
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let values = digits.utf8.compactMap { Hexadecimal.value(of: $0) }
        guard values.count == digits.utf8.count, values.count % 2 == 0 else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}

/// Texts that nobody can guess.
public enum Nonce {
    /// 128 random bits in hexadecimal.
    public static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.lower((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
