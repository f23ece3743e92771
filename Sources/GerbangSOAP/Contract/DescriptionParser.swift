internal import GerbangXML

/// Reads the elements of WSDL 1.1.
struct DescriptionParser {
    let loader: DescriptionLoader
    var description = RawDescription()
    /// A schema in `wsdl:types`, or one that is imported in the place of a description.
    struct Schema {
        let root: XMLElement
        let file: String
        /// The target namespace of the description, for a schema that means it without saying so.
        var namespace: String?
    }

    private(set) var schemas: [Schema] = []
    private(set) var prefixes: [String: String] = [:]
    /// The assertions of the policies by their identifiers, see ``collectPolicies(_:depth:)``.
    var policies: [String: [String]] = [:]
    private var isRoot = true
    private(set) var namespace = ""
    private(set) var file = ""

    init(loader: DescriptionLoader) {
        self.loader = loader
    }

    /// Reads a description and all descriptions that it imports.
    mutating func read(_ path: String) throws(SOAPError) {
        var seen: Set<String> = []
        var roots: [(XMLElement, String)] = []
        let first = try loader.root(path)
        var waiting = [(first.name, first.document)]
        while !waiting.isEmpty {
            let (name, document) = waiting.removeFirst()
            guard seen.insert(name).inserted else { continue }
            let root = document.root
            if root.localName.lowercased() == "schema", !roots.isEmpty {
                schemas.append(Schema(root: root, file: name))
                continue
            }
            try Self.checkRoot(root, name)
            roots.append((root, name))
            for element in root.children where element.namespaceURI == Namespaces.wsdl {
                guard element.localName == "import" || element.localName == "include" else { continue }
                if let found = try imported(element, from: name, path) { waiting.append((found.name, found.document)) }
            }
        }
        for (root, name) in roots {
            collectPolicies(root, depth: 0)
            _ = name
        }
        for (root, name) in roots { try read(root, name) }
    }

    private static func checkRoot(_ root: XMLElement, _ file: String) throws(SOAPError) {
        if root.isNamed("definitions", namespace: Namespaces.wsdl) { return }
        let message =
            root.isNamed("description", namespace: "http://www.w3.org/ns/wsdl")
            ? "It is a description in WSDL 2.0; only WSDL 1.1 is supported."
            : "The root element is not wsdl:definitions (\(Namespaces.wsdl)); it is no WSDL 1.1 description."
        throw SOAPError(root.localName == "description" ? .unsupported : .wsdl, message, file: file, line: root.line)
    }

    private func imported(_ element: XMLElement, from file: String, _ root: String) throws(SOAPError)
        -> DescriptionLoader.Found?
    {
        let namespace = element.attribute("namespace")?.trimmingXMLSpace
        guard let location = (element.attribute("location") ?? element.attribute("schemaLocation"))?.trimmingXMLSpace,
            !location.isEmpty
        else {
            loader.warn("\(file):\(element.line): wsdl:import has no location and was passed over")
            return nil
        }
        guard let found = try loader.find(location, namespace: namespace, from: file, root: root) else {
            throw SOAPError(
                .location,
                "The imported file '\(SOAPError.shown(location))' is not there; nothing is fetched from elsewhere.",
                file: file,
                line: element.line
            )
        }
        return found
    }

    // MARK: Definitions

    private mutating func read(_ root: XMLElement, _ file: String) throws(SOAPError) {
        self.file = file
        namespace = root.attribute("targetNamespace")?.trimmingXMLSpace ?? ""
        if isRoot {
            description.targetNamespace = namespace
            description.documentation = Self.documentation(of: root)
            isRoot = false
        }
        for (prefix, uri) in root.namespaceDeclarations where prefixes[uri] == nil && !prefix.isEmpty {
            prefixes[uri] = prefix
        }
        let nameless = NamelessSchemas(in: root, namespace: namespace)
        for element in root.children where element.namespaceURI == Namespaces.wsdl {
            switch element.localName {
            case "types":
                for child in element.children where child.localName.lowercased() == "schema" {
                    try schema(child, nameless)
                }
            case "message": try message(element)
            case "portType": try portType(element)
            case "binding": try binding(element)
            case "service": try service(element)
            case "documentation", "import", "include": continue
            default: throw error("wsdl:\(SOAPError.shown(element.localName)) is not allowed here.", element)
            }
        }
    }

