internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema

/// What an operation's input must be, beyond the service's own schema.
struct InputCheck: Sendable {
    private let schema: JSONSchema
    private let required: [String]
    private let search: SchemaSearch

    /// - Throws: `SchemaError` when it is not a JSON Schema.
    init(_ schema: JSONValue) throws(SchemaError) {
        self.schema = try JSONSchema(schema)
        search = SchemaSearch(schema)
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
        throw GerbangError(.invalidInput, issue.message, field: search.masked(issue.pointer))
    }
}
