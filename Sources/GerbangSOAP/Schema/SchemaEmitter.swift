internal import GerbangXML

/// Writes the schemas of a description anew, as one closed set of files for libxml2.
///
/// Every schema becomes a file, and every namespace a file that includes those of its schemas; imports lead to these
/// only. So it does not matter whether imports in the description have locations, whether several schemas share a
/// namespace, or whether an import was forgotten.
struct SchemaEmitter {
    /// A wrapper element of an rpc message, which no schema declares.
    struct Wrapper: Hashable {
        let name: XMLName
        let parts: [Part]

        struct Part: Hashable {
            let name: String
            let type: XMLName?
            let element: XMLName?
        }
    }

    /// The files, and where in the description each line of them comes from.
    struct Files {
        fileprivate(set) var texts: [String: [UInt8]] = [:]
        /// For each line behind the first the element that it begins with.
        fileprivate var sources: [String: (file: SchemaFile, elements: [XMLElement])] = [:]

        /// What a line of a file was made of; nil where that is not known.
        func source(_ file: String?, _ line: Int?) -> SchemaComponent? {
            // libxml2 counts no further than 65535.
            guard let source = file.flatMap({ sources[$0] }), let line, line < 65_535,
                source.elements.indices.contains(line - 2)
            else { return nil }
            return SchemaComponent(element: source.elements[line - 2], file: source.file)
        }
    }

    let set: SchemaSet
    /// Wrapper elements to declare in addition.
    var wrappers: [Wrapper] = []
    /// Types that are written with any content, see ``open(_:)``.
    private var opened: [XMLElement] = []

    init(set: SchemaSet) {
        self.set = set
    }

    static let root = "all.xsd"

    /// The files by name.
    func files() -> Files {
        var files = Files()
        var members: [String: [String]] = [:]
        let namespaces = Set(set.files.map(\.namespace)).union(wrappers.map { $0.name.namespaceURI ?? "" })
        let order = namespaces.sorted()
        for file in set.files {
            let name = "s\(file.number).xsd"
            var writer = SchemaWriter(importing: order, for: self)
            writer.skipped = Set(
                wrappers.filter { ($0.name.namespaceURI ?? "") == file.namespace }.map(\.name.localName)
            )
            files.texts[name] = writer.write(file)
            files.sources[name] = (file, writer.lines)
            members[file.namespace, default: []].append(name)
        }
        for (uri, group) in Dictionary(grouping: wrappers, by: { $0.name.namespaceURI ?? "" }) {
            let number = order.firstIndex(of: uri) ?? 0
            files.texts["w\(number).xsd"] = wrapperFile(uri, group, order)
            members[uri, default: []].append("w\(number).xsd")
        }
        for (number, uri) in order.enumerated() {
            let includes = (members[uri] ?? []).map { "<xs:include schemaLocation=\"\($0)\"/>" }.joined()
            files.texts["n\(number).xsd"] = Array("\(SchemaWriter.head(uri))>\(includes)</xs:schema>".utf8)
        }
        let imports = order.enumerated().map { SchemaWriter.importing($1, number: $0) }.joined()
        // The root has a namespace of its own, so that it may import the schemas without one.
        files.texts[Self.root] = Array("\(SchemaWriter.head("urn:gerbang:all"))>\(imports)</xs:schema>".utf8)
        return files
    }

    // MARK: Types with any content

    /// Lets a type have any content, because libxml2 cannot cope with its content model; what stands in it is checked when
    /// it is read.
    ///
    /// A base that is extended comes first: what it allows would compete with anything behind it. So the whole family that
    /// extends it is open.
    ///
    /// - Returns: Whether it was not open before.
    mutating func open(_ type: SchemaComponent) -> Bool {
        guard type.element.localName == "complexType", !isOpen(type) else { return false }
        var current = type
        var steps = 0
        while let base = extendedBase(of: current), steps < 1_000 {
            current = base
            steps += 1
        }
        opened.append(current.element)
        return true
    }

    func isOpen(_ type: SchemaComponent) -> Bool {
        guard !opened.isEmpty else { return false }
        var current = type
        var steps = 0
        while !opened.contains(current.element) {
            guard let base = extendedBase(of: current), steps < 1_000 else { return false }
            current = base
            steps += 1
        }
        return true
    }