    private mutating func schema(_ schema: XMLElement, _ nameless: NamelessSchemas) throws(SOAPError) {
        if Self.isExtension(schema) {
            loader.warn(
                "\(file):\(schema.line): '\(SOAPError.shown(schema.name.description))' is no XML Schema and was passed over"
            )
            return
        }
        try SchemaSet.checkRoot(schema, file: file)
        for (prefix, uri) in schema.namespaceDeclarations where prefixes[uri] == nil && !prefix.isEmpty {
            prefixes[uri] = prefix
        }
        var found = Schema(root: schema, file: file)
        if nameless.isMeant(schema) {
            found.namespace = namespace
            loader.warn(
                "\(file):\(schema.line): the schema has no target namespace; it was taken for one of the description's own"
            )
        }
        schemas.append(found)
    }

    /// Whether it is an extension of WSDL's types, such as a schema in another language, and no misspelt XML Schema.
    private static func isExtension(_ schema: XMLElement) -> Bool {
        guard let uri = schema.namespaceURI, uri != Namespaces.wsdl, uri != SchemaSet.reducedNamespace else {
            return false
        }
        return !uri.lowercased().contains("xmlschema")
    }

    func error(_ message: String, _ element: XMLElement, _ code: SOAPError.Code = .wsdl) -> SOAPError {
        SOAPError(code, message, file: file, line: element.line)
    }

    /// A name that becomes part of messages or that others refer to.
    func name(of element: XMLElement) throws(SOAPError) -> String {
        let name = element.attribute("name")?.trimmingXMLSpace ?? ""
        guard XMLCharacters.isName(name), !name.unicodeScalars.contains("\u{FEFF}") else {
            throw error(
                name.isEmpty
                    ? "wsdl:\(element.localName) has no name."
                    : "'\(SOAPError.shown(name))' is not a name that XML allows (wsdl:\(element.localName)).",
                element
            )
        }
        return name
    }

    private func reference(_ attribute: String, of element: XMLElement) throws(SOAPError) -> XMLName {
        guard let text = element.attribute(attribute), !text.trimmingXMLSpace.isEmpty else {
            throw error("wsdl:\(element.localName) has no attribute '\(attribute)'.", element)
        }
        guard let name = element.resolve(qualifiedName: text) else {
            throw error("'\(SOAPError.shown(text))' is no qualified name, or its prefix is not declared.", element)
        }
        // Without prefix many mean the target namespace, whatever the default one is.
        let isPlain = name.namespaceURI == nil || name.namespaceURI == Namespaces.wsdl
        return isPlain && !text.contains(":") ? XMLName(name.localName, namespace: namespace) : name
    }

    private mutating func portType(_ element: XMLElement) throws(SOAPError) {
        let name = XMLName(try name(of: element), namespace: namespace)
        var operations: [RawDescription.Operation] = []
        for child in element.children("operation", namespace: Namespaces.wsdl) {
            var input: RawDescription.MessageUse?
            var output: RawDescription.MessageUse?
            var faults: [RawDescription.MessageUse] = []
            var inputComesFirst = true
            for use in child.children where use.namespaceURI == Namespaces.wsdl {
                switch use.localName {
                case "input":
                    inputComesFirst = output == nil
                    input = try messageUse(use)
                case "output": output = try messageUse(use)
                case "fault":
                    if let fault = try messageUse(use) { faults.append(fault) }
                case "documentation": continue
                default: throw error("wsdl:\(SOAPError.shown(use.localName)) is not allowed in an operation.", use)
                }
            }
            if input == nil, output == nil {
                loader.warn("\(file):\(child.line): the operation has neither an input nor an output message")
            }
            operations.append(
                RawDescription.Operation(
                    name: try self.name(of: child),
                    input: input,
                    output: output,
                    faults: faults,
                    inputComesFirst: inputComesFirst,
                    documentation: Self.documentation(of: child),
                    policies: policies(of: child)
                )
            )
        }
        guard description.portTypes[name] == nil else {
            throw error("The port type '\(name.localName)' is defined twice.", element)
        }
        description.portTypes[name] = RawDescription.PortType(
            name: name,
            operations: operations,
            documentation: Self.documentation(of: element)
        )
        description.portTypeOrder.append(name)
    }

