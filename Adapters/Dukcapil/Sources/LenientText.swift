internal import GerbangCore
internal import GerbangJSON

/// Reads values that instances of the registry write in different types and forms.
enum LenientText {
    /// A string without spaces around it, or a whole number's digits; `nil` for anything else and for nothing.
    static func text(of value: JSONValue?) -> String? {
        switch value {
        case .string(let text):
            let trimmed = trimmed(text)
            return trimmed.isEmpty ? nil : trimmed
        case .number(let number):
            return number.int64.map { String($0) }
        default:
            return nil
        }
    }

    /// The text without spaces around it.
    static func trimmed(_ text: String) -> String {
        // Nearly every text starts and ends with a visible ASCII character; the general way is slow.
        if let first = text.utf8.first, let last = text.utf8.last, Characters.isVisible(first),
            Characters.isVisible(last)
        {
            return text
        }
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// A member's name in upper case, without spaces around it.
    static func memberName(_ text: String) -> String {
        let name = trimmed(text)
        guard
            name.utf8.contains(where: {
                !Characters.isDigit($0) && $0 != UInt8(ascii: "_") && !Characters.isUpperCase($0)
            })
        else { return name }
        return name.uppercased()
    }

    /// The digits of a code that lost its leading zeros, with `width` digits; `nil` for zero and for anything longer.
    static func code(_ text: String?, width: Int) -> String? {
        guard let text, !text.isEmpty, text.utf8.allSatisfy(Characters.isDigit) else { return nil }
        let significant = text.drop { $0 == "0" }
        guard (1...width).contains(significant.count) else { return nil }
        return String(repeating: "0", count: width - significant.count) + significant
    }

    /// `Laki-laki` or `Perempuan`, however they are written.
    static func sex(_ text: String?) -> NIK.Sex? {
        switch text?.lowercased().filter({ $0 != "-" && $0 != " " }) {
        case "lakilaki", "l": .male
        case "perempuan", "p": .female
        default: nil
        }
    }

    /// A day written year first or day first, with `-`, `/` or `.` between its parts, with or without a time.
    ///
    /// A time with an offset is a moment, as some servers write a local midnight: it is the day in `zone` that counts.
    static func date(_ text: String?, zone: Zone) -> CivilDate? {
        guard let text else { return nil }
        if let moment = Timestamp(withColonInOffset(text)) { return moment.date(in: zone) }
        let day = text.prefix { $0 != " " && $0 != "T" }.map { $0 == "/" || $0 == "." ? "-" : $0 }
        return CivilDate(String(day)) ?? CivilDate(dayFirst: String(day))
    }

    /// `+0700` at the end of a time as `+07:00`.
    private static func withColonInOffset(_ text: String) -> String {
        let offset = text.utf8.suffix(5)
        guard text.utf8.count > 19, offset.first == UInt8(ascii: "+") || offset.first == UInt8(ascii: "-"),
            offset.dropFirst().allSatisfy(Characters.isDigit)
        else { return text }
        return "\(text.dropLast(2)):\(text.suffix(2))"
    }
}
