internal import GerbangXML

extension XMLElement {
    /// Whether attributes come before the content that they should follow.
    var hasEarlyAttributes: Bool {
        guard ["complexType", "extension", "restriction"].contains(localName) else { return false }
        var isBehind = false
        for child in children where child.namespaceURI == Namespaces.schema && child.localName != "annotation" {
            if ["attribute", "attributeGroup", "anyAttribute"].contains(child.localName) {
                isBehind = true
            } else if isBehind {
                return true
            }
        }
        return false
    }

    /// The children, with attributes behind everything else.
    var schemaContent: [XMLElement] {
        guard hasEarlyAttributes else { return children }
        let all = children
        return all.filter { !["attribute", "attributeGroup", "anyAttribute"].contains($0.localName) }
            + all.filter { ["attribute", "attributeGroup"].contains($0.localName) }
            + all.filter { $0.localName == "anyAttribute" }
    }

    /// Whether it is an `xs:all` that asks for what XML Schema 1.0 does not let it have: elements that come more than once,
    /// groups or wildcards.
    var isLooseAll: Bool {
        guard isNamed("all", namespace: Namespaces.schema) else { return false }
        let parts = children.filter { $0.namespaceURI == Namespaces.schema && $0.localName != "annotation" }
        guard parts.allSatisfy({ ["element", "any", "group"].contains($0.localName) }) else { return false }
        return parts.contains {
            $0.localName != "element" || !["0", "1"].contains($0.attribute("maxOccurs")?.trimmingXMLSpace ?? "1")
        }
    }
}