    /// The message of an input, output or fault; nil for one that names none, as some for other protocols do.
    private func messageUse(_ element: XMLElement) throws(SOAPError) -> RawDescription.MessageUse? {
        guard element.attribute("message") != nil else {
            loader.warn("\(file):\(element.line): wsdl:\(element.localName) names no message and was passed over")
            return nil
        }
        let action = element.attributes.first {
            $0.name.localName.lowercased() == "action" && Namespaces.addressings.contains($0.name.namespaceURI ?? "")
        }
        return RawDescription.MessageUse(
            name: element.attribute("name")?.trimmingXMLSpace,
            message: try reference("message", of: element),
            action: action?.value,
            file: file,
            line: element.line
        )
    }

    // MARK: Bindings

    private static func version(of namespace: String?) -> SOAPVersion? {
        namespace == Namespaces.soap11 ? .v11 : (namespace == Namespaces.soap12 ? .v12 : nil)
    }

    private mutating func binding(_ element: XMLElement) throws(SOAPError) {
        let name = XMLName(try name(of: element), namespace: namespace)
        let mark = element.children.first { $0.localName == "binding" && $0.namespaceURI != Namespaces.wsdl }
        let kind: WSDL.Port.Kind
        switch mark?.namespaceURI {
        case Namespaces.soap11: kind = .soap(.v11)
        case Namespaces.soap12: kind = .soap(.v12)
        case Namespaces.http: kind = .http(verb: mark?.attribute("verb") ?? "GET")
        default: kind = .other(namespace: mark?.namespaceURI ?? "")
        }
        let style = mark?.attribute("style")?.trimmingXMLSpace ?? "document"
        if case .soap = kind, !["document", "rpc"].contains(style) {
            throw error("The style of a binding must be document or rpc.", mark ?? element)
        }
        var operations: [RawDescription.BindingOperation] = []
        for child in element.children("operation", namespace: Namespaces.wsdl) {
            operations.append(try bindingOperation(child, kind))
        }
        guard description.bindings[name] == nil else {
            throw error("The binding '\(name.localName)' is defined twice.", element)
        }
        description.bindings[name] = RawDescription.Binding(
            name: name,
            portType: try reference("type", of: element),
            kind: kind,
            style: style,
            transport: mark?.attribute("transport")?.trimmingXMLSpace,
            operations: operations,
            policies: policies(of: element),
            usesAddressing: Self.usesAddressing(element),
            documentation: Self.documentation(of: element),
            file: file,
            line: element.line
        )
        description.bindingOrder.append(name)
    }

    private func bindingOperation(_ element: XMLElement, _ kind: WSDL.Port.Kind) throws(SOAPError)
        -> RawDescription.BindingOperation
    {
        let mark = element.children.first { $0.localName == "operation" && Self.version(of: $0.namespaceURI) != nil }
        let style = mark?.attribute("style")?.trimmingXMLSpace
        if let style, !["document", "rpc"].contains(style) {
            throw error("The style of an operation must be document or rpc.", mark ?? element)
        }
        let input = element.firstChild("input", namespace: Namespaces.wsdl)
        let output = element.firstChild("output", namespace: Namespaces.wsdl)
        var faults: [String: Bool] = [:]
        for fault in element.children("fault", namespace: Namespaces.wsdl) {
            let mark = fault.children.first { $0.localName == "fault" && $0.namespaceURI != Namespaces.wsdl }
            let name = fault.attribute("name") ?? mark?.attribute("name") ?? ""
            faults[name.trimmingXMLSpace] = mark?.attribute("use")?.trimmingXMLSpace == "encoded"
        }
        return RawDescription.BindingOperation(
            name: try name(of: element),
            action: mark?.attribute("soapAction")?.trimmingXMLSpace,
            style: style,
            inputName: input?.attribute("name")?.trimmingXMLSpace,
            outputName: output?.attribute("name")?.trimmingXMLSpace,
            input: try body(input, kind),
            output: try body(output, kind),
            faults: faults,
            policies: policies(of: element) + (input.map { policies(of: $0) } ?? [])
                + (output.map { policies(of: $0) } ?? []),
            file: file,
            line: element.line
        )
    }

