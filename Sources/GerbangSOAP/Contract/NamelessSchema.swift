internal import GerbangXML

/// A schema in a description that names no target namespace, though the description means its own.
enum NamelessSchema {
    /// Whether the description refers to the schema's components by its own target namespace, which no other schema in it has.
    static func isMeant(_ schema: XMLElement, by namespace: String, in definitions: XMLElement) -> Bool {
        guard !namespace.isEmpty, target(of: schema).isEmpty else { return false }
        let schemas = definitions.children("types", namespace: Namespaces.wsdl).flatMap { $0.children("schema") }
        guard !schemas.contains(where: { target(of: $0) == namespace }) else { return false }
        let names = Set(schema.children.compactMap { $0.attribute("name")?.trimmingXMLSpace })
        let parts = definitions.children("message", namespace: Namespaces.wsdl).flatMap { $0.children("part") }
        var waiting = parts + schemas
        while let element = waiting.popLast() {
            for attribute in ["type", "element", "base", "ref", "itemType", "substitutionGroup"] {
                guard let text = element.attribute(attribute), let name = element.resolve(qualifiedName: text) else {
                    continue
                }
                let isOwn =
                    name.namespaceURI == namespace
                    // Without prefix, and with WSDL's own namespace as the default one.
                    || (name.namespaceURI == Namespaces.wsdl && !text.contains(":"))
                if isOwn, names.contains(name.localName) { return true }
            }
            waiting += element.children
        }
        return false
    }

    private static func target(of schema: XMLElement) -> String {
        schema.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
    }
}
