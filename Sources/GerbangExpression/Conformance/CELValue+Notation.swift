extension CELValue {
    /// The value nearly as an expression would write it, for reports on test cases.
    var notation: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): "\(value)u"
        case .double(let value): value.description
        case .string(let value): "\"\(value)\""
        case .bytes(let value): "bytes \(value)"
        case .list(let value): "[\(value.elements.map(\.notation).joined(separator: ", "))]"
        case .map(let value):
            "{\(value.entries.map { "\($0.key.value.notation): \($0.value.notation)" }.joined(separator: ", "))}"
        case .timestamp(let value): value.description
        case .duration(let value): value.description
        case .type(let value): "type \(value)"
        case .optional(let value): value.value.map { "optional \($0.notation)" } ?? "optional without a value"
        case .address(let value): value.description
        case .network(let value): value.description
        }
    }
}
