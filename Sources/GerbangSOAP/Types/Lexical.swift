internal import GerbangXML

/// The lexical forms of the primitive types (XML Schema part 2, section 3.2).
enum Lexical {
    /// Whether a text, white space already normalised, is a value of the primitive type.
    static func allows(_ text: String, _ primitive: Primitive) -> Bool {
        switch primitive {
        case .anySimple, .string, .anyURI: true
        case .boolean: ["true", "false", "1", "0"].contains(text)
        case .decimal: isDecimal(text)
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

    /// Digits with at most one point and a sign before them.
    private static func isDecimal(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var digits = 0
            var points = 0
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
                case UInt8(ascii: "."): points += 1
                case UInt8(ascii: "-"), UInt8(ascii: "+"): guard index == 0 else { return false }
                default: return false
                }
            }
            return digits > 0 && points <= 1
        }
    }

    private static func isFloat(_ text: String) -> Bool {
        if ["INF", "-INF", "NaN", "+INF"].contains(text) { return true }
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        guard let mantissa = parts.first, isDecimal(String(Substring(mantissa))) else { return false }
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
