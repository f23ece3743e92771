/// The source of the present moment and of waiting. Injected everywhere, so that tests own time.
public protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
    /// Waits until `moment` has come; returns at once if it has passed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until moment: Timestamp) async throws
}
