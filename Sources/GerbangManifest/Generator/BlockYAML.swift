internal import GerbangJSON

/// JSON as YAML in block style, for people to read on; texts are quoted as in JSON, so that none is taken for something
/// else.
enum BlockYAML {
    /// The lines of a value, without indentation.
    static func lines(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let object) where !object.isEmpty:
            return object.flatMap { name, member in entry("\(key(name)):", member) }
        case .array(let items) where !items.isEmpty:
            return items.flatMap { item -> [String] in
                let inner = lines(item)
                return inner.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        default: return [value.text()]
        }
    }

    /// The lines of a value behind a key.
    static func entry(_ key: String, _ value: JSONValue) -> [String] {
        let lines = lines(value)
        let isBlock = value.objectValue?.isEmpty == false || value.arrayValue?.isEmpty == false
        return isBlock ? [key] + lines.map { "  \($0)" } : ["\(key) \(lines.first ?? "")"]
    }

    /// A key, in quotes where YAML needs them.
    static func key(_ name: String) -> String {
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default:
                index > 0 && ((0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-"))
            }
        }
        return isPlain && !name.isEmpty && !["true", "false", "null"].contains(name) ? name : text(name)
    }

    /// A text in quotes.
    static func text(_ text: String) -> String { JSONValue.string(text).text() }
}
