public import HTTPTypes

/// What became of one message on the wire.
public enum WireOutcome: Sendable, Hashable {
    /// The agency's complete answer arrived.
    case answered(WireResponse)
    /// No complete answer arrived.
    case failed(WireFailure)
}

/// An agency's complete answer.
public struct WireResponse: Sendable, Hashable {
    /// The HTTP status code. It alone never decides success: several agencies answer 200 with a failure in the body.
    public var status: Int
    /// Header fields as received.
    public var headerFields: HTTPFields
    /// The whole body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headerFields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}

/// How far a message got when no answer came back.
public enum SendState: String, Sendable, Hashable, Codable {
    /// Not one byte of the message left: the agency cannot have acted on it.
    case notSent
    /// Some of the message may have left: the agency may or may not have acted on it.
    case maybeSent
}

/// Why no complete answer arrived, and how far the message got.
public struct WireFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong on the wire.
    public var kind: Kind
    /// Whether the agency may have received the message.
    public var sendState: SendState
    /// A short technical text without addresses, header values or bodies.
    public var detail: String

    /// A kind of failure, stable for metrics and history.
    public struct Kind: RawRepresentable, Sendable, Hashable, Codable {
        /// The stable text of the kind.
        public let rawValue: String

        /// Creates a kind from its stable text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The host name could not be resolved.
        public static let resolve = Kind(rawValue: "resolve")
        /// The connection was refused or could not be made.
        public static let connect = Kind(rawValue: "connect")
        /// The TLS handshake failed.
        public static let tls = Kind(rawValue: "tls")
        /// The agency's certificate was not trusted, or ours was not usable: somebody must act.
        public static let certificate = Kind(rawValue: "certificate")
        /// What hands out our credentials refuses us: somebody must act.
        public static let unauthorized = Kind(rawValue: "unauthorized")
        /// What hands out our credentials cannot do so now.
        public static let unavailable = Kind(rawValue: "unavailable")
        /// The proxy refused or failed.
        public static let proxy = Kind(rawValue: "proxy")
        /// A time limit passed.
        public static let timeout = Kind(rawValue: "timeout")
        /// The connection was reset or closed before the answer was complete.
        public static let reset = Kind(rawValue: "reset")
        /// The answer was larger than allowed.
        public static let tooLarge = Kind(rawValue: "too-large")
        /// The answer was not HTTP.
        public static let malformed = Kind(rawValue: "malformed")
        /// The answer does not prove that it comes from the agency: its signature is missing or does not hold.
        public static let unverified = Kind(rawValue: "unverified")
        /// The message was given up because its task was cancelled.
        public static let cancelled = Kind(rawValue: "cancelled")
        /// The message could not be sent as it is: a URL, header or option that the transport refuses.
        public static let unsendable = Kind(rawValue: "unsendable")
    }

    /// Creates a failure.
    public init(_ kind: Kind, _ sendState: SendState, detail: String = "") {
        self.kind = kind
        self.sendState = sendState
        self.detail = detail
    }

    /// The kind and how far the message got.
    public var description: String {
        detail.isEmpty
            ? "\(kind.rawValue) (\(sendState.rawValue))" : "\(kind.rawValue) (\(sendState.rawValue)): \(detail)"
    }
}

/// The time limits of one call to an agency.
public struct CallTimeouts: Sendable, Hashable {
    /// Until the connection stands, TLS included.
    public var connect: Duration
    /// Until the first byte of the answer, counted from the start of the call.
    public var firstByte: Duration
    /// Until the answer is complete, counted from the start of the call.
    public var total: Duration

    /// Creates time limits; the defaults suit an interactive service.
    public init(connect: Duration = .seconds(5), firstByte: Duration = .seconds(20), total: Duration = .seconds(30)) {
        self.connect = connect
        self.firstByte = firstByte
        self.total = total
    }
}
