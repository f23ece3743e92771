internal import GerbangXML

/// Schemas in the drafts of XML Schema of 1999 and 2000, which descriptions of that time, and tools that learned from them,
/// still name. Mostly they say nothing that the recommendation of 2001 would not say likewise.
enum SchemaDraft {
    /// What XML Schema was called in its drafts.
    static let namespaces: Set<String> = ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"]

    /// Types that had other names.
    private static let names = [
        "timeInstant": "dateTime", "uriReference": "anyURI", "timeDuration": "duration", "CDATA": "normalizedString",
        "binary": "base64Binary", "ur-type": "anyType", "month": "gYearMonth", "year": "gYear",
    ]

    /// Rewrites the schemas of a document that are in a draft.
    ///
    /// - Returns: Whether there were such; what is only said otherwise in them is then found by whoever reads them.
    static func modernize(_ document: XMLDocument) throws(XMLError) -> Bool {
        let root = document.root
        let schemas = root.localName == "schema" ? [root] : root.children("types").flatMap { $0.children("schema") }
        let drafts = schemas.filter { namespaces.contains($0.namespaceURI ?? "") }
        guard !drafts.isEmpty else { return false }
        try document.renameNamespaces(namespaces, to: Namespaces.schema)
        var waiting = drafts
        while let element = waiting.popLast() {
            waiting += element.children
            guard element.namespaceURI == Namespaces.schema else { continue }
            try modernize(element)
        }
        return true
    }

    private static func modernize(_ element: XMLElement) throws(XMLError) {
        for attribute in ["type", "base", "itemType"] {
            guard let text = element.attribute(attribute)?.trimmingXMLSpace,
                let name = element.resolve(qualifiedName: text), name.namespaceURI == Namespaces.schema,
                let modern = names[name.localName]
            else { continue }
            try element.setAttribute(attribute, to: text.dropLast(name.localName.count) + modern)
        }
        if element.attribute("maxOccurs")?.trimmingXMLSpace == "*" {
            try element.setAttribute("maxOccurs", to: "unbounded")
        }
        // Elements could stand in a type without a group around them, and were a sequence.
        guard element.localName == "complexType" else { return }
        let bare = element.children.filter {
            $0.namespaceURI == Namespaces.schema && ["element", "any"].contains($0.localName)
        }
        if !bare.isEmpty { try element.wrap(bare, in: "sequence") }
    }
}
