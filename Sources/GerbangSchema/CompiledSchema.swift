internal import CValijson
internal import GerbangJSON

/// The table of subschemas on the C side, and the texts of the schema, which messages are made of.
///
/// It is unchecked because of the pointer alone. After it is built, the table behind it is never written again until
/// the last reference goes: evaluating reads valijson's constraints and our rules through const paths, all that a
/// validation counts and collects is its own, and RE2 guards the automata that its expressions build while they match.
final class CompiledSchema: @unchecked Sendable {
    /// How many issues are given; a value with more is beyond repair by reading them.
    static let issueLimit = 32
    /// How many are collected to choose those from.
    private static let collectionLimit = 128

    private let table: OpaquePointer
    private let root: UInt32
    /// The subschemas in the order of the table.
    private let sources: [JSONValue]

    init(table: consuming SchemaTable, root: Int, sources: [JSONValue]) {
        self.table = table.release()
        self.root = UInt32(truncatingIfNeeded: root)
        self.sources = sources
    }

    deinit {
        gerbang_schema_destroy(table)
    }

    func validate(_ value: JSONValue) -> [SchemaIssue] {
        guard let tape = JSONTape(value) else { return [CompiledSchema.limitIssue] }
        return tape.withTape { cTape in
            withUnsafeTemporaryAllocation(of: gerbang_schema_issue.self, capacity: CompiledSchema.collectionLimit) {
                found in
                var count = 0
                let status = gerbang_schema_validate(
                    table,
                    root,
                    cTape,
                    tape.nodes.count,
                    found.baseAddress,
                    found.count,
                    &count
                )
                guard status == GERBANG_SCHEMA_DONE else { return [CompiledSchema.limitIssue] }
                return count == 0 ? [] : issues(found.prefix(count), in: tape)
            }
        }
    }

    private func issues(_ found: Slice<UnsafeMutableBufferPointer<gerbang_schema_issue>>, in tape: JSONTape)
        -> [SchemaIssue]
    {
        var distinct: Set<SchemaIssue> = []
        for issue in found {
            let schema = sources[Int(issue.schema)]
            let message = SchemaMessage(issue, schema: schema).text
            distinct.insert(
                SchemaIssue(
                    pointer: tape.pointer(to: Int(issue.node)),
                    keyword: issue.is_about_key ? "propertyNames" : String(cString: issue.keyword),
                    message: issue.is_about_key ? "has a key that is not allowed: the key \(message)" : message
                )
            )
        }
        return Array(distinct.sorted().prefix(CompiledSchema.issueLimit))
    }

    private static let limitIssue = SchemaIssue(
        pointer: .root,
        keyword: "limit",
        message: "is nested too deep, or too large, to be checked; it must be simpler"
    )
}
