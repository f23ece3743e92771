public import GerbangJSON

/// A JSON Schema (draft 7), compiled once and used for any number of values, from any number of threads at once.
///
/// What it promises beyond the draft:
/// - Numbers are exact: an identifier of 16 digits or an amount of 60 is compared digit by digit, never as a double.
/// - Patterns (ECMA-262) are matched in linear time; look-around and back-references are refused when the schema is
///   read.
/// - `format` is checked for `date`, `time` and `date-time` (RFC 3339, section 5.6); other formats are annotations.
/// - `$ref` leads within the schema, to the documents given with it and to draft 7 itself. Nothing is ever fetched.
/// - Neither a schema nor a value can make it hang or overflow the stack. Values deeper than `JSONLimits.deepest`, or
///   for which the schema asks for too many steps, are refused with the keyword `limit`.
public final class JSONSchema: Sendable {
    private let compiled: CompiledSchema

    /// Compiles a schema.
    ///
    /// The schema and the others are checked against the schema of draft 7 first. The others are found by their keys
    /// and by the `$id`s in them; a key is an absolute URI, or a relative one if the schema refers to it so and has no
    /// `$id`.
    public init(_ schema: JSONValue, resolving others: [String: JSONValue] = [:]) throws(SchemaError) {
        var compiler = SchemaCompiler(documents: try SchemaDocuments(schema, resolving: others))
        compiled = try compiler.compile()
    }

    /// Gives the ways in which a value breaks the schema; none if it is valid.
    ///
    /// There are at most 32, each once, in the order of their pointers, with what is inside a value before the value
    /// itself. Where none of the alternatives of `anyOf` or `oneOf` match, the issues are those of the alternative that
    /// was plainly meant (the only one of the value's type, or the only one whose `const` and `enum` members match);
    /// otherwise one issue stands for all.
    public func validate(_ value: JSONValue) -> [SchemaIssue] {
        compiled.validate(value)
    }
}
