internal import Glibc

/// A moment on the machine's monotonic clock, cheap to read and to compare.
package struct MonotonicInstant: Sendable, Hashable, Comparable {
    /// Nanoseconds since an arbitrary start.
    package var nanoseconds: Int64

    /// The present moment.
    package static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` later, rounded up to a millisecond.
    package func advanced(by duration: Duration) -> MonotonicInstant {
        advanced(byMilliseconds: Self.milliseconds(duration))
    }

    /// The moment `milliseconds` later.
    package func advanced(byMilliseconds milliseconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds + Int64(milliseconds) * 1_000_000)
    }

    /// The milliseconds from this moment until `other`, rounded up; zero when it has passed.
    package func milliseconds(until other: MonotonicInstant) -> Int {
        max(0, Int((other.nanoseconds - nanoseconds + 999_999) / 1_000_000))
    }

    /// A duration in milliseconds, rounded up: at least one, at most about 24 days, which every C interface can hold.
    package static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
