internal import GerbangXML

/// Turns schema documents into types.
///
/// Types refer to each other by number. A type is compiled when its turn in the queue comes, or earlier when another one
/// is derived from it; so recursion through elements costs no stack.
final class SchemaCompiler {
    let set: SchemaSet
    let limits: LoadLimits
    private(set) var types: [RawType?] = []
    private(set) var names: [XMLName: Int] = [:]
    private var pending: [(Int, XMLElement, SchemaFile)] = []
    private(set) var sources: [Int: SchemaComponent] = [:]
    private var active: Set<Int> = []
    private var groups: [XMLName: RawParticle] = [:]
    private var activeGroups: Set<XMLName> = []
    private(set) var elements: [XMLName: RawElement] = [:]
    private(set) var elementOrder: [XMLName] = []
    /// The head of each element that may stand for another one.
    private(set) var heads: [XMLName: XMLName] = [:]
    var attributeTypes: [XMLName: RawAttribute] = [:]
    var attributeGroups: [XMLName: ([RawAttribute], Wildcard?)] = [:]
    var activeAttributeGroups: Set<XMLName> = []
    private var depth = 0
    /// Elements that no schema declares: wrappers and parts of rpc messages.
    private(set) var extras: [RawElement] = []
    /// How deeply unnamed simple types stand inside each other.
    var nesting = 0
    /// The memory that large patterns take, see ``Pattern/weight``.
    var patternWeight = 0

    init(set: SchemaSet, limits: LoadLimits) {
        self.set = set
        self.limits = limits
        addBuiltins()
    }

    private func addBuiltins() {
        types.append(RawType(name: XMLName("anyType", namespace: Namespaces.schema), content: .anything))
        var simple: [String: (Int, SimpleType)] = [:]
        for builtin in Builtin.all {
            let variety: SimpleType.Variety
            if let item = builtin.item, let type = simple[item] {
                variety = .list(type.1)
            } else {
                variety = .atomic(builtin.primitive)
            }
            var facets = Facets()
            facets.minInclusive = builtin.minimum
            facets.maxInclusive = builtin.maximum
            if builtin.item != nil { facets.minLength = 1 }
            let type = SimpleType(
                variety: variety,
                whiteSpace: builtin.whiteSpace,
                isInteger: builtin.isInteger,
                form: builtin.form,
                facets: facets,
                builtin: builtin.name
            )
            let name = XMLName(builtin.name, namespace: Namespaces.schema)
            simple[builtin.name] = (types.count, type)
            types.append(
                RawType(name: name, base: simple[builtin.base]?.0 ?? 0, isSimple: true, content: .simple(type))
            )
        }
        for (number, type) in types.enumerated() {
            if let name = type?.name { names[name] = number }
        }
    }

    /// Compiles everything that the schemas declare at their top level.
    func compileAll() throws(SOAPError) {
        // The catalogue may add schemas while this runs, so it is done until nothing new comes.
        var done = -1
        while done != set.files.count {
            done = set.files.count
            for (name, _) in set.all(.type) { _ = try type(named: name, file: "", line: 0) }
            for (name, _) in set.all(.element) { _ = try element(named: name, file: "", line: 0) }
            for (name, _) in set.all(.group) { _ = try group(named: name, file: "", line: 0) }
            for (name, _) in set.all(.attribute) { _ = try attribute(named: name, file: "", line: 0) }
            for (name, _) in set.all(.attributeGroup) { _ = try attributeGroup(named: name, file: "", line: 0) }
            try drain()
        }
    }

    private func drain() throws(SOAPError) {
        while let (number, element, file) = pending.popLast() {
            if types[number] == nil { try compile(number, element, file) }
        }
    }

    // MARK: Elements of messages

    /// Adds a type that no schema declares.
    func add(_ type: RawType) -> Int {
        types.append(type)
        return types.count - 1
    }

    /// Adds an element that no schema declares, and gives its number among these.
    func add(_ element: RawElement) -> Int {
        extras.append(element)
        return extras.count - 1
    }