    private func body(_ element: XMLElement?, _ kind: WSDL.Port.Kind) throws(SOAPError) -> RawDescription.Body {
        var body = RawDescription.Body()
        guard let element else { return body }
        var found = element.children
        for related in element.children("multipartRelated", namespace: Namespaces.mime) {
            for part in related.children("part", namespace: Namespaces.mime) {
                for child in part.children {
                    if child.isNamed("content", namespace: Namespaces.mime) {
                        if let name = child.attribute("part")?.trimmingXMLSpace { body.attachments.append(name) }
                    } else {
                        found.append(child)
                    }
                }
            }
        }
        for child in found where Self.version(of: child.namespaceURI) != nil {
            switch child.localName {
            case "body":
                body.isEncoded = try isEncoded(child)
                body.namespace = child.attribute("namespace")?.trimmingXMLSpace
                body.parts = child.attribute("parts")?.xmlWords
            case "header", "headerfault":
                body.headers.append(try header(child, isFault: child.localName == "headerfault"))
                for fault in child.children where fault.localName == "headerfault" {
                    body.headers.append(try header(fault, isFault: true))
                }
            default: continue
            }
        }
        return body
    }

    private func isEncoded(_ element: XMLElement) throws(SOAPError) -> Bool {
        let use = element.attribute("use")?.trimmingXMLSpace ?? "literal"
        guard use == "literal" || use == "encoded" else { throw error("use must be literal or encoded.", element) }
        return use == "encoded"
    }

    private func header(_ element: XMLElement, isFault: Bool) throws(SOAPError) -> RawDescription.Header {
        guard let part = element.attribute("part")?.trimmingXMLSpace ?? element.attribute("parts")?.trimmingXMLSpace
        else {
            throw error("soap:\(element.localName) has no attribute 'part'.", element)
        }
        return RawDescription.Header(
            message: try reference("message", of: element),
            part: part,
            isEncoded: try isEncoded(element),
            namespace: element.attribute("namespace")?.trimmingXMLSpace,
            isFault: isFault,
            file: file,
            line: element.line
        )
    }

    // MARK: Services

    private mutating func service(_ element: XMLElement) throws(SOAPError) {
        var ports: [RawDescription.Port] = []
        for port in element.children("port", namespace: Namespaces.wsdl) {
            let address = port.children.first { $0.localName == "address" && $0.attribute("location") != nil }
            ports.append(
                RawDescription.Port(
                    name: port.attribute("name")?.trimmingXMLSpace ?? "",
                    binding: try reference("binding", of: port),
                    address: address?.attribute("location")?.trimmingXMLSpace,
                    policies: policies(of: port),
                    usesAddressing: Self.usesAddressing(port),
                    documentation: Self.documentation(of: port),
                    file: file,
                    line: port.line
                )
            )
        }
        description.services.append(
            RawDescription.Service(
                name: element.attribute("name")?.trimmingXMLSpace ?? "",
                ports: ports,
                documentation: Self.documentation(of: element)
            )
        )
    }

    private static func usesAddressing(_ element: XMLElement) -> Bool {
        element.children.contains {
            $0.localName == "UsingAddressing" && Namespaces.addressings.contains($0.namespaceURI ?? "")
        }
    }
}
