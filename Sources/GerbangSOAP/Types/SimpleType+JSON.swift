internal import GerbangJSON

extension SimpleType {
    /// The JSON of a value, white space normalised; nil for a text that is no value of the primitive type.
    ///
    /// Numbers keep their digits. Where a pattern asks for a form that JSON's numbers do not have (`007`), the value is a
    /// string.
    func json(_ text: String, _ primitive: Primitive) -> JSONValue? {
        switch primitive {
        case .boolean:
            if !facets.patterns.isEmpty, text == "0" || text == "1" { return .string(text) }
            return text == "true" || text == "1" ? true : (text == "false" || text == "0" ? false : nil)
        case .decimal:
            guard !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
            if let number = JSONNumber(text) { return .number(number) }
            guard let plain = DecimalText.json(text) else { return nil }
            if !facets.patterns.isEmpty { return .string(text) }
            return JSONNumber(plain).map { .number($0) }
        case .float:
            if let number = JSONNumber(text) { return .number(number) }
            guard Lexical.allows(text, .float) else { return nil }
            return facets.patterns.isEmpty ? Self.float(text) : .string(text)
        case .base64Binary:
            // libxml2 passes over characters that are none of base64's.
            guard Lexical.allows(text, .base64Binary) else { return nil }
            return .string(text.utf8.contains(0x20) ? text.xmlWords.joined() : text)
        // libxml2 reads years of more digits than there is use for; what cannot be written is not read either.
        default: return Lexical.allows(text, primitive) ? .string(text) : nil
        }
    }

    /// A floating-point number whose form JSON does not know: `.5`, `+1`, `1.`, `INF`.
    private static func float(_ text: String) -> JSONValue {
        if ["INF", "-INF", "NaN", "+INF"].contains(text) { return .string(text == "+INF" ? "INF" : text) }
        let parts = text.utf8.split(maxSplits: 1) { $0 | 0x20 == UInt8(ascii: "e") }
        guard let mantissa = parts.first.flatMap({ DecimalText.json(String(Substring($0))) }) else {
            return .string(text)
        }
        let exponent = parts.count == 2 ? "E" + String(Substring(parts[1])) : ""
        return JSONNumber(mantissa + exponent).map { .number($0) } ?? .string(text)
    }

    /// The JSON of a text of any variety; nil for qualified names with prefixes, which only a document explains.
    func json(of text: String) -> JSONValue? {
        switch variety {
        case .atomic(.qName): return text.utf8.first == UInt8(ascii: "{") ? .string(text) : nil
        case .atomic(let primitive): return json(whiteSpace.normalize(text), primitive)
        case .list(let item):
            var items: [JSONValue] = []
            for word in text.xmlWords {
                guard let value = item.json(of: word) else { return nil }
                items.append(value)
            }
            return .array(items)
        case .union(let members): return member(for: text, among: members)?.json(of: text)
        }
    }
}
