internal import CXMLSec
public import GerbangCore
internal import GerbangXML

/// A certificate whose public key is trusted because somebody pinned it, and for nothing else.
///
/// Its dates and its issuer are not looked at: it holds until it is replaced.
public struct PinnedCertificate: Sendable, Hashable {
    /// The certificate in DER.
    let der: [UInt8]
    let handle: KeyHandle

    /// Reads the first certificate in PEM.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` where there is none, or one with a weak key.
    public init(pem: String) throws(GerbangError) {
        XMLSecurity.prepare()
        guard let handle = KeyHandle(Array(pem.utf8), gerbang_xmlsec_certificate) else {
            throw GerbangError(.invalidConfiguration, "must be an X.509 certificate in PEM")
        }
        try handle.checkStrength("the certificate")
        der = handle.certificate
        self.handle = handle
    }

    /// Reads all certificates in PEM, in order.
    ///
    /// - Throws: As ``init(pem:)`` does.
    public static func all(inPEM pem: String) throws(GerbangError) -> [PinnedCertificate] {
        let end = "-----END CERTIFICATE-----"
        var result: [PinnedCertificate] = []
        var rest = pem[...]
        while let range = rest.firstRange(of: end) {
            result.append(try PinnedCertificate(pem: String(rest[..<range.upperBound])))
            rest = rest[range.upperBound...]
        }
        guard !result.isEmpty else {
            throw GerbangError(.invalidConfiguration, "must be one or several X.509 certificates in PEM")
        }
        return result
    }

    /// Whether both are the same certificate.
    public static func == (left: PinnedCertificate, right: PinnedCertificate) -> Bool { left.der == right.der }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(der) }
}

/// A private key with its certificate: who we are.
public struct SigningIdentity: Sendable, Hashable {
    /// The certificate that messages carry.
    public let certificate: PinnedCertificate
    private let pem: Sensitive<String>
    let handle: KeyHandle

    /// Reads a key in PEM, without a password, and its certificate.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` without a word of the key.
    public init(key pem: Sensitive<String>, certificate: PinnedCertificate) throws(GerbangError) {
        XMLSecurity.prepare()
        guard let handle = KeyHandle(Array(pem.revealed.utf8), gerbang_xmlsec_private_key) else {
            throw GerbangError(
                .invalidConfiguration,
                pem.revealed.contains("ENCRYPTED")
                    ? "the key has a password; store it without one, readable by the daemon's user only"
                    : "must be an RSA or EC private key in PEM"
            )
        }
        try handle.checkStrength("the key")
        guard gerbang_xmlsec_key_matches(handle.pointer, certificate.handle.pointer) else {
            throw GerbangError(.invalidConfiguration, "the key does not belong to the certificate")
        }
        self.pem = pem
        self.handle = handle
        self.certificate = certificate
    }

    /// The algorithm of the signatures.
    var algorithm: String { handle.isRSA ? Vocabulary.rsaSHA256 : Vocabulary.ecdsaSHA256 }

    /// Whether both were read from the same texts.
    public static func == (left: SigningIdentity, right: SigningIdentity) -> Bool {
        left.pem == right.pem && left.certificate == right.certificate
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(pem)
        hasher.combine(certificate)
    }
}

extension SigningIdentity: CustomStringConvertible, CustomReflectable {
    /// A fixed text.
    public var description: String { "signing identity" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror { Mirror(self, children: ["summary": description]) }
}

/// A key in the hands of xmlsec, which copies it for every signature.
final class KeyHandle: @unchecked Sendable {
    // Safe: the key behind it is never changed, and OpenSSL counts its references atomically.
    let pointer: OpaquePointer

    init?(_ pem: [UInt8], _ read: (UnsafePointer<CChar>?, Int) -> OpaquePointer?) {
        let pointer = pem.withUnsafeBytes { read($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count) }
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { gerbang_xmlsec_key_free(pointer) }

    var isRSA: Bool { gerbang_xmlsec_key_kind(pointer) == GERBANG_XMLSEC_RSA }

    var certificate: [UInt8] {
        var size = 0
        guard let bytes = gerbang_xmlsec_key_certificate(pointer, &size) else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: size))
    }

    func checkStrength(_ what: String) throws(GerbangError) {
        let bits = gerbang_xmlsec_key_bits(pointer)
        let isStrong =
            switch gerbang_xmlsec_key_kind(pointer) {
            case GERBANG_XMLSEC_RSA: bits >= 2048
            case GERBANG_XMLSEC_EC: bits >= 256
            default: false
            }
        guard isStrong else {
            throw GerbangError(.invalidConfiguration, "\(what) must be RSA of at least 2048 bits or EC of at least 256")
        }
    }
}

/// What the whole process shares of xmlsec.
enum XMLSecurity {
    private static let isReady: Bool = {
        XMLLibrary.prepare()
        return gerbang_xmlsec_initialize()
    }()

    /// Initialises libxml2 and xmlsec once. Where xmlsec cannot be, no key can be read either.
    static func prepare() { _ = isReady }
}
