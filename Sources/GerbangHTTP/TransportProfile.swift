/// How one agency connection is reached: trust, our own identity, the way out.
///
/// Certificates are always verified, host name included, and TLS below 1.2 is never spoken; there is no setting to
/// change that. A server with a certificate of its own making is reached by pinning that certificate as
/// ``certificateAuthorities``. Proxy settings of the environment are ignored.
public struct TransportProfile: Sendable, Hashable {
    /// PEM text, in a file or in memory.
    public enum PEMSource: Sendable, Hashable {
        /// The path of a PEM file, read at each new connection.
        case file(String)
        /// The bytes of a PEM file.
        case bytes([UInt8])
    }

    /// Our own certificate for agencies that ask for one.
    public struct ClientCertificate: Sendable, Hashable {
        /// The certificate, followed by its intermediates.
        public var certificate: PEMSource
        /// The private key; `nil` when it stands in the same file or bytes as the certificate.
        public var privateKey: PEMSource?
        /// The password of the private key.
        public var privateKeyPassword: String?

        /// Creates a client certificate.
        public init(certificate: PEMSource, privateKey: PEMSource? = nil, privateKeyPassword: String? = nil) {
            self.certificate = certificate
            self.privateKey = privateKey
            self.privateKeyPassword = privateKeyPassword
        }
    }

    /// A proxy between us and the agency.
    public struct Proxy: Sendable, Hashable {
        /// The proxy's URL with scheme `http`, `https`, `socks5` or `socks5h`, without user and password.
        public var url: String
        /// The user name, when the proxy asks for one.
        public var user: String?
        /// The password, when the proxy asks for one.
        public var password: String?

        /// Creates a proxy.
        public init(url: String, user: String? = nil, password: String? = nil) {
            self.url = url
            self.user = user
            self.password = password
        }
    }

    /// The only authorities trusted for this connection; `nil` trusts those of the system.
    public var certificateAuthorities: PEMSource?
    /// Our own certificate.
    public var clientCertificate: ClientCertificate?
    /// The SHA-256 of the agency's public key (DER SubjectPublicKeyInfo, 32 bytes), which must match besides the chain.
    public var pinnedPublicKeySHA256: [UInt8]?
    /// The proxy; `nil` connects directly.
    public var proxy: Proxy?
    /// The `User-Agent` of messages that do not bring their own.
    public var userAgent: String
    /// The addresses that may be connected to. Any but ``AddressPolicy/any`` excludes a proxy, behind which nobody could
    /// hold it.
    public var addresses: AddressPolicy

    /// Creates a profile; the defaults trust the system's authorities and connect directly.
    public init(
        certificateAuthorities: PEMSource? = nil,
        clientCertificate: ClientCertificate? = nil,
        pinnedPublicKeySHA256: [UInt8]? = nil,
        proxy: Proxy? = nil,
        userAgent: String = "Gerbang",
        addresses: AddressPolicy = .any
    ) {
        self.certificateAuthorities = certificateAuthorities
        self.clientCertificate = clientCertificate
        self.pinnedPublicKeySHA256 = pinnedPublicKeySHA256
        self.proxy = proxy
        self.userAgent = userAgent
        self.addresses = addresses
    }
}

extension TransportProfile: CustomStringConvertible, CustomReflectable {
    /// Which settings are made, without their values.
    public var description: String {
        let settings = [
            certificateAuthorities.map { _ in "pinned authorities" },
            clientCertificate.map { _ in "client certificate" },
            pinnedPublicKeySHA256.map { _ in "pinned key" },
            proxy.map { _ in "proxy" },
            addresses.allowsEverything ? nil : "restricted addresses",
        ]
        let made = settings.compactMap(\.self)
        return made.isEmpty ? "default transport" : "transport with \(made.joined(separator: ", "))"
    }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension TransportProfile.PEMSource: CustomStringConvertible, CustomReflectable {
    /// Whether the text is in a file or in memory.
    public var description: String {
        switch self {
        case .file: "PEM file"
        case .bytes(let bytes): "\(bytes.count) bytes of PEM"
        }
    }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension TransportProfile.ClientCertificate: CustomStringConvertible, CustomReflectable {
    /// A fixed text without key and password.
    public var description: String { "client certificate" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension TransportProfile.Proxy: CustomStringConvertible, CustomReflectable {
    /// A fixed text without address, user and password.
    public var description: String { "proxy" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}
