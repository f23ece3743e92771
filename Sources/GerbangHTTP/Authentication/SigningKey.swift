internal import Crypto
internal import CryptoExtras
public import GerbangCore

/// A key that signs messages, and the algorithm that it is for.
public enum SigningKey: Sendable, Hashable {
    /// HMAC with SHA-256 (RFC 2104); the key is the text's bytes in UTF-8.
    case hmacSHA256(Sensitive<String>)
    /// HMAC with SHA-512; the key is the text's bytes in UTF-8.
    case hmacSHA512(Sensitive<String>)
    /// RSA with SHA-256 and the padding of PKCS #1 v1.5 (RFC 8017 §8.2).
    case rsaSHA256(RSAPrivateKey)
    /// RSA with SHA-256 and the probabilistic padding PSS (RFC 8017 §8.1): every signature is another one.
    case rsaPSSSHA256(RSAPrivateKey)

    /// The algorithm's family: `hmac` or `rsa`.
    public var name: String {
        switch self {
        case .hmacSHA256, .hmacSHA512: "hmac"
        case .rsaSHA256, .rsaPSSSHA256: "rsa"
        }
    }

    func check() throws(GerbangError) {
        switch self {
        case .hmacSHA256(let key), .hmacSHA512(let key):
            guard !key.revealed.isEmpty else { throw Authentication.refuse("must not be empty", at: "key") }
        case .rsaSHA256, .rsaPSSSHA256:
            return
        }
    }

    func sign(_ bytes: [UInt8]) throws(WireFailure) -> [UInt8] {
        switch self {
        case .hmacSHA256(let key):
            Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: Array(key.revealed.utf8))))
        case .hmacSHA512(let key):
            Array(HMAC<SHA512>.authenticationCode(for: bytes, using: SymmetricKey(data: Array(key.revealed.utf8))))
        case .rsaSHA256(let key):
            try key.sign(bytes, padding: .insecurePKCS1v1_5)
        case .rsaPSSSHA256(let key):
            try key.sign(bytes, padding: .PSS)
        }
    }
}

/// An RSA private key of at least 2048 bits.
public struct RSAPrivateKey: Sendable, Hashable {
    private let pem: Sensitive<String>
    private let key: _RSA.Signing.PrivateKey

    /// Reads a key in PEM, as PKCS #1 (`BEGIN RSA PRIVATE KEY`) or PKCS #8 (`BEGIN PRIVATE KEY`), without a password.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` without a word of the key.
    public init(pem: Sensitive<String>) throws(GerbangError) {
        do {
            key = try _RSA.Signing.PrivateKey(pemRepresentation: pem.revealed)
        } catch {
            let isEncrypted = pem.revealed.contains("ENCRYPTED")
            throw GerbangError(
                .invalidConfiguration,
                isEncrypted
                    ? "the RSA key has a password; store it without one, readable by the daemon's user only"
                    : "must be an RSA private key of at least 2048 bits in PEM (PKCS #1 or PKCS #8)"
            )
        }
        self.pem = pem
    }

    /// Whether both were read from the same text.
    public static func == (left: RSAPrivateKey, right: RSAPrivateKey) -> Bool { left.pem == right.pem }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(pem) }

    fileprivate func sign(_ bytes: [UInt8], padding: _RSA.Signing.Padding) throws(WireFailure) -> [UInt8] {
        do {
            return Array(try key.signature(for: SHA256.hash(data: bytes), padding: padding).rawRepresentation)
        } catch {
            throw WireFailure(.unauthorized, .notSent, detail: "the key does not sign")
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The algorithm's family.
    public var description: String { "\(name) key" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    /// A fixed text.
    public var description: String { "rsa key" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}