    // MARK: Names

    /// The name that a qualified name stands for at its place.
    func resolve(_ text: String, at element: XMLElement, in file: SchemaFile) throws(SOAPError) -> XMLName {
        guard let name = element.resolve(qualifiedName: text) else {
            throw SOAPError(
                .schema,
                "'\(SOAPError.shown(text))' is no qualified name, or its prefix is not declared.",
                file: file.file,
                line: element.line
            )
        }
        if name.namespaceURI == nil { return file.effective(name) }
        if let uri = name.namespaceURI, SchemaDraft.namespaces.contains(uri) {
            return XMLName(name.localName, namespace: Namespaces.schema)
        }
        return name
    }

    func error(_ message: String, _ element: XMLElement, _ file: SchemaFile) -> SOAPError {
        SOAPError(.schema, message, file: file.file, line: element.line)
    }

    // MARK: Types

    /// The number of a named type.
    func type(named name: XMLName, file: String, line: Int) throws(SOAPError) -> Int {
        if let known = names[name] { return known }
        guard let component = try set.find(.type, name) else {
            throw set.unresolved("type", name, file: file, line: line)
        }
        let number = reserve(component.element, component.file)
        names[name] = number
        return number
    }

    private func reserve(_ element: XMLElement, _ file: SchemaFile) -> Int {
        types.append(nil)
        sources[types.count - 1] = SchemaComponent(element: element, file: file)
        pending.append((types.count - 1, element, file))
        return types.count - 1
    }

    /// The type of an attribute `type`, `base` or `itemType`.
    func type(_ attribute: String, of element: XMLElement, in file: SchemaFile) throws(SOAPError) -> Int? {
        guard let text = element.attribute(attribute) else { return nil }
        return try type(named: try resolve(text, at: element, in: file), file: file.file, line: element.line)
    }

    /// A type that is needed now, because another one is derived from it.
    func compiled(_ number: Int, for element: XMLElement, in file: SchemaFile) throws(SOAPError) -> RawType {
        if let type = types[number] { return type }
        guard let source = sources[number] else { throw error("A type has no declaration.", element, file) }
        try compile(number, source.element, source.file)
        guard let type = types[number] else { throw error("A type has no declaration.", element, file) }
        return type
    }

    private func compile(_ number: Int, _ element: XMLElement, _ file: SchemaFile) throws(SOAPError) {
        guard active.insert(number).inserted else { throw error("A type is derived from itself.", element, file) }
        defer { active.remove(number) }
        guard active.count <= limits.maximumNesting else {
            throw SOAPError(
                .limit,
                "Types are derived from each other more than \(limits.maximumNesting) times over.",
                file: file.file,
                line: element.line
            )
        }
        guard types.count <= limits.maximumComponents else {
            throw SOAPError(.limit, "The schemas declare more than \(limits.maximumComponents) types.", file: file.file)
        }
        var type: RawType
        if element.localName == "simpleType" {
            type = try simpleType(element, file)
        } else {
            type = try complexType(element, file)
        }
        if let name = element.attribute("name")?.trimmingXMLSpace,
            names[XMLName(name, namespace: file.namespace)] == number
        {
            type.name = XMLName(name, namespace: file.namespace)
        }
        type.documentation = Self.documentation(of: element)
        types[number] = type
    }

    /// The simple type that a type is, or whose values it has as content.
    func simple(_ number: Int, for element: XMLElement, in file: SchemaFile) throws(SOAPError) -> SimpleType {
        guard case .simple(let type) = try compiled(number, for: element, in: file).content else {
            throw error("A simple type is required here.", element, file)
        }
        return type
    }

    /// The type of an element or attribute that is declared in place.
    func inlineType(of element: XMLElement, in file: SchemaFile) -> Int? {
        for child in element.children where child.namespaceURI == Namespaces.schema {
            if child.localName == "simpleType" || child.localName == "complexType" { return reserve(child, file) }
        }
        return nil
    }

    // MARK: Elements and groups

