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
    private var opened: Set<XMLElement> = []
    /// Each `xs:all` that is written as a choice, see ``relax(_:)``.
    private var relaxed: Set<XMLElement> = []

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
        opened.insert(current.element)
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
        return set.component(.type, type.file.effective(found))
    }

    // MARK: xs:all

    /// Lets the elements of each `xs:all` of a place come in any order and number, because libxml2 does not take an `xs:all`
    /// beside anything else: those of a type, of what it extends, and of the groups that it refers to.
    ///
    /// - Returns: Whether there was one that was not relaxed before.
    mutating func relax(_ place: SchemaComponent) -> Bool {
        let count = relaxed.count
        var seen: Set<XMLElement> = []
        var current: SchemaComponent? = place
        while let component = current, seen.insert(component.element).inserted {
            relaxAll(within: component.element, component.file, depth: 0, &seen)
            current = extendedBase(of: component)
        }
        return relaxed.count > count
    }

    func isRelaxed(_ element: XMLElement) -> Bool {
        element.localName == "all" && (element.isLooseAll || relaxed.contains(element))
    }

    private mutating func relaxAll(
        within element: XMLElement,
        _ file: SchemaFile,
        depth: Int,
        _ seen: inout Set<XMLElement>
    ) {
        guard depth < 100, element.namespaceURI == Namespaces.schema else { return }
        if element.localName == "all" {
            relaxed.insert(element)
            return
        }
        if element.localName == "group", let reference = element.attribute("ref"),
            let name = element.resolve(qualifiedName: reference),
            let group = set.component(.group, file.effective(name)), seen.insert(group.element).inserted
        {
            relaxAll(within: group.element, group.file, depth: depth + 1, &seen)
        }
        // The elements within have types of their own.
        for child in element.children where child.localName != "element" {
            relaxAll(within: child, file, depth: depth + 1, &seen)
        }
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
            if name.namespaceURI == Namespaces.schema { return "xs:\(SchemaWriter.validated(name.localName))" }
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
