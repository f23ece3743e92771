internal import GerbangJSON
internal import GerbangXML

extension MessageDecoder {
    /// The JSON of a text of a simple type.
    func value(_ text: String, _ type: SimpleType, at element: XMLElement) throws(SOAPError) -> JSONValue {
        switch type.variety {
        case .atomic(let primitive):
            if primitive == .string || primitive == .anySimple {
                return .string(type.whiteSpace == .preserve ? text : type.whiteSpace.normalize(text))
            }
            return try atomic(type.whiteSpace.normalize(text), type, primitive, at: element)
        case .list(let item):
            var items: [JSONValue] = []
            for word in text.xmlWords { items.append(try value(word, item, at: element)) }
            return .array(items)
        case .union(let members):
            guard let member = type.member(for: text, among: members) else {
                if isEncoded { return .string(text) }
                throw error("The value is of none of the types that are allowed.", at: element)
            }
            return try value(text, member, at: element)
        }
    }

    private func atomic(
        _ text: String,
        _ type: SimpleType,
        _ primitive: Primitive,
        at element: XMLElement
    ) throws(SOAPError) -> JSONValue {
        if primitive == .qName, let name = element.resolve(qualifiedName: text) { return .string(JSONName.text(name)) }
        if primitive != .qName, let value = type.json(text, primitive) { return value }
        // Services of the old kind send an empty element for "none", or a number with a comma: their text is kept.
        if isEncoded { return .string(text) }
        guard !DateText.hasLongYear(text, primitive) else {
            throw error("A year of more than \(DateText.maximumYearDigits) digits is not supported.", at: element)
        }
        throw error("The value is not of the type required: xs:\(type.builtin).", at: element)
    }

    // MARK: Free content

    /// An element of a wildcard: an object whose one member names it.
    func freeElement(_ element: XMLElement, processing: Wildcard.Processing) throws(SOAPError) -> JSONValue {
        let key = JSONName.text(element.name)
        if processing != .skip, let declared = table.elementsBySymbol[walk.symbol(element)] {
            return .object([key: try self.element(declared, element)])
        }
        return .object([key: try value(of: element, declared: BuiltinTypes.anyType)])
    }

    /// The value of an element with any content: its text, or an object with its attributes and its content in order.
    func anything(_ element: XMLElement, isNil: Bool, _ start: JSONObject) throws(SOAPError) -> JSONValue {
        var object = start
        for attribute in element.attributes
        where attribute.name.namespaceURI != Namespaces.instance
            || InstanceSymbols.locations.contains(attribute.name.localName)
        {
            if isEncoded, ["href", "id", "encodingStyle", "arrayType", "root"].contains(attribute.name.localName) {
                continue
            }
            object["@" + JSONName.text(attribute.name)] = .string(attribute.value)
        }
        if isNil {
            if object.isEmpty { return .null }
            object["#nil"] = true
            return .object(object)
        }
        if let text = element.onlyText {
            let content = attachments?.content(of: element, nil)
            if object.isEmpty { return content ?? .string(text) }
            if content != nil || !text.isEmpty { object["#text"] = content ?? .string(text) }
            return .object(object)
        }
        var items: [JSONValue] = []
        for piece in element.pieces {
            switch piece {
            // Between elements white space is layout, unless there is other text as well.
            case .text(let text): items.append(.string(text))
            case .element(let child): items.append(try freeElement(child, processing: .lax))
            }
        }
        let isLayout = items.allSatisfy { $0.stringValue.map { XMLCharacters.isBlank($0) } ?? true }
        if isLayout { items.removeAll { $0.stringValue != nil } }
        object["#content"] = .array(items)
        return .object(object)
    }
}