    /// The element declared at the top level under a name.
    func element(named name: XMLName, file: String, line: Int) throws(SOAPError) -> RawElement {
        if let known = elements[name] { return known }
        guard let component = try set.find(.element, name) else {
            throw set.unresolved("element", name, file: file, line: line)
        }
        let source = component.element
        var type = try self.type("type", of: source, in: component.file) ?? inlineType(of: source, in: component.file)
        if let text = source.attribute("substitutionGroup")?.trimmingXMLSpace, !text.isEmpty {
            let head = try resolve(text, at: source, in: component.file)
            depth += 1
            defer { depth -= 1 }
            guard depth <= limits.maximumNesting, head != name else {
                throw error(
                    "The element stands for itself, or the chain of substitutions is too long.",
                    source,
                    component.file
                )
            }
            heads[name] = head
            let declared = try element(named: head, file: component.file.file, line: source.line)
            if type == nil { type = declared.type }
        }
        let element = RawElement(
            name: name,
            type: type ?? BuiltinTypes.anyType,
            isNillable: Self.flag(source, "nillable"),
            isAbstract: Self.flag(source, "abstract"),
            defaultValue: RawValue("default", of: source),
            fixedValue: RawValue("fixed", of: source),
            isGlobal: true,
            blocksSubstitution: (source.attribute("block") ?? "").xmlWords.contains {
                $0 == "substitution" || $0 == "#all"
            },
            documentation: Self.documentation(of: source)
        )
        elements[name] = element
        elementOrder.append(name)
        return element
    }

    /// The content of a named group.
    func group(named name: XMLName, file: String, line: Int) throws(SOAPError) -> RawParticle {
        if let known = groups[name] { return known }
        guard let component = try set.find(.group, name) else {
            throw set.unresolved("group", name, file: file, line: line)
        }
        guard activeGroups.insert(name).inserted, activeGroups.count <= limits.maximumNesting else {
            throw error(
                "The group contains itself, or groups are nested too deeply.",
                component.element,
                component.file
            )
        }
        defer { activeGroups.remove(name) }
        var result = RawParticle.none
        for child in component.element.children where Self.isModel(child) {
            result = try particle(child, component.file)
        }
        groups[name] = result
        return result
    }

    private static func isModel(_ element: XMLElement) -> Bool {
        element.namespaceURI == Namespaces.schema && ["sequence", "choice", "all", "group"].contains(element.localName)
    }

