internal import GerbangXML

/// A schema document with its effective target namespace.
final class SchemaFile {
    let number: Int
    /// The file's name for messages.
    let file: String
    /// The `xs:schema` element.
    let root: XMLElement
    /// The target namespace, that of the including schema for one without; empty for none.
    let namespace: String
    /// Whether the namespace is that of the including schema.
    let isChameleon: Bool
    let isElementQualified: Bool
    let isAttributeQualified: Bool
    /// Top-level components that repeat an earlier, equal one.
    var repeated: Set<XMLElement> = []
    /// Facets and attributes that libxml2 does not get.
    var hidden: Set<XMLElement> = []
    /// Restrictions in a simple content that have a simple type as base, which libxml2 gets as extensions.
    var loneRestrictions: Set<XMLElement> = []

    init(number: Int, file: String, root: XMLElement, namespace: String, isChameleon: Bool) {
        self.number = number
        self.file = file
        self.root = root
        self.namespace = namespace
        self.isChameleon = isChameleon
        isElementQualified = root.attribute("elementFormDefault")?.trimmingXMLSpace == "qualified"
        isAttributeQualified = root.attribute("attributeFormDefault")?.trimmingXMLSpace == "qualified"
    }
}

extension SchemaFile {
    /// The name that a resolved one stands for: without namespace it is the including schema's.
    func effective(_ name: XMLName) -> XMLName {
        name.namespaceURI == nil && isChameleon ? XMLName(name.localName, namespace: namespace) : name
    }
}

/// A top-level component of a schema.
struct SchemaComponent {
    let element: XMLElement
    let file: SchemaFile
}

/// All schemas of a description, with everything that they import.
final class SchemaSet {
    enum Space: Hashable {
        case type
        case element
        case attribute
        case group
        case attributeGroup
    }

    private struct Import {
        let namespace: String
        let location: String?
        let file: String
        let line: Int
    }

    private let loader: DescriptionLoader
    private let rootFile: String
    private(set) var files: [SchemaFile] = []
    /// The schemas taken in, by file and namespace.
    private var known: [String: [XMLElement]] = [:]
    private var components: [Space: [XMLName: SchemaComponent]] = [:]
    private var missing: [Import] = []
    private var componentCount = 0
    private var waiting: [(XMLElement, String, String?)] = []

    init(loader: DescriptionLoader, rootFile: String) {
        self.loader = loader
        self.rootFile = rootFile
    }

    /// Takes in a schema with everything that it imports and includes.
    ///
    /// - Parameter within: The target namespace of the including schema, or of the description; nil where the schema's own
    ///   is meant.
    func add(_ root: XMLElement, file: String, within: String? = nil) throws(SOAPError) {
        waiting.append((root, file, within))
        while let (root, file, within) = waiting.popLast() { try admit(root, file, within) }
    }

    private func admit(_ root: XMLElement, _ file: String, _ within: String?) throws(SOAPError) {
        try Self.checkRoot(root, file: file)
        let own = root.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
        if root.attribute("targetNamespace") != nil, own.isEmpty {
            loader.warn("\(file):\(root.line): targetNamespace is empty, which is taken for none")
        }
        if let within, !own.isEmpty, own != within {
            throw SOAPError(
                .schema,
                "A schema of another target namespace is included; use xs:import.",
                file: file,
                line: root.line
            )
        }
        let namespace = own.isEmpty ? within ?? "" : own
        guard namespace != Namespaces.schema else { return }
        let key = "\(file)\n\(namespace)"
        guard !known[key, default: []].contains(root) else { return }
        known[key, default: []].append(root)
        try SchemaRepair.apply(to: root, file: file) { [loader] in loader.warn($0) }
        let schema = SchemaFile(
            number: files.count,
            file: file,
            root: root,
            namespace: namespace,
            isChameleon: own.isEmpty && !namespace.isEmpty
        )
        files.append(schema)
        guard files.count <= loader.limits.maximumFiles else {
            throw SOAPError(.limit, "The description has more than \(loader.limits.maximumFiles) schemas.", file: file)
        }
        for child in root.children where child.namespaceURI == Namespaces.schema {
            switch child.localName {
            case "import": try follow(child, in: schema, isInclude: false)
            case "include": try follow(child, in: schema, isInclude: true)
            case "redefine": try redefine(child, in: schema)
            case "override":
                throw SOAPError(
                    .unsupported,
                    "xs:override, of XML Schema 1.1, is not supported; write the changed types out.",
                    file: file,
                    line: child.line
                )
            case "annotation", "notation": continue
            default: try index(child, in: schema)
            }
        }
    }

