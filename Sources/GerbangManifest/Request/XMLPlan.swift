internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangXML
internal import HTTPTypes

/// An XML element to be written, with expressions in its names, attributes and texts.
struct XMLNode: Sendable {
    let name: TextTemplate
    var condition: Expression?
    var attributes: [(name: TextTemplate, value: Template)] = []
    /// The text, or elements made by an expression: a map's members become elements, a list repeats the element.
    var content: Template?
    var children: [XMLNode] = []

    var expressions: [Expression] {
        name.expressions + (condition.map { [$0] } ?? [])
            + attributes.flatMap { $0.name.expressions + $0.value.expressions }
            + (content?.expressions ?? []) + children.flatMap(\.expressions)
    }
}

/// Namespaces to declare, by prefix.
typealias XMLNamespaces = [(prefix: String, uri: TextTemplate)]

/// An XML document to be written.
struct XMLPlan: Sendable {
    let namespaces: XMLNamespaces
    let root: XMLNode

    var expressions: [Expression] { root.expressions + namespaces.flatMap(\.uri.expressions) }

    func write(_ evaluation: inout Evaluation) throws(EvaluationFailure) -> [UInt8] {
        var output = XMLOutput()
        try output.write(root, declaring: namespaces, &evaluation)
        return try output.finish()
    }
}

/// A SOAP message to be written.
struct SOAPPlan: Sendable {
    let version: TextTemplate
    let action: TextTemplate
    let namespaces: XMLNamespaces
    let header: [XMLNode]
    let headerCondition: Expression?
    let body: [XMLNode]

    var expressions: [Expression] {
        version.expressions + action.expressions + namespaces.flatMap(\.uri.expressions) + header.flatMap(\.expressions)
            + (headerCondition.map { [$0] } ?? []) + body.flatMap(\.expressions)
    }

    func write(_ evaluation: inout Evaluation) throws(EvaluationFailure) -> WrittenBody {
        let version: SOAPVersion
        switch try self.version.text(&evaluation) {
        case "1.1": version = .v11
        case "1.2": version = .v12
        default: throw EvaluationFailure(message: "\(self.version.field) is neither 1.1 nor 1.2")
        }
        var output = XMLOutput()
        try output.start("soap:Envelope", declaring: [("soap", version.namespace)])
        try output.declare(namespaces, &evaluation)
        var hasHeader = !header.isEmpty
        if hasHeader, let headerCondition { hasHeader = try evaluation.isTrue(headerCondition) }
        if hasHeader {
            try output.start("soap:Header")
            for node in header { try output.write(node, &evaluation) }
            try output.end()
        }
        try output.start("soap:Body")
        for node in body { try output.write(node, &evaluation) }
        try output.end()
        try output.end()
        let bytes = try output.finish()
        let action = try action.text(&evaluation) ?? ""
        var headers: [(HTTPField.Name, String)] = []
        do throws(XMLError) {
            for (name, value) in try version.httpFields(action: action) {
                if let name = HTTPField.Name(name) { headers.append((name, value)) }
            }
        } catch {
            throw EvaluationFailure(message: "\(self.action.field): \(error.message)")
        }
        return WrittenBody(bytes: bytes, headers: headers)
    }
}

/// Writes nodes with an ``XMLWriter``, which escapes by position and refuses what XML cannot express.
struct XMLOutput {
    private var writer = XMLWriter()

    mutating func finish() throws(EvaluationFailure) -> [UInt8] {
        do throws(XMLError) { return try writer.finish() } catch { throw Self.failure(error) }
    }

    mutating func start(_ name: String, declaring namespaces: [(String, String)] = []) throws(EvaluationFailure) {
        do throws(XMLError) {
            try writer.start(name)
            for (prefix, uri) in namespaces { try writer.namespace(prefix, uri) }
        } catch { throw Self.failure(error) }
    }

    mutating func end() throws(EvaluationFailure) {
        do throws(XMLError) { try writer.end() } catch { throw Self.failure(error) }
    }

    mutating func declare(_ namespaces: XMLNamespaces, _ evaluation: inout Evaluation) throws(EvaluationFailure) {
        for (prefix, uri) in namespaces {
            guard let uri = try uri.text(&evaluation) else { continue }
            do throws(XMLError) { try writer.namespace(prefix, uri) } catch { throw Self.failure(error) }
        }
    }

    mutating func write(
        _ node: XMLNode,
        declaring namespaces: XMLNamespaces = [],
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) {
        if let condition = node.condition, try !evaluation.isTrue(condition) { return }
        guard let name = try node.name.text(&evaluation) else { return }
        // An expression as the only content may drop or repeat the element.
        if case .expression(let expression) = node.content, node.attributes.isEmpty {
            guard let value = try evaluation.present(expression) else { return }
            return try write(value, as: name, declaring: namespaces, &evaluation, field: expression.field)
        }
        let text = try node.content?.text(&evaluation, field: node.name.field)
        guard text != nil || node.content == nil else { return }
        try start(name)
        try declare(namespaces, &evaluation)
        for attribute in node.attributes {
            guard let name = try attribute.name.text(&evaluation),
                let value = try attribute.value.text(&evaluation, field: attribute.name.field)
            else { continue }
            try write(attribute: name, value)
        }
        if let text { try write(text: text) }
        for child in node.children { try write(child, &evaluation) }
        try end()
    }

    private mutating func write(
        _ value: CELValue,
        as name: String,
        declaring namespaces: XMLNamespaces,
        _ evaluation: inout Evaluation,
        field: String
    ) throws(EvaluationFailure) {
        switch value {
        case .list(let list):
            for element in list.elements {
                try write(element, as: name, declaring: namespaces, &evaluation, field: field)
            }
        case .map(let map):
            try start(name)
            try declare(namespaces, &evaluation)
            for entry in map.entries {
                guard case .string(let key) = entry.key, key.hasPrefix("@") else { continue }
                try write(attribute: String(key.dropFirst()), try CELText.text(of: entry.value, field: field))
            }
            for entry in map.entries {
                guard case .string(let key) = entry.key, !key.hasPrefix("@") else { continue }
                try write(entry.value, as: key, declaring: [], &evaluation, field: field)
            }
            try end()
        case .null: return
        case .optional(let optional):
            guard let inner = optional.value else { return }
            try write(inner, as: name, declaring: namespaces, &evaluation, field: field)
        default:
            try start(name)
            try declare(namespaces, &evaluation)
            try write(text: try CELText.text(of: value, field: field))
            try end()
        }
    }

    private mutating func write(attribute name: String, _ value: String) throws(EvaluationFailure) {
        do throws(XMLError) { try writer.attribute(name, value) } catch { throw Self.failure(error) }
    }

    private mutating func write(text: String) throws(EvaluationFailure) {
        guard !text.isEmpty else { return }
        do throws(XMLError) { try writer.text(text) } catch { throw Self.failure(error) }
    }

    private static func failure(_ error: XMLError) -> EvaluationFailure {
        EvaluationFailure(message: "the XML cannot be written: \(error.message)")
    }
}
