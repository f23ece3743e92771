internal import GerbangCore
internal import Synchronization

/// Those who wait in this process for a request to end, or for its next event.
final class CompletionWaiters: Sendable {
    private struct Waiter: Sendable {
        var number: UInt64
        /// When the waiter goes on in any case.
        var moment: Timestamp
        /// `nil` until the waiter sleeps.
        var continuation: CheckedContinuation<RequestRecord?, Never>?
    }

    private struct State: Sendable {
        var next: UInt64 = 0
        var waiting: [RequestID: [Waiter]] = [:]
        /// The latest requests of this process that have not ended: the store need not be asked about them.
        var open: Set<RequestID> = []
        /// All that were put into ``open``, in a ring.
        var latest: [RequestID] = []
        var turn = 0
        /// Whether nobody waits any longer.
        var isClosed = false
        /// When ``timer`` looks for waiters whose moment has come; `nil` while there is none.
        var nextLook: Timestamp?
        var timer: Task<Void, Never>?
    }

    /// How many requests are known to be open at most.
    private static let memory = 1024

    private let clock: any WallClock
    private let state = Mutex(State())

    init(clock: any WallClock) {
        self.clock = clock
    }

    /// Notes that a request is about to be accepted here, so that its end cannot be missed.
    func expect(_ id: RequestID) {
        state.withLock { state in
            if state.latest.count < Self.memory {
                state.latest.append(id)
            } else {
                state.open.remove(state.latest[state.turn])
                state.latest[state.turn] = id
                state.turn = (state.turn + 1) % Self.memory
            }
            state.open.insert(id)
        }
    }

    /// Waits until the request has ended, `moment` has come or the task is cancelled.
    ///
    /// - Parameter isOver: Asked once the waiter is in its place, so that an end in between is not missed; not asked
    ///   about a request that is known to be open.
    /// - Returns: The request as it ended; `nil` when it is not known here and the store must be asked.
    @discardableResult
    func wait(for id: RequestID, until moment: Timestamp, unless isOver: () async -> Bool) async -> RequestRecord? {
        let place = state.withLock { state -> (number: UInt64, isOpen: Bool)? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.waiting[id, default: []].append(Waiter(number: state.next, moment: moment))
            return (state.next, state.open.contains(id))
        }
        guard let (number, isOpen) = place else { return nil }
        if !isOpen, await isOver() {
            wake(id, number: number)
            return nil
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = state.withLock { state in
                    guard let index = state.waiting[id]?.firstIndex(where: { $0.number == number }) else { return true }
                    state.waiting[id]?[index].continuation = continuation
                    look(at: moment, &state)
                    return false
                }
                if isAwake { continuation.resume(returning: nil) }
            }
        } onCancel: {
            wake(id, number: number)
        }
    }

    /// Whether ``close()`` was called.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lets everybody who waits go on, and nobody wait from now on.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            state.timer?.cancel()
            defer { state.waiting = [:] }
            return state.waiting.values.joined().map(\.self)
        }
        for waiter in waiters { waiter.continuation?.resume(returning: nil) }
    }

    /// Sees to it that the moment is not missed. One timer serves all: a task for every waiter costs more than the
    /// wait itself.
    private func look(at moment: Timestamp, _ state: inout State) {
        if let nextLook = state.nextLook, nextLook <= moment { return }
        state.timer?.cancel()
        state.nextLook = moment
        state.timer = Task { [weak self, clock] in
            do { try await clock.sleep(until: moment) } catch { return }
            self?.wakeThoseWhoseMomentHasCome()
        }
    }

    private func wakeThoseWhoseMomentHasCome() {
        let now = clock.now()
        let late = state.withLock { state in
            var late: [Waiter] = []
            for (id, waiters) in state.waiting where waiters.contains(where: { $0.moment <= now }) {
                late += waiters.filter { $0.moment <= now }
                let others = waiters.filter { $0.moment > now }
                state.waiting[id] = others.isEmpty ? nil : others
            }
            state.nextLook = nil
            if let next = state.waiting.values.joined().map(\.moment).min() { look(at: next, &state) }
            return late
        }
        for waiter in late { waiter.continuation?.resume(returning: nil) }
    }

    /// Wakes everybody who waits for the request, and tells them how it ended.
    func wakeAll(_ id: RequestID, with record: RequestRecord? = nil) {
        let waiters = state.withLock { state in
            state.open.remove(id)
            return state.waiting.removeValue(forKey: id) ?? []
        }
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
