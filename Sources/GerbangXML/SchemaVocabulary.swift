/// The words of a schema: what may be repeated in a message because it is not document content.
struct SchemaVocabulary: Sendable {
    private var names: Set<String> = []
    private var namespaces: Set<String> = []
    private var facets: Set<String> = []

    /// Takes in the words of one schema file.
    mutating func learn(from root: XMLElement) {
        if let namespace = root.attribute("targetNamespace") { namespaces.insert(namespace) }
        var waiting = [root]
        while let element = waiting.popLast() {
            if let name = element.attribute("name") { names.insert(name) }
            if let value = element.attribute("value") { facets.insert(value) }
            waiting += element.children
        }
    }

    /// Whether the schema declares something with this local name.
    func declares(_ localName: String) -> Bool {
        names.contains(localName)
    }

    /// Whether the text is the value of a facet: a length, a bound, a pattern, a member of an enumeration.
    func hasFacet(_ text: some StringProtocol) -> Bool {
        facets.contains(String(text))
    }

    /// A name as libxml2 writes it (`local`, `{namespace}local` or `xs:type`), where it is the schema's.
    func local(_ name: some StringProtocol) -> String? {
        if name.hasPrefix("xs:") { return XMLCharacters.isName(name.dropFirst(3)) ? String(name) : nil }
        guard name.hasPrefix("{"), let end = name.lastIndex(of: "}") else {
            return declares(String(name)) ? String(name) : nil
        }
        let local = String(name[name.index(after: end)...])
        let namespace = String(name[name.index(after: name.startIndex)..<end])
        return namespaces.contains(namespace) && declares(local) ? local : nil
    }
}
