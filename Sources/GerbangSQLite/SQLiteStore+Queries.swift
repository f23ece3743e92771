internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON

extension SQLiteStore {
    /// See ``GerbangEngine/RequestStore/record(_:)``.
    public func record(_ id: RequestID) async throws(GerbangError) -> RequestRecord? {
        try await read { database in try RecordRow.find(id, in: database)?.record }
    }

    /// See ``GerbangEngine/RequestStore/events(of:after:)``.
    public func events(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT event.content FROM event JOIN request ON request.number = event.request
                    WHERE request.id = ? AND event.sequence > ? ORDER BY event.sequence
                    """
            )
            return try Data.fetchAll(statement, arguments: [id.blob, sequence]).compactMap { content in
                RequestEvent(json: try JSONValue(parsing: Array(content)))
            }
        }
    }

    /// See ``GerbangEngine/RequestStore/list(_:)``.
    public func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestRecord] {
        let query = ListQuery(filter)
        return try await read { database in
            // A damaged row must not hide the others; asking for it alone tells that it is damaged.
            try Row.fetchAll(database, sql: query.sql, arguments: query.arguments)
                .compactMap { try? RecordRow($0).record }
        }
    }

    /// See ``GerbangEngine/RequestStore/leases(endedBefore:limit:)``.
    public func leases(endedBefore moment: Timestamp?, limit: Int) async throws(GerbangError) -> [RequestID] {
        try await identifiers(
            where: "queue.lease_until IS NOT NULL AND queue.lease_until < ? ORDER BY queue.lease_until",
            arguments: [moment?.milliseconds ?? .max],
            limit: limit
        )
    }

    /// See ``GerbangEngine/RequestStore/overdue(before:limit:)``.
    public func overdue(before moment: Timestamp, limit: Int) async throws(GerbangError) -> [RequestID] {
        try await identifiers(
            where: "queue.state = 'queued' AND queue.deadline < ? ORDER BY queue.deadline",
            arguments: [moment.milliseconds],
            limit: limit
        )
    }

    /// See ``GerbangEngine/RequestStore/dueTimes()``.
    public func dueTimes() async throws(GerbangError) -> [ConnectionID: Timestamp] {
        try await read { database in
            // Steps from connection to connection, and from tenant to tenant, through the index instead of reading the whole queue.
            let statement = try database.cachedStatement(
                sql: """
                    WITH RECURSIVE step (request) AS (
                        SELECT (SELECT request FROM queue WHERE (connection, tenant) >= ('', '')
                                    AND \(Self.isReady) ORDER BY connection, tenant LIMIT 1)
                        UNION ALL
                        SELECT (SELECT request FROM queue WHERE (connection, tenant) > (here.connection, here.tenant)
                                    AND \(Self.isReady) ORDER BY connection, tenant LIMIT 1)
                        FROM step JOIN queue AS here ON here.request = step.request
                    )
                    SELECT here.connection, \(Self.earliestDue("here.connection", "here.tenant"))
                    FROM step JOIN queue AS here ON here.request = step.request
                    """
            )
            var times: [ConnectionID: Timestamp] = [:]
            for row in try Row.fetchAll(statement) {
                guard let due: Int64 = row[1] else { continue }
                let connection = ConnectionID(checked: row[0])
                let moment = Timestamp(milliseconds: due)
                times[connection] = min(times[connection] ?? moment, moment)
            }
            return times
        }
    }

    /// See ``GerbangEngine/RequestStore/backlog()``.
    public func backlog() async throws(GerbangError) -> [BacklogEntry] {
        try await readTogether { database in
            let open = try Row.fetchAll(
                database,
                sql: "SELECT connection, state, count(*), min(accepted_at) FROM queue GROUP BY connection, state"
            )
            let dead = try Row.fetchAll(
                database,
                sql: "SELECT connection, state, id FROM request WHERE is_dead_letter = 1 ORDER BY id"
            )
            var entries = open.compactMap { row -> BacklogEntry? in
                guard let state = RequestState(rawValue: row[1]) else { return nil }
                let oldest = Timestamp(milliseconds: row[3])
                return BacklogEntry(
                    connection: ConnectionID(checked: row[0]),
                    state: state,
                    count: row[2],
                    oldest: oldest
                )
            }
            var deadLetters: [ConnectionID: BacklogEntry] = [:]
            for row in dead {
                guard let id = RequestID(blob: row[2]) else { continue }
                let connection = ConnectionID(checked: row[0])
                // The first 48 bits of a UUIDv7 are the time of acceptance.
                let acceptedAt = Timestamp(milliseconds: Int64(id.high >> 16))
                deadLetters[
                    connection,
                    default: BacklogEntry(connection: connection, state: .failed, count: 0, oldest: acceptedAt)
                ].count += 1
            }
            entries += deadLetters.values
            return entries
        }
    }

    private func identifiers(
        where condition: String,
        arguments: StatementArguments,
        limit: Int
    ) async throws(GerbangError) -> [RequestID] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT request.id FROM queue JOIN request ON request.number = queue.request
                    WHERE \(condition) LIMIT ?
                    """
            )
            return try Data.fetchAll(statement, arguments: arguments + [limit]).compactMap { RequestID(blob: $0) }
        }
    }
}

/// The SQL of a list: every value is an argument.
private struct ListQuery: Sendable {
    private(set) var sql: String
    private(set) var arguments: StatementArguments = []

    init(_ filter: RequestFilter) {
        var conditions: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func add(_ condition: String, _ values: [any DatabaseValueConvertible]) {
            conditions.append(condition)
            arguments += values
        }
        if let client = filter.client { add("request.client = ?", [client.text]) }
        if let tenant = filter.tenant { add("request.tenant = ?", [tenant.text]) }
        if let service = filter.service { add("request.service = ?", [service.text]) }
        if let connection = filter.connection { add("request.connection = ?", [connection.text]) }
        if let before = filter.before { add("request.id < ?", [before.blob]) }
        if filter.isDeadLetter { add("request.is_dead_letter = 1", []) }
        if !filter.states.isEmpty {
            let names = filter.states.map(\.rawValue).sorted()
            let marks = names.map { _ in "?" }.joined(separator: ", ")
            add("coalesce(queue.state, request.state) IN (\(marks))", names)
        }
        // Requests that have not ended are few; starting from their queue rows spares reading all those that have. Only a
        // cross join keeps SQLite from turning that around.
        let areOpen = !filter.states.isEmpty && filter.states.allSatisfy { !$0.isFinal }
        let source =
            areOpen
            ? "queue CROSS JOIN request ON request.number = queue.request"
            : "request LEFT JOIN queue ON queue.request = request.number"
        sql = """
            SELECT \(RecordRow.columns) FROM \(source)
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
            ORDER BY request.id DESC LIMIT ?
            """
        self.arguments = StatementArguments(arguments + [filter.limit])
    }
}
