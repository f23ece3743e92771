internal import GerbangXML

extension DescriptionParser {
    /// The type that a part names, where it is one of XML Schema's own as it is meant.
    private func builtin(_ name: XMLName, _ attribute: String, of part: XMLElement) -> XMLName {
        let right = SchemaRepair.meant(by: name)
        if right != nil || attribute == "element" {
            loader.warn(
                "\(file):\(part.line): \(attribute) '\(SOAPError.shown(name.localName))' was taken for the type xs:\(right ?? SOAPError.shown(name.localName))"
            )
        }
        return right.map { XMLName($0, namespace: Namespaces.schema) } ?? name
    }

    /// The name of a part; some leave it away, as the element's says it all.
    private func name(of part: XMLElement, referring element: XMLName?) throws(SOAPError) -> String {
        guard let element, part.attribute("name")?.trimmingXMLSpace.isEmpty ?? true else { return try name(of: part) }
        loader.warn("\(file):\(part.line): wsdl:part has no name; it was called as its element")
        return element.localName
    }

    /// Reads a message.
    mutating func message(_ element: XMLElement) throws(SOAPError) {
        let name = XMLName(try name(of: element), namespace: namespace)
        var parts: [RawDescription.Part] = []
        for part in element.children("part", namespace: Namespaces.wsdl) {
            var type: XMLName?
            var referred: XMLName?
            for attribute in ["element", "type"] {
                // Some leave one of the two empty.
                guard let text = part.attribute(attribute), !text.trimmingXMLSpace.isEmpty else { continue }
                guard let resolved = part.resolve(qualifiedName: text) else {
                    throw error("'\(SOAPError.shown(text))' is no qualified name, or its prefix is not declared.", part)
                }
                let isBare = resolved.namespaceURI == Namespaces.wsdl && !text.contains(":")
                let final = isBare ? XMLName(resolved.localName, namespace: namespace) : resolved
                // XML Schema has types, and no elements that could be meant.
                if attribute == "type" || final.namespaceURI == Namespaces.schema {
                    type = builtin(final, attribute, of: part)
                } else {
                    referred = final
                }
            }
            // One that has neither is no mistake yet: .NET writes such for answers of HTTP GET that are empty.
            guard type == nil || referred == nil else { throw error("wsdl:part has both an element and a type.", part) }
            let own = try self.name(of: part, referring: referred)
            guard !parts.contains(where: { $0.name == own }) else {
                throw error("The message has two parts '\(own)'.", part)
            }
            parts.append(RawDescription.Part(name: own, element: referred, type: type, file: file, line: part.line))
        }
        if let known = description.messages[name] {
            guard known.parts.map(\.declaration) == parts.map(\.declaration) else {
                throw error("The message '\(name.localName)' is defined twice and differently.", element)
            }
            return
        }
        description.messages[name] = RawDescription.Message(name: name, parts: parts)
    }
}