    /// The namespace of XML-Data Reduced, Microsoft's own language for schemas.
    static let reducedNamespace = "urn:schemas-microsoft-com:xml-data"

    /// Refuses an element that is not a schema, and says what is to be done with one in Microsoft's own language.
    static func checkRoot(_ root: XMLElement, file: String) throws(SOAPError) {
        guard !root.isNamed("schema", namespace: Namespaces.schema) else { return }
        guard root.namespaceURI == reducedNamespace else {
            throw SOAPError(
                .schema,
                "The root element is not an XML Schema's (\(Namespaces.schema)).",
                file: file,
                line: root.line
            )
        }
        throw SOAPError(
            .unsupported,
            "The schema is written in XML-Data Reduced, which was given up; ask the agency for one in XML Schema of 2001 "
                + "(\(Namespaces.schema)), or rewrite it so.",
            file: file,
            line: root.line
        )
    }

    /// Takes in what an element includes, with everything that it leads to, before anything that waits.
    func takeInNow(_ element: XMLElement, in schema: SchemaFile) throws(SOAPError) {
        let others = waiting
        waiting = []
        try follow(element, in: schema, isInclude: true)
        while let (root, file, within) = waiting.popLast() { try admit(root, file, within) }
        waiting = others
    }

    private func follow(_ element: XMLElement, in schema: SchemaFile, isInclude: Bool) throws(SOAPError) {
        let namespace = isInclude ? schema.namespace : element.attribute("namespace")?.trimmingXMLSpace ?? ""
        let location = element.attribute("schemaLocation").map(\.trimmingXMLSpace).flatMap { $0.isEmpty ? nil : $0 }
        if isInclude, location == nil {
            throw SOAPError(
                .schema,
                "xs:\(element.localName) has no schemaLocation.",
                file: schema.file,
                line: element.line
            )
        }
        if !isInclude, location == nil || namespace == Namespaces.schema {
            return note(Import(namespace: namespace, location: location, file: schema.file, line: element.line))
        }
        let found = try loader.find(
            location,
            namespace: isInclude ? nil : namespace,
            from: schema.file,
            root: rootFile
        )
        guard let found else {
            if isInclude {
                throw SOAPError(
                    .location,
                    "The included schema '\(SOAPError.shown(location ?? ""))' is not there; nothing is fetched from elsewhere.",
                    file: schema.file,
                    line: element.line
                )
            }
            return note(Import(namespace: namespace, location: location, file: schema.file, line: element.line))
        }
        for root in Self.schemas(in: found.document, namespace: namespace) {
            let own = root.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
            if !isInclude, own != namespace {
                loader.warn("\(schema.file):\(element.line): imports '\(namespace)', but the file is of '\(own)'")
            }
            waiting.append((root, found.name, isInclude ? schema.namespace : nil))
        }
    }

    /// The schema that a document is, or those that it holds where it is a WSDL.
    private static func schemas(in document: XMLDocument, namespace: String) -> [XMLElement] {
        guard document.root.isNamed("definitions", namespace: Namespaces.wsdl) else { return [document.root] }
        let all = document.root.children("types", namespace: Namespaces.wsdl).flatMap {
            $0.children("schema", namespace: Namespaces.schema)
        }
        let wanted = all.filter { ($0.attribute("targetNamespace") ?? "").trimmingXMLSpace == namespace }
        return wanted.isEmpty ? all : wanted
    }

    private func note(_ wanted: Import) {
        if missing.count < 10_000 { missing.append(wanted) }
    }

