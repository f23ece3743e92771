internal import CCurl
internal import GerbangCore
internal import Glibc

/// One call in the hands of libcurl; used on the driver thread only.
///
/// libcurl gets an unretained pointer to this object: the driver keeps the object until libcurl has let go of the handle.
final class Transfer {
    let call: Call
    let easy: EasyHandle
    /// Where the request's body comes from, unless libcurl has it.
    private let bodyReader: BodyReader?
    private let headerList: UnsafeMutablePointer<curl_slist>?

    /// How often libcurl was ready to put the request on a connection.
    private var announcements = 0
    private var head: [UInt8] = []
    private var headBytes = 0
    private var headLines = 0
    private var isHeadComplete = false
    private var body: [UInt8] = []
    /// Whether a socket was refused because of its address.
    private var hasRefusedAddress = false
    /// Where the answer goes piece by piece; `nil` when it is wanted as a whole.
    private let pipe: ResponsePipe?
    /// When the last piece of it came.
    private var lastPiece = MonotonicInstant.now
    /// Why we ended the transfer ourselves.
    var intervention: TransferFacts.Intervention?

    init(_ call: Call, easy: EasyHandle) {
        self.call = call
        self.easy = easy
        pipe = if case .pieces(let pipe) = call.receiver { pipe } else { nil }
        bodyReader = call.request.streamedBody.map(BodyReader.init)
        headerList = Self.list(of: call.request.headerLines)
        easy.reset()
        easy.configure(for: call.request, headerList: headerList)
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_PRIVATE, pointer: context)
        easy.set(CURLOPT_HEADERDATA, pointer: context)
        easy.set(CURLOPT_WRITEDATA, pointer: context)
        easy.set(CURLOPT_PREREQDATA, pointer: context)
        easy.set(CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
            Transfer.of(context)?.receiveHead(UnsafeRawBufferPointer(start: bytes, count: count)) == true ? count : 0
        }
        easy.set(CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
            Transfer.of(context)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: count)) ?? 0
        }
        easy.set { context, address, _, _, _ in
            Transfer.of(context)?.announce(to: address) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        if bodyReader != nil {
            easy.set(CURLOPT_READDATA, pointer: context)
            easy.set(reader: { bytes, _, count, context in
                Transfer.of(context)?.readBody(UnsafeMutableRawBufferPointer(start: bytes, count: count))
                    ?? Int(CURL_READFUNC_ABORT)
            })
            easy.set(CURLOPT_SEEKDATA, pointer: context)
            // Only before the request is put on a second connection, to where it begins.
            easy.set(seeker: { context, offset, origin in
                guard offset == 0, origin == SEEK_SET, let transfer = Transfer.of(context) else {
                    return CURL_SEEKFUNC_CANTSEEK
                }
                transfer.bodyReader?.rewind()
                return CURL_SEEKFUNC_OK
            })
        }
        guard !call.request.profile.addresses.allowsEverything else { return }
        easy.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        easy.set(socketOpener: { context, _, target in
            guard let target, let transfer = Transfer.of(context) else { return CURL_SOCKET_BAD }
            return transfer.openSocket(to: target)
        })
    }

    deinit {
        curl_slist_free_all(headerList)
    }

    /// The moment at which the transfer has taken too long, as far as it got.
    var deadline: MonotonicInstant {
        guard headBytes > 0 else { return min(call.request.firstByteDeadline, call.request.totalDeadline) }
        guard let pipe else { return call.request.totalDeadline }
        // While the reader takes nothing the sender cannot be late.
        return (pipe.isHeldUp ? .now : lastPiece).advanced(by: call.request.total)
    }

    /// Whether it is all of the answer, or its next piece, that is overdue, and not its first byte.
    func isTotalOverdue(at now: MonotonicInstant) -> Bool {
        pipe != nil && headBytes > 0 || call.request.totalDeadline <= now
    }

    /// Has libcurl offer again what the pipe had no room for.
    func goOn() {
        lastPiece = .now
        curl_easy_pause(easy.raw, CURLPAUSE_CONT)
    }

    /// Ends the call.
    ///
    /// A transfer that we ended ourselves, or that brought no final answer, is a failure.
    func end(with code: CURLcode) {
        let status = easy.responseStatus
        if code == CURLE_OK, intervention == nil, status >= 200, isHeadComplete {
            call.end(with: .answered(status: status, head: head, body: body))
        } else {
            // libcurl takes a header that breaks off for a complete answer with an empty body.
            let code = code == CURLE_OK ? CURLE_PARTIAL_FILE : code
            // Another address of the same host may have been allowed; only if none was it the reason.
            if hasRefusedAddress, announcements == 0, intervention == nil { intervention = .addressRefused }
            call.end(with: .failed(facts(code).failure))
        }
    }

    private func facts(_ code: CURLcode) -> TransferFacts {
        TransferFacts(
            code: Int(code.rawValue),
            intervention: intervention,
            wasAnnounced: announcements > 0,
            requestBytes: easy.requestBytes,
            usesProxy: call.request.profile.proxy != nil,
            errorText: easy.errorText
        )
    }

    // MARK: - Called by libcurl

    /// Lets a request go out, or keeps a message from going out twice.
    ///
    /// libcurl sends a request again, a POST as well, when a reused connection closes before the first byte of an answer;
    /// no option turns that off. Three things prevent it:
    /// - `CURLOPT_FRESH_CONNECT`: nothing is reused. Safe for every method, at the price of a handshake for each message
    ///   and of thousands of ports in TIME_WAIT under load.
    /// - A body that cannot be rewound: reuses connections, but a GET or DELETE has no body to rewind, and neither has a
    ///   POST whose connection died between its header and its body.
    /// - This call, which libcurl makes each time it is about to put the request on a connection, the first time as the
    ///   second: refusing the second announcement is exact, for every method, and connections are reused.
    ///
    /// What remains is the doubt when a server closes an idle connection just as we use it; the message is then reported
    /// as maybe sent, once, and short idle times make it rare.
    private func announce(to address: UnsafePointer<CChar>?) -> Bool {
        // A reused connection was perhaps opened by a transfer to which every address is allowed.
        guard isAllowed(address) else {
            intervention = .addressRefused
            return false
        }
        announcements += 1
        if announcements > 1, call.request.resend == .never {
            intervention = .resendPrevented
            return false
        }
        return true
    }

    /// Reads more of the body; nil where that is not possible, which ends the transfer.
    private func readBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = bodyReader?.read(into: buffer)
        if count == nil { intervention = .bodyUnreadable }
        return count
    }

    private func isAllowed(_ address: UnsafePointer<CChar>?) -> Bool {
        let policy = call.request.profile.addresses
        guard !policy.allowsEverything else { return true }
        return address.flatMap { IPAddress(String(cString: $0)) }.map(policy.permits) ?? false
    }

    /// Opens a socket if the address that it is for is allowed: what is not allowed does not even see us knock.
    private func openSocket(to target: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        // The address reaches beyond the end of its field: it is read where it stands.
        let address = MemoryLayout<curl_sockaddr>.offset(of: \.addr).flatMap { offset in
            IPAddress(UnsafeRawPointer(target) + offset, byteCount: Int(target.pointee.addrlen))
        }
        guard let address, call.request.profile.addresses.permits(address) else {
            hasRefusedAddress = true
            return CURL_SOCKET_BAD
        }
        let (family, type) = (target.pointee.family, target.pointee.socktype)
        return socket(family, type | Int32(SOCK_CLOEXEC.rawValue), target.pointee.protocol)
    }

    private func receiveHead(_ line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        headLines += 1
        if pipe != nil { lastPiece = .now }
        guard headBytes <= ResponseHead.maximumBytes, headLines <= ResponseHead.maximumLines else {
            intervention = .tooLarge
            return false
        }
        if line.starts(with: "HTTP/".utf8) {
            // An interim answer (1xx) may stand before the final one.
            head.removeAll(keepingCapacity: true)
            isHeadComplete = false
        }
        // What comes after the empty line are the trailers of a chunked body, which nobody has asked for.
        if !isHeadComplete {
            head.append(contentsOf: line)
            isHeadComplete = line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n")
            if isHeadComplete, let pipe {
                let status = easy.responseStatus
                if status >= 200 { pipe.begin(status: status, head: head) }
            }
        }
        return true
    }

    /// Takes bytes of the body.
    ///
    /// - Returns: What libcurl wants to be told: how many were taken, or that it shall offer them again later.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if let pipe {
            lastPiece = .now
            return pipe.offer(bytes) ? bytes.count : Int(CURL_WRITEFUNC_PAUSE)
        }
        guard body.count + bytes.count <= call.request.maximumResponseBytes else {
            intervention = .tooLarge
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// The transfer that libcurl was given as `context`.
    static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The lines as libcurl wants them; `nil` when there is no memory for them, never because there are none.
    private static func list(of lines: [UInt8]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        lines.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var start = 0
            while start < bytes.count {
                let line = (base + start).assumingMemoryBound(to: CChar.self)
                guard let longer = curl_slist_append(list, line) else {
                    curl_slist_free_all(list)
                    list = nil
                    return
                }
                list = longer
                while bytes[start] != 0 {
                    start += 1
                }
                start += 1
            }
        }
        return list
    }
}
