/// The parts of a date or time, for checking and comparing.
struct DateText: Sendable {
    /// The parts that the type has; the others are those of the type's reference moment.
    private var year = 1972
    private var month = 12
    private var day = 31
    private var clock = Clock()
    /// Minutes east of Greenwich; nil without zone.
    private(set) var zone: Int?

    private struct Clock: Sendable {
        var hour = 0
        var minute = 0
        var second = 0
        var fraction = ""
    }

    init?(_ text: String, _ primitive: Primitive) {
        // Whole messages of dates pass here, so that bytes are looked at, not characters.
        var text = text
        let isRead = text.withUTF8 { bytes in
            var scanner = FieldScanner(bytes)
            return read(&scanner, primitive)
        }
        guard isRead else { return nil }
    }

    private mutating func read(_ scanner: inout FieldScanner, _ primitive: Primitive) -> Bool {
        switch primitive {
        case .dateTime: guard date(&scanner), scanner.take("T"), time(&scanner) else { return false }
        case .date: guard date(&scanner) else { return false }
        case .time: guard time(&scanner) else { return false }
        case .gYearMonth:
            guard let first = scanner.year(), scanner.take("-"), let second = scanner.pair(1...12) else { return false }
            (year, month) = (first, second)
        case .gYear:
            guard let first = scanner.year() else { return false }
            year = first
        case .gMonthDay:
            guard scanner.take("--"), let first = scanner.pair(1...12), scanner.take("-"),
                let second = scanner.pair(1...31), second <= Self.days(first, 2000)
            else { return false }
            (month, day) = (first, second)
        case .gDay:
            guard scanner.take("---"), let first = scanner.pair(1...31) else { return false }
            day = first
        case .gMonth:
            guard scanner.take("--"), let first = scanner.pair(1...12) else { return false }
            _ = scanner.take("--")
            month = first
        default: return false
        }
        return zone(&scanner) && scanner.isAtEnd
    }

    private mutating func date(_ scanner: inout FieldScanner) -> Bool {
        guard let first = scanner.year(), scanner.take("-"), let second = scanner.pair(1...12), scanner.take("-"),
            let third = scanner.pair(1...31), third <= Self.days(second, first)
        else { return false }
        (year, month, day) = (first, second, third)
        return true
    }

    private mutating func time(_ scanner: inout FieldScanner) -> Bool {
        guard let hour = scanner.pair(0...24), scanner.take(":"), let minute = scanner.pair(0...59), scanner.take(":"),
            let second = scanner.pair(0...59)
        else { return false }
        clock = Clock(hour: hour, minute: minute, second: second)
        if scanner.take(".") {
            guard let fraction = scanner.fraction() else { return false }
            clock.fraction = fraction
        }
        return hour < 24 || (minute == 0 && second == 0 && clock.fraction.isEmpty)
    }

    /// Reads a zone, where there is one.
    private mutating func zone(_ scanner: inout FieldScanner) -> Bool {
        if scanner.isAtEnd { return true }
        if scanner.take("Z") {
            zone = 0
            return true
        }
        let isWest = scanner.take("-")
        guard isWest || scanner.take("+"), let hours = scanner.pair(0...14), scanner.take(":"),
            let minutes = scanner.pair(0...59), hours < 14 || minutes == 0
        else { return false }
        zone = (isWest ? -1 : 1) * (hours * 60 + minutes)
        return true
    }

    /// The most digits of a year, in reading and in writing.
    static let maximumYearDigits = 9

    /// Whether a text of a type with years begins with one that has more digits than are supported.
    static func hasLongYear(_ text: String, _ primitive: Primitive) -> Bool {
        guard [.dateTime, .date, .gYear, .gYearMonth].contains(primitive) else { return false }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }.prefix { Lexical.isDigit($0) }
        return digits.count > maximumYearDigits
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }

    // MARK: Order

    /// Minutes since some moment, zone taken into account, then seconds.
    private var position: (Int, Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (days * 1440 + clock.hour * 60 + clock.minute - (zone ?? 0), clock.second)
    }

    /// How it stands to another moment: -1, 0 or 1; nil where only one of them has a zone and they are too near.
    func order(_ other: DateText) -> Int? {
        let (first, second) = (position, other.position)
        if (zone == nil) != (other.zone == nil), abs(first.0 - second.0) <= 14 * 60 { return nil }
        if first != second { return first < second ? -1 : 1 }
        let (left, right) = (clock.fraction, other.clock.fraction)
        return left == right ? 0 : (left < right ? -1 : 1)
    }
}

/// Takes the fields of dates and times from a text.
private struct FieldScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] { return false }
        index += count
        return true
    }

    /// A number of two digits within a range.
    mutating func pair(_ range: ClosedRange<Int>) -> Int? {
        guard index + 2 <= bytes.count, let value = number(index..<(index + 2)), range.contains(value) else {
            return nil
        }
        index += 2
        return value
    }

    /// A year of four digits, or of more that do not begin with 0; there is no year 0.
    mutating func year() -> Int? {
        let isNegative = take("-")
        let end = digitsEnd()
        let count = end - index
        guard (4...DateText.maximumYearDigits).contains(count), count == 4 || bytes[index] != UInt8(ascii: "0"),
            let value = number(index..<end), value != 0
        else { return nil }
        index = end
        return isNegative ? -value : value
    }

    /// The digits behind the point of a second, without the zeros at their end; nil where there is none.
    mutating func fraction() -> String? {
        let end = digitsEnd()
        guard end > index else { return nil }
        var last = end
        while last > index, bytes[last - 1] == UInt8(ascii: "0") { last -= 1 }
        defer { index = end }
        return String(decoding: bytes[index..<last], as: UTF8.self)
    }

    private func digitsEnd() -> Int {
        var end = index
        while end < bytes.count, Lexical.isDigit(bytes[end]) { end += 1 }
        return end
    }

    private func number(_ range: Range<Int>) -> Int? {
        var value = 0
        for byte in bytes[range] {
            guard Lexical.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
