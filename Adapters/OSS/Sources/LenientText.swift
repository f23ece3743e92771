internal import GerbangCore
internal import GerbangJSON

/// Reads values that the system writes in different types and forms.
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
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// A short code as it was sent, of letters and digits; `nil` for anything that could be something else.
    static func code(_ text: String?) -> String? {
        guard let text, (1...8).contains(text.utf8.count),
            text.utf8.allSatisfy({ Characters.isDigit($0) || Characters.isLetter($0) })
        else { return nil }
        return text
    }

    /// A code of two digits, which as a number lost its leading zero; any other code stays as it was sent.
    static func twoDigits(_ text: String?) -> String? {
        code(text).map { $0.utf8.count == 1 && $0.utf8.allSatisfy(Characters.isDigit) ? "0\($0)" : $0 }
    }

    /// The object, also when it stands alone in an array.
    static func object(of value: JSONValue?) -> JSONObject? {
        if let array = value?.arrayValue { return array.count == 1 ? array[0].objectValue : nil }
        return value?.objectValue
    }

    /// The day of a date with or without a time; the system writes local time without a zone.
    static func day(_ text: String?) -> CivilDate? {
        guard let text, text.utf8.count >= 10 else { return nil }
        let rest = text.dropFirst(10)
        guard rest.isEmpty || rest.first == " " || rest.first == "T" else { return nil }
        return CivilDate(String(text.prefix(10)))
    }
}
