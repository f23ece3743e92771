internal import GerbangCore
internal import Synchronization

/// Those who wait in this process for a request to end.
final class CompletionWaiters: Sendable {
    private struct Waiter: Sendable {
        var number: UInt64
        /// `nil` until the waiter sleeps.
        var continuation: CheckedContinuation<RequestRecord?, Never>?
    }

    private struct State: Sendable {
        var next: UInt64 = 0
        var waiting: [RequestID: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    /// Waits until the request has ended or the task is cancelled.
    ///
    /// - Parameter isOver: Asked once the waiter is in its place, so that an end in between is not missed.
    /// - Returns: The request as it ended; `nil` when it is not known here and the store must be asked.
    @discardableResult
    func wait(for id: RequestID, unless isOver: () async -> Bool) async -> RequestRecord? {
        let number = state.withLock { state in
            state.next += 1
            state.waiting[id, default: []].append(Waiter(number: state.next))
            return state.next
        }
        guard await !isOver() else {
            wake(id, number: number)
            return nil
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = state.withLock { state in
                    guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else { return true }
                    state.waiting[id]?[index].continuation = continuation
                    return false
                }
                if isAwake { continuation.resume(returning: nil) }
            }
        } onCancel: {
            wake(id, number: number)
        }
    }

    /// Wakes everybody who waits for the request, and tells them how it ended.
    func wakeAll(_ id: RequestID, with record: RequestRecord? = nil) {
        let waiters = state.withLock { $0.waiting.removeValue(forKey: id) ?? [] }
        for waiter in waiters { waiter.continuation?.resume(returning: record) }
    }

    /// Takes one waiter from its place; one that is not asleep yet will find that out when it wants to sleep.
    private func wake(_ id: RequestID, number: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else { return nil }
            let waiter = state.waiting[id]?.remove(at: index)
            if state.waiting[id]?.isEmpty == true { state.waiting[id] = nil }
            return waiter
        }
        waiter?.continuation?.resume(returning: nil)
    }
}
