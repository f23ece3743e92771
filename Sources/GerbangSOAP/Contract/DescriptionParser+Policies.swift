internal import GerbangXML

/// Documentation and policies (WS-Policy), which may stand anywhere in a description.
extension DescriptionParser {
    static func documentation(of element: XMLElement) -> String? {
        let text = element.children("documentation", namespace: Namespaces.wsdl).map(\.stringValue).joined(
            separator: " "
        )
        let words = text.xmlWords.joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(1_000))
    }

    private static func isPolicy(_ element: XMLElement, _ name: String) -> Bool {
        element.localName == name && Namespaces.policies.contains(element.namespaceURI ?? "")
    }

    mutating func collectPolicies(_ element: XMLElement, depth: Int) {
        guard depth < 4 else { return }
        for child in element.children {
            if Self.isPolicy(child, "Policy") {
                let id = child.attributes.first { ["Id", "id", "Name"].contains($0.name.localName) }
                if let id { policies[id.value] = Self.assertions(child) }
            } else if child.namespaceURI == Namespaces.wsdl {
                collectPolicies(child, depth: depth + 1)
            }
        }
    }

    /// The outermost assertions of a policy.
    private static func assertions(_ policy: XMLElement) -> [String] {
        var result: [String] = []
        func walk(_ element: XMLElement, _ depth: Int) {
            for child in element.children where depth < 50 && result.count < 100 {
                if ["ExactlyOne", "All", "Policy"].contains(child.localName),
                    Namespaces.policies.contains(child.namespaceURI ?? "")
                {
                    walk(child, depth + 1)
                } else if !isPolicy(child, "PolicyReference") {
                    result.append(child.localName)
                }
            }
        }
        walk(policy, 0)
        return result
    }

    func policies(of element: XMLElement) -> [SOAPPolicy] {
        element.children.compactMap { child in
            if Self.isPolicy(child, "PolicyReference") {
                let reference = child.attribute("URI") ?? ""
                let known = policies[String(reference.drop { $0 == "#" })]
                return SOAPPolicy(name: reference, isResolved: known != nil, assertions: known ?? [])
            }
            guard Self.isPolicy(child, "Policy") else { return nil }
            let id = child.attributes.first { ["Id", "id", "Name"].contains($0.name.localName) }
            return SOAPPolicy(name: id?.value ?? "", isResolved: true, assertions: Self.assertions(child))
        }
    }
}
