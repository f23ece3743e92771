internal import GerbangXML

/// The rules of XML Schema that reading itself does not need, for elements that libxml2 does not look at.
extension MessageDecoder {
    /// An error in an element as one in its attribute.
    static func at(_ attribute: XMLName, _ error: SOAPError) -> SOAPError {
        var located = error
        located.path = (error.path ?? "") + "/@\(attribute.localName)"
        return located
    }

    /// Checks an element by its declaration: whether it may be nil, and whether it has the fixed value.
    func check(_ declaration: ElementNode, _ element: XMLElement) throws(SOAPError) {
        guard !declaration.isAbstract else { throw error("The element or its type is abstract.", at: element) }
        if let isNil = element.attribute("nil", namespace: Namespaces.instance)?.trimmingXMLSpace,
            ["true", "1"].contains(isNil)
        {
            guard declaration.isNillable else {
                throw error("The element may not be nil: xsi:nil is not allowed.", at: element)
            }
            guard element.isEmpty else {
                throw error("The element is declared nil by xsi:nil and must be empty.", at: element)
            }
            return
        }
        guard let fixed = declaration.fixedValue, let text = element.onlyText, !text.isEmpty,
            case .simple(let simple) = table.types[declaration.type].content
        else { return }
        guard isFixed(text, fixed, simple, element) else {
            throw error("The value is not the fixed one.", at: element)
        }
    }

    /// Checks what an element is and which attributes it has by its type; their values are checked when they are read.
    func check(_ type: TypeNode, _ element: XMLElement, _ attributes: [XMLWalk.NumberedAttribute]) throws(SOAPError) {
        guard !type.isAbstract else { throw error("The element or its type is abstract.", at: element) }
        for declared in type.attributes {
            guard let given = attributes.first(where: { $0.symbol == declared.symbol }) else {
                guard !declared.isRequired else {
                    throw error("A required attribute is missing: \(declared.tag.name.localName).", at: element)
                }
                continue
            }
            if let fixed = declared.fixedValue, !isFixed(given.value, fixed, declared.type, element) {
                throw Self.at(declared.tag.name, error("The value is not the fixed one.", at: element))
            }
        }
        for attribute in element.attributes
        where attribute.name.namespaceURI != Namespaces.instance
            && !type.attributes.contains(where: { $0.tag.name == attribute.name })
        {
            guard let wildcard = type.anyAttribute, wildcard.allows(attribute.name.namespaceURI) else {
                throw error("An attribute is not allowed here.", at: element)
            }
        }
    }

    /// Checks an attribute that stands for a wildcard, where it is declared.
    func check(_ attribute: XMLAttribute, _ element: XMLElement) throws(SOAPError) {
        guard checks != .nothing, let declared = table.attributes[attribute.name],
            let objection = declared.objection(to: attribute.value, by: checks)
        else { return }
        throw Self.at(attribute.name, error(objection, at: element))
    }

    private func isFixed(_ text: String, _ fixed: String, _ type: SimpleType, _ element: XMLElement) -> Bool {
        if type.hasNames {
            let names = text.xmlWords.map { element.resolve(qualifiedName: $0).map { JSONName.text($0) } ?? "" }
            return names == fixed.xmlWords
        }
        return type.isSame(type.whiteSpace.normalize(text), type.whiteSpace.normalize(fixed))
    }
}
