package import GerbangCore
internal import Synchronization

/// Where the driver thread leaves the pieces of an answer and a reader takes them.
///
/// It holds a bounded number of bytes. What does not fit stays in libcurl, then in the system's buffers, then with the
/// sender, until the reader has made room.
package final class ResponsePipe: Sendable {
    /// How an answer began.
    package enum Beginning: Sendable {
        case head(status: Int, [UInt8])
        case failed(WireFailure)
    }

    /// How reading went on.
    private typealias Piece = Result<[UInt8]?, WireFailure>

    private struct State: Sendable {
        var beginning: Beginning?
        var buffer: [UInt8] = []
        var end: Result<Void, WireFailure>?
        /// Whether bytes were refused and libcurl waits to be told that there is room.
        var isHeldUp = false
        var beginningWaiter: CheckedContinuation<Beginning, Never>?
        var pieceWaiters: [CheckedContinuation<Piece, Never>] = []
    }

    /// As soon as so many bytes wait, no more are taken: four of libcurl's pieces.
    package static let capacity = 64 << 10

    private let state = Mutex(State())
    private let thereIsRoom: @Sendable () -> Void

    /// Creates an empty pipe; `thereIsRoom` is called when bytes were refused and those before them are taken.
    package init(thereIsRoom: @escaping @Sendable () -> Void) {
        self.thereIsRoom = thereIsRoom
    }

    // MARK: - The driver's side

    /// Whether bytes were refused since the reader last took some.
    package var isHeldUp: Bool { state.withLock(\.isHeldUp) }

    /// Hands over the header.
    package func begin(status: Int, head: [UInt8]) {
        begin(.head(status: status, head))
    }

    /// Hands over bytes; `false` when there is no room for them, and they must be offered again.
    package func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Piece, Never>?) in
            if !state.pieceWaiters.isEmpty { return (true, state.pieceWaiters.removeFirst()) }
            guard state.buffer.count < Self.capacity else {
                state.isHeldUp = true
                return (false, nil)
            }
            state.buffer.append(contentsOf: bytes)
            return (true, nil)
        }
        waiter?.resume(returning: .success(Array(bytes)))
        return isTaken
    }

    /// Hands over the end: in order, or with a failure.
    package func finish(_ failure: WireFailure?) {
        let waiters = state.withLock { state in
            state.end = failure.map { .failure($0) } ?? .success(())
            defer { state.pieceWaiters = [] }
            return state.pieceWaiters
        }
        for waiter in waiters { waiter.resume(returning: failure.map { .failure($0) } ?? .success(nil)) }
        begin(.failed(failure ?? WireFailure(.malformed, .maybeSent, detail: "the answer has no header")))
    }

    private func begin(_ beginning: Beginning) {
        let waiter = state.withLock { state -> CheckedContinuation<Beginning, Never>? in
            guard state.beginning == nil else { return nil }
            state.beginning = beginning
            defer { state.beginningWaiter = nil }
            return state.beginningWaiter
        }
        waiter?.resume(returning: beginning)
    }

    // MARK: - The reader's side

    /// Waits for the header; to be called once.
    package func beginning() async -> Beginning {
        await withCheckedContinuation { continuation in
            let beginning = state.withLock { state in
                if state.beginning == nil { state.beginningWaiter = continuation }
                return state.beginning
            }
            if let beginning { continuation.resume(returning: beginning) }
        }
    }

    /// Waits for bytes and takes all that there are; `nil` at the end.
    package func next() async throws(WireFailure) -> [UInt8]? {
        let piece: Piece = await withCheckedContinuation { continuation in
            let (piece, wasHeldUp) = state.withLock { state -> (Piece?, Bool) in
                if !state.buffer.isEmpty {
                    defer {
                        state.buffer = []
                        state.isHeldUp = false
                    }
                    return (.success(state.buffer), state.isHeldUp)
                }
                if let end = state.end { return (end.map { nil }, false) }
                state.pieceWaiters.append(continuation)
                return (nil, false)
            }
            if wasHeldUp { thereIsRoom() }
            if let piece { continuation.resume(returning: piece) }
        }
        return try piece.get()
    }
}