    /// The content model among the children of a type or derivation; nil where there is none.
    func model(of element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawParticle? {
        for child in element.children where Self.isModel(child) { return try particle(child, file) }
        return nil
    }

    func particle(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawParticle {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.maximumNesting else {
            throw SOAPError(.limit, "Groups are nested too deeply.", file: file.file, line: element.line)
        }
        let (minimum, maximum) = try occurrence(of: element, file)
        var result: RawParticle
        switch element.localName {
        case "element": result = RawParticle(.element(try localElement(element, file)))
        case "any": result = RawParticle(.any(try wildcard(element, file)))
        case "group":
            guard let reference = element.attribute("ref") else { throw error("xs:group has no ref.", element, file) }
            let name = try resolve(reference, at: element, in: file)
            result = try group(named: name, file: file.file, line: element.line)
            if (minimum, maximum) != (1, 1), (result.minimum, result.maximum) != (1, 1) {
                result = RawParticle(.group(.sequence, [result]))
            } else if (minimum, maximum) == (1, 1) {
                return result
            }
        case "sequence", "choice", "all":
            var children: [RawParticle] = []
            for child in element.children
            where child.namespaceURI == Namespaces.schema && child.localName != "annotation" {
                guard ["element", "any", "group", "sequence", "choice"].contains(child.localName) else {
                    throw error(
                        "xs:\(SOAPError.shown(child.localName)) is not allowed in xs:\(element.localName).",
                        child,
                        file
                    )
                }
                let child = try particle(child, file)
                if child.maximum > 0 { children.append(child) }
            }
            let kind: GroupNode.Kind =
                element.localName == "sequence" ? .sequence : (element.localName == "all" ? .all : .choice)
            result = RawParticle(.group(kind, children))
        default: throw error("xs:\(SOAPError.shown(element.localName)) is not allowed here.", element, file)
        }
        guard result.size <= limits.maximumParticles else {
            throw SOAPError(
                .limit,
                "With its groups filled in, the content model has more than \(limits.maximumParticles) places.",
                file: file.file,
                line: element.line
            )
        }
        result.minimum = minimum
        result.maximum = maximum
        return result
    }

    private func localElement(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawElement {
        if let reference = element.attribute("ref") {
            let name = try resolve(reference, at: element, in: file)
            if name.namespaceURI == Namespaces.schema {
                // .NET sends the schema of a DataSet along with it.
                return RawElement(name: name, type: BuiltinTypes.anyType)
            }
            return try self.element(named: name, file: file.file, line: element.line)
        }
        let name = element.attribute("name")?.trimmingXMLSpace ?? ""
        guard XMLCharacters.isName(name) else {
            throw error(
                name.isEmpty
                    ? "An xs:element has neither a name nor a ref."
                    : "'\(SOAPError.shown(name))' is not a name that XML allows.",
                element,
                file
            )
        }
        let form = element.attribute("form")?.trimmingXMLSpace
        let isQualified = form.map { $0 == "qualified" } ?? file.isElementQualified
        let type = try self.type("type", of: element, in: file) ?? inlineType(of: element, in: file)
        return RawElement(
            name: XMLName(name, namespace: isQualified ? file.namespace : nil),
            type: type ?? BuiltinTypes.anyType,
            isNillable: Self.flag(element, "nillable"),
            defaultValue: RawValue("default", of: element),
            fixedValue: RawValue("fixed", of: element),
            documentation: Self.documentation(of: element)
        )
    }

    func wildcard(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> Wildcard {
        let processing: Wildcard.Processing
        switch element.attribute("processContents")?.trimmingXMLSpace ?? "strict" {
        case "strict": processing = .strict
        case "lax": processing = .lax
        case "skip": processing = .skip
        default: throw error("processContents must be strict, lax or skip.", element, file)
        }
        let words = (element.attribute("namespace") ?? "##any").xmlWords
        switch words {
        case ["##any"]: return Wildcard(namespaces: .any, processing: processing)
        case ["##other"]: return Wildcard(namespaces: .other(file.namespace), processing: processing)
        default:
            let list = words.map { $0 == "##targetNamespace" ? file.namespace : ($0 == "##local" ? "" : $0) }
            return Wildcard(namespaces: .list(Set(list)), processing: processing)
        }
    }

    private func occurrence(of element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> (Int, Int) {
        func number(_ name: String) throws(SOAPError) -> Int? {
            guard let text = element.attribute(name)?.trimmingXMLSpace else { return nil }
            if name == "maxOccurs", text == "unbounded" { return Int.max }
            guard let value = Int(text), value >= 0 else {
                throw error(
                    "\(name) must be a whole number\(name == "maxOccurs" ? " or unbounded" : "").",
                    element,
                    file
                )
            }
            return value
        }
        let minimum = try number("minOccurs") ?? 1
        let maximum = try number("maxOccurs") ?? 1
        guard minimum <= maximum else { throw error("minOccurs is larger than maxOccurs.", element, file) }
        return (minimum, maximum)
    }

    // MARK: Small things

    static func flag(_ element: XMLElement, _ name: String) -> Bool {
        ["true", "1"].contains(element.attribute(name)?.trimmingXMLSpace ?? "")
    }

    /// The text of `xs:annotation/xs:documentation`, at most some hundred characters.
    static func documentation(of element: XMLElement) -> String? {
        guard let annotation = element.firstChild("annotation", namespace: Namespaces.schema),
            let text = annotation.firstChild("documentation", namespace: Namespaces.schema)?.stringValue
        else { return nil }
        let words = text.xmlWords.joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(400))
    }
}
