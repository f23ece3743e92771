public import HTTPTypes

/// What a ``LoopbackServer`` does with a request: answer it well, or badly in one of many ways.
public enum ServedReply: Sendable, Hashable {
    /// How a connection ends.
    public enum Ending: Sendable, Hashable {
        /// In order: the peer reads what was sent, then the end.
        case close
        /// With a reset: the peer may lose even what was sent.
        case reset
    }

    /// A complete answer. The server adds `Content-Length`; a `Connection: close` among the fields is honoured.
    case respond(status: Int = 200, headerFields: HTTPFields = [:], body: [UInt8] = [])
    /// Another reply after a while, unless the peer goes away before.
    indirect case delayed(Duration, ServedReply)
    /// Nothing, until the peer goes away or the server stops.
    case hold
    /// The end of the connection in place of an answer.
    case hangUp(Ending)
    /// An answer that announces all of `body` and ends after its first `bodyBytes` bytes.
    case truncated(status: Int = 200, headerFields: HTTPFields = [:], body: [UInt8], bodyBytes: Int, ending: Ending)
    /// An answer that announces all of `body` and goes no further than its first `bodyBytes` bytes, until the peer goes away
    /// or the server stops.
    case stalled(status: Int = 200, headerFields: HTTPFields = [:], body: [UInt8], bodyBytes: Int)
    /// Bytes that need not be HTTP, then the end of the connection.
    case raw([UInt8])
    /// A complete answer, sent a few bytes at a time with a pause after each.
    case drip(status: Int = 200, headerFields: HTTPFields = [:], body: [UInt8], bytesAtOnce: Int, every: Duration)
    /// Another reply, then the end of the connection, which no header field has announced.
    indirect case thenClose(ServedReply)

    /// A complete answer with a text as its body.
    public static func text(_ text: String, status: Int = 200, contentType: String = "text/plain") -> ServedReply {
        .respond(status: status, headerFields: [.contentType: contentType], body: Array(text.utf8))
    }

    /// A reset in place of an answer.
    public static let reset = ServedReply.hangUp(.reset)

    /// The orderly end of the connection in place of an answer.
    public static let close = ServedReply.hangUp(.close)
}

/// What a ``LoopbackServer`` does with a connection that it has accepted, before anything is read from it.
public enum ConnectionFate: Sendable, Hashable {
    /// Serve its requests.
    case serve
    /// End it at once.
    case hangUp(ServedReply.Ending)
    /// Never read from it.
    case ignore
}

extension ServedReply {
    /// The bytes of a complete answer's header.
    static func head(status: Int, headerFields: HTTPFields, contentLength: Int) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(128 + headerFields.count * 48 + contentLength)
        head.append(contentsOf: "HTTP/1.1 ".utf8)
        head.append(contentsOf: String(status).utf8)
        head.append(UInt8(ascii: " "))
        head.append(contentsOf: (reasonPhrases[status] ?? "").utf8)
        head.append(contentsOf: "\r\n".utf8)
        for field in headerFields where field.name != .contentLength {
            head.append(contentsOf: field.name.rawName.utf8)
            head.append(contentsOf: ": ".utf8)
            field.withUnsafeBytesOfValue { head.append(contentsOf: $0) }
            head.append(contentsOf: "\r\n".utf8)
        }
        if allowsBody(status) {
            head.append(contentsOf: "Content-Length: ".utf8)
            head.append(contentsOf: String(contentLength).utf8)
            head.append(contentsOf: "\r\n".utf8)
        }
        head.append(contentsOf: "\r\n".utf8)
        return head
    }

    private static let reasonPhrases = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
        411: "Length Required", 413: "Content Too Large", 422: "Unprocessable Content", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout",
    ]

    /// Whether an answer with this status may have a body (RFC 9112 §6.3).
    static func allowsBody(_ status: Int) -> Bool {
        status >= 200 && status != 204 && status != 304
    }
}
