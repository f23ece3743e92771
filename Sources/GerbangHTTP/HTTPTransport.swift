public import GerbangCore
public import HTTPTypes

/// What carries messages to agencies.
///
/// A transport decides nothing about success or retry: it reports the answer, or what went wrong together with how far
/// the message got.
public protocol HTTPTransport: Sendable {
    /// Sends one message and waits for its complete answer.
    ///
    /// It never throws: every way to end is a ``GerbangCore/WireOutcome``. When the current task is cancelled it
    /// returns soon after, with a failure of kind `cancelled`.
    func send(_ request: OutboundRequest) async -> WireOutcome
}

/// Whether a transport may put a message on the wire again by itself.
public enum Resend: Sendable, Hashable {
    /// The message goes out at most once. For everything that is not a query and not idempotent.
    case never
    /// The transport may repeat the message on a new connection when a reused one turns out to be dead.
    case allowed
}

/// One message on its way out: absolute, complete, with its limits.
public struct OutboundRequest: Sendable {
    /// The largest answer that is read unless a request says otherwise, in bytes: 8 MiB.
    public static let defaultMaximumResponseBytes = 8 << 20

    /// The HTTP method.
    public var method: HTTPRequest.Method
    /// An absolute `http` or `https` URL, percent-encoded, without user or password.
    public var url: String
    /// Header fields.
    ///
    /// The transport adds `Host`, `Content-Length`, `Accept` and `User-Agent` where they are missing,
    /// and refuses fields that belong to the connection.
    public var headerFields: HTTPFields
    /// The body; empty means none.
    public var body: [UInt8]
    /// The time limits.
    public var timeouts: CallTimeouts
    /// Whether the transport may repeat the message by itself.
    public var resend: Resend
    /// The largest body that is read, in bytes; a larger one ends the call as `too-large`.
    public var maximumResponseBytes: Int
    /// The settings of the agency connection.
    public var profile: TransportProfile

    /// Creates a message; by default it is never repeated by the transport.
    public init(
        method: HTTPRequest.Method,
        url: String,
        headerFields: HTTPFields = [:],
        body: [UInt8] = [],
        timeouts: CallTimeouts = CallTimeouts(),
        resend: Resend = .never,
        maximumResponseBytes: Int = OutboundRequest.defaultMaximumResponseBytes,
        profile: TransportProfile = TransportProfile()
    ) {
        self.method = method
        self.url = url
        self.headerFields = headerFields
        self.body = body
        self.timeouts = timeouts
        self.resend = resend
        self.maximumResponseBytes = maximumResponseBytes
        self.profile = profile
    }

    /// Creates the message that an adapter has prepared, addressed below the connection's base URL.
    public init(
        _ message: WireRequest,
        below base: BaseURL,
        timeouts: CallTimeouts = CallTimeouts(),
        resend: Resend = .never,
        maximumResponseBytes: Int = OutboundRequest.defaultMaximumResponseBytes,
        profile: TransportProfile = TransportProfile()
    ) {
        self.init(
            method: message.method,
            url: message.url(below: base),
            headerFields: message.headerFields,
            body: message.body,
            timeouts: timeouts,
            resend: resend,
            maximumResponseBytes: maximumResponseBytes,
            profile: profile
        )
    }
}

extension OutboundRequest: CustomStringConvertible, CustomReflectable {
    /// The method and sizes; the URL, the header and the body may hold personal data or secrets and are left out.
    public var description: String {
        "\(method.rawValue) with \(headerFields.count) header fields and \(body.count) bytes"
    }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}
