/// How long to wait after each failure in a row.
public struct RetrySchedule: Sendable, Hashable {
    /// The waits after the first failures.
    public var delays: [Duration]
    /// The wait after all others.
    public var ceiling: Duration

    /// 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, then every 6 h.
    public static let standard = RetrySchedule(
        delays: [
            .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(3600), .seconds(7200),
            .seconds(14_400),
        ],
        ceiling: .seconds(21_600)
    )

    /// Creates a schedule.
    public init(delays: [Duration], ceiling: Duration) {
        self.delays = delays
        self.ceiling = ceiling
    }

    /// The wait after failure number `failures` (from 1): half of the schedule's delay is certain, half is random, so
    /// that requests which failed together do not come back together.
    ///
    /// - Parameter jitter: A random number from 0 to 1.
    public func delay(afterFailure failures: Int, jitter: Double) -> Duration {
        let delay = failures >= 1 && failures <= delays.count ? delays[failures - 1] : ceiling
        return delay / 2 + (delay / 2) * min(max(jitter, 0), 1)
    }
}
