internal import GerbangXML

/// The lexical forms of the primitive types (XML Schema part 2, section 3.2).
enum Lexical {
    /// Whether a text, white space already normalised, is a value of the primitive type.
    static func allows(_ text: String, _ primitive: Primitive) -> Bool {
        switch primitive {
        case .anySimple, .string, .anyURI: true
        case .boolean: ["true", "false", "1", "0"].contains(text)
        case .decimal: DecimalText(text) != nil
        case .float: isFloat(text)
        case .hexBinary: text.utf8.count.isMultiple(of: 2) && text.utf8.allSatisfy(isHex)
        case .base64Binary: base64Length(text) != nil
        case .qName: isQName(text)
        case .duration: isDuration(text)
        case .dateTime, .time, .date, .gYearMonth, .gYear, .gMonthDay, .gDay, .gMonth: DateText(text, primitive) != nil
        }
    }

    private static func isQName(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { XMLCharacters.isName($0) }
    }

    static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private static func isFloat(_ text: String) -> Bool {
        if ["INF", "-INF", "NaN", "+INF"].contains(text) { return true }
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        guard let mantissa = parts.first, DecimalText(String(Substring(mantissa))) != nil else { return false }
        guard parts.count == 2 else { return true }
        let exponent = parts[1].first.map { $0 == 0x2B || $0 == 0x2D } == true ? parts[1].dropFirst() : parts[1]
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    /// How many bytes a base64 text stands for; nil where it is none.
    static func base64Length(_ text: String) -> Int? {
        var count = 0
        var padding = 0
        for byte in text.utf8 {
            if byte <= 0x20 { continue }
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, isBase64(byte) else { return nil }
            count += 1
        }
        guard (count + padding).isMultiple(of: 4), padding <= 2 else { return nil }
        return (count + padding) / 4 * 3 - padding
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == 0x2B || byte == 0x2F
    }

    private static func isDuration(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return false }
        let parts = rest.split(separator: UInt8(ascii: "T"), maxSplits: 1, omittingEmptySubsequences: false)
        guard hasUnits(parts[0], "YMD") else { return false }
        return parts.count == 1 || (!parts[1].isEmpty && hasUnits(parts[1], "HMS"))
    }

    private static func hasUnits(_ text: Substring.UTF8View, _ units: String) -> Bool {
        var units = units.utf8[...]
        var digits = 0
        var hasPoint = false
        for byte in text {
            if isDigit(byte) {
                digits += 1
            } else if byte == UInt8(ascii: "."), digits > 0, !hasPoint {
                hasPoint = true
                digits = 0
            } else {
                guard digits > 0, let index = units.firstIndex(of: byte), !hasPoint || byte == UInt8(ascii: "S") else {
                    return false
                }
                units = units[units.index(after: index)...]
                digits = 0
                hasPoint = false
            }
        }
        return digits == 0 && !hasPoint
    }
}

/// The parts of a date or time, for checking and comparing.
struct DateText: Sendable {
    /// Year, month, day, hour, minute, second: those that the type has, the others as in the type's reference moment.
    private let fields: [Int]
    private let fraction: String
    /// Minutes east of Greenwich; nil without zone.
    let zone: Int?

    init?(_ text: String, _ primitive: Primitive) {
        var scanner = FieldScanner(text)
        var year = 1972
        var month = 12
        var day = 31
        var clock = [0, 0, 0]
        var fraction = ""
        switch primitive {
        case .dateTime:
            guard let date = scanner.date(), scanner.take("T"), let time = scanner.clock() else { return nil }
            (year, month, day) = date
            (clock, fraction) = time
        case .date:
            guard let date = scanner.date() else { return nil }
            (year, month, day) = date
        case .time:
            guard let time = scanner.clock() else { return nil }
            (clock, fraction) = time
        case .gYearMonth:
            guard let number = scanner.year(), scanner.take("-"), let second = scanner.pair(1...12) else { return nil }
            (year, month) = (number, second)
        case .gYear:
            guard let number = scanner.year() else { return nil }
            year = number
        case .gMonthDay:
            guard scanner.take("--"), let first = scanner.pair(1...12), scanner.take("-"),
                let second = scanner.pair(1...31)
            else { return nil }
            (month, day) = (first, second)
            guard day <= FieldScanner.days(month, 2000) else { return nil }
        case .gDay:
            guard scanner.take("---"), let number = scanner.pair(1...31) else { return nil }
            day = number
        case .gMonth:
            guard scanner.take("--"), let number = scanner.pair(1...12) else { return nil }
            _ = scanner.take("--")
            month = number
        default: return nil
        }
        guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
        self.zone = zone.minutes
        self.fraction = fraction
        fields = [year, month, day] + clock
    }

