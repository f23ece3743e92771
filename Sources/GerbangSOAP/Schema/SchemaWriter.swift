internal import GerbangXML

/// Writes one schema for libxml2: without annotations, foreign attributes, identity constraints and patterns, and with
/// imports of all namespaces.
struct SchemaWriter {
    private let namespaces: [String]
    private let emitter: SchemaEmitter
    /// Top-level elements to leave out.
    var skipped: Set<String> = []
    /// For each line behind the first the element that it begins with.
    private(set) var lines: [XMLElement] = []
    private var file: SchemaFile?
    private var text = ""

    init(importing namespaces: [String], for emitter: SchemaEmitter) {
        self.namespaces = namespaces
        self.emitter = emitter
    }

    static func head(_ uri: String) -> String {
        let target = uri.isEmpty ? "" : " targetNamespace=\"\(escaped(uri))\""
        return "<xs:schema xmlns:xs=\"\(Namespaces.schema)\"\(target)"
    }

    static func importing(_ uri: String, number: Int) -> String {
        let namespace = uri.isEmpty ? "" : " namespace=\"\(escaped(uri))\""
        return "<xs:import\(namespace) schemaLocation=\"n\(number).xsd\"/>"
    }

    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        MarkupBuffer.escapeAttribute(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func write(_ file: SchemaFile) -> [UInt8] {
        self.file = file
        let prefix = Self.schemaPrefix(of: file)
        let name = prefix.isEmpty ? "schema" : "\(prefix):schema"
        text = "<\(name)"
        var declared: [String: String] = [:]
        var current: XMLElement? = file.root
        while let element = current {
            for (prefix, uri) in element.namespaceDeclarations where declared[prefix] == nil { declared[prefix] = uri }
            current = element.parent
        }
        if file.isChameleon, (declared[""] ?? "").isEmpty { declared[""] = file.namespace }
        for (prefix, uri) in declared.sorted(by: { $0.key < $1.key })
        where prefix != "xml" && !(prefix.isEmpty && uri.isEmpty) {
            text += " xmlns\(prefix.isEmpty ? "" : ":\(prefix)")=\"\(Self.escaped(uri))\""
        }
        if !file.namespace.isEmpty { text += " targetNamespace=\"\(Self.escaped(file.namespace))\"" }
        for attribute in file.root.attributes
        where attribute.name.namespaceURI == nil
            && ["elementFormDefault", "attributeFormDefault", "blockDefault", "finalDefault"].contains(
                attribute.name.localName
            )
        {
            text += " \(attribute.name.localName)=\"\(Self.escaped(attribute.value))\""
        }
        text += ">"
        let tag = prefix.isEmpty ? "" : "\(prefix):"
        for (number, uri) in namespaces.enumerated() where uri != file.namespace {
            let namespace = uri.isEmpty ? "" : " namespace=\"\(Self.escaped(uri))\""
            text += "<\(tag)import\(namespace) schemaLocation=\"n\(number).xsd\"/>"
        }
        for child in file.root.children where child.namespaceURI == Namespaces.schema {
            if ["import", "include"].contains(child.localName) || file.repeated.contains(child) { continue }
            if child.localName == "redefine" {
                for component in child.children { write(component, depth: 0) }
                continue
            }
            if child.localName == "element", let name = child.attribute("name"), skipped.contains(name.trimmingXMLSpace)
            {
                continue
            }
            write(child, depth: 0)
        }
        text += "</\(name)>"
        return Array(text.utf8)
    }

    private static func schemaPrefix(of file: SchemaFile) -> String {
        file.root.prefix ?? ""
    }

    /// What libxml2 does not see; of patterns ``Pattern`` says why.
    private static let dropped: Set<String> = ["annotation", "key", "keyref", "unique", "pattern"]

    /// What libxml2 gets for a built-in type.
    ///
    /// Entities are declared in document types, which are never read, so that no name would be one.
    static func validated(_ builtin: String) -> String {
        switch builtin {
        case "ENTITY": "NCName"
        case "ENTITIES": "NMTOKENS"
        default: builtin
        }
    }

    /// - Parameter isLoose: Whether the element may come any number of times, whatever it says itself.
    private mutating func write(_ element: XMLElement, depth: Int, isLoose: Bool = false) {
        guard depth < 250, element.namespaceURI == Namespaces.schema, !Self.dropped.contains(element.localName) else {
            return
        }
        if let file, !file.hidden.isEmpty, file.hidden.contains(element) { return }
        let isRelaxed = emitter.isRelaxed(element)
        let tag = element.prefix.map { "\($0):" } ?? ""
        if element.localName == "element", let reference = element.attribute("ref"),
            element.resolve(qualifiedName: reference)?.namespaceURI == Namespaces.schema
        {
            begin(element)
            text +=
                "<\(tag)any namespace=\"\(Namespaces.schema)\" processContents=\"skip\"\(isLoose ? "" : Self.occurrence(of: element))/>"
            return
        }
        begin(element)
        let isExtended = element.localName == "restriction" && file?.loneRestrictions.contains(element) ?? false
        let name = isRelaxed ? "choice" : (isExtended ? "extension" : element.localName)
        // What a named group consists of says not how often it comes.
        let isWrapped = isRelaxed && element.parent?.localName == "group"
        if isWrapped { text += "<\(tag)sequence>" }
        text += "<\(tag)\(name)"
        if isRelaxed { text += " minOccurs=\"0\" maxOccurs=\"unbounded\"" }
        for (prefix, uri) in element.namespaceDeclarations where !(prefix.isEmpty && uri.isEmpty) {
            text += " xmlns\(prefix.isEmpty ? "" : ":\(prefix)")=\"\(Self.escaped(uri))\""
        }
        let isWildcard = ["any", "anyAttribute"].contains(element.localName)
        for attribute in element.attributes where attribute.name.namespaceURI == nil && attribute.name.localName != "id"
        {
            if isWildcard, attribute.name.localName == "processContents" { continue }
            if isLoose || isRelaxed, ["minOccurs", "maxOccurs"].contains(attribute.name.localName) { continue }
            // libxml2 takes white space around the name of a local element for a part of it.
            let isText =
                ["default", "fixed", "value"].contains(attribute.name.localName) && !Self.isOfCollapsedType(element)
            var value = isText ? attribute.value : attribute.value.trimmingXMLSpace
            if Self.typeAttributes.contains(attribute.name.localName), value.contains("ENTIT") {
                value = withoutEntities(value, at: element)
            }
            text += " \(attribute.name.localName)=\"\(Self.escaped(value))\""
        }
        if isWildcard {
            // Strictly only elements that a schema declares may stand for a wildcard. Agencies put documents there whose
            // schema is not in the description, so what no schema declares is let through.
            let isSkipped = element.attribute("processContents")?.trimmingXMLSpace == "skip"
            text += " processContents=\"\(isSkipped ? "skip" : "lax")\""
        }
        let start = text.utf8.count
        text += ">"
        if isArray(element) {
            text +=
                "<\(tag)complexContent><\(tag)extension base=\"\(element.firstDerivation?.attribute("base") ?? "")\"/>"
                + "</\(tag)complexContent>"
        } else {
            let isOpen = isOpenContent(element)
            if isOpen, element.localName != "extension" {
                // Not even laxly: a child may be called like a global element and be another one.
                text += "<\(tag)sequence><\(tag)any minOccurs=\"0\" maxOccurs=\"unbounded\" processContents=\"skip\"/>"
                text += "</\(tag)sequence>"
            }
            for child in element.schemaContent where !(isOpen && Self.models.contains(child.localName)) {
                if isExtended, !Self.attributes.contains(child.localName) { continue }
                write(child, depth: depth + 1, isLoose: isRelaxed)
            }
        }
        if text.utf8.count == start + 1 {
            text.removeLast()
            text += "/>"
        } else {
            text += "</\(tag)\(name)>"
        }
        if isWrapped { text += "</\(tag)sequence>" }
    }

    private static let typeAttributes: Set<String> = ["type", "base", "itemType", "memberTypes"]

    private func withoutEntities(_ types: String, at element: XMLElement) -> String {
        types.xmlWords.map { word in
            guard let name = element.resolve(qualifiedName: word), name.namespaceURI == Namespaces.schema else {
                return word
            }
            return word.dropLast(name.localName.count) + Self.validated(name.localName)
        }.joined(separator: " ")
    }

    /// Whether an element or attribute is of a built-in type to which white space around a value means nothing: libxml2
    /// compares a fixed value with what is left of the value without it.
    private static func isOfCollapsedType(_ element: XMLElement) -> Bool {
        guard let type = element.attribute("type"), let name = element.resolve(qualifiedName: type) else {
            return false
        }
        return name.namespaceURI == Namespaces.schema
            && !["string", "normalizedString", "anySimpleType", "anyType"].contains(name.localName)
    }

    /// Begins a line, so that libxml2's line numbers lead back to the description.
    private mutating func begin(_ element: XMLElement) {
        text += "\n"
        lines.append(element)
    }

    private static let attributes: Set<String> = ["attribute", "attributeGroup", "anyAttribute"]

    private static let models: Set<String> = ["sequence", "choice", "all", "group"]

    /// Whether the content model in this element is that of an open type, which is left out.
    private func isOpenContent(_ element: XMLElement) -> Bool {
        guard let file else { return false }
        switch element.localName {
        case "complexType":
            let isDerived = element.firstChild("complexContent", namespace: Namespaces.schema) != nil
            return !isDerived && emitter.isOpen(SchemaComponent(element: element, file: file))
        case "restriction", "extension":
            guard let content = element.parent, content.localName == "complexContent", let type = content.parent else {
                return false
            }
            return emitter.isOpen(SchemaComponent(element: type, file: file))
        default: return false
        }
    }

    private static func occurrence(of element: XMLElement) -> String {
        ["minOccurs", "maxOccurs"].compactMap { name in
            element.attribute(name).map { " \(name)=\"\(escaped($0))\"" }
        }.joined()
    }

    /// Whether it is a type derived from SOAP encoding's array, whose items the schema does not really describe.
    private func isArray(_ element: XMLElement) -> Bool {
        guard element.localName == "complexType", let base = element.firstDerivation?.attribute("base") else {
            return false
        }
        let name = element.firstDerivation?.resolve(qualifiedName: base)
        return name?.localName == "Array"
            && [Namespaces.encoding11, Namespaces.encoding12].contains(name?.namespaceURI ?? "")
    }
}

extension XMLElement {
    /// The extension or restriction in the complex content of a type.
    fileprivate var firstDerivation: XMLElement? {
        let content = firstChild("complexContent", namespace: Namespaces.schema)
        return content?.firstChild("restriction", namespace: Namespaces.schema)
            ?? content?.firstChild("extension", namespace: Namespaces.schema)
    }
}
