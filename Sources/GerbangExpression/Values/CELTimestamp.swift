public import GerbangCore

/// A moment between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z, to the nanosecond.
public struct CELTimestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public let seconds: Int64
    /// Nanoseconds after the whole second, 0 to 999,999,999.
    public let nanoseconds: Int32

    /// 1970-01-01T00:00:00Z.
    public static let epoch = CELTimestamp(unchecked: 0, 0)

    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Creates a moment; nil when it lies outside the range.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.range.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.init(unchecked: seconds, nanoseconds)
    }

    /// Creates a moment from the gateway's own form; nil when it lies outside the range.
    public init?(_ timestamp: Timestamp) {
        let seconds = timestamp.milliseconds.flooringDivision(by: 1000)
        self.init(seconds: seconds.quotient, nanoseconds: Int32(seconds.remainder) * 1_000_000)
    }

    private init(unchecked seconds: Int64, _ nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The moment in the gateway's own form, cut to whole milliseconds.
    public var timestamp: Timestamp {
        Timestamp(milliseconds: seconds * 1000 + Int64(nanoseconds / 1_000_000))
    }

    /// Whether `left` is earlier than `right`.
    public static func < (left: CELTimestamp, right: CELTimestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// RFC 3339 in UTC, with as many digits of the second as needed.
    public var description: String {
        let time = CivilTime(self, secondsFromUTC: 0)
        let date = "\(Padding.zeros(time.date.year, 4))-\(Self.pair(time.date.month))-\(Self.pair(time.date.day))"
        let clock = "\(Self.pair(time.hour)):\(Self.pair(time.minute)):\(Self.pair(time.second))"
        return "\(date)T\(clock)\(Fraction.text(Int(nanoseconds)))Z"
    }

    private static func pair(_ number: Int) -> String { Padding.zeros(number, 2) }

    func adding(_ duration: CELDuration) -> CELTimestamp? {
        let split = duration.nanoseconds.flooringDivision(by: 1_000_000_000)
        let sum = Int64(nanoseconds) + split.remainder
        let carry = sum.flooringDivision(by: 1_000_000_000)
        // Neither term comes near the ends of Int64.
        return CELTimestamp(seconds: seconds + split.quotient + carry.quotient, nanoseconds: Int32(carry.remainder))
    }

    func subtracting(_ duration: CELDuration) -> CELTimestamp? {
        let split = duration.nanoseconds.flooringDivision(by: 1_000_000_000)
        let difference = Int64(nanoseconds) - split.remainder
        let carry = difference.flooringDivision(by: 1_000_000_000)
        return CELTimestamp(seconds: seconds - split.quotient + carry.quotient, nanoseconds: Int32(carry.remainder))
    }

    /// The time from `earlier` to this moment, unless a duration cannot hold it.
    func since(_ earlier: CELTimestamp) -> CELDuration? {
        let (product, overflow) = (seconds - earlier.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return nil }
        let (sum, isTooLarge) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(earlier.nanoseconds))
        return isTooLarge ? nil : CELDuration(nanoseconds: sum)
    }

    /// Reads RFC 3339 with `Z` or a numeric offset; digits finer than a nanosecond are cut off.
    public init?(_ text: String) {
        var scanner = ByteScanner(text)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("T"), let hour = scanner.digits(2), scanner.skip(":"),
            let minute = scanner.digits(2), scanner.skip(":"), let second = scanner.digits(2),
            let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60
        else { return nil }
        var nanoseconds = 0
        if scanner.skip(".") {
            guard let fraction = scanner.fraction() else { return nil }
            nanoseconds = fraction
        }
        var offset = 0
        if !scanner.skip("Z") {
            let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
            guard sign != 0, let hours = scanner.digits(2), scanner.skip(":"), let minutes = scanner.digits(2),
                hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard scanner.isAtEnd else { return nil }
        let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(seconds: local - Int64(offset), nanoseconds: Int32(nanoseconds))
    }
}

/// A moment as the calendar and the clock of a place show it.
struct CivilTime {
    let date: CivilDate
    let secondOfDay: Int

    init(_ moment: CELTimestamp, secondsFromUTC: Int) {
        let split = (moment.seconds + Int64(secondsFromUTC)).flooringDivision(by: 86_400)
        date = CivilDate(daysSinceEpoch: Int(split.quotient))
        secondOfDay = Int(split.remainder)
    }

    var hour: Int { secondOfDay / 3600 }
    var minute: Int { secondOfDay / 60 % 60 }
    var second: Int { secondOfDay % 60 }

    /// 0 for 1 January.
    var dayOfYear: Int {
        date.daysSinceEpoch - CivilTime.daysSinceEpoch(year: date.year, month: 1, day: 1)
    }

    /// The number of a day, also of years that ``CivilDate`` does not take from outside.
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = Int64(marchYear).flooringDivision(by: 400)
        let yearOfEra = Int(era.remainder)
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return Int(era.quotient) * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int64 {
    /// The quotient rounded down, and the remainder, which is never negative.
    func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
