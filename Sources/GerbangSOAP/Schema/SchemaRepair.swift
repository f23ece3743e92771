internal import GerbangXML

/// Mends what many schemas have wrong and every toolkit understands likewise, so that neither the compiler nor libxml2 meets
/// it. Each mend is noted; nothing is mended that could mean two things.
struct SchemaRepair {
    private let file: String
    private let warn: (String) -> Void

    private init(file: String, warn: @escaping (String) -> Void) {
        self.file = file
        self.warn = warn
    }

    static func apply(to root: XMLElement, file: String, warn: @escaping (String) -> Void) throws(SOAPError) {
        do throws(XMLError) {
            try SchemaRepair(file: file, warn: warn).apply(to: root)
        } catch {
            throw SOAPError(.schema, error.message, file: file, line: root.line)
        }
    }

    private func apply(to root: XMLElement) throws(XMLError) {
        try repairDefaultNamespace(of: root)
        var waiting = root.children
        while let element = waiting.popLast() {
            guard element.namespaceURI == Namespaces.schema else { continue }
            let isGlobal = ["schema", "redefine"].contains(element.parent?.localName ?? "")
            switch element.localName {
            case "annotation": continue
            case "element":
                try repairElement(element, isGlobal: isGlobal)
                try repairType("type", of: element)
            case "attribute":
                try repairReference(element, keeping: ["ref", "use", "default", "fixed", "id"])
                try repairType("type", of: element)
            case "restriction", "extension": try repairType("base", of: element)
            case "list": try repairType("itemType", of: element)
            case "complexType", "simpleType":
                try remove(
                    ["nillable", "minOccurs", "maxOccurs"] + (isGlobal ? [] : ["name"]),
                    from: element,
                    "has no place in a type"
                )
            case "all" where element.isLooseAll:
                note(
                    element,
                    "xs:all holds more than XML Schema 1.0 allows; how often its elements come is not validated"
                )
            default: break
            }
            if element.hasEarlyAttributes {
                note(element, "attributes must stand behind the content; they are read so")
            }
            try repairOccurrence(element)
            waiting += element.children
        }
    }

    /// Lets names without prefix be the schema's own, where the default namespace cannot be meant.
    ///
    /// Within a WSDL it is often WSDL's own, which has no types. Where there is none, such names have no namespace, whose
    /// components must be imported; many write so what the schema itself declares.
    private func repairDefaultNamespace(of root: XMLElement) throws(XMLError) {
        guard root.prefix != nil else { return }
        let target = root.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
        let uri = root.namespaceURI(forPrefix: "")
        if uri == Namespaces.wsdl {
            if !Self.plainReferences(root).isEmpty {
                note(root, "names without prefix are of WSDL's namespace; they were taken for the schema's own")
            }
            return try root.declareDefaultNamespace(target)
        }
        guard uri == nil, !target.isEmpty, Self.refersToItself(root) else { return }
        try root.declareDefaultNamespace(target)
        note(root, "names without prefix have no namespace; they were taken for the schema's own")
    }

    private static func refersToItself(_ root: XMLElement) -> Bool {
        let imports = root.children("import", namespace: Namespaces.schema)
        guard !imports.contains(where: { ($0.attribute("namespace") ?? "").isEmpty }) else { return false }
        let names = plainReferences(root)
        return !names.isEmpty && names.isSubset(of: root.children.compactMap { $0.attribute("name")?.trimmingXMLSpace })
    }

    /// The names without prefix that a schema refers to.
    private static func plainReferences(_ root: XMLElement) -> Set<String> {
        var result: Set<String> = []
        var waiting = root.children
        while let element = waiting.popLast() {
            guard element.namespaceURI == Namespaces.schema, element.localName != "annotation" else { continue }
            for attribute in ["type", "ref", "base", "itemType", "memberTypes", "substitutionGroup"] {
                result.formUnion((element.attribute(attribute)?.xmlWords ?? []).filter { !$0.contains(":") })
            }
            waiting += element.children
        }
        return result
    }

    private func note(_ element: XMLElement, _ text: String) {
        warn("\(file):\(element.line): \(text)")
    }

    private func repairElement(_ element: XMLElement, isGlobal: Bool) throws(XMLError) {
        if isGlobal {
            try remove(["minOccurs", "maxOccurs"], from: element, "has no place in a declaration at the top level")
        } else {
            try repairReference(element, keeping: ["ref", "minOccurs", "maxOccurs", "id"])
        }
    }

    // MARK: Built-in types

    private static let builtins = Dictionary(
        (Builtin.all.map(\.name) + ["anyType"]).map { ($0.lowercased(), $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The built-in type that a name of XML Schema's namespace means, where it is none: one that is spelt otherwise, and
    /// `xs:any`.
    static func meant(by name: XMLName) -> String? {
        guard name.namespaceURI == Namespaces.schema else { return nil }
        if name.localName == "any" { return "anyType" }
        guard let right = builtins[name.localName.lowercased()], right != name.localName else { return nil }
        return right
    }

    private func repairType(_ attribute: String, of element: XMLElement) throws(XMLError) {
        guard let text = element.attribute(attribute)?.trimmingXMLSpace,
            let name = element.resolve(qualifiedName: text),
            let right = Self.meant(by: name)
        else { return }
        try element.setAttribute(attribute, to: text.dropLast(name.localName.count) + right)
        note(element, "there is no type '\(SOAPError.shown(text))'; it was taken for xs:\(right)")
    }

    /// A reference says everything by the name that it refers to.
    private func repairReference(_ element: XMLElement, keeping known: Set<String>) throws(XMLError) {
        guard element.attribute("ref") != nil, element.parent?.localName != "schema" else { return }
        let others = element.attributes.filter { $0.name.namespaceURI == nil }.map(\.name.localName)
        try remove(others.filter { !known.contains($0) }, from: element, "says nothing beside ref")
    }

    private func remove(_ names: [String], from element: XMLElement, _ reason: String) throws(XMLError) {
        for name in names where element.attribute(name) != nil {
            element.removeAttribute(name)
            note(element, "\(name) \(reason) and was passed over")
        }
    }

    /// libxml2 counts to 2^30 only, which nobody means.
    private func repairOccurrence(_ element: XMLElement) throws(XMLError) {
        guard let text = element.attribute("maxOccurs")?.trimmingXMLSpace, text.utf8.count > 9,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            Int(text) ?? Int.max > 1 << 29
        else { return }
        try element.setAttribute("maxOccurs", to: "unbounded")
        note(element, "maxOccurs is larger than libxml2 counts; it was taken for unbounded")
    }
}
