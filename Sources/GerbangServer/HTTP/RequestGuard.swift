internal import GerbangCore
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Keeps a connection from costing more than its requests are worth: what is not HTTP is told so, a body that takes too
/// long to arrive is given up, one that is far too large is not drained to its end, and a client that does not take its
/// answer is let go.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How much of a refused body is read, so that the client comes to read the refusal.
    private static let drainedBytes = 4 << 20

    private let maximumBodyBytes: Int
    private let timeout: TimeAmount
    private var bodyBytes = 0
    private var isReceiving = false
    private var unanswered = 0
    /// Whether a stream of events is being written.
    private var isStreaming = false
    /// Whether the client has closed its side.
    private var isInputClosed = false
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    init(maximumBodyBytes: Int, timeout: TimeAmount) {
        self.maximumBodyBytes = maximumBodyBytes
        self.timeout = timeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            bodyBytes = 0
            isReceiving = true
            unanswered += 1
        case .body(let part):
            bodyBytes += part.readableBytes
            guard bodyBytes <= maximumBodyBytes + Self.drainedBytes else { return context.close(promise: nil) }
        case .end:
            isReceiving = false
            cancelDeadline()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReceiving, deadline == nil {
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { context.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isStreaming = head.headerFields[.contentType] == EventStream.mediaType
        case .body: break
        case .end:
            unanswered -= 1
            isStreaming = false
        }
        context.write(data, promise: promise)
        if isStreaming, isInputClosed { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            isInputClosed = true
            // Who waits for events and closes its side has left; only the next write would tell otherwise.
            if isStreaming { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        writeDeadline = nil
        if !context.channel.isWritable {
            writeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // While a request is under way its own answer, or its failure to read on, ends the connection.
        guard unanswered == 0, context.channel.isActive else { return context.fireErrorCaught(error) }
        let failure = Failure(
            .malformedRequest,
            "not a well-formed HTTP/1.1 request, or its header has more than "
                + "\(GatewayServer.Configuration.maximumHeaderBytes) bytes or "
                + "\(GatewayServer.Configuration.maximumHeaderFields) fields"
        )
        let answer = failure.answer
        let fields: HTTPFields = [
            .contentType: answer.mediaType, .contentLength: String(answer.body.count), .connection: "close",
        ]
        let head = HTTPResponse(status: .init(code: answer.status), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadlines()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelDeadlines() }

    private func cancelDeadlines() {
        cancelDeadline()
        writeDeadline?.cancel()
        writeDeadline = nil
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension RequestGuard: Sendable {}
