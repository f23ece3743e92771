package import GerbangJSON

/// A JSON value as YAML that people read and go on writing: blocks for what is large, one line for what is small, and
/// quotes only where ``YAMLDocument`` would otherwise read something else.
package struct YAMLText {
    /// Up to this column a collection of scalars stands on one line.
    private static let width = 100

    private let comments: [JSONPointer: String]
    private var lines: [String] = []

    /// Writes a value.
    ///
    /// - Parameters:
    ///   - value: An object or a list; a scalar is written on one line.
    ///   - comments: Remarks in front of members and items, by their place; each may have several lines.
    /// - Returns: Text that reads back as `value`; only a byte order mark at the beginning of a text is lost.
    package static func write(_ value: JSONValue, comments: [JSONPointer: String] = [:]) -> String {
        var text = YAMLText(comments: comments)
        switch value {
        case .object(let object) where !object.isEmpty: text.write(object, at: .root, indent: 0)
        case .array(let items) where !items.isEmpty: text.write(items, at: .root, indent: 0)
        default: text.lines.append(Self.flow(value))
        }
        return text.lines.joined(separator: "\n") + "\n"
    }

    private init(comments: [JSONPointer: String]) {
        self.comments = comments
    }

    private mutating func write(_ object: JSONObject, at pointer: JSONPointer, indent: Int) {
        for (name, value) in object {
            let place = pointer.appending(name)
            remark(place, indent: indent)
            write(
                value,
                after: Self.spaces(indent) + Self.scalar(name, isInFlow: false) + ":",
                at: place,
                indent: indent
            )
        }
    }

    private mutating func write(_ items: [JSONValue], at pointer: JSONPointer, indent: Int) {
        for (index, value) in items.enumerated() {
            let place = pointer.appending(index)
            remark(place, indent: indent)
            let dash = Self.spaces(indent) + "-"
            guard case .object(let object) = value, !fits(value, after: dash.count, at: place) else {
                write(value, after: dash, at: place, indent: indent)
                continue
            }
            // The first member stands behind the dash.
            let start = lines.count
            write(object, at: place, indent: indent + 2)
            let isRemark = lines[start].drop { $0 == " " }.hasPrefix("#")
            if isRemark {
                lines.insert(dash, at: start)
            } else {
                lines[start] = dash + " " + lines[start].dropFirst(indent + 2)
            }
        }
    }

    private mutating func write(_ value: JSONValue, after head: String, at pointer: JSONPointer, indent: Int) {
        guard !fits(value, after: head.count, at: pointer) else {
            lines.append(head + " " + Self.flow(value))
            return
        }
        switch value {
        case .object(let object):
            lines.append(head)
            write(object, at: pointer, indent: indent + 2)
        case .array(let items):
            lines.append(head)
            write(items, at: pointer, indent: indent + 2)
        case .string(let text): lines.append(head + " " + Self.scalar(text, isInFlow: false))
        default: lines.append(head + " " + Self.flow(value))
        }
    }

    private mutating func remark(_ pointer: JSONPointer, indent: Int) {
        guard let comment = comments[pointer] else { return }
        lines += comment.split(whereSeparator: \.isNewline).map { Self.spaces(indent) + "# " + $0 }
    }

    /// Whether a value goes onto the line it begins on: it is empty, or small and without collections inside.
    private func fits(_ value: JSONValue, after column: Int, at pointer: JSONPointer) -> Bool {
        let members: [JSONValue]
        switch value {
        case .object(let object): members = object.map(\.value)
        case .array(let items): members = items
        default: return false
        }
        guard !members.isEmpty else { return true }
        let isFlat = members.allSatisfy { $0.objectValue == nil && $0.arrayValue == nil }
        guard isFlat, members.count <= 6 else { return false }
        guard
            !comments.keys.contains(where: {
                $0.tokens.count > pointer.tokens.count && $0.tokens.starts(with: pointer.tokens)
            })
        else { return false }
        return column + 1 + Self.flow(value).count <= Self.width
    }

    private static func flow(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            let members = object.map { "\(scalar($0.key, isInFlow: true)): \(flow($0.value))" }
            return "{" + members.joined(separator: ", ") + "}"
        case .array(let items): return "[" + items.map(flow).joined(separator: ", ") + "]"
        case .string(let text): return scalar(text, isInFlow: true)
        default: return String(decoding: value.encoded(), as: UTF8.self)
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    // MARK: Scalars

    private static func scalar(_ text: String, isInFlow: Bool) -> String {
        isPlain(text, isInFlow: isInFlow) ? text : quoted(text)
    }

    /// In double quotes, with everything escaped that is not printable or that YAML folds (§5.7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: quoted += "\\\""
            case 0x5C: quoted += "\\\\"
            case 0x0A: quoted += "\\n"
            case 0x0D: quoted += "\\r"
            case 0x09: quoted += "\\t"
            case 0x00...0x1F, 0x7F...0xA0: quoted += "\\x" + hexadecimal(scalar.value, digits: 2)
            case 0x2028, 0x2029, 0xFDD0...0xFDEF, 0xFEFF, 0xFFFE, 0xFFFF:
                quoted += "\\u" + hexadecimal(scalar.value, digits: 4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Whether a text means itself without quotes (YAML 1.2, §7.3.3), for YAML 1.1 readers too.
    private static func isPlain(_ text: String, isInFlow: Bool) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, text.utf8.count <= 400 else {
            return false
        }
        guard isLetter(first) || "/$_.".unicodeScalars.contains(first), last != " ", last != ":" else { return false }
        guard !words.contains(text.lowercased()), !looksLikeNumber(text) else { return false }
        guard text.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) || $0.value >= 0xA1 }) else {
            return false
        }
        // What is not printable everywhere, and what some readers take for a line break.
        guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace && $0 != " " || $0.value == 0xFEFF })
        else {
            return false
        }
        guard !text.contains(": "), !text.contains(" #") else { return false }
        return !isInFlow || !text.unicodeScalars.contains { "{}[],:".unicodeScalars.contains($0) }
    }

    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"]

    private static func looksLikeNumber(_ text: String) -> Bool {
        text.hasPrefix(".") && text.dropFirst().first?.isNumber == true
            || [".inf", ".nan"].contains(text.lowercased())
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? (0x61...0x7A).contains(scalar.value | 0x20) : scalar.properties.isAlphabetic
    }
}
