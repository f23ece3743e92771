internal import GerbangCore
internal import GerbangJSON

/// Reads the primitive values of resources, in whatever JSON type they come.
enum FHIRText {
    /// A string without spaces around it, or a whole number's digits; `nil` for anything else and for nothing.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text):
            guard let first = text.firstIndex(where: { !$0.isWhitespace }),
                let last = text.lastIndex(where: { !$0.isWhitespace })
            else { return nil }
            return String(text[first...last])
        case .number(let number):
            return number.int64.map { String($0) }
        default:
            return nil
        }
    }

    /// The logical identifier of a resource.
    static func id(_ value: JSONValue?) -> String? {
        text(value).flatMap { isID($0) ? $0 : nil }
    }

    /// Whether a text can be a logical identifier (FHIR R4 §2.24.0.1: 1 to 64 letters, digits, `-` and `.`).
    static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    /// A whole number, also when it is written as a text.
    static func count(_ value: JSONValue?) -> Int? {
        text(value).flatMap { Int($0) }
    }

    /// The identifier in a reference to a resource of `type`: `Patient/P1`, with or without a server in front and a
    /// version behind.
    static func reference(_ value: JSONValue?, to type: String) -> String? {
        guard let parts = text(value?["reference"])?.split(separator: "/"),
            let position = parts.lastIndex(where: { $0 == type }), position + 1 < parts.count
        else { return nil }
        return String(parts[position + 1])
    }

    /// A code that is safe to keep: a short technical word. Anything else could be anything.
    static func safeCode(_ value: JSONValue?) -> String? {
        guard let text = text(value), text.utf8.count <= 80, text.utf8.contains(where: { !isDigit($0) }),
            text.utf8.allSatisfy({ isLetterOrDigit($0) || [0x2d, 0x2e, 0x5f].contains($0) })
        else { return nil }
        return text
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

/// The names under which identifiers are known.
enum IdentifierSystem {
    /// Of a citizen's NIK.
    static let nik = "https://fhir.kemkes.go.id/id/nik"

    /// Of the encounters that an organisation numbers.
    static func encounter(of organizationID: String) -> String {
        "http://sys-ids.kemkes.go.id/encounter/\(organizationID)"
    }
}
