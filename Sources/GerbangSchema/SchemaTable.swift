internal import CValijson
internal import GerbangJSON

/// A table of subschemas that is being built; its only owner.
struct SchemaTable: ~Copyable {
    private let handle: OpaquePointer

    /// Nil if there is no memory.
    init?() {
        guard let handle = gerbang_schema_create() else { return nil }
        self.handle = handle
    }

    deinit {
        gerbang_schema_destroy(handle)
    }

    /// Hands the table over; the taker destroys it.
    consuming func release() -> OpaquePointer {
        let handle = self.handle
        discard self
        return handle
    }

    /// Appends a subschema whose own subschemas are links; the other functions add to it.
    func append(_ schema: JSONValue) -> gerbang_schema_status {
        SchemaTable.withBytes(schema.encoded()) { gerbang_schema_append(handle, $0, $1) }
    }

    func addNumber(_ number: JSONNumber, keyword: String) -> gerbang_schema_status {
        SchemaTable.withBytes(number.text.utf8) { gerbang_schema_add_number(handle, keyword, $0, $1) }
    }

    func addValues(_ values: [JSONValue], keyword: String) -> gerbang_schema_status {
        guard let tape = JSONTape(.array(values)) else { return GERBANG_SCHEMA_REFUSED }
        return tape.withTape { gerbang_schema_add_values(handle, keyword, $0) }
    }

    func addPattern(_ pattern: ECMAPattern) -> gerbang_schema_status {
        SchemaTable.withBytes(pattern.expression.utf8) { gerbang_schema_add_pattern(handle, $0, $1) }
    }

    func addKeyPattern(_ pattern: ECMAPattern, number: inout UInt32) -> gerbang_schema_status {
        SchemaTable.withBytes(pattern.expression.utf8) { gerbang_schema_add_key_pattern(handle, $0, $1, &number) }
    }

    func addFormat(_ name: String) -> gerbang_schema_status {
        SchemaTable.withBytes(name.utf8) { gerbang_schema_add_format(handle, $0, $1) }
    }

    private static func withBytes(
        _ bytes: some Sequence<UInt8>,
        _ body: (UnsafePointer<CChar>?, Int) -> gerbang_schema_status
    ) -> gerbang_schema_status {
        ContiguousArray(bytes).withUnsafeBytes { bytes in
            body(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }
}
