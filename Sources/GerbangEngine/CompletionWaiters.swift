internal import GerbangCore
internal import Synchronization

/// Those who wait in this process for a request to end. A hint: whoever is woken reads the store.
final class CompletionWaiters: Sendable {
    private struct Waiter: Sendable {
        var number: UInt64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var next: UInt64 = 0
        var waiting: [RequestID: [Waiter]] = [:]
        var abandoned: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Waits until the request has ended or the task is cancelled.
    ///
    /// - Parameter isOver: Asked once the waiter is in place, so that an end in between is not missed.
    func wait(for id: RequestID, unless isOver: @escaping @Sendable () async -> Bool) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.suspend(for: id, number: number)
            }
            group.addTask {
                if await isOver() { self.wake(id, number: number) }
            }
            await group.waitForAll()
        }
    }

    /// Wakes everybody who waits for the request.
    func wakeAll(_ id: RequestID) {
        let waiters = state.withLock { $0.waiting.removeValue(forKey: id) ?? [] }
        for waiter in waiters { waiter.continuation.resume() }
    }

    private func suspend(for id: RequestID, number: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAbandoned = state.withLock { state in
                    guard state.abandoned.remove(number) == nil else { return true }
                    state.waiting[id, default: []].append(Waiter(number: number, continuation: continuation))
                    return false
                }
                if isAbandoned { continuation.resume() }
            }
        } onCancel: {
            wake(id, number: number)
        }
        state.withLock { _ = $0.abandoned.remove(number) }
    }

    private func wake(_ id: RequestID, number: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else {
                state.abandoned.insert(number)
                return nil
            }
            let waiter = state.waiting[id]?.remove(at: index)
            if state.waiting[id]?.isEmpty == true { state.waiting[id] = nil }
            return waiter
        }
        waiter?.continuation.resume()
    }
}