    /// The most digits of a year, in reading and in writing.
    static let maximumYearDigits = 9

    /// Whether a text of a type with years begins with one that has more digits than are supported.
    static func hasLongYear(_ text: String, _ primitive: Primitive) -> Bool {
        guard [.dateTime, .date, .gYear, .gYearMonth].contains(primitive) else { return false }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }.prefix { Lexical.isDigit($0) }
        return digits.count > maximumYearDigits
    }

    /// Minutes since some moment, zone taken into account, then seconds.
    private var position: (Int, Int) {
        let year = fields[0]
        let month = fields[1]
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + fields[2] - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (days * 1440 + fields[3] * 60 + fields[4] - (zone ?? 0), fields[5])
    }

    /// How it stands to another moment: -1, 0 or 1; nil where only one of them has a zone and they are too near.
    func order(_ other: DateText) -> Int? {
        let (first, second) = (position, other.position)
        if (zone == nil) != (other.zone == nil), abs(first.0 - second.0) <= 14 * 60 { return nil }
        if first != second { return first < second ? -1 : 1 }
        return fraction == other.fraction ? 0 : (fraction < other.fraction ? -1 : 1)
    }
}

/// Takes the fields of dates and times from a text.
private struct FieldScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    mutating func pair(_ range: ClosedRange<Int>) -> Int? {
        guard rest.count >= 2, rest.prefix(2).allSatisfy(Lexical.isDigit), let value = Int(Substring(rest.prefix(2))),
            range.contains(value)
        else { return nil }
        rest = rest.dropFirst(2)
        return value
    }

    mutating func year() -> Int? {
        let negative = take("-")
        let digits = rest.prefix { Lexical.isDigit($0) }
        guard (4...DateText.maximumYearDigits).contains(digits.count),
            digits.count == 4 || digits.first != UInt8(ascii: "0"),
            let value = Int(Substring(digits)), value != 0
        else { return nil }
        rest = rest.dropFirst(digits.count)
        return negative ? -value : value
    }

    mutating func date() -> (Int, Int, Int)? {
        guard let year = year(), take("-"), let month = pair(1...12), take("-"), let day = pair(1...31),
            day <= Self.days(month, year)
        else { return nil }
        return (year, month, day)
    }

    mutating func clock() -> ([Int], String)? {
        guard let hour = pair(0...24), take(":"), let minute = pair(0...59), take(":"), let second = pair(0...59) else {
            return nil
        }
        var fraction = ""
        if take(".") {
            let digits = rest.prefix { Lexical.isDigit($0) }
            guard !digits.isEmpty else { return nil }
            fraction = String(Substring(digits))
            rest = rest.dropFirst(digits.count)
            while fraction.hasSuffix("0") { fraction.removeLast() }
        }
        guard hour < 24 || (minute == 0 && second == 0 && fraction.isEmpty) else { return nil }
        return ([hour, minute, second], fraction)
    }

    mutating func zone() -> (minutes: Int?, Void)? {
        if isAtEnd { return (nil, ()) }
        if take("Z") { return (0, ()) }
        let sign = rest.popFirst()
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = pair(0...14), take(":"),
            let minutes = pair(0...59), hours < 14 || minutes == 0
        else { return nil }
        let total = hours * 60 + minutes
        return (sign == UInt8(ascii: "-") ? -total : total, ())
    }

    static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }
}
