package import GerbangCore
internal import HTTPTypes

/// A message that was found sendable, in the form in which the driver thread needs it.
package struct PreparedRequest: Sendable {
    /// How libcurl is told which method to use.
    package enum MethodStyle: Sendable, Hashable {
        /// A plain GET, or another method without a body.
        case withoutBody(custom: String?)
        /// A POST, or another method that carries a `Content-Length`.
        case withBody(custom: String?)
        /// A HEAD: the answer has no body whatever its header says.
        case head
    }

    package let methodStyle: MethodStyle
    package let url: String
    /// One NUL-terminated line for each header field.
    package let headerLines: [UInt8]
    package let body: [UInt8]
    /// The body that is read while it is sent, where there is one; ``body`` is empty then.
    package let streamedBody: StreamedBody?
    package let resend: Resend
    /// 0 for an answer that is taken piece by piece: libcurl's word for no limit.
    package let maximumResponseBytes: Int
    package let profile: TransportProfile
    package let connectMilliseconds: Int
    package let firstByteDeadline: MonotonicInstant
    package let totalDeadline: MonotonicInstant
    /// Between the pieces of an answer that is taken piece by piece.
    package let total: Duration

    /// Checks a message; its time limits start to run now.
    package init(
        _ request: OutboundRequest,
        isStreamed: Bool = false,
        streamedBody: StreamedBody? = nil,
        now: MonotonicInstant
    ) throws(WireFailure) {
        try Self.checkURL(request.url)
        try Self.checkProfile(request.profile)
        var request = request
        if let inMemory = streamedBody?.bytesInMemory { request.body = inMemory }
        self.streamedBody = streamedBody?.bytesInMemory == nil ? streamedBody : nil
        methodStyle = try Self.methodStyle(of: request, hasBody: self.streamedBody != nil || !request.body.isEmpty)
        headerLines = try Self.headerLines(of: request.headerFields)
        url = request.url
        body = request.body
        resend = request.resend
        maximumResponseBytes = isStreamed ? 0 : max(0, request.maximumResponseBytes)
        profile = request.profile
        connectMilliseconds = MonotonicInstant.milliseconds(request.timeouts.connect)
        firstByteDeadline = now.advanced(by: request.timeouts.firstByte)
        total = request.timeouts.total
        totalDeadline = now.advanced(by: request.timeouts.total)
    }

    private static func refuse(_ reason: String) -> WireFailure {
        WireFailure(.unsendable, .notSent, detail: reason)
    }

    // MARK: - URL

    private static let maximumURLBytes = 32 << 10

    private static func checkURL(_ url: String) throws(WireFailure) {
        let bytes = url.utf8
        guard bytes.count <= maximumURLBytes else { throw refuse("the URL is too long") }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw refuse("the URL has a space, a control character, a backslash or a character outside ASCII")
        }
        guard let authority = authority(of: bytes, schemes: ["https", "http"]) else {
            throw refuse("the URL must start with https:// or http:// and a host")
        }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw refuse("user and password do not belong in a URL")
        }
    }

    /// The part between the scheme and the path, or `nil` when the scheme is another or the part is empty.
    private static func authority(of url: String.UTF8View, schemes: [String]) -> Substring.UTF8View? {
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")),
            schemes.contains(where: { $0.utf8.elementsEqual(url[..<colon].lazy.map { $0 | 0x20 }) }),
            url[colon...].starts(with: "://".utf8)
        else { return nil }
        let authority = url[url.index(colon, offsetBy: 3)...].prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        return authority.isEmpty ? nil : authority
    }

    // MARK: - Profile

    private static func checkProfile(_ profile: TransportProfile) throws(WireFailure) {
        guard profile.userAgent.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw refuse("the user agent has a control character")
        }
        if let pin = profile.pinnedPublicKeySHA256, pin.count != 32 {
            throw refuse("the pinned public key must be the 32 bytes of a SHA-256")
        }
        guard let proxy = profile.proxy else { return }
        guard profile.addresses.allowsEverything else {
            throw refuse("through a proxy it cannot be seen which address is connected to")
        }
        guard proxy.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let authority = authority(of: proxy.url.utf8, schemes: ["http", "https", "socks5", "socks5h"]),
            !authority.contains(UInt8(ascii: "@"))
        else {
            throw refuse("the proxy must be an http, https, socks5 or socks5h URL without user and password")
        }
    }

    // MARK: - Method

    private static func methodStyle(of request: OutboundRequest, hasBody: Bool) throws(WireFailure) -> MethodStyle {
        switch request.method {
        case .connect, .trace:
            throw refuse("the method \(request.method.rawValue) is not for agencies")
        case .head:
            guard !hasBody else { throw refuse("HEAD has no body") }
            return .head
        case .post:
            return .withBody(custom: nil)
        case .put, .patch:
            return .withBody(custom: request.method.rawValue)
        case .get where !hasBody:
            return .withoutBody(custom: nil)
        default:
            let name = request.method.rawValue
            return hasBody ? .withBody(custom: name) : .withoutBody(custom: name)
        }
    }

    // MARK: - Header

    /// Fields that say how the connection is used: a second opinion about them lets messages run into each other.
    static let reservedNames: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    private static func headerLines(of fields: HTTPFields) throws(WireFailure) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(fields.count * 48 + 32)
        var hasContentType = false
        for field in fields {
            guard !reservedNames.contains(field.name.canonicalName) else {
                throw refuse("the header field \(field.name.canonicalName) belongs to the transport")
            }
            hasContentType = hasContentType || field.name == .contentType
            let isSafe = field.withUnsafeBytesOfValue { value in
                lines.append(contentsOf: field.name.rawName.utf8)
                // libcurl drops a field without a value unless it ends with a semicolon.
                lines.append(UInt8(ascii: value.isEmpty ? ";" : ":"))
                if !value.isEmpty {
                    lines.append(UInt8(ascii: " "))
                }
                lines.append(contentsOf: value)
                return value.allSatisfy { $0 != 0 && $0 != 0x0a && $0 != 0x0d }
            }
            guard isSafe else { throw refuse("a header field has a line break") }
            lines.append(0)
        }
        // A name alone takes away what libcurl would add: a form's content type, and the wait for "100 Continue".
        if !hasContentType {
            lines.append(contentsOf: "Content-Type:".utf8)
            lines.append(0)
        }
        lines.append(contentsOf: "Expect:".utf8)
        lines.append(0)
        return lines
    }
}
