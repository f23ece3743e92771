public import GerbangCore
public import HTTPTypes

/// A transport that can also hand an answer over as it comes, and read a body while it sends it: for answers that last
/// (streams of events), and for what is too large for memory.
public protocol StreamingHTTPTransport: HTTPTransport {
    /// Sends one message and returns as soon as the answer's header is there.
    ///
    /// The time limits hold until the first byte; after it `total` is the longest time between one piece and the next.
    /// The size of the answer is not limited: pieces that nobody takes stay with the sender. When the current task is
    /// cancelled it returns soon after, with a failure of kind `cancelled`.
    ///
    /// - Parameter body: What is sent instead of the request's own body, and read while it is sent; nil for that.
    func stream(_ request: OutboundRequest, body: StreamedBody?) async -> StreamOutcome
}

extension StreamingHTTPTransport {
    /// Sends one message with its own body; see ``stream(_:body:)``.
    public func stream(_ request: OutboundRequest) async -> StreamOutcome {
        await stream(request, body: nil)
    }
}

/// How the beginning of an answer was waited for.
public enum StreamOutcome: Sendable {
    /// The header is there, and the body may follow.
    case answered(StreamedResponse)
    /// No answer began.
    case failed(WireFailure)
}

/// An answer of which the body is still on its way.
public struct StreamedResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields.
    public var headerFields: HTTPFields
    /// The body. The transfer is given up when nobody holds it any more.
    public var body: ResponsePieces

    /// Creates an answer.
    public init(status: Int, headerFields: HTTPFields, body: ResponsePieces) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}

/// The body of an answer, piece by piece as it comes.
///
/// Every piece is handed out once, to whoever asks first. When the task that waits for a piece is cancelled the transfer is
/// given up, and so it is when nobody holds the sequence or an iterator of it any more.
public struct ResponsePieces: AsyncSequence, Sendable {
    /// Bytes, at least one.
    public typealias Element = [UInt8]
    /// Why the body broke off.
    public typealias Failure = WireFailure

    private let source: @Sendable () async throws(WireFailure) -> [UInt8]?

    /// Creates a body of what `source` returns until it returns `nil`.
    public init(_ source: @escaping @Sendable () async throws(WireFailure) -> [UInt8]?) {
        self.source = source
    }

    /// A reader of the pieces that nobody has taken.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads pieces.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: @Sendable () async throws(WireFailure) -> [UInt8]?

        /// Waits for the next piece; `nil` at the end of the answer.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(WireFailure) -> [UInt8]? {
            try await source()
        }
    }
}
