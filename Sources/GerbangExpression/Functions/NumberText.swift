internal import Glibc

/// Doubles as text.
enum NumberText {
    /// The shortest text that gives the same number again: with an exponent below 10⁻⁴ and from 10²¹ on.
    static func general(_ value: Double) -> String {
        guard let (digits, exponent) = decompose(value) else { return special(value) }
        guard exponent < -4 || exponent >= 21 else { return plain(value) }
        let sign = value.sign == .minus ? "-" : ""
        let fraction = digits.count > 1 ? "." + String(decoding: digits[1...], as: UTF8.self) : ""
        let magnitude = exponent.magnitude
        let power = magnitude < 10 ? "0\(magnitude)" : "\(magnitude)"
        return "\(sign)\(Unicode.Scalar(digits[0]))\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
    }

    /// The shortest digits that give the same number again, without an exponent.
    static func plain(_ value: Double) -> String {
        guard let (digits, exponent) = decompose(value) else { return special(value) }
        var text = value.sign == .minus ? [UInt8(ascii: "-")] : []
        if exponent < 0 {
            text += Array("0.".utf8) + Array(repeating: UInt8(ascii: "0"), count: -exponent - 1) + digits
        } else {
            let whole = exponent + 1
            text += digits.prefix(whole)
            text += Array(repeating: UInt8(ascii: "0"), count: max(0, whole - digits.count))
            if digits.count > whole { text += [UInt8(ascii: ".")] + digits[whole...] }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The number with so many decimal places, rounded half to even.
    static func fixed(_ value: Double, places: Int) -> String {
        value.isFinite ? print("%.*f", places, value) : special(value)
    }

    /// One digit, so many decimal places and an exponent.
    static func scientific(_ value: Double, places: Int) -> String {
        value.isFinite ? print("%.*e", places, value) : special(value)
    }

    private static func special(_ value: Double) -> String {
        value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    private static func print(_ format: String, _ places: Int, _ value: Double) -> String {
        // The longest double has 309 digits before its point.
        var buffer = [CChar](repeating: 0, count: places + 330)
        let count = withVaList([Int32(truncatingIfNeeded: places), value]) {
            vsnprintf(&buffer, buffer.count, format, $0)
        }
        return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The significant digits without zeros at either end, and the power of ten of the first; nil for what is not finite.
    private static func decompose(_ value: Double) -> (digits: [UInt8], exponent: Int)? {
        guard value.isFinite else { return nil }
        guard value != 0 else { return ([UInt8(ascii: "0")], 0) }
        var digits: [UInt8] = []
        var point: Int?
        var power = 0
        var rest = value.magnitude.description.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte == UInt8(ascii: "e") {
                power = Int(Substring(rest)) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        var exponent = (point ?? digits.count) - 1 + power
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        exponent -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, exponent)
    }
}
