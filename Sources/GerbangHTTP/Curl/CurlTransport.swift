internal import CCurl
public import GerbangCore
internal import Synchronization

/// The transport that uses libcurl, with all transfers on one thread of its own.
///
/// HTTP/1.1 over plain connections or TLS 1.2 and newer; connections are reused. Redirects are answers like any other,
/// nothing is decompressed, cookies are not kept, and neither environment variables nor `.netrc` change anything.
public final class CurlTransport: StreamingHTTPTransport, Sendable {
    private let mailbox: Mailbox
    private let thread: Mutex<DriverThread?>

    /// Starts the transport's thread.
    ///
    /// - Throws: ``GerbangCore/WireFailure`` of kind `unsendable` when the system has no descriptor or thread left.
    public init() throws(WireFailure) {
        guard Self.isLibraryReady, let mailbox = Mailbox() else {
            throw WireFailure(.unsendable, .notSent, detail: "the transport could not be started")
        }
        let thread = DriverThread(name: "gerbang-http") {
            if let driver = CurlDriver(mailbox: mailbox) {
                driver.run()
            } else {
                mailbox.shut()
                CurlDriver.refuseAll(in: mailbox)
            }
        }
        guard let thread else {
            throw WireFailure(.unsendable, .notSent, detail: "the transport's thread could not be started")
        }
        self.mailbox = mailbox
        self.thread = Mutex(thread)
    }

    deinit {
        shutdown()
    }

    /// Sends one message; see ``HTTPTransport``.
    public func send(_ request: OutboundRequest) async -> WireOutcome {
        let prepared: PreparedRequest
        do {
            prepared = try PreparedRequest(request, now: .now)
        } catch {
            return .failed(error)
        }
        let ticket = Ticket()
        let end = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !mailbox.post(Call(ticket: ticket, request: prepared, receiver: .whole(continuation))) {
                    continuation.resume(returning: .failed(WireFailure(.cancelled, .notSent)))
                }
            }
        } onCancel: {
            ticket.cancel()
            mailbox.cancel(ticket)
        }
        switch end {
        case .answered(let status, let head, let body):
            return .answered(WireResponse(status: status, headerFields: ResponseHead.fields(of: head), body: body))
        case .failed(let failure):
            return .failed(failure)
        }
    }

    /// Sends one message and hands its answer over as it comes; see ``StreamingHTTPTransport``.
    public func stream(_ request: OutboundRequest, body: StreamedBody?) async -> StreamOutcome {
        let prepared: PreparedRequest
        do {
            prepared = try PreparedRequest(request, isStreamed: true, streamedBody: body, now: .now)
        } catch {
            return .failed(error)
        }
        let lease = StreamLease(mailbox: mailbox)
        let pipe = ResponsePipe { [mailbox, ticket = lease.ticket] in mailbox.resume(ticket) }
        guard mailbox.post(Call(ticket: lease.ticket, request: prepared, receiver: .pieces(pipe))) else {
            return .failed(WireFailure(.cancelled, .notSent))
        }
        let beginning = await withTaskCancellationHandler {
            await pipe.beginning()
        } onCancel: {
            lease.end()
        }
        switch beginning {
        case .head(let status, let head):
            let body = ResponsePieces { () async throws(WireFailure) in
                let piece: Result<[UInt8]?, WireFailure> = await withTaskCancellationHandler {
                    do throws(WireFailure) {
                        return .success(try await pipe.next())
                    } catch {
                        return .failure(error)
                    }
                } onCancel: {
                    lease.end()
                }
                return try piece.get()
            }
            return .answered(
                StreamedResponse(status: status, headerFields: ResponseHead.fields(of: head), body: body)
            )
        case .failed(let failure):
            return .failed(failure)
        }
    }

    /// Ends the transport's thread and waits for it.
    ///
    /// Messages still under way end as cancelled, and so does every later one. Calling it again does nothing.
    public func shutdown() {
        mailbox.shut()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// libcurl's global set-up, done once by whoever comes first; this libcurl is built to allow that on any thread.
    ///
    /// It is never undone, since other parts of the process may use libcurl as well.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}

/// The right to go on with a transfer: it is given up when nobody has it any more.
private final class StreamLease: Sendable {
    let ticket = Ticket()
    private let mailbox: Mailbox

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    deinit {
        end()
    }

    func end() {
        ticket.cancel()
        mailbox.cancel(ticket)
    }
}
