public import GerbangCore
internal import Synchronization

/// A clock that stands still until a test moves it, so that no test waits for real time to pass.
///
/// ```swift
/// let clock = ManualClock()
/// async let slept: Void = clock.sleep(until: clock.now() + .seconds(60))
/// await clock.waitForSleepers(1)
/// clock.advance(by: .seconds(60))
/// ```
public final class ManualClock: WallClock, Sendable {
    private struct Sleeper: Sendable {
        var number: UInt64
        var moment: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher: Sendable {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var now: Timestamp
        var next: UInt64 = 0
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
        /// Sleepers whose task was cancelled before they lay down.
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    /// Monday, 5 January 2026, 09:00 in Jakarta: within anybody's service hours.
    public static let start = Timestamp(milliseconds: 1_767_578_400_000)

    /// Creates a clock that stands at `moment`.
    public init(now moment: Timestamp = ManualClock.start) {
        state = Mutex(State(now: moment))
    }

    /// The moment at which the clock stands.
    public func now() -> Timestamp { state.withLock { $0.now } }

    /// How many tasks sleep on this clock.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// The moment that the next sleeper waits for; `nil` when nobody sleeps.
    public var nextWakeUp: Timestamp? { state.withLock { $0.sleepers.map(\.moment).min() } }

    /// Waits until the clock has been moved to `moment` or past it.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(until moment: Timestamp) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                lieDown(Sleeper(number: number, moment: moment, continuation: continuation))
            }
        } onCancel: {
            cancel(number)
        }
    }

    /// Moves the clock by `duration`, backwards if it is negative, and wakes whoever is due, earliest first.
    public func advance(by duration: Duration) {
        set(to: now() + duration)
    }

    /// Moves the clock to `moment` and wakes whoever is due, earliest first.
    public func set(to moment: Timestamp) {
        let due = state.withLock { state in
            state.now = moment
            let due = state.sleepers.filter { $0.moment <= moment }
            state.sleepers.removeAll { $0.moment <= moment }
            return due
        }
        for sleeper in due.sorted(by: { ($0.moment, $0.number) < ($1.moment, $1.number) }) {
            sleeper.continuation.resume()
        }
    }

    /// Waits until at least `count` tasks sleep on this clock.
    public func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                guard state.sleepers.count < count else { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }

    private enum Bed: Sendable {
        case over
        case cancelled
        case asleep([Watcher])
    }

    private func lieDown(_ sleeper: Sleeper) {
        let bed = state.withLock { state -> Bed in
            guard !state.cancelled.contains(sleeper.number) else { return .cancelled }
            guard sleeper.moment > state.now else { return .over }
            state.sleepers.append(sleeper)
            let count = state.sleepers.count
            let satisfied = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return .asleep(satisfied)
        }
        switch bed {
        case .over: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        case .asleep(let watchers): for watcher in watchers { watcher.continuation.resume() }
        }
    }

    private func cancel(_ number: UInt64) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
