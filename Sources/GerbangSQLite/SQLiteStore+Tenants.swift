internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON

extension SQLiteStore {
    /// See ``GerbangEngine/RequestStore/waiting(on:after:limit:)``.
    public func waiting(
        on connection: ConnectionID,
        after last: RequestRecord?,
        limit: Int
    ) async throws(GerbangError) -> [RequestRecord] {
        try await readTogether { database in
            // In the order of the index, so that a page reads no more rows than it has.
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(RecordRow.columns) FROM queue JOIN request ON request.number = queue.request
                    WHERE queue.connection = ? AND queue.lease_until IS NULL AND queue.due_at IS NOT NULL
                        AND queue.is_behind = 0
                        AND (queue.tenant, queue.is_retry, queue.due_at, queue.request) > (?, ?, ?, ?)
                    ORDER BY queue.tenant, queue.is_retry, queue.due_at, queue.request LIMIT ?
                    """
            )
            var number: Int64 = -1
            if let last {
                let sql = "SELECT number FROM request WHERE id = ?"
                number = try Int64.fetchOne(database, sql: sql, arguments: [last.request.id.blob]) ?? -1
            }
            let progress = last?.progress
            let arguments: StatementArguments = [
                connection.text, last?.request.tenant?.text ?? "", progress.map { $0.failures > 0 ? 1 : 0 } ?? -1,
                (progress?.dueAt ?? last?.request.acceptedAt)?.milliseconds ?? .min, number, limit,
            ]
            return try Row.fetchAll(statement, arguments: arguments).compactMap { try? RecordRow($0).record }
        }
    }

    /// See ``GerbangEngine/RequestStore/openRequests()``.
    public func openRequests() async throws(GerbangError) -> [TenantID: Int] {
        try await read { database in
            let sql = "SELECT tenant, count(*) FROM queue WHERE tenant <> '' GROUP BY tenant"
            let counts = try Row.fetchAll(database, sql: sql).map { row in
                (TenantID(checked: row[0]), row[1] as Int)
            }
            return Dictionary(counts) { $0 + $1 }
        }
    }

    /// See ``GerbangEngine/RequestStore/report(on:)``.
    public func report(on span: ReportSpan) async throws(GerbangError) -> Report {
        try await readTogether { database in
            var tally = ReportTally(span)
            // The first 48 bits of an identifier are the time of acceptance.
            var conditions = ["request.id >= ?", "request.id < ?"]
            var arguments: StatementArguments = [span.from.firstIdentifier, span.until.firstIdentifier]
            if let tenant = span.tenant {
                conditions.append("request.tenant = ?")
                arguments += [tenant.text]
            }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT request.id, request.service, coalesce(queue.state, request.state),
                        json_extract(CAST(request.progress AS TEXT), '$.finishedAt')
                    FROM request LEFT JOIN queue ON queue.request = request.number
                    WHERE \(conditions.joined(separator: " AND "))
                    """,
                arguments: arguments
            )
            while let row = try rows.next() {
                guard let id = RequestID(blob: row[0]), let state = RequestState(rawValue: row[2]) else { continue }
                let finished: Int64? = row[3]
                tally.add(
                    ServiceID(checked: row[1]),
                    state,
                    acceptedAt: Timestamp(milliseconds: Int64(id.high >> 16)),
                    finishedAt: finished.map { Timestamp(milliseconds: $0) }
                )
            }
            return tally.report
        }
    }
}

extension Timestamp {
    /// The least identifier that a request accepted at this moment can have.
    fileprivate var firstIdentifier: Data {
        let time = UInt64(max(0, min(milliseconds, 0xFFFF_FFFF_FFFF)))
        return RequestID(high: time << 16, low: 0).blob
    }
}
