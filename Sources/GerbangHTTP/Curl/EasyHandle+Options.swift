internal import CCurl
internal import GerbangCore
internal import Glibc

extension EasyHandle {
    /// How long an idle connection may have been to carry a message that may go out only once, in whole seconds.
    ///
    /// An agency that closes an idle connection at the very moment we use it leaves us in doubt. Servers keep idle
    /// connections for at least two seconds as a rule, so below that the doubt is rare, while a busy gateway still
    /// reuses almost always.
    private static let maximumIdleSecondsOnce = 1
    /// The same for messages that libcurl may repeat; below the five seconds that many servers keep a connection.
    private static let maximumIdleSeconds = 3
    /// Connections are renewed after this time, so that changes of addresses and certificate files take effect.
    private static let maximumConnectionSeconds = 300

    /// Sets everything that a transfer needs.
    ///
    /// Afterwards ``refusal`` tells whether libcurl took all of it.
    func configure(for request: PreparedRequest, headerList: UnsafeMutablePointer<curl_slist>?) {
        set(CURLOPT_URL, request.url)
        setMethod(request)
        set(CURLOPT_HTTPHEADER, list: headerList)
        set(CURLOPT_USERAGENT, request.profile.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectMilliseconds)
        set(CURLOPT_MAXFILESIZE_LARGE, offset: request.maximumResponseBytes)
        set(CURLOPT_MAXAGE_CONN, request.resend == .never ? Self.maximumIdleSecondsOnce : Self.maximumIdleSeconds)
        setFixedRules()
        setTrust(request.profile)
        setProxy(request.profile.proxy)
    }

    private func setMethod(_ request: PreparedRequest) {
        switch request.methodStyle {
        case .head:
            set(CURLOPT_NOBODY, 1)
        case .withoutBody(let custom):
            set(CURLOPT_HTTPGET, 1)
            if let custom {
                set(CURLOPT_CUSTOMREQUEST, custom)
            }
        case .withBody(let custom):
            set(CURLOPT_POST, 1)
            if let streamed = request.streamedBody {
                set(CURLOPT_POSTFIELDSIZE_LARGE, offset: streamed.count)
            } else {
                set(body: request.body)
            }
            if let custom {
                set(CURLOPT_CUSTOMREQUEST, custom)
            }
        }
    }

    /// What holds for every message, also where libcurl's default is the same today.
    private func setFixedRules() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_MAXLIFETIME_CONN, Self.maximumConnectionSeconds)
        // Giving up while a name is being resolved would otherwise wait for the resolver, and with it every transfer.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setTrust(_ profile: TransportProfile) {
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CA_CACHE_TIMEOUT, Self.maximumConnectionSeconds)
        switch profile.certificateAuthorities {
        case .file(let path): set(CURLOPT_CAINFO, path)
        case .bytes(let bytes): set(CURLOPT_CAINFO_BLOB, blob: bytes)
        case nil: break
        }
        // The system's folder of authorities is trusted besides the pinned ones unless it is taken away. Where the
        // system also has them in one file, that is enough, and libcurl keeps it parsed between connections.
        if profile.certificateAuthorities != nil || Self.hasSystemBundle {
            set(CURLOPT_CAPATH, nil)
        }
        if let pin = profile.pinnedPublicKeySHA256 {
            set(CURLOPT_PINNEDPUBLICKEY, "sha256//" + Base64.encode(pin))
        }
        guard let client = profile.clientCertificate else { return }
        set(client.certificate, file: CURLOPT_SSLCERT, blob: CURLOPT_SSLCERT_BLOB)
        set(client.privateKey ?? client.certificate, file: CURLOPT_SSLKEY, blob: CURLOPT_SSLKEY_BLOB)
        // Without a password OpenSSL would ask for one on the terminal.
        set(CURLOPT_KEYPASSWD, client.privateKeyPassword ?? "")
    }

    private func set(_ source: TransportProfile.PEMSource, file: CURLoption, blob: CURLoption) {
        switch source {
        case .file(let path): set(file, path)
        case .bytes(let bytes): set(blob, blob: bytes)
        }
    }

    private func setProxy(_ proxy: TransportProfile.Proxy?) {
        // Empty texts keep libcurl from looking into the environment.
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_PROXY, proxy?.url ?? "")
        guard let proxy else { return }
        // Through a tunnel a proxy's own answer cannot be taken for the agency's, and a proxy cannot send again.
        set(CURLOPT_HTTPPROXYTUNNEL, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let user = proxy.user {
            set(CURLOPT_PROXYUSERNAME, user)
            set(CURLOPT_PROXYPASSWORD, proxy.password ?? "")
        }
    }

    /// Whether libcurl's default file of trusted authorities can be read.
    private static let hasSystemBundle: Bool = {
        guard let version = curl_version_info(CURLVERSION_TENTH), let path = version.pointee.cainfo else {
            return false
        }
        return access(path, R_OK) == 0
    }()
}