    func index(_ element: XMLElement, in schema: SchemaFile) throws(SOAPError) {
        let space: Space
        switch element.localName {
        case "complexType", "simpleType": space = .type
        case "element": space = .element
        case "attribute": space = .attribute
        case "group": space = .group
        case "attributeGroup": space = .attributeGroup
        default:
            throw SOAPError(
                .schema,
                "xs:\(SOAPError.shown(element.localName)) is not allowed at the top level of a schema.",
                file: schema.file,
                line: element.line
            )
        }
        let name = element.attribute("name")?.trimmingXMLSpace ?? ""
        guard XMLCharacters.isName(name) else {
            throw SOAPError(
                .schema,
                name.isEmpty
                    ? "A top-level xs:\(element.localName) has no name."
                    : "'\(SOAPError.shown(name))' is not a name that XML allows.",
                file: schema.file,
                line: element.line
            )
        }
        componentCount += 1
        guard componentCount <= loader.limits.maximumComponents else {
            throw SOAPError(
                .limit,
                "The schemas declare more than \(loader.limits.maximumComponents) components.",
                file: schema.file
            )
        }
        let key = XMLName(name, namespace: schema.namespace)
        if let earlier = components[space, default: [:]][key] {
            guard SchemaText.isEqual(earlier.element, element) else {
                throw SOAPError(
                    .schema,
                    "xs:\(element.localName) '\(name)' is declared a second time and differently; "
                        + "the first is in \(earlier.file.file):\(earlier.element.line).",
                    file: schema.file,
                    line: element.line
                )
            }
            schema.repeated.insert(element)
            return
        }
        components[space, default: [:]][key] = SchemaComponent(element: element, file: schema)
    }

    /// Tells people about something that is probably not meant.
    func warn(_ text: String) {
        loader.warn(text)
    }

    // MARK: Looking up

    /// The component of a name among those taken in so far.
    func component(_ space: Space, _ name: XMLName) -> SchemaComponent? { components[space]?[name] }

    /// Gives a component another name.
    func move(_ space: Space, from old: XMLName, to new: XMLName) {
        let component = components[space]?.removeValue(forKey: old)
        components[space]?[new] = component
    }

    /// All components of a kind.
    func all(_ space: Space) -> [(XMLName, SchemaComponent)] {
        (components[space] ?? [:]).sorted {
            ($0.value.file.number, $0.value.element.line, $0.key.localName)
                < ($1.value.file.number, $1.value.element.line, $1.key.localName)
        }.map { ($0.key, $0.value) }
    }

    /// The component of a name; one of the catalogue's schemas is taken in where the name needs it.
    func find(_ space: Space, _ name: XMLName) throws(SOAPError) -> SchemaComponent? {
        if let found = components[space]?[name] { return found }
        let namespace = name.namespaceURI ?? ""
        guard !files.contains(where: { $0.namespace == namespace }), let found = try loader.schema(of: namespace) else {
            return nil
        }
        try add(found.document.root, file: found.name)
        return components[space]?[name]
    }

    /// The error for a name that stands for nothing.
    func unresolved(_ what: String, _ name: XMLName, file: String, line: Int) -> SOAPError {
        let namespace = name.namespaceURI ?? ""
        let wanted = missing.first { $0.namespace == namespace && $0.location != nil }
        if let wanted, let location = wanted.location {
            return SOAPError(
                .location,
                "The \(what) '\(SOAPError.shown(name.localName))' is of the namespace '\(SOAPError.shown(namespace))', whose schema "
                    + "'\(SOAPError.shown(location))' is missing; put the file beside this one (nothing is fetched from elsewhere).",
                file: file,
                line: line
            )
        }
        return SOAPError(
            .schema,
            "There is no \(what) '\(SOAPError.shown(name.description))' in the schemas.",
            file: file,
            line: line
        )
    }

    /// Warns of imports that lead nowhere and that nothing needed.
    func reportMissing() {
        let present = Set(files.map(\.namespace))
        for wanted in missing where wanted.namespace != Namespaces.schema && !present.contains(wanted.namespace) {
            let place = wanted.location.map { " ('\(SOAPError.shown($0))')" } ?? ""
            loader.warn(
                "\(wanted.file):\(wanted.line): the schema of '\(SOAPError.shown(wanted.namespace))'\(place) is missing; nothing refers to it"
            )
        }
    }
}
