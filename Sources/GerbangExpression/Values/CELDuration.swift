/// A length of time in nanoseconds, about 292 years at most in either direction.
public struct CELDuration: Sendable, Hashable, CustomStringConvertible {
    /// Its length.
    public let nanoseconds: Int64

    /// Creates a duration.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Seconds, with as many decimal places as needed, such as `1.5s`.
    public var description: String {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        return "\(nanoseconds < 0 ? "-" : "")\(seconds)\(Fraction.text(Int(rest)))s"
    }

    /// Reads numbers with units, such as `1h30m`, `-1.5s` and `250ms`.
    ///
    /// The units are `h`, `m`, `s`, `ms`, `us` (also `µs`) and `ns`. `0` needs none. What is finer than a nanosecond is cut
    /// off. Nil if the text has another form or stands for more than a duration can hold.
    public init?(_ text: String) {
        var scanner = ByteScanner(text)
        let isNegative = scanner.skip("-")
        if !isNegative { _ = scanner.skip("+") }
        if scanner.rest == "0" {
            self.init(nanoseconds: 0)
            return
        }
        // Collected below zero, where Int64 reaches one further.
        var total: Int64 = 0
        repeat {
            guard let part = scanner.amount() else { return nil }
            let (sum, overflow) = total.subtractingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        } while !scanner.isAtEnd
        guard isNegative || total != .min else { return nil }
        self.init(nanoseconds: isNegative ? total : -total)
    }
}

/// The digits of a second behind its decimal point.
enum Fraction {
    /// A point and up to nine digits without zeros at the end; nothing for zero.
    static func text(_ nanoseconds: Int) -> String {
        guard nanoseconds != 0 else { return "" }
        var digits = nanoseconds
        var width = 9
        while digits % 10 == 0 {
            digits /= 10
            width -= 1
        }
        let text = String(digits)
        return "." + String(repeating: "0", count: width - text.utf8.count) + text
    }
}

/// Reads numbers and separators from an ASCII text.
struct ByteScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }
    var rest: String { String(decoding: bytes[position...], as: UTF8.self) }
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The number written with exactly `count` digits.
    mutating func digits(_ count: Int) -> Int? {
        guard position + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + count] {
            guard byte &- 48 < 10 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        position += count
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    /// Digits after a decimal point as nanoseconds; nil when there is none.
    mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while let digit = digits(1) {
            if count < 9 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    /// A decimal number with a unit of time, in nanoseconds.
    fileprivate mutating func amount() -> Int64? {
        var whole: Int64 = 0
        var count = 0
        while let digit = digits(1) {
            let (shifted, tooLarge) = whole.multipliedReportingOverflow(by: 10)
            let (sum, tooFar) = shifted.addingReportingOverflow(Int64(digit))
            guard !tooLarge, !tooFar else { return nil }
            whole = sum
            count += 1
        }
        // Fifteen digits are more than a nanosecond needs, even of an hour.
        var numerator: Int64 = 0
        var denominator: Int64 = 1
        if skip(".") {
            while let digit = digits(1) {
                if denominator < 1_000_000_000_000_000 {
                    numerator = numerator * 10 + Int64(digit)
                    denominator *= 10
                }
                count += 1
            }
        }
        guard count > 0, let unit = unit() else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        let wide = numerator.multipliedFullWidth(by: unit)
        let part = denominator.dividingFullWidth(wide).quotient
        let (sum, tooFar) = product.addingReportingOverflow(part)
        return overflow || tooFar ? nil : sum
    }

    private mutating func unit() -> Int64? {
        var name: [UInt8] = []
        while let next, next != UInt8(ascii: "."), next &- 48 >= 10 {
            name.append(next)
            position += 1
        }
        switch String(decoding: name, as: UTF8.self) {
        case "h": return 3_600_000_000_000
        case "m": return 60_000_000_000
        case "s": return 1_000_000_000
        case "ms": return 1_000_000
        case "us", "\u{B5}s", "\u{3BC}s": return 1000
        case "ns": return 1
        default: return nil
        }
    }
}
