internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema

/// What an operation's input must be, beyond the service's own schema.
struct InputCheck: Sendable {
    private let schema: JSONSchema
    private let required: [String]

    /// - Throws: `SchemaError` when it is not a JSON Schema.
    init(_ schema: JSONValue) throws(SchemaError) {
        self.schema = try JSONSchema(schema)
        required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// Why a value is not a JSON Schema; nil when it is one.
    static func problem(with schema: JSONValue) -> String? {
        do throws(SchemaError) {
            _ = try JSONSchema(schema)
            return nil
        } catch {
            return "\(error.pointer): \(error.message)"
        }
    }

    /// - Throws: ``GerbangError/Code/invalidInput`` naming the field at fault.
    func check(_ input: JSONValue) throws(GerbangError) {
        guard let issue = schema.validate(input).first else { return }
        if issue.keyword == "required", issue.pointer.tokens.isEmpty,
            let missing = required.first(where: { input[$0] == nil })
        {
            throw GerbangError(.invalidInput, "is required", field: JSONPointer.root.appending(missing))
        }
        throw GerbangError(.invalidInput, issue.message, field: Self.safe(issue.pointer))
    }

    /// A key that is no name may be a misplaced value, and a pointer would spread it.
    static func safe(_ pointer: JSONPointer) -> JSONPointer {
        let names = pointer.tokens.prefix { token in
            token.utf8.count <= 40
                && (Int(token).map { $0 < 1000 }
                    ?? token.utf8.allSatisfy { byte in
                        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                    })
        }
        return JSONPointer(tokens: Array(names))
    }
}
