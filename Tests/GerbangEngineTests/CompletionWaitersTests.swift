internal import GerbangCore
internal import GerbangTesting
internal import Synchronization
internal import Testing

@testable internal import GerbangEngine

@Suite("Waiting for the end of a request", .timeLimit(.minutes(10)))
struct CompletionWaitersTests {
    private let clock = ManualClock()
    private let waiters: CompletionWaiters
    private var never: Timestamp { clock.now() + .seconds(86_400) }

    init() {
        waiters = CompletionWaiters(clock: clock)
    }

    private func id(_ number: UInt64) -> RequestID { RequestID(high: number, low: number) }

    /// Waits with a task of its own and says when that is over.
    private func wait(
        for id: RequestID,
        until moment: Timestamp? = nil,
        unless isOver: @escaping @Sendable () async -> Bool = { false }
    ) -> (task: Task<Void, Never>, isOver: @Sendable () -> Bool) {
        let done = Signal()
        let moment = moment ?? never
        let task = Task {
            await waiters.wait(for: id, until: moment, unless: isOver)
            done.set()
        }
        return (task, { done.isSet })
    }

    private final class Signal: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }

    @Test("everybody who waits for a request is woken, nobody else")
    func wakesAll() async throws {
        let asked = Mutex(0)
        let mine = (0..<20).map { _ in
            wait(for: id(1)) {
                asked.withLock { $0 += 1 }
                return false
            }
        }
        let other = wait(for: id(2))
        try await eventually("all have asked") { asked.withLock { $0 } == 20 }
        try await eventually("all are awake") {
            waiters.wakeAll(id(1))
            return mine.allSatisfy { $0.isOver() }
        }
        #expect(!other.isOver())
        other.task.cancel()
        await other.task.value
    }

    @Test("a request that has already ended is not waited for")
    func alreadyOver() async {
        await waiters.wait(for: id(1), until: never) { true }
    }

    @Test("cancelling ends the wait, whenever it comes")
    func cancellation() async throws {
        for number in UInt64(0)..<500 {
            let waiting = wait(for: id(number))
            if number % 3 == 0 { await Task.yield() }
            waiting.task.cancel()
            await waiting.task.value
        }
        let cancelled = Task { [waiters, never] in
            withUnsafeCurrentTask { $0?.cancel() }
            await waiters.wait(for: id(1), until: never) { false }
        }
        await cancelled.value
    }

    @Test("an end between the look at the store and the wait is not missed")
    func noLostWakeUp() async throws {
        // The request ends right after it was found not to have ended: the worst moment.
        let waiting = (0..<3000).map { number in
            let id = id(UInt64(number))
            return wait(for: id) { [waiters] in
                waiters.wakeAll(id)
                return false
            }
        }
        for _ in 0..<300_000 {
            if waiting.allSatisfy({ $0.isOver() }) { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        let missed = waiting.count { !$0.isOver() }
        for waiter in waiting { waiter.task.cancel() }
        #expect(missed == 0)
    }

    @Test("each waiter goes on when its own moment has come, also when an earlier one comes last")
    func moments() async throws {
        let late = wait(for: id(1), until: clock.now() + .seconds(60))
        let early = wait(for: id(1), until: clock.now() + .seconds(20))
        let other = wait(for: id(2), until: clock.now() + .seconds(40))
        let all = [early, other, late]
        try await eventually("the timer is set to the earliest") {
            clock.nextWakeUp == ManualClock.start + .seconds(20)
        }
        for (seconds, over) in [(19, 0), (20, 1), (40, 2), (60, 3)] {
            clock.set(to: ManualClock.start + .seconds(seconds))
            try await eventually("\(over) are over after \(seconds) s") { all.count { $0.isOver() } == over }
        }
    }

    @Test("a moment that has passed is not waited for")
    func momentInThePast() async {
        await waiters.wait(for: id(1), until: clock.now()) { false }
    }

    @Test("closing lets everybody go on and nobody wait any more")
    func closing() async throws {
        let waiting = (UInt64(0)..<20).map { wait(for: id($0)) }
        waiters.close()
        for waiter in waiting { await waiter.task.value }
        await waiters.wait(for: id(1), until: never) { false }
        try await eventually("the timer is gone") { clock.sleeperCount == 0 }
    }

    @Test("the store is not asked about a request that was accepted here, until it has ended")
    func expected() async {
        #expect(await isAskedAbout(7))
        waiters.expect(id(7))
        #expect(await !isAskedAbout(7))
        waiters.wakeAll(id(7))
        #expect(await isAskedAbout(7), "an end before the wait is only found out by asking")
    }

    @Test("of too many open requests the oldest are asked about again")
    func forgotten() async {
        for number in 1...1024 { waiters.expect(id(UInt64(number))) }
        #expect(await !isAskedAbout(1))
        waiters.expect(id(1025))
        #expect(await isAskedAbout(1))
        #expect(await !isAskedAbout(2))
        #expect(await !isAskedAbout(1025))
    }

    /// Whether a wait asks if the request is over. The task that waits is cancelled, so that it does not sleep.
    private func isAskedAbout(_ number: UInt64) async -> Bool {
        let asked = Signal()
        let task = Task { [waiters, never] in
            withUnsafeCurrentTask { $0?.cancel() }
            await waiters.wait(for: id(number), until: never) {
                asked.set()
                return true
            }
        }
        await task.value
        return asked.isSet
    }
}
