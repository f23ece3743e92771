internal import GerbangXML

/// Compares pieces of schemas.
enum SchemaText {
    /// Whether two components say the same: names, attributes and children alike, annotations left out.
    static func isEqual(_ left: XMLElement, _ right: XMLElement, depth: Int = 0) -> Bool {
        guard left.name == right.name, depth < 200 else { return false }
        let (first, second) = (left.attributes, right.attributes)
        guard first.count == second.count else { return false }
        for attribute in first {
            guard let other = second.first(where: { $0.name == attribute.name }) else { return false }
            if attribute.value == other.value, !attribute.value.contains(":") { continue }
            guard attribute.value == other.value || names.contains(attribute.name.localName) else { return false }
            // The same prefix may stand for different namespaces, and different prefixes for the same.
            if names.contains(attribute.name.localName),
                left.resolve(qualifiedName: attribute.value) != right.resolve(qualifiedName: other.value)
            {
                return false
            }
        }
        let firstChildren = left.children.filter { !$0.isNamed("annotation", namespace: Namespaces.schema) }
        let secondChildren = right.children.filter { !$0.isNamed("annotation", namespace: Namespaces.schema) }
        return firstChildren.count == secondChildren.count
            && zip(firstChildren, secondChildren).allSatisfy { isEqual($0, $1, depth: depth + 1) }
    }

    private static let names: Set<String> = ["type", "base", "ref", "itemType", "substitutionGroup", "refer"]
}
