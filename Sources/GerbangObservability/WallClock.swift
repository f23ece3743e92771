internal import Glibc

/// A moment on the wall clock, in the two notations that log lines need.
struct WallClock: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    var seconds: Int64
    /// Milliseconds within the second, 0 to 999.
    var milliseconds: Int64

    static func now() -> WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallClock(seconds: Int64(time.tv_sec), milliseconds: Int64(time.tv_nsec) / 1_000_000)
    }

    /// Appends `2026-11-22T02:37:20.123Z` (RFC 3339, UTC, always 24 characters for years 0 to 9999).
    func appendTimestamp(to bytes: inout [UInt8]) {
        let days = seconds.quotient(floor: 86_400)
        let (year, month, day) = Self.civil(days: days)
        bytes.append(number: year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: day, width: 2)
        bytes.append(UInt8(ascii: "T"))
        appendTimeOfDay(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Appends `02:37:20.123` (UTC).
    func appendTimeOfDay(to bytes: inout [UInt8]) {
        let second = seconds - seconds.quotient(floor: 86_400) * 86_400
        bytes.append(number: second / 3_600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: second / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: second % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.append(number: milliseconds, width: 3)
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are counted from March here, so that the leap day is the last day of a year and of its 400-year cycle.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let daysFromMarchZero = days + 719_468
        let cycle = daysFromMarchZero.quotient(floor: 146_097)
        let dayOfCycle = daysFromMarchZero - cycle * 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func quotient(floor divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension [UInt8] {
    /// Appends a non-negative number in decimal, padded with zeros on the left.
    fileprivate mutating func append(number: Int64, width: Int) {
        var rest = UInt32(truncatingIfNeeded: number)
        let start = count
        for _ in 0..<width { append(UInt8(ascii: "0")) }
        var index = start + width
        while rest > 0, index > start {
            index -= 1
            self[index] += UInt8(rest % 10)
            rest /= 10
        }
    }
}
