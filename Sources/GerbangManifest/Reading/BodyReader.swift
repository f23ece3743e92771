internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

/// Reads how a message's body is written.
struct BodyReader {
    let compilation: Compilation
    let scope: ExpressionScope
    /// The contract of the operation, if it has one.
    let contract: Contract?

    private static let kinds = ["json", "form", "multipart", "text", "xml", "soap", "contract"]

    func read(_ value: JSONValue, at pointer: JSONPointer) -> BodyPlan? {
        let choices = Self.kinds.joined(separator: ", ")
        guard let object = value.objectValue, object.count == 1,
            let (kind, content) = object.first(where: { _ in true }),
            Self.kinds.contains(kind)
        else {
            compilation.report("must be exactly one of: \(choices)", at: pointer)
            return nil
        }
        let place = pointer.appending(kind)
        switch kind {
        case "json": return .json(compilation.template(content, at: place, in: scope))
        case "form":
            guard let members = content.objectValue else { return wrong(place, "names with their values") }
            return .form(
                members.map { name, value in
                    let place = place.appending(name)
                    return RequestPlan.Pair(
                        name: compilation.text(name, at: place, in: scope),
                        value: compilation.value(value, at: place, in: scope),
                        field: "form.\(name)"
                    )
                }
            )
        case "multipart":
            guard let items = content.arrayValue else { return wrong(place, "a list of parts") }
            return .multipart(
                items.enumerated().compactMap { part($0.element, at: place.appending($0.offset)) }
            )
        case "text": return .text(compilation.value(content, at: place, in: scope), field: "text")
        case "xml": return compilation.read(content, at: place, xml).map { .xml($0) }
        case "contract": return contract(content, at: place)
        default: return compilation.read(content, at: place, soap).map { .soap($0) }
        }
    }

    private func wrong(_ pointer: JSONPointer, _ expectation: String) -> BodyPlan? {
        compilation.report("must be \(expectation)", at: pointer)
        return nil
    }

    private func part(_ value: JSONValue, at pointer: JSONPointer) -> MultipartPlan.Part? {
        compilation.read(value, at: pointer) { reader in
            func text(_ key: String) -> TextTemplate? {
                reader.optionalString(key).map { compilation.text($0, at: pointer.appending(key), in: scope) }
            }
            let name = text("name")
            let fileName = text("filename")
            let type = text("type")
            let value = reader.json("value")
            if name == nil { reader.report("is required", at: "name") }
            guard let name, let value else { return nil }
            return MultipartPlan.Part(
                name: name,
                fileName: fileName,
                type: type,
                value: compilation.value(value, at: pointer.appending("value"), in: scope),
                field: "multipart.\(name.literal ?? "part")"
            )
        }
    }

    // MARK: Contracts

    private func contract(_ value: JSONValue, at pointer: JSONPointer) -> BodyPlan? {
        guard let contract else {
            compilation.reportMissingContract(at: pointer)
            return nil
        }
        return compilation.read(value, at: pointer) { reader in
            func template(_ key: String) -> Template? {
                reader.optionalJSON(key).map { compilation.template($0, at: pointer.appending(key), in: scope) }
            }
            let body = template("body")
            return .contract(ContractPlan(contract: contract, body: body ?? .literal([:]), header: template("header")))
        }
    }

    // MARK: XML

    private func xml(_ reader: inout SettingsReader) -> XMLPlan? {
        let place = reader.pointer
        let namespaces = namespaces(&reader)
        guard let root = reader.json("root") else { return nil }
        let nodes = nodes(root, at: place.appending("root"))
        guard nodes.count == 1, let node = nodes.first else {
            reader.report("must have exactly one element", at: "root")
            return nil
        }
        return XMLPlan(namespaces: namespaces, root: node)
    }

    private func soap(_ reader: inout SettingsReader) -> SOAPPlan? {
        let place = reader.pointer
        let version = reader.optionalString("version") ?? "1.1"
        let action = reader.optionalString("action") ?? ""
        let namespaces = namespaces(&reader)
        var header = reader.optionalJSON("header")
        let condition = header?.objectValue?[Compilation.conditionKey]
        var headerCondition: Expression?
        if let condition {
            let place = place.appending("header").appending(Compilation.conditionKey)
            headerCondition = compilation.condition(condition, at: place, in: scope)
            if var object = header?.objectValue {
                object[Compilation.conditionKey] = nil
                header = .object(object)
            }
        }
        guard let body = reader.json("body") else { return nil }
        return SOAPPlan(
            version: compilation.text(version, at: place.appending("version"), in: scope),
            action: compilation.text(action, at: place.appending("action"), in: scope),
            namespaces: namespaces,
            header: header.map { nodes($0, at: place.appending("header")) } ?? [],
            headerCondition: headerCondition,
            body: nodes(body, at: place.appending("body"))
        )
    }

    private func namespaces(_ reader: inout SettingsReader) -> XMLNamespaces {
        let place = reader.pointer.appending("namespaces")
        guard let object = reader.optionalJSON("namespaces")?.objectValue else { return [] }
        return object.compactMap { prefix, uri in
            guard let uri = uri.stringValue else {
                compilation.report("must be a namespace's name", at: place.appending(prefix))
                return nil
            }
            return (prefix, compilation.text(uri, at: place.appending(prefix), in: scope))
        }
    }

    /// Elements by their names; a list repeats its element.
    private func nodes(_ value: JSONValue, at pointer: JSONPointer) -> [XMLNode] {
        guard let object = value.objectValue else {
            compilation.report("must be elements by their names", at: pointer)
            return []
        }
        return object.flatMap { name, content -> [XMLNode] in
            let place = pointer.appending(name)
            guard let items = content.arrayValue else { return [node(name, content, at: place)] }
            return items.enumerated().map { node(name, $0.element, at: place.appending($0.offset)) }
        }
    }

    private func node(_ name: String, _ content: JSONValue, at pointer: JSONPointer) -> XMLNode {
        var node = XMLNode(name: compilation.text(name, at: pointer, in: scope))
        guard let object = content.objectValue else {
            node.content = compilation.template(content, at: pointer, in: scope)
            return node
        }
        var children = JSONObject()
        for (key, value) in object {
            let place = pointer.appending(key)
            switch key {
            case Compilation.conditionKey: node.condition = compilation.condition(value, at: place, in: scope)
            case "#text": node.content = compilation.template(value, at: place, in: scope)
            case _ where key.hasPrefix("@"):
                let name = compilation.text(String(key.dropFirst()), at: place, in: scope)
                node.attributes.append((name, compilation.template(value, at: place, in: scope)))
            default: children[key] = value
            }
        }
        node.children = nodes(.object(children), at: pointer)
        return node
    }
}
