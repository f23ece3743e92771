internal import GerbangXML

/// Schemas in a description that name no target namespace, though the description means its own.
struct NamelessSchemas {
    /// What the messages and schemas of the description refer to in its own target namespace.
    private var references: Set<String> = []

    /// Looks at the description once; where one of its schemas has its target namespace, the others do not.
    init(in definitions: XMLElement, namespace: String) {
        let schemas = definitions.children("types", namespace: Namespaces.wsdl).flatMap { $0.children("schema") }
        guard !namespace.isEmpty, schemas.contains(where: { Self.target(of: $0).isEmpty }),
            !schemas.contains(where: { Self.target(of: $0) == namespace })
        else { return }
        var waiting = schemas
        waiting += definitions.children("message", namespace: Namespaces.wsdl).flatMap { $0.children("part") }
        while let element = waiting.popLast() {
            for attribute in ["type", "element", "base", "ref", "itemType", "substitutionGroup"] {
                guard let text = element.attribute(attribute), let name = element.resolve(qualifiedName: text) else {
                    continue
                }
                // Without prefix, and with WSDL's own namespace as the default one, it is meant too.
                let isBare = name.namespaceURI == Namespaces.wsdl && !text.contains(":")
                if name.namespaceURI == namespace || isBare { references.insert(name.localName) }
            }
            waiting += element.children
        }
    }

    /// Whether a schema without target namespace declares something that the description refers to as its own.
    func isMeant(_ schema: XMLElement) -> Bool {
        guard !references.isEmpty, Self.target(of: schema).isEmpty else { return false }
        return schema.children.contains { references.contains($0.attribute("name")?.trimmingXMLSpace ?? "") }
    }

    private static func target(of schema: XMLElement) -> String {
        schema.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
    }
}
