internal import GerbangJSON
internal import GerbangSchema
internal import Testing

func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

/// Validates a value against a schema, both as text, and gives the issues: `/pointer keyword: message`.
func issues(_ schema: String, _ value: String) throws -> [String] {
    try JSONSchema(json(schema)).validate(json(value)).map { "\($0.pointer) \($0.keyword): \($0.message)" }
}

/// The error that a schema gives; nil if it has none.
func schemaError(_ schema: String, resolving others: [String: JSONValue] = [:]) throws -> SchemaError? {
    let schema = try json(schema)
    do throws(SchemaError) {
        _ = try JSONSchema(schema, resolving: others)
        return nil
    } catch {
        return error
    }
}
