internal import GerbangJSON
internal import GerbangXML

extension MessageDecoder {
    /// The JSON of a text of a simple type, which is checked as far as libxml2 did not.
    func value(_ text: String, _ type: SimpleType, at element: XMLElement) throws(SOAPError) -> JSONValue {
        if checks != .nothing, let objection = type.objection(to: text, by: checks) {
            throw error(objection, at: element)
        }
        return try converted(text, type, at: element)
    }

    private func converted(_ text: String, _ type: SimpleType, at element: XMLElement) throws(SOAPError) -> JSONValue {
        switch type.variety {
        case .atomic(let primitive):
            if primitive == .string || primitive == .anySimple {
                return .string(type.whiteSpace == .preserve ? text : type.whiteSpace.normalize(text))
            }
            return try atomic(type.whiteSpace.normalize(text), type, primitive, at: element)
        case .list(let item):
            var items: [JSONValue] = []
            for word in text.xmlWords { items.append(try converted(word, item, at: element)) }
            return .array(items)
        case .union(let members):
            guard let member = member(for: text, among: members, at: element) else {
                if isEncoded { return .string(text) }
                throw error("The value is of none of the types that are allowed.", at: element)
            }
            return try converted(text, member, at: element)
        }
    }

    /// The first member type of a union that a text is a value of, names being what their prefixes say here.
    private func member(for text: String, among members: [SimpleType], at element: XMLElement) -> SimpleType? {
        members.first { member in
            let normal = member.whiteSpace.normalize(text)
            guard member.objection(to: normal) == nil else { return false }
            guard case .atomic(.qName) = member.variety else { return true }
            return element.resolve(qualifiedName: normal).map { member.objection(to: JSONName.text($0)) == nil }
                ?? false
        }
    }

    private func atomic(
        _ text: String,
        _ type: SimpleType,
        _ primitive: Primitive,
        at element: XMLElement
    ) throws(SOAPError) -> JSONValue {
        if primitive == .qName, let name = element.resolve(qualifiedName: text) {
            let written = JSONName.text(name)
            // Names are enumerated as they stand in JSON.
            if checks == .everything, let objection = type.objection(to: written) {
                throw error(objection, at: element)
            }
            return .string(written)
        }
        // The default of an empty element is given so.
        if primitive == .qName, JSONName(text)?.name.namespaceURI != nil { return .string(text) }
        if primitive != .qName, let value = type.json(text, primitive) { return value }
        // Services of the old kind send an empty element for "none", or a number with a comma: their text is kept.
        if isEncoded { return .string(text) }
        guard !DateText.hasLongYear(text, primitive) else {
            throw error("A year of more than \(DateText.maximumYearDigits) digits is not supported.", at: element)
        }
        throw error("The value is not of the type required: xs:\(type.builtin).", at: element)
    }

    // MARK: Free content

    /// An element of a wildcard, in the form that is wanted.
    func wildcardItem(_ element: XMLElement, processing: Wildcard.Processing) throws(SOAPError) -> JSONValue {
        guard documents == .xml else { return try freeElement(element, processing: processing) }
        try attachments?.restoreAll(in: element)
        // Values are checked while they are read.
        if checks != .nothing, processing != .skip, table.elementsBySymbol[walk.symbol(element)] != nil {
            _ = try freeElement(element, processing: processing)
        }
        return try DocumentText.json(element)
    }

    /// An element of any name: an object whose one member names it.
    func freeElement(_ element: XMLElement, processing: Wildcard.Processing) throws(SOAPError) -> JSONValue {
        guard !element.isInclude else {
            throw error("The message refers to a part that did not come with it.", at: element)
        }
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
            if !isEncoded { try check(attribute, element) }
            object["@" + JSONName.text(attribute.name)] = .string(attribute.value)
        }
        if isNil {
            if object.isEmpty { return .null }
            object["#nil"] = true
            return .object(object)
        }
        if let text = element.onlyText {
            let content = attachments?.give(element)
            if object.isEmpty { return content ?? .string(text) }
            if content != nil || !text.isEmpty { object["#text"] = content ?? .string(text) }
            return .object(object)
        }
        var items: [JSONValue] = []
        for piece in element.pieces {
            switch piece {
            // Between elements white space is layout, unless there is other text as well.
            case .text(let text): items.append(.string(text))
            case .element(let child): items.append(try wildcardItem(child, processing: .lax))
            }
        }
        let isLayout = items.allSatisfy { $0.stringValue.map { XMLCharacters.isBlank($0) } ?? true }
        if isLayout { items.removeAll { $0.stringValue != nil } }
        object["#content"] = .array(items)
        return .object(object)
    }
}
