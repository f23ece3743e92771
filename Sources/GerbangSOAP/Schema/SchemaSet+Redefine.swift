internal import GerbangXML

extension SchemaSet {
    /// Takes in what `xs:redefine` includes, and puts its components in the place of those that they redefine
    /// (XML Schema 1.0, section 4.2.2).
    ///
    /// The redefined component gets another name, under which only its redefinition refers to it; so everybody else
    /// means the new one, and the rest of the compiler knows nothing of it.
    func redefine(_ element: XMLElement, in schema: SchemaFile) throws(SOAPError) {
        try takeInNow(element, in: schema)
        for child in element.children where child.namespaceURI == Namespaces.schema && child.localName != "annotation" {
            guard let space = Self.redefinable[child.localName] else {
                throw error("xs:\(SOAPError.shown(child.localName)) cannot be redefined.", child, schema)
            }
            let name = child.attribute("name")?.trimmingXMLSpace ?? ""
            let key = XMLName(name, namespace: schema.namespace)
            guard let original = component(space, key), original.element.localName == child.localName,
                original.file !== schema
            else {
                throw error(
                    "'\(SOAPError.shown(name))' is redefined, but the schema named there does not declare it.",
                    child,
                    schema
                )
            }
            var number = 1
            while component(space, XMLName("\(name).redefined\(number)", namespace: schema.namespace)) != nil {
                number += 1
            }
            let other = "\(name).redefined\(number)"
            let references = Self.references(of: child, to: key, in: schema)
            guard space != .type || references.count == 1 else {
                throw error(
                    "The type '\(SOAPError.shown(name))' must be redefined by deriving it from itself.",
                    child,
                    schema
                )
            }
            do throws(XMLError) {
                try original.element.setAttribute("name", to: other)
                for (reference, attribute) in references {
                    let prefix = reference.attribute(attribute)?.trimmingXMLSpace.split(separator: ":").dropLast().first
                    try reference.setAttribute(attribute, to: prefix.map { "\($0):\(other)" } ?? other)
                }
            } catch {
                throw SOAPError(.schema, error.message, file: schema.file, line: child.line)
            }
            move(space, from: key, to: XMLName(other, namespace: schema.namespace))
            try index(child, in: schema)
        }
    }

    private static let redefinable: [String: Space] = [
        "complexType": .type, "simpleType": .type, "group": .group, "attributeGroup": .attributeGroup,
    ]

    /// The places in a redefinition that mean what it redefines.
    private static func references(of component: XMLElement, to name: XMLName, in schema: SchemaFile) -> [(
        element: XMLElement, attribute: String
    )] {
        func means(_ element: XMLElement, _ attribute: String) -> Bool {
            guard let text = element.attribute(attribute), let found = element.resolve(qualifiedName: text) else {
                return false
            }
            let namespace = found.namespaceURI ?? (schema.isChameleon ? schema.namespace : nil)
            return found.localName == name.localName && (namespace ?? "") == (name.namespaceURI ?? "")
        }
        if component.localName.hasSuffix("Type") {
            let content = component.children.first { ["complexContent", "simpleContent"].contains($0.localName) }
            let derivations = (content ?? component).children.filter {
                ["restriction", "extension"].contains($0.localName) && means($0, "base")
            }
            return derivations.map { ($0, "base") }
        }
        var result: [(element: XMLElement, attribute: String)] = []
        var waiting = component.children
        while let element = waiting.popLast() {
            if element.localName == component.localName, means(element, "ref") { result.append((element, "ref")) }
            waiting += element.children
        }
        return result
    }

    private func error(_ message: String, _ element: XMLElement, _ schema: SchemaFile) -> SOAPError {
        SOAPError(.schema, message, file: schema.file, line: element.line)
    }
}
