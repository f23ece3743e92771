internal import GerbangJSON
internal import GerbangXML

/// Content that the contract leaves open: wildcards and `xs:anyType`.
extension MessageEncoder {
    /// Writes an element that stands for a wildcard: an object whose one member names it, or has its text.
    mutating func wildcardItem(_ wildcard: Wildcard, _ value: JSONValue) throws(SOAPError) {
        guard case .object(let object) = value, object.count == 1, let member = object.first(where: { _ in true })
        else {
            throw Self.error("It must be an object with one member, which names the element as \"{namespace}local\".")
        }
        do throws(SOAPError) {
            if member.key == DocumentText.key { return try document(member.value, for: wildcard) }
            guard let name = JSONName(member.key)?.name else {
                throw Self.error("It must be a name like \"{namespace}local\".")
            }
            try Self.check(name, wildcard)
            try freeElement(member.key, member.value, processing: wildcard.processing)
        } catch {
            throw error.below(member.key)
        }
    }

    private static func check(_ name: XMLName, _ wildcard: Wildcard) throws(SOAPError) {
        guard wildcard.allows(name.namespaceURI) else {
            throw error("The contract does not allow an element of this namespace here.")
        }
    }

    /// Writes an element as it is given.
    private mutating func document(_ value: JSONValue, for wildcard: Wildcard?) throws(SOAPError) {
        guard case .string(let text) = value else { throw Self.error("It must be the text of an element.") }
        let document = try DocumentText(text)
        if let wildcard { try Self.check(document.name, wildcard) }
        buffer.markup(document.bytes)
        hasDocuments = true
    }

    /// Writes an element by its name: by the contract where it declares the element, freely elsewhere; or as its text.
    mutating func freeElement(_ key: String, _ value: JSONValue, processing: Wildcard.Processing) throws(SOAPError) {
        if key == DocumentText.key { return try document(value, for: nil) }
        guard let name = JSONName(key)?.name else { throw Self.error("It must be a name like \"{namespace}local\".") }
        // It would stand for another value's attachment, or for none.
        guard name != XMLName("Include", namespace: Namespaces.xop) else {
            throw Self.error("xop:Include is written for attachments only.")
        }
        if processing != .skip, let element = table.elements[name] { return try self.element(element, value) }
        let (tag, declaration) = freeTag(name)
        buffer.markup("<")
        buffer.markup(tag)
        buffer.markup(declaration)
        if value.isNull {
            mark(0)
            buffer.markup(" xsi:nil=\"true\"/>")
            return
        }
        try anything(value, closing: tag)
    }

    private mutating func freeTag(_ name: XMLName) -> ([UInt8], [UInt8]) {
        guard let uri = name.namespaceURI else { return (Array(name.localName.utf8), []) }
        if let number = table.prefixes.number(uri) {
            mark(number)
            return (Array("\(table.prefixes.entries[number].prefix):\(name.localName)".utf8), [])
        }
        var declaration = Array(" xmlns:f=\"".utf8)
        MarkupBuffer.escapeAttribute(uri, into: &declaration)
        declaration.append(UInt8(ascii: "\""))
        return (Array("f:\(name.localName)".utf8), declaration)
    }

    /// Writes the rest of an element of any content, the start tag being open: a scalar as text, an object with
    /// attributes and `#text` or `#content`, or with `#type` by that type.
    mutating func anything(_ value: JSONValue, closing name: [UInt8]) throws(SOAPError) {
        switch value {
        case .null:
            mark(0)
            buffer.markup(" xsi:nil=\"true\"/>")
        case .string(let text): try scalar(text, closing: name)
        case .number(let number): try scalar(number.text, closing: name)
        case .bool(let flag): try scalar(flag ? "true" : "false", closing: name)
        case .array where style == .encoded:
            try array(ArrayNode(item: BuiltinTypes.anyType, itemName: "item", ranks: "[]"), value, closing: name)
        case .object where attachments != nil && Self.attachmentName(value) != nil:
            try attach(Self.attachmentName(value) ?? "", isChecked: false, nil)
            close(name)
        case .array: throw Self.error("Free content is a value, or an object with #content for elements in order.")
        case .object(let object): try freeObject(object, closing: name)
        }
    }

