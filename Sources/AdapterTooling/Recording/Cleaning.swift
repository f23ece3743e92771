internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// Goes through an exchange and replaces what is somebody's.
struct Cleaning {
    /// Header fields of an answer that a manifest may read and that are about nobody.
    private static let headers: [HTTPField.Name] = [.contentType, .retryAfter]

    private let sensitive: [JSONPointer]
    private(set) var substitutions = Substitutions()
    private(set) var kept: [String] = []

    init(sensitive: [JSONPointer]) {
        self.sensitive = sensitive
    }

    mutating func note(_ text: String, as kind: Substitutions.Kind) {
        _ = substitutions.replacement(for: text, as: kind)
    }

    /// A setting: whatever an agency knows us by must not be left in its answer.
    mutating func noteSecret(_ value: JSONValue, called name: String) {
        if let object = value.objectValue {
            for (key, value) in object { noteSecret(value, called: key) }
        } else if let text = value.stringValue, text.utf8.count >= 6 {
            note(text, as: .secret)
        }
    }

    func applied(to text: String) -> String { substitutions.applied(to: text) }

    mutating func input(_ value: JSONValue) -> JSONValue {
        clean(value, at: .root, isInput: true)
    }

    /// The answer with invented data, and as a fixture writes it.
    mutating func answer(_ response: WireResponse) -> (response: WireResponse, json: JSONValue) {
        var fields = HTTPFields()
        var written = JSONObject()
        for name in Self.headers {
            guard let value = response.headerFields[name] else { continue }
            fields[name] = value
            written[name.rawName] = .string(value)
        }
        var json: JSONObject = ["status": .number(JSONNumber(response.status))]
        if !written.isEmpty { json["headers"] = .object(written) }
        var body = response.body
        if let value = try? JSONValue(parsing: body) {
            let cleaned = clean(value, at: .root, isInput: false)
            body = cleaned.encoded()
            json["json"] = cleaned
        } else if !body.isEmpty {
            let text = clean(text: String(decoding: body, as: UTF8.self))
            body = Array(text.utf8)
            json["text"] = .string(text)
        }
        return (WireResponse(status: response.status, headerFields: fields, body: body), .object(json))
    }

    // MARK: Values

    /// Twice: what is found late may stand in an earlier text.
    private mutating func clean(_ value: JSONValue, at pointer: JSONPointer, isInput: Bool) -> JSONValue {
        find(in: value, at: pointer, isInput: isInput)
        return replaced(value, at: pointer, isInput: isInput)
    }

    private mutating func find(in value: JSONValue, at pointer: JSONPointer, isInput: Bool) {
        if let object = value.objectValue {
            for (key, member) in object { find(in: member, at: pointer.appending(key), isInput: isInput) }
        } else if let items = value.arrayValue {
            for (index, item) in items.enumerated() {
                find(in: item, at: pointer.appending(index), isInput: isInput)
            }
        } else if let text = value.stringValue ?? value.numberValue?.text,
            let kind = kind(of: text, at: pointer, isInput)
        {
            note(text, as: kind)
        }
    }

    /// A short word is a code, not somebody's name, unless its member says otherwise.
    private func kind(of text: String, at pointer: JSONPointer, _ isInput: Bool) -> Substitutions.Kind? {
        guard text.utf8.count >= 3 else { return nil }
        let name = pointer.tokens.last { Int($0) == nil } ?? ""
        if let kind = Substitutions.Kind(of: text, called: name) { return kind }
        let isSensitive = isInput && sensitive.contains { pointer.tokens.starts(with: $0.tokens) }
        return isSensitive ? .number : nil
    }

    private mutating func replaced(_ value: JSONValue, at pointer: JSONPointer, isInput: Bool) -> JSONValue {
        switch value {
        case .object(let object):
            var result = JSONObject()
            for (key, member) in object {
                result[substitutions.applied(to: key)] = replaced(
                    member,
                    at: pointer.appending(key),
                    isInput: isInput
                )
            }
            return .object(result)
        case .array(let items):
            return .array(
                items.enumerated().map { index, item in
                    replaced(item, at: pointer.appending(index), isInput: isInput)
                }
            )
        case .string(let text):
            let new = substitutions.replaced[text] ?? substitutions.applied(to: text)
            if new == text, !isInput, text.utf8.count >= 3 { kept.append("\(pointer): \(text)") }
            return .string(new)
        case .number(let number):
            guard let new = substitutions.replaced[number.text] else { return value }
            // A number must not begin with a zero.
            let digits = new.hasPrefix("0") ? "1" + new.dropFirst() : new
            return JSONNumber(digits).map { .number($0) } ?? .string(new)
        default:
            return value
        }
    }

    // MARK: Texts

    /// Replaces in text that is not JSON: the content of XML elements by their names, and numbers and addresses by form.
    private mutating func clean(text: String) -> String {
        let parts = text.split(separator: "<", omittingEmptySubsequences: false).map(String.init)
        for part in parts {
            guard let end = part.firstIndex(of: ">") else { continue }
            let head = part[..<end].prefix { !$0.isWhitespace }
            let name = head.split(separator: ":").last.map(String.init) ?? ""
            let content = part[part.index(after: end)...].trimmingSpaces
            if content.utf8.count >= 3, let kind = Substitutions.Kind(of: content, called: name) {
                note(content, as: kind)
            }
        }
        for word in text.split(whereSeparator: { " \n\t<>\"',;:()[]{}&=".contains($0) }) {
            if let kind = Substitutions.Kind(of: String(word), called: "") { note(String(word), as: kind) }
        }
        let cleaned = substitutions.applied(to: text)
        kept.append("the text of the answer: look it over")
        return cleaned
    }

    /// The kind of a value of the original that stands in `text`; `nil` when there is none.
    func left(in text: String) -> String? {
        let invented = Set(substitutions.replaced.values.map { $0.lowercased() })
        let text = text.lowercased()
        for old in substitutions.replaced.keys where old.utf8.count >= 4 {
            let old = old.lowercased()
            // An invented value may by chance hold a short original one.
            if text.contains(old), !invented.contains(where: { $0.contains(old) }) {
                return "one of \(old.utf8.count) characters"
            }
        }
        return nil
    }
}

extension Substring {
    /// The text without spaces and line breaks around it.
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
