internal import GerbangCore
internal import GerbangTesting
internal import Synchronization
internal import Testing

@Suite("Manual clock", .timeLimit(.minutes(10)))
struct ManualClockTests {
    private final class Log: Sendable {
        private let state = Mutex<[Int]>([])
        var entries: [Int] { state.withLock { $0 } }
        func add(_ entry: Int) { state.withLock { $0.append(entry) } }
    }

    @Test("sleepers wake when their moment has come, and not before")
    func wakes() async throws {
        let clock = ManualClock()
        let woken = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [30, 10, 20] {
                group.addTask {
                    try await clock.sleep(until: ManualClock.start + .seconds(seconds))
                    woken.add(seconds)
                }
            }
            await clock.waitForSleepers(3)
            #expect(clock.nextWakeUp == ManualClock.start + .seconds(10))
            clock.advance(by: .milliseconds(9999))
            #expect(clock.sleeperCount == 3)
            for (step, expected) in [(1, 1), (10_000, 2), (10_000, 3)] {
                clock.advance(by: .milliseconds(step))
                try await eventually("one more is awake") { woken.entries.count == expected }
            }
            try await group.waitForAll()
        }
        #expect(woken.entries == [10, 20, 30])
    }

    @Test("a moment that has passed is not waited for, even when the task is cancelled")
    func past() async throws {
        let clock = ManualClock()
        try await clock.sleep(until: clock.now())
        try await clock.sleep(until: clock.now() + .seconds(-5))
        #expect(clock.sleeperCount == 0)
    }

    @Test("a cancelled sleeper wakes with an error, before and after it lies down")
    func cancellation() async throws {
        let clock = ManualClock()
        for waits in [true, false] {
            let sleeper = Task { try await clock.sleep(until: ManualClock.start + .seconds(60)) }
            if waits { await clock.waitForSleepers(1) }
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("the clock can be set back, and then wakes nobody early")
    func back() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(until: ManualClock.start + .seconds(60)) }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(-3600))
        clock.advance(by: .seconds(3659))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        try await sleeper.value
    }
}
