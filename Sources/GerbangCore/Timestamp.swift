/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds since the Unix epoch.
    public var milliseconds: Int64

    /// Creates a point in time from milliseconds since the Unix epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Creates a point in time from a civil date and time of day in `zone`; `nil` when there is no such day or time.
    public init?(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        zone: Zone = .utc
    ) {
        guard let date = CivilDate(year: year, month: month, day: day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(milliseconds: (seconds - Int64(zone.secondsFromUTC)) * 1000)
    }

    /// The civil date at this moment in `zone`.
    public func date(in zone: Zone) -> CivilDate {
        CivilDate(daysSinceEpoch: Int((localSeconds(in: zone)).flooringDivide(86_400)))
    }

    /// Seconds since local midnight in `zone`.
    public func secondOfDay(in zone: Zone) -> Int {
        let seconds = localSeconds(in: zone)
        return Int(seconds - seconds.flooringDivide(86_400) * 86_400)
    }

    /// The next local midnight in `zone` that is later than this moment.
    public func nextMidnight(in zone: Zone) -> Timestamp {
        let nextDay = Int64(date(in: zone).daysSinceEpoch + 1)
        let seconds = nextDay * 86_400 - Int64(zone.secondsFromUTC)
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return Timestamp(milliseconds: overflow ? (seconds < 0 ? .min : .max) : milliseconds)
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-01-31T08:15:30.250Z`.
    public var description: String { text(in: .utc) }

    /// RFC 3339 with milliseconds and the offset of `zone`.
    public func text(in zone: Zone) -> String {
        let day = date(in: zone)
        let second = secondOfDay(in: zone)
        let fraction = Int((milliseconds % 1000 + 1000) % 1000)
        // Four of these are in every answer of the API, so they are written digit by digit.
        let time = String(unsafeUninitializedCapacity: 13) { buffer in
            var position = 0
            func write(_ mark: Unicode.Scalar, _ number: Int, _ width: Int) {
                buffer[position] = UInt8(ascii: mark)
                var rest = number
                for digit in stride(from: position + width, to: position, by: -1) {
                    buffer[digit] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                position += width + 1
            }
            write("T", second / 3600, 2)
            write(":", second / 60 % 60, 2)
            write(":", second % 60, 2)
            write(".", fraction, 3)
            return position
        }
        return "\(day)\(time)\(zone.offsetText)"
    }

    /// The point in time `duration` later, in whole milliseconds; stops at the ends of what can be told.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from `earlier` to `later`; stops at the ends of what can be told.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? (later < earlier ? .min : .max) : difference)
    }

    /// Whether `left` is earlier than `right`.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    private func localSeconds(in zone: Zone) -> Int64 {
        milliseconds.flooringDivide(1000) + Int64(zone.secondsFromUTC)
    }
}

extension Timestamp {
    /// Reads RFC 3339 with `Z` or a numeric offset; fractions finer than a millisecond are cut off.
    public init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
            let second = scanner.digits(2)
        else { return nil }
        let fraction = scanner.skip(".") ? scanner.fraction() : 0
        guard let fraction, let zone = scanner.zone(), scanner.isAtEnd,
            let whole = Timestamp(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                zone: zone
            )
        else { return nil }
        self.init(milliseconds: whole.milliseconds + Int64(fraction))
    }
}

/// A fixed offset from UTC. Indonesia has three zones and no daylight saving time.
public struct Zone: Sendable, Hashable {
    /// Seconds to add to UTC.
    public let secondsFromUTC: Int

    /// Creates a zone from its offset in seconds.
    public init(secondsFromUTC: Int) {
        self.secondsFromUTC = secondsFromUTC
    }

    /// Coordinated universal time.
    public static let utc = Zone(secondsFromUTC: 0)
    /// Waktu Indonesia Barat, UTC+7.
    public static let wib = Zone(secondsFromUTC: 7 * 3600)
    /// Waktu Indonesia Tengah, UTC+8.
    public static let wita = Zone(secondsFromUTC: 8 * 3600)
    /// Waktu Indonesia Timur, UTC+9.
    public static let wit = Zone(secondsFromUTC: 9 * 3600)

    /// The zone called `name`: `UTC`, `WIB`, `WITA` or `WIT`.
    public init?(name: String) {
        switch name.uppercased() {
        case "UTC": self = .utc
        case "WIB": self = .wib
        case "WITA": self = .wita
        case "WIT": self = .wit
        default: return nil
        }
    }

    /// `Z`, or the offset as `+07:00`.
    var offsetText: String {
        guard secondsFromUTC != 0 else { return "Z" }
        let minutes = abs(secondsFromUTC) / 60
        let sign = secondsFromUTC < 0 ? "-" : "+"
        return "\(sign)\(Padding.zeros(minutes / 60, 2)):\(Padding.zeros(minutes % 60, 2))"
    }
}

extension Duration {
    /// The whole milliseconds of the duration, rounded towards zero, clamped to 64 bits.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, tooFar) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || tooFar ? (seconds < 0 ? .min : .max) : sum
    }
}

extension Int64 {
    fileprivate func flooringDivide(_ divisor: Int64) -> Int64 {
        self % divisor < 0 ? self / divisor - 1 : self / divisor
    }
}
