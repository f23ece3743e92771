public import GerbangJSON

extension SOAPOperation {
    /// The JSON Schema (draft 7) of the input; it accepts no less than the contract's XML Schema does.
    public var inputSchema: JSONValue { (try? schema(.input)) ?? true }

    /// The JSON Schema (draft 7) of the output.
    public var outputSchema: JSONValue { (try? schema(.output)) ?? true }

    /// The JSON Schema (draft 7) of a message's body.
    public func schema(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        var schema = ContractSchema(table)
        return schema.schema(of: try shape(of: kind), title: "\(name) \(kind)")
    }

    /// The JSON Schema (draft 7) of a message's header blocks.
    public func headerSchema(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        var schema = ContractSchema(table)
        return schema.headers(of: try shape(of: kind), title: "\(name) \(kind) headers")
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
