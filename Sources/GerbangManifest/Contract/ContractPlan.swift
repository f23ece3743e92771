internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangSchema
internal import HTTPTypes

/// A message that is written by a contract.
struct ContractPlan: Sendable {
    let contract: Contract
    let body: Template
    let header: Template?

    /// The expressions in it.
    var expressions: [Expression] { body.expressions + (header?.expressions ?? []) }

    /// Writes the message; it is validated by the description's schemas before it is given out.
    func write(_ evaluation: inout Evaluation, for call: AdapterCall) throws(EvaluationFailure) -> WrittenBody {
        let body = try self.body.json(&evaluation) ?? [:]
        let header = try self.header?.json(&evaluation) ?? [:]
        let operation = contract.operation
        do throws(SOAPError) {
            let message = try operation.encodeRequestMessage(
                body,
                headers: header,
                addressing: contract.addressing(of: call),
                packaging: contract.packaging
            )
            let fields = message.fields.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
            return WrittenBody(bytes: message.body, headers: fields)
        } catch {
            throw failure(error, body)
        }
    }

    /// What is told of a message that does not fit: the place in the input where it comes from there.
    private func failure(_ error: SOAPError, _ body: JSONValue) -> EvaluationFailure {
        let isOfHeader = header != nil && (try? contract.operation.encodeRequest(body)) != nil
        var pointer = error.pointer
        if pointer == nil, !isOfHeader { pointer = error.path.map { MessagePath.pointer(of: $0, in: body) } }
        let schema = isOfHeader ? try? contract.operation.headerSchema(.input) : contract.operation.inputSchema
        pointer = pointer.map { SchemaSearch(schema ?? true).masked($0) }
        let origin = pointer.flatMap { place in
            (isOfHeader ? header : self.body).flatMap { Self.origin(of: place.tokens[...], in: $0) }
        }
        var message = error.message
        if origin == nil {
            let place = (pointer ?? .root).description
            message = "\(isOfHeader ? "the header block" : "the message") at '\(place)': \(message)"
        }
        return EvaluationFailure(
            message: message,
            refusal: GerbangError(.invalidInput, message, field: origin)
        )
    }

    /// Where in the input the value at a place of the message comes from; nil where the manifest makes it.
    private static func origin(of tokens: ArraySlice<String>, in template: Template) -> JSONPointer? {
        switch template {
        case .expression(let expression):
            guard let path = expression.exact, path.root == .input else { return nil }
            return JSONPointer(tokens: path.members + tokens)
        case .object(let members, _):
            guard let first = tokens.first else { return .root }
            return members.first { $0.name.literal == first }.flatMap { origin(of: tokens.dropFirst(), in: $0.value) }
        case .list(let items):
            guard let first = tokens.first.flatMap({ Int($0) }), items.indices.contains(first) else { return nil }
            return origin(of: tokens.dropFirst(), in: items[first])
        default: return nil
        }
    }
}

/// Paths in the XML of a message as places in its JSON.
enum MessagePath {
    /// The place that a path such as `/order/item[2]/@count` leads to, as far as it can be followed.
    static func pointer(of path: String, in body: JSONValue) -> JSONPointer {
        var pointer = JSONPointer.root
        var value = body
        for step in path.split(separator: "/").dropFirst() {
            let name = String(step.prefix { $0 != "[" })
            let position = step.split(separator: "[").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 1
            guard let member = value[name] else { break }
            pointer = pointer.appending(name)
            value = member
            if let items = member.arrayValue, items.indices.contains(position - 1) {
                pointer = pointer.appending(position - 1)
                value = items[position - 1]
            }
        }
        return pointer
    }
}
