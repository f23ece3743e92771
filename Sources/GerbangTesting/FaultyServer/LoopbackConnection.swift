internal import HTTPTypes

/// One connection of a ``LoopbackServer``: reads requests one after the other and does what the handler says.
struct LoopbackConnection {
    private static let maximumHeadBytes = 64 << 10
    private static let maximumBodyBytes = 32 << 20

    private enum Reading {
        case request(ServedRequest)
        /// The request is refused with this status.
        case refused(Int)
        case ended
    }

    private let socket: LoopbackSocket
    private let number: Int
    private var requestNumber = 0
    /// What was received and not yet used.
    private var buffer: [UInt8] = []

    init(socket: LoopbackSocket, number: Int) {
        self.socket = socket
        self.number = number
    }

    /// Serves until the connection ends or is to be ended, and tells how.
    mutating func serve(with handler: (ServedRequest) -> ServedReply) -> ServedReply.Ending {
        while true {
            switch readRequest() {
            case .ended:
                return .close
            case .refused(let status):
                let fields: HTTPFields = [.connection: "close"]
                _ = socket.write(ServedReply.head(status: status, headerFields: fields, contentLength: 0))
                return .close
            case .request(let request):
                let mustClose = request.headerFields[.connection]?.lowercased() == "close"
                if let ending = perform(handler(request), isHead: request.method == .head) {
                    return ending
                }
                if mustClose {
                    return .close
                }
            }
        }
    }

    // MARK: - Reading

    private mutating func readRequest() -> Reading {
        guard let headEnd = readHead() else {
            return isRubbish ? .refused(400) : buffer.count > Self.maximumHeadBytes ? .refused(431) : .ended
        }
        requestNumber += 1
        guard
            var request = ServedRequest(
                head: buffer[..<headEnd],
                connectionNumber: number,
                requestNumberOnConnection: requestNumber
            )
        else { return .refused(400) }
        guard request.headerFields[.transferEncoding] == nil else { return .refused(411) }
        var length = 0
        if let text = request.headerFields[.contentLength] {
            guard let announced = Int(text), announced >= 0 else { return .refused(400) }
            length = announced
        }
        guard length <= Self.maximumBodyBytes else { return .refused(413) }
        let bodyStart = headEnd + 4
        if buffer.count < bodyStart + length, request.headerFields[.expect]?.lowercased() == "100-continue" {
            guard socket.write("HTTP/1.1 100 Continue\r\n\r\n".utf8) else { return .ended }
        }
        while buffer.count < bodyStart + length {
            guard socket.read(into: &buffer) else { return .ended }
        }
        request.body = Array(buffer[bodyStart..<bodyStart + length])
        buffer.removeSubrange(..<(bodyStart + length))
        return .request(request)
    }

    /// Whether what comes cannot become a request, as when a client starts with TLS.
    private var isRubbish: Bool {
        buffer.first.map { !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0 & 0xdf) } ?? false
    }

    /// Reads up to the empty line behind a head and returns where that line's first byte stands.
    private mutating func readHead() -> Int? {
        var searched = 0
        while true {
            if let end = Self.headEnd(in: buffer, from: max(0, searched - 3)) {
                return end
            }
            searched = buffer.count
            guard !isRubbish, buffer.count <= Self.maximumHeadBytes, socket.read(into: &buffer) else { return nil }
        }
    }

    private static func headEnd(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 3 < bytes.count {
            if bytes[index] == 0x0d, bytes[index + 1] == 0x0a, bytes[index + 2] == 0x0d, bytes[index + 3] == 0x0a {
                return index
            }
            index += 1
        }
        return nil
    }

    // MARK: - Replying

    /// Carries out a reply; returns how the connection is to end, or `nil` when it stays open.
    private func perform(_ reply: ServedReply, isHead: Bool) -> ServedReply.Ending? {
        switch reply {
        case .respond(let status, let fields, let body):
            var bytes = ServedReply.head(status: status, headerFields: fields, contentLength: body.count)
            if !isHead, ServedReply.allowsBody(status) {
                bytes.append(contentsOf: body)
            }
            return socket.write(bytes) && fields[.connection]?.lowercased() != "close" ? nil : .close
        case .delayed(let duration, let reply):
            return socket.pause(duration) ? perform(reply, isHead: isHead) : .close
        case .hold:
            _ = socket.pause(nil)
            return .close
        case .hangUp(let ending):
            return ending
        case .truncated(let status, let fields, let body, let bodyBytes, let ending):
            let head = ServedReply.head(status: status, headerFields: fields, contentLength: body.count)
            _ = socket.write(head + body.prefix(max(0, bodyBytes)))
            return ending
        case .stalled(let status, let fields, let body, let bodyBytes):
            let head = ServedReply.head(status: status, headerFields: fields, contentLength: body.count)
            if socket.write(head + body.prefix(max(0, bodyBytes))) { _ = socket.pause(nil) }
            return .close
        case .raw(let bytes):
            _ = socket.write(bytes)
            return .close
        case .drip(let status, let fields, let body, let bytesAtOnce, let interval):
            let head = ServedReply.head(status: status, headerFields: fields, contentLength: body.count)
            return drip(isHead ? head : head + body, bytesAtOnce: max(1, bytesAtOnce), every: interval) ? nil : .close
        case .thenClose(let reply):
            return perform(reply, isHead: isHead) ?? .close
        }
    }

    private func drip(_ bytes: [UInt8], bytesAtOnce: Int, every interval: Duration) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard socket.write(rest.prefix(bytesAtOnce)), socket.pause(interval) else { return false }
            rest = rest.dropFirst(bytesAtOnce)
        }
        return true
    }
}
