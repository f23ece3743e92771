/// A decimal number as text, compared and measured to the digit.
struct DecimalText: Sendable, Hashable, Comparable {
    /// Whether it is below zero; false for zero.
    let isNegative: Bool
    /// The digits before the point, without leading zeros.
    let whole: [UInt8]
    /// The digits behind the point, without trailing zeros.
    let fraction: [UInt8]

    /// Reads the lexical form of `xs:decimal`: `-1.50`, `+7`, `.5`, `3.`.
    init?(_ text: String) {
        var bytes = text.utf8[...]
        var negative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            bytes = bytes.dropFirst()
        }
        var whole: [UInt8] = []
        var fraction: [UInt8] = []
        var seenPoint = false
        var digits = 0
        for byte in bytes {
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits += 1
            if seenPoint {
                fraction.append(byte)
            } else if !whole.isEmpty || byte != UInt8(ascii: "0") {
                whole.append(byte)
            }
        }
        guard digits > 0 else { return nil }
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        self.whole = whole
        self.fraction = fraction
        isNegative = negative && !(whole.isEmpty && fraction.isEmpty)
    }

    /// How many digits it takes to write the value, as `totalDigits` counts them.
    var totalDigits: Int {
        whole.isEmpty
            ? max(1, fraction.count - (fraction.firstIndex { $0 != UInt8(ascii: "0") } ?? 0))
            : whole.count + fraction.count
    }

    static func < (left: DecimalText, right: DecimalText) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        let order = left.magnitudeOrder(right)
        return left.isNegative ? order > 0 : order < 0
    }

    private func magnitudeOrder(_ other: DecimalText) -> Int {
        if whole.count != other.whole.count { return whole.count < other.whole.count ? -1 : 1 }
        for (left, right) in zip(whole, other.whole) where left != right { return left < right ? -1 : 1 }
        for (left, right) in zip(fraction, other.fraction) where left != right { return left < right ? -1 : 1 }
        return fraction.count == other.fraction.count ? 0 : (fraction.count < other.fraction.count ? -1 : 1)
    }
}

extension DecimalText {
    /// The text of a JSON number in the lexical form of `xs:decimal`: without exponent.
    ///
    /// Nil where it would take more than a thousand digits.
    static func plain(_ number: String) -> String? {
        guard let mark = number.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return number }
        guard let exponent = Int(String(number[number.utf8.index(after: mark)...]).replacingPlus),
            abs(exponent) <= 1_000
        else { return nil }
        var mantissa = number[..<mark].utf8[...]
        let negative = mantissa.first == UInt8(ascii: "-")
        if negative { mantissa = mantissa.dropFirst() }
        var digits: [UInt8] = []
        var point = 0
        var seenPoint = false
        for byte in mantissa {
            if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else {
                digits.append(byte)
                if !seenPoint { point += 1 }
            }
        }
        point += exponent
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            digits = Array(repeating: zero, count: 1 - point) + digits
            point = 1
        }
        if point > digits.count { digits += Array(repeating: zero, count: point - digits.count) }
        var text = negative ? "-" : ""
        text += String(decoding: digits[..<point], as: UTF8.self)
        if point < digits.count { text += "." + String(decoding: digits[point...], as: UTF8.self) }
        return text
    }

    /// The text of an `xs:decimal` as a JSON number: no plus, no leading zeros, a digit on both sides of a point.
    static func json(_ text: String) -> String? {
        var bytes = text.utf8[...]
        var result = ""
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            if sign == UInt8(ascii: "-") { result = "-" }
            bytes = bytes.dropFirst()
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !bytes.isEmpty, bytes.count > 1 || parts.count == 1 else { return nil }
        let whole = first.drop { $0 == UInt8(ascii: "0") }
        for part in parts where !part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return nil
        }
        result += whole.isEmpty ? "0" : String(Substring(whole))
        if parts.count == 2, !parts[1].isEmpty { result += "." + String(Substring(parts[1])) }
        return result
    }
}

extension String {
    fileprivate var replacingPlus: String { hasPrefix("+") ? String(dropFirst()) : self }
}