    private mutating func scalar(_ text: String, closing name: [UInt8]) throws(SOAPError) {
        if text.isEmpty {
            buffer.markup("/>")
            return
        }
        buffer.markup(">")
        do throws(SOAPError) { try buffer.text(text) } catch { throw Self.error(error.message) }
        close(name)
    }

    private mutating func freeObject(_ object: JSONObject, closing name: [UInt8]) throws(SOAPError) {
        var count = 0
        var content: JSONValue?
        for (key, value) in object {
            do throws(SOAPError) {
                switch key {
                case "#text", "#content":
                    guard content == nil else { throw Self.error("There may be #text or #content, not both.") }
                    content = value
                case "#nil":
                    mark(0)
                    buffer.markup(" xsi:nil=\"true\"")
                case "#type": continue
                default:
                    guard key.hasPrefix("@"), let attribute = JSONName(String(key.dropFirst())) else {
                        throw Self.error("Free content has members @attribute, #text and #content only.")
                    }
                    try freeAttribute(attribute, value, number: count)
                    count += 1
                }
            } catch {
                throw error.below(key)
            }
        }
        guard let content else {
            buffer.markup("/>")
            return
        }
        guard case .array(let items) = content else {
            do throws(SOAPError) { return try anything(content, closing: name) } catch { throw error.below("#text") }
        }
        buffer.markup(">")
        for (index, item) in items.enumerated() {
            do throws(SOAPError) { try freeItem(item) } catch { throw error.below(index).below("#content") }
        }
        close(name)
    }

    private mutating func freeItem(_ item: JSONValue) throws(SOAPError) {
        if case .string(let text) = item {
            do throws(SOAPError) { return try buffer.text(text) } catch { throw Self.error(error.message) }
        }
        guard case .object(let member) = item, member.count == 1, let only = member.first(where: { _ in true }) else {
            throw Self.error("It must be a text or an object with one member, which names the element.")
        }
        do throws(SOAPError) { try freeElement(only.key, only.value, processing: .lax) } catch {
            throw error.below(only.key)
        }
    }

    /// Writes an attribute that stands for a wildcard.
    ///
    /// - Parameter isDeclared: Whether it is held to its declaration, where the contract has one.
    mutating func freeAttribute(_ name: JSONName, _ value: JSONValue, number: Int, isDeclared: Bool = true)
        throws(SOAPError)
    {
        let text: String
        switch value {
        case .string(let string): text = string
        case .number(let digits): text = digits.text
        case .bool(let flag): text = flag ? "true" : "false"
        default: throw Self.error("An attribute is a single value.")
        }
        if isDeclared, style == .literal, let objection = table.attributes[name.name]?.objection(to: text, by: checks) {
            throw Self.error(objection)
        }
        let local = name.name.localName
        let isInstance = name.name.namespaceURI == Namespaces.instance
        guard local != "xmlns", !isInstance || InstanceSymbols.locations.contains(local),
            name.name.namespaceURI != "http://www.w3.org/2000/xmlns/"
        else { throw Self.error("This attribute cannot be given.") }
        var qualified = local
        if let uri = name.name.namespaceURI {
            if let known = table.prefixes.number(uri) {
                mark(known)
                qualified = "\(table.prefixes.entries[known].prefix):\(local)"
            } else {
                var declaration = Array(" xmlns:a\(number)_=\"".utf8)
                MarkupBuffer.escapeAttribute(uri, into: &declaration)
                declaration.append(UInt8(ascii: "\""))
                buffer.markup(declaration)
                qualified = "a\(number)_:\(local)"
            }
        }
        buffer.markup(" ")
        buffer.markup(Array(qualified.utf8))
        buffer.markup("=\"")
        do throws(SOAPError) { try buffer.attribute(text) } catch { throw Self.error(error.message) }
        buffer.markup("\"")
    }
}
