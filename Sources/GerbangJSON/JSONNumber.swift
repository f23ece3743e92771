/// A JSON number (RFC 8259, section 6) as it was written, to the digit.
///
/// A 16-digit identifier, an amount like `1500000.10` or an integer of sixty digits passes through unchanged. Equality is that
/// of the text: `1.0` and `1` differ. Use ``isNumericallyEqual(to:)`` to compare the amounts.
public struct JSONNumber: Sendable, Hashable {
    /// The number as written.
    public let text: String

    /// Takes the text if it is a number by the grammar, white space excluded; otherwise nil.
    public init?(_ text: String) {
        var text = text
        let isNumber = text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return false }
            var position = 0
            return NumberGrammar.scan(base, &position, end: bytes.count) == nil && position == bytes.count
        }
        guard isNumber else { return nil }
        self.text = text
    }

    /// Writes an integer in full.
    public init(_ value: some FixedWidthInteger) {
        text = String(value)
    }

    /// Writes the shortest text that gives the same double again.
    ///
    /// Infinities and NaN, which JSON does not have, give nil.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    init(scanned text: String) {
        self.text = text
    }

    /// The value if it is whole and `Int64` holds it exactly, also when it is written `1.0` or `1e2`; otherwise nil.
    public var int64: Int64? { integer() }

    /// The value if it is whole and `UInt64` holds it exactly, also when it is written `1.0` or `1e2`; otherwise nil.
    public var uint64: UInt64? { integer() }

    /// The nearest double; an infinity if the number is too large for one, such as `1E400`.
    public var double: Double { Double(text) ?? .nan }

    /// Whether both stand for the same amount, whatever way they are written; `0` and `-0` do.
    ///
    /// It is exact, with no rounding. Exponents that do not fit 64 bits are compared as written.
    public func isNumericallyEqual(to other: JSONNumber) -> Bool {
        if text == other.text { return true }
        let (left, right) = (Decimal(text), Decimal(other.text))
        return left.exponent != nil && left == right
    }

    /// Whether the number is written without fraction and exponent.
    var isWrittenAsInteger: Bool {
        text.utf8.allSatisfy { $0 < UInt8(ascii: "A") && $0 != UInt8(ascii: ".") }
    }

    private func integer<Integer: FixedWidthInteger>() -> Integer? {
        if let plain = Integer(text) { return plain }
        let decimal = Decimal(text)
        // No 64-bit integer has more than twenty digits.
        guard let exponent = decimal.exponent, exponent >= 0, exponent <= 20, decimal.digits.count <= 20 else {
            return nil
        }
        var result: Integer = 0
        for digit in decimal.digits + Array(repeating: 0, count: exponent) {
            let (shifted, tooLarge) = result.multipliedReportingOverflow(by: 10)
            let step = Integer(digit)
            let (next, tooFar) =
                decimal.isNegative
                ? shifted.subtractingReportingOverflow(step) : shifted.addingReportingOverflow(step)
            if tooLarge || tooFar { return nil }
            result = next
        }
        return result
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral {
    /// Writes an integer in full.
    public init(integerLiteral value: Int64) {
        self.init(value)
    }
}

/// An amount taken apart: digits without zeros at either end, times a power of ten.
///
/// Zero has no digits.
private struct Decimal: Equatable {
    var isNegative = false
    var digits: [UInt8] = []
    /// Nil if it does not fit.
    var exponent: Int? = 0

    init(_ text: String) {
        var bytes = text.utf8[...]
        var fractionDigits = 0
        var isFraction = false
        scan: while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "-"):
                isNegative = true
            case UInt8(ascii: "."):
                isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                break scan
            default:
                if isFraction { fractionDigits += 1 }
                if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - UInt8(ascii: "0")) }
            }
        }
        guard let last = digits.lastIndex(where: { $0 != 0 }) else {
            isNegative = false
            digits = []
            return
        }
        let trailingZeros = digits.count - 1 - last
        digits.removeLast(trailingZeros)
        guard let written = bytes.isEmpty ? 0 : Int(Substring(bytes)) else {
            exponent = nil
            return
        }
        let (sum, overflow) = written.addingReportingOverflow(trailingZeros - fractionDigits)
        exponent = overflow ? nil : sum
    }
}

/// The grammar of numbers, in one place for the parser and for ``JSONNumber``.
enum NumberGrammar {
    /// Moves the position over the longest number that begins there; says what is wrong, if anything, at the position reached.
    @inline(__always)
    static func scan(_ base: UnsafePointer<UInt8>, _ position: inout Int, end: Int) -> ParseFailure.Reason? {
        if position < end, base[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, base[position] == UInt8(ascii: "0") {
            position += 1
            if position < end, isDigit(base[position]) { return .leadingZero }
        } else if !skipDigits(base, &position, end: end) {
            return .digitExpected
        }
        if position < end, base[position] == UInt8(ascii: ".") {
            position += 1
            if !skipDigits(base, &position, end: end) { return .digitExpected }
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
                position += 1
            }
            if !skipDigits(base, &position, end: end) { return .digitExpected }
        }
        return nil
    }

    @inline(__always)
    private static func skipDigits(_ base: UnsafePointer<UInt8>, _ position: inout Int, end: Int) -> Bool {
        let start = position
        while position < end, isDigit(base[position]) { position += 1 }
        return position > start
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}
