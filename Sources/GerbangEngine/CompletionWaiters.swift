internal import GerbangCore
internal import Synchronization

/// Those who wait in this process for a request to end. A hint: whoever is woken reads the store.
final class CompletionWaiters: Sendable {
    private struct Waiter: Sendable {
        var number: UInt64
        /// `nil` until the waiter sleeps.
        var continuation: CheckedContinuation<Void, Never>?
    }

    private struct State: Sendable {
        var next: UInt64 = 0
        var waiting: [RequestID: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    /// Waits until the request has ended or the task is cancelled.
    ///
    /// - Parameter isOver: Asked once the waiter is in its place, so that an end in between is not missed.
    func wait(for id: RequestID, unless isOver: () async -> Bool) async {
        let number = state.withLock { state in
            state.next += 1
            state.waiting[id, default: []].append(Waiter(number: state.next))
            return state.next
        }
        guard await !isOver() else { return wake(id, number: number) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = state.withLock { state in
                    guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else { return true }
                    state.waiting[id]?[index].continuation = continuation
                    return false
                }
                if isAwake { continuation.resume() }
            }
        } onCancel: {
            wake(id, number: number)
        }
    }

    /// Wakes everybody who waits for the request.
    func wakeAll(_ id: RequestID) {
        let waiters = state.withLock { $0.waiting.removeValue(forKey: id) ?? [] }
        for waiter in waiters { waiter.continuation?.resume() }
    }

    /// Takes one waiter from its place; one that is not asleep yet will find that out when it wants to sleep.
    private func wake(_ id: RequestID, number: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else { return nil }
            let waiter = state.waiting[id]?.remove(at: index)
            if state.waiting[id]?.isEmpty == true { state.waiting[id] = nil }
            return waiter
        }
        waiter?.continuation?.resume()
    }
}
