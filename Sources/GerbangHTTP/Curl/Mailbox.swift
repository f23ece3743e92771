internal import CCurl
internal import GerbangCore
internal import Glibc
internal import Synchronization

/// How a transfer ended, before the answer's header is taken apart on the caller's side.
enum TransferEnd: Sendable {
    case answered(status: Int, head: [UInt8], body: [UInt8])
    case failed(WireFailure)
}

/// The identity of a call, and whether it is still wanted.
///
/// A cancellation can overtake the call's own way to the driver thread. It is therefore noted here first and posted
/// afterwards: the thread either sees the note when it starts the call, or gets the post after it.
final class Ticket: Sendable {
    private let cancellation = Atomic<Bool>(false)

    var isCancelled: Bool { cancellation.load(ordering: .acquiring) }

    func cancel() {
        cancellation.store(true, ordering: .releasing)
    }
}

/// One message for the driver thread, and who waits for its answer.
struct Call: Sendable {
    /// Who takes the answer.
    enum Receiver: Sendable {
        /// Somebody who waits for all of it.
        case whole(CheckedContinuation<TransferEnd, Never>)
        /// Somebody who takes it piece by piece.
        case pieces(ResponsePipe)
    }

    let ticket: Ticket
    let request: PreparedRequest
    let receiver: Receiver

    /// Tells the receiver how the transfer ended.
    func end(with end: TransferEnd) {
        switch (receiver, end) {
        case (.whole(let continuation), _): continuation.resume(returning: end)
        case (.pieces(let pipe), .answered): pipe.finish(nil)
        case (.pieces(let pipe), .failed(let failure)): pipe.finish(failure)
        }
    }
}

/// What callers leave for the driver thread, with the bell that wakes it.
final class Mailbox: Sendable {
    /// What was left since the last look.
    struct Batch: Sendable {
        var calls: [Call] = []
        var cancellations: [Ticket] = []
        /// Calls that were held up since their reader had no room.
        var resumptions: [Ticket] = []
        var isClosed = false

        var isEmpty: Bool { calls.isEmpty && cancellations.isEmpty && resumptions.isEmpty && !isClosed }
    }

    private struct State: Sendable {
        var batch = Batch()
        var isThreadAsleep = false
    }

    /// An event counter of the system; watched edge-triggered, so that it never needs to be read.
    let bell: Int32
    private let state = Mutex(State())

    init?() {
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard bell >= 0 else { return nil }
    }

    deinit {
        close(bell)
    }

    /// Leaves a call; false when the mailbox is closed.
    func post(_ call: Call) -> Bool {
        change { batch in
            guard !batch.isClosed else { return false }
            batch.calls.append(call)
            return true
        }
    }

    /// Leaves word that a call is no longer wanted.
    func cancel(_ ticket: Ticket) {
        change { $0.cancellations.append(ticket) }
    }

    /// Leaves word that a call's reader has room again.
    func resume(_ ticket: Ticket) {
        change { $0.resumptions.append(ticket) }
    }

    /// Takes no more calls and has the thread end.
    func shut() {
        change { $0.isClosed = true }
    }

    /// Everything left so far.
    ///
    /// The mark of a closed mailbox stays.
    func take() -> Batch {
        state.withLock { state in
            state.isThreadAsleep = false
            guard !state.batch.isEmpty else { return Batch() }
            let batch = state.batch
            state.batch = Batch(isClosed: batch.isClosed)
            return batch
        }
    }

    /// Whether nothing is left, in which case the next change rings the bell.
    func prepareToSleep() -> Bool {
        state.withLock { state in
            state.isThreadAsleep = state.batch.isEmpty
            return state.isThreadAsleep
        }
    }

    private func change<Result: Sendable>(_ body: (inout Batch) -> Result) -> Result {
        let (result, mustRing) = state.withLock { state in
            let result = body(&state.batch)
            defer { state.isThreadAsleep = false }
            return (result, state.isThreadAsleep)
        }
        if mustRing {
            eventfd_write(bell, 1)
        }
        return result
    }
}