    /// The complex type that a type extends; nil where it extends none that the description declares.
    private func extendedBase(of type: SchemaComponent) -> SchemaComponent? {
        guard let content = type.element.firstChild("complexContent", namespace: Namespaces.schema),
            let derivation = content.firstChild("extension", namespace: Namespaces.schema),
            let base = derivation.attribute("base"), let found = derivation.resolve(qualifiedName: base)
        else { return nil }
        let namespace = found.namespaceURI ?? (type.file.isChameleon ? type.file.namespace : nil)
        return set.component(.type, XMLName(found.localName, namespace: namespace))
    }

    /// The numbers of the types that are open, among those with these declarations.
    func openTypes(among sources: [Int: SchemaComponent]) -> Set<Int> {
        guard !opened.isEmpty else { return [] }
        return Set(sources.filter { $0.value.element.localName == "complexType" && isOpen($0.value) }.keys)
    }

    private func wrapperFile(_ uri: String, _ wrappers: [Wrapper], _ order: [String]) -> [UInt8] {
        var text = SchemaWriter.head(uri)
        for (number, namespace) in order.enumerated() where !namespace.isEmpty {
            text += " xmlns:p\(number)=\"\(SchemaWriter.escaped(namespace))\""
        }
        text += ">"
        for (number, namespace) in order.enumerated() where namespace != uri {
            text += SchemaWriter.importing(namespace, number: number)
        }
        func qualified(_ name: XMLName) -> String {
            if name.namespaceURI == Namespaces.schema { return "xs:\(name.localName)" }
            guard let uri = name.namespaceURI, let number = order.firstIndex(of: uri) else { return name.localName }
            return "p\(number):\(name.localName)"
        }
        for wrapper in wrappers {
            text += "<xs:element name=\"\(wrapper.name.localName)\"><xs:complexType><xs:sequence>"
            for part in wrapper.parts {
                if let element = part.element {
                    text += "<xs:element ref=\"\(qualified(element))\"/>"
                } else if let type = part.type {
                    text += "<xs:element form=\"unqualified\" name=\"\(part.name)\" type=\"\(qualified(type))\"/>"
                }
            }
            text += "</xs:sequence></xs:complexType></xs:element>"
        }
        return Array((text + "</xs:schema>").utf8)
    }
}

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

    private mutating func write(_ element: XMLElement, depth: Int) {
        guard depth < 250, element.namespaceURI == Namespaces.schema, !Self.dropped.contains(element.localName) else {
            return
        }
        let tag = element.prefix.map { "\($0):" } ?? ""
        if element.localName == "element", let reference = element.attribute("ref"),
            element.resolve(qualifiedName: reference)?.namespaceURI == Namespaces.schema
        {
            begin(element)
            text +=
                "<\(tag)any namespace=\"\(Namespaces.schema)\" processContents=\"skip\"\(Self.occurrence(of: element))/>"
            return
        }
        begin(element)
        text += "<\(tag)\(element.localName)"
        for (prefix, uri) in element.namespaceDeclarations where !(prefix.isEmpty && uri.isEmpty) {
            text += " xmlns\(prefix.isEmpty ? "" : ":\(prefix)")=\"\(Self.escaped(uri))\""
        }
        let isWildcard = ["any", "anyAttribute"].contains(element.localName)
        for attribute in element.attributes where attribute.name.namespaceURI == nil && attribute.name.localName != "id"
        {
            if isWildcard, attribute.name.localName == "processContents" { continue }
            // libxml2 takes white space around the name of a local element for a part of it.
            let isText = ["default", "fixed", "value"].contains(attribute.name.localName)
            let value = isText ? attribute.value : attribute.value.trimmingXMLSpace
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
            for child in element.children where !(isOpen && Self.models.contains(child.localName)) {
                write(child, depth: depth + 1)
            }
        }
        if text.utf8.count == start + 1 {
            text.removeLast()
            text += "/>"
        } else {
            text += "</\(tag)\(element.localName)>"
        }
    }

    /// Begins a line, so that libxml2's line numbers lead back to the description.
    private mutating func begin(_ element: XMLElement) {
        text += "\n"
        lines.append(element)
    }

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
