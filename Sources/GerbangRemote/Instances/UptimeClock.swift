public import GerbangCore

/// A clock that nobody sets, and that stands still while the machine sleeps.
///
/// Silence is measured with it: that the machine's time was corrected, or that this process could not listen itself, is
/// not the instances' silence. Its moments are counted from the process's start and mean nothing elsewhere.
public struct UptimeClock: WallClock {
    private let start = SuspendingClock.now

    /// Creates a clock that begins now.
    public init() {}

    /// The time since the clock was made.
    public func now() -> Timestamp { Timestamp(milliseconds: 0) + (SuspendingClock.now - start) }

    /// Waits until `moment`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(until moment: Timestamp) async throws {
        let wait = moment - now()
        guard wait > .zero else { return }
        try await Task.sleep(for: wait, clock: .suspending)
    }
}
