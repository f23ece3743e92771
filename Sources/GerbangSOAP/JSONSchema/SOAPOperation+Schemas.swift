public import GerbangJSON

extension SOAPOperation {
    /// The JSON Schema (draft 7) of the input; it accepts no less than the contract's XML Schema does.
    public var inputSchema: JSONValue { (try? schema(.input)) ?? true }

    /// The JSON Schema (draft 7) of the output.
    public var outputSchema: JSONValue { (try? schema(.output)) ?? true }

    /// The JSON Schema (draft 7) of a message's body.
    public func schema(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        let shape = try shape(of: kind)
        var schema = ContractSchema(table, isEncoded: shape.isEncoded)
        return schema.schema(of: shape, title: "\(name) \(kind)")
    }

    /// The JSON Schema (draft 7) of a message's header blocks.
    public func headerSchema(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        let shape = try shape(of: kind)
        var schema = ContractSchema(table, isEncoded: shape.headers.contains(where: \.isEncoded))
        return schema.headers(of: shape, title: "\(name) \(kind) headers")
    }
}

extension SOAPOperation.MessageKind: CustomStringConvertible {
    /// `input`, `output`, or `fault` with its name.
    public var description: String {
        switch self {
        case .input: "input"
        case .output: "output"
        case .fault(let name): "fault \(name)"
        }
    }
}
