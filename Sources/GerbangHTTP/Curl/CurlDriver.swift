internal import CCurl
internal import GerbangCore
internal import Glibc

/// The loop that runs all transfers of one ``CurlTransport`` on one thread.
///
/// The system tells which sockets are ready (epoll) and only those are touched, so that a thousand connections that
/// wait for a slow agency cost the others nothing.
final class CurlDriver {
    private static let maximumSpareHandles = 128
    /// How many connections libcurl may hold before it closes idle ones instead of keeping them for reuse.
    ///
    /// It counts busy ones as well, so a small number would end reuse when one agency hangs. Those that are idle for long are closed by age.
    private static let maximumConnections = 4096
    private static let eventsPerLook = 64

    private let mailbox: Mailbox
    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var spareHandles: [EasyHandle] = []
    /// When libcurl wants to be called without a socket being ready.
    private var timer: MonotonicInstant?
    /// No transfer is overdue before this moment; it may be too early, never too late.
    private var nextDeadline: MonotonicInstant?

    init?(mailbox: Mailbox) {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { return nil }
        guard let multi = curl_multi_init() else {
            close(epoll)
            return nil
        }
        self.mailbox = mailbox
        self.multi = multi
        self.epoll = epoll
        watch(mailbox.bell, for: EPOLLIN.rawValue | EPOLLET.rawValue, EPOLL_CTL_ADD)
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.maximumConnections)
        _ = ccurl_multi_set_socket(
            multi,
            { _, socket, wish, context, known in
                CurlDriver.of(context)?.watch(socket, wish: wish, isKnown: known != nil)
                return 0
            },
            context
        )
        _ = ccurl_multi_set_timer(
            multi,
            { _, milliseconds, context in
                CurlDriver.of(context)?.timer =
                    milliseconds < 0 ? nil : MonotonicInstant.now.advanced(byMilliseconds: milliseconds)
                return 0
            },
            context
        )
    }

    deinit {
        spareHandles.removeAll()
        curl_multi_cleanup(multi)
        close(epoll)
    }

    /// Runs until the mailbox is closed; every call that is still under way then ends as cancelled.
    func run() {
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventsPerLook)
        while true {
            let batch = mailbox.take()
            for call in batch.calls {
                start(call)
            }
            for ticket in batch.cancellations {
                if let transfer = transfers[ObjectIdentifier(ticket)] {
                    abandon(transfer, .cancelled)
                }
            }
            for ticket in batch.resumptions {
                transfers[ObjectIdentifier(ticket)]?.goOn()
            }
            if batch.isClosed {
                break
            }
            runTimer()
            finishEnded()
            abandonOverdue()
            wait(&events)
        }
        for transfer in transfers.values {
            abandon(transfer, .cancelled)
        }
    }

    /// Ends every call in a closed mailbox for which there is no driver.
    static func refuseAll(in mailbox: Mailbox) {
        for call in mailbox.take().calls {
            call.end(with: .failed(WireFailure(.cancelled, .notSent)))
        }
    }

    // MARK: - Transfers

    private func start(_ call: Call) {
        guard !call.ticket.isCancelled else {
            call.end(with: .failed(WireFailure(.cancelled, .notSent)))
            return
        }
        guard let easy = spareHandles.popLast() ?? EasyHandle() else {
            call.end(with: .failed(WireFailure(.unsendable, .notSent, detail: "no memory for a transfer")))
            return
        }
        let transfer = Transfer(call, easy: easy)
        // A message never goes out with only some of its settings.
        if let refusal = easy.refusal {
            transfer.end(with: refusal)
            return
        }
        let code = curl_multi_add_handle(multi, easy.raw)
        guard code == CURLM_OK else {
            transfer.end(with: CURLE_FAILED_INIT)
            return
        }
        transfers[ObjectIdentifier(call.ticket)] = transfer
        let deadline = transfer.deadline
        nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
    }

    private func finishEnded() {
        var raw: UnsafeMutableRawPointer?
        var code = CURLE_OK
        while ccurl_multi_next_ended(multi, &raw, &code) {
            guard let raw, let transfer = Transfer.of(ccurl_info_private(raw)) else { continue }
            remove(transfer, code)
        }
    }

    private func abandon(_ transfer: Transfer, _ reason: TransferFacts.Intervention) {
        transfer.intervention = reason
        remove(transfer, CURLE_ABORTED_BY_CALLBACK)
    }

    private func remove(_ transfer: Transfer, _ code: CURLcode) {
        curl_multi_remove_handle(multi, transfer.easy.raw)
        transfers[ObjectIdentifier(transfer.call.ticket)] = nil
        transfer.end(with: code)
        if spareHandles.count < Self.maximumSpareHandles {
            spareHandles.append(transfer.easy)
        }
    }

    private func abandonOverdue() {
        guard let due = nextDeadline else { return }
        let now = MonotonicInstant.now
        guard due <= now else { return }
        for transfer in transfers.values where transfer.deadline <= now {
            abandon(transfer, transfer.isTotalOverdue(at: now) ? .totalOverdue : .firstByteOverdue)
        }
        nextDeadline = transfers.values.lazy.map(\.deadline).min()
    }

    // MARK: - Waiting

    private func runTimer() {
        // Work that libcurl wants done at once may ask for more of the same; sockets get their turn in between.
        guard let due = timer, due <= MonotonicInstant.now else { return }
        timer = nil
        var running: Int32 = 0
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
        finishEnded()
    }

    private func wait(_ events: inout [epoll_event]) {
        var milliseconds: Int32 = 0
        if mailbox.prepareToSleep() {
            milliseconds = pause
        }
        let count = epoll_wait(epoll, &events, Int32(Self.eventsPerLook), milliseconds)
        guard count > 0 else { return }
        var running: Int32 = 0
        for event in events[..<Int(count)] where event.data.fd != mailbox.bell {
            var readiness: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 {
                readiness |= CURL_CSELECT_IN
            }
            if event.events & EPOLLOUT.rawValue != 0 {
                readiness |= CURL_CSELECT_OUT
            }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                readiness |= CURL_CSELECT_ERR
            }
            curl_multi_socket_action(multi, event.data.fd, readiness, &running)
        }
    }

    /// How long to wait at most, in milliseconds; negative for ever.
    private var pause: Int32 {
        guard let next = [timer, nextDeadline].compactMap(\.self).min() else { return -1 }
        return Int32(clamping: MonotonicInstant.now.milliseconds(until: next))
    }

    private func watch(_ socket: Int32, wish: Int32, isKnown: Bool) {
        switch wish {
        case CURL_POLL_REMOVE:
            // The socket may already be closed, which has removed it.
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
        default:
            var interest: UInt32 = 0
            if wish & CURL_POLL_IN != 0 {
                interest |= EPOLLIN.rawValue
            }
            if wish & CURL_POLL_OUT != 0 {
                interest |= EPOLLOUT.rawValue
            }
            watch(socket, for: interest, isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD)
            if !isKnown {
                // Any pointer will do: libcurl hands it back as the sign that the socket is known.
                curl_multi_assign(multi, socket, multi)
            }
        }
    }

    private func watch(_ socket: Int32, for interest: UInt32, _ operation: Int32) {
        var event = epoll_event(events: interest, data: epoll_data_t(fd: socket))
        epoll_ctl(epoll, operation, socket, &event)
    }

    /// The driver that libcurl was given as `context`.
    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlDriver? {
        context.map { Unmanaged<CurlDriver>.fromOpaque($0).takeUnretainedValue() }
    }
}
