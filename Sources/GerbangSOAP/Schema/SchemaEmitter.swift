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

    let set: SchemaSet
    /// Wrapper elements to declare in addition.
    var wrappers: [Wrapper] = []

    static let root = "all.xsd"

    /// The files by name.
    func files() -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        var members: [String: [String]] = [:]
        let namespaces = Set(set.files.map(\.namespace)).union(wrappers.map { $0.name.namespaceURI ?? "" })
        let order = namespaces.sorted()
        for file in set.files {
            let name = "s\(file.number).xsd"
            var writer = SchemaWriter(importing: order, numbers: order)
            writer.skipped = Set(
                wrappers.filter { ($0.name.namespaceURI ?? "") == file.namespace }.map(\.name.localName)
            )
            result[name] = writer.write(file)
            members[file.namespace, default: []].append(name)
        }
        for (uri, group) in Dictionary(grouping: wrappers, by: { $0.name.namespaceURI ?? "" }) {
            let number = order.firstIndex(of: uri) ?? 0
            result["w\(number).xsd"] = wrapperFile(uri, group, order)
            members[uri, default: []].append("w\(number).xsd")
        }
        for (number, uri) in order.enumerated() {
            let includes = (members[uri] ?? []).map { "<xs:include schemaLocation=\"\($0)\"/>" }.joined()
            result["n\(number).xsd"] = Array("\(SchemaWriter.head(uri))>\(includes)</xs:schema>".utf8)
        }
        let imports = order.enumerated().map { SchemaWriter.importing($1, number: $0) }.joined()
        // The root has a namespace of its own, so that it may import the schemas without one.
        result[Self.root] = Array("\(SchemaWriter.head("urn:gerbang:all"))>\(imports)</xs:schema>".utf8)
        return result
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

/// Writes one schema for libxml2: without annotations, foreign attributes and identity constraints, and with imports of
/// all namespaces.
struct SchemaWriter {
    private let namespaces: [String]
    private let order: [String]
    /// Top-level elements to leave out.
    var skipped: Set<String> = []
    private var text = ""

    init(importing namespaces: [String], numbers order: [String]) {
        self.namespaces = namespaces
        self.order = order
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
        for (number, uri) in order.enumerated() where uri != file.namespace && namespaces.contains(uri) {
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

    private static let dropped: Set<String> = ["annotation", "key", "keyref", "unique", "notation"]

    private mutating func write(_ element: XMLElement, depth: Int) {
        guard depth < 250, element.namespaceURI == Namespaces.schema, !Self.dropped.contains(element.localName) else {
            return
        }
        let tag = element.prefix.map { "\($0):" } ?? ""
        if element.localName == "element", let reference = element.attribute("ref"),
            element.resolve(qualifiedName: reference)?.namespaceURI == Namespaces.schema
        {
            text +=
                "<\(tag)any namespace=\"\(Namespaces.schema)\" processContents=\"skip\"\(Self.occurrence(of: element))/>"
            return
        }
        text += "<\(tag)\(element.localName)"
        for (prefix, uri) in element.namespaceDeclarations where !(prefix.isEmpty && uri.isEmpty) {
            text += " xmlns\(prefix.isEmpty ? "" : ":\(prefix)")=\"\(Self.escaped(uri))\""
        }
        for attribute in element.attributes where attribute.name.namespaceURI == nil && attribute.name.localName != "id"
        {
            // libxml2 takes white space around the name of a local element for a part of it.
            let isText = ["default", "fixed", "value"].contains(attribute.name.localName)
            let value = isText ? attribute.value : attribute.value.trimmingXMLSpace
            text += " \(attribute.name.localName)=\"\(Self.escaped(value))\""
        }
        let start = text.utf8.count
        text += ">"
        if isArray(element) {
            text +=
                "<\(tag)complexContent><\(tag)extension base=\"\(element.firstDerivation?.attribute("base") ?? "")\"/>"
                + "</\(tag)complexContent>"
        } else {
            for child in element.children { write(child, depth: depth + 1) }
        }
        if text.utf8.count == start + 1 {
            text.removeLast()
            text += "/>"
        } else {
            text += "</\(tag)\(element.localName)>"
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
