internal import GerbangJSON
internal import GerbangXML

extension MessageEncoder {
    /// The lexical form of a value of a simple type, which is checked as far as libxml2 will not.
    ///
    /// - Parameter declarations: Gets the declarations that a qualified name needs.
    mutating func lexical(
        _ type: SimpleType,
        _ value: JSONValue,
        _ declarations: inout [UInt8]
    ) throws(SOAPError) -> String {
        let text = try form(type, value, &declarations)
        if let objection = type.objection(to: text, by: style == .encoded ? .everything : checks) {
            throw Self.error(objection)
        }
        return text
    }

    private mutating func form(
        _ type: SimpleType,
        _ value: JSONValue,
        _ declarations: inout [UInt8]
    ) throws(SOAPError) -> String {
        switch type.variety {
        case .atomic(let primitive): return try atomic(type, primitive, value, &declarations)
        case .list(let item):
            var value = value
            if case .string(let text) = value {
                guard item.hasNames else { return type.whiteSpace.normalize(text) }
                value = .array(text.xmlWords.map { .string(String($0)) })
            }
            guard case .array(let items) = value else { throw Self.error("It must be an array of values.") }
            var words: [String] = []
            for (index, element) in items.enumerated() {
                do throws(SOAPError) {
                    let word = try lexical(item, element, &declarations)
                    guard !word.isEmpty, !word.utf8.contains(where: { $0 <= 0x20 }) else {
                        throw Self.error("A value of a list may be neither empty nor have white space in it.")
                    }
                    words.append(word)
                } catch {
                    throw error.below(index)
                }
            }
            return words.joined(separator: " ")
        case .union(let members): return try union(members, value, &declarations)
        }
    }

    /// The form that the first fitting member type gives, or else the first form that there is.
    private mutating func union(
        _ members: [SimpleType],
        _ value: JSONValue,
        _ declarations: inout [UInt8]
    ) throws(SOAPError) -> String {
        for member in members {
            var own: [UInt8] = []
            guard let text = try? form(member, value, &own),
                member.objection(to: member.whiteSpace.normalize(text)) == nil
            else { continue }
            declarations += own
            return text
        }
        switch value {
        case .string(let text): return text
        case .number(let number): return number.text
        case .bool(let flag): return flag ? "true" : "false"
        default: throw Self.error("It must be a single value.")
        }
    }

    private mutating func atomic(
        _ type: SimpleType,
        _ primitive: Primitive,
        _ value: JSONValue,
        _ declarations: inout [UInt8]
    ) throws(SOAPError) -> String {
        switch (primitive, value) {
        case (.boolean, .bool(let flag)): return flag ? "true" : "false"
        case (.decimal, .number(let number)):
            if !type.isInteger, !number.text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
                return number.text
            }
            guard let text = DecimalText.plain(number.text) else {
                throw Self.error("The number has too many digits to be written without an exponent.")
            }
            guard type.isInteger else { return text }
            guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return text }
            guard let decimal = DecimalText(text), decimal.fraction.isEmpty else {
                throw Self.error("It must be a whole number.")
            }
            return String(text[..<dot])
        case (.float, .number(let number)): return number.text
        case (.qName, .string(let text)): return try qualifiedName(text, &declarations)
        case (_, .string(let text)):
            let normal = type.whiteSpace == .preserve ? text : type.whiteSpace.normalize(text)
            guard Lexical.allows(normal, primitive) else { throw Self.wrongKind(type, primitive) }
            return normal
        // A reader of JSON may have turned "12" into 12; as text it means the same.
        case (.string, .number(let number)), (.anySimple, .number(let number)): return number.text
        case (.anySimple, .bool(let flag)): return flag ? "true" : "false"
        default: throw Self.wrongKind(type, primitive)
        }
    }

    private static func wrongKind(_ type: SimpleType, _ primitive: Primitive) -> SOAPError {
        switch primitive {
        case .boolean: error("It must be true or false.")
        case .decimal: error(type.isInteger ? "It must be a whole number." : "It must be a number.")
        case .float: error("It must be a number, or one of \"INF\", \"-INF\" and \"NaN\".")
        case .dateTime: error("It must be a text like \"2026-01-31T08:30:00+07:00\" (xs:dateTime).")
        case .date: error("It must be a text like \"2026-01-31\" (xs:date).")
        case .time: error("It must be a text like \"08:30:00\" (xs:time).")
        case .base64Binary: error("It must be a text in base64.")
        case .hexBinary: error("It must be a text in hexadecimal, two digits a byte.")
        case .qName: error("It must be a name like \"{namespace}local\".")
        default: error("It must be a text of the type xs:\(type.builtin).")
        }
    }

    /// `{namespace}local` as a qualified name, with a prefix of the contract or one declared on the spot.
    private mutating func qualifiedName(_ text: String, _ declarations: inout [UInt8]) throws(SOAPError) -> String {
        guard let name = JSONName(text.trimmingXMLSpace)?.name else {
            throw Self.error("It must be a name like \"{namespace}local\".")
        }
        guard let uri = name.namespaceURI else { return name.localName }
        if let number = table.prefixes.number(uri) {
            mark(number)
            return "\(table.prefixes.entries[number].prefix):\(name.localName)"
        }
        let prefix = "q\(valuePrefixes)_"
        valuePrefixes += 1
        declarations += " xmlns:\(prefix)=\"".utf8
        MarkupBuffer.escapeAttribute(uri, into: &declarations)
        declarations.append(UInt8(ascii: "\""))
        return "\(prefix):\(name.localName)"
    }
}
