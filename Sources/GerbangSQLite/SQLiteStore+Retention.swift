internal import GRDB
public import GerbangCore

extension SQLiteStore {
    /// See ``GerbangEngine/RequestStore/removeFinished(before:limit:)``.
    ///
    /// What is removed is overwritten in the file, not only let go; copies of it in the write-ahead log go when SQLite has
    /// reused that.
    public func removeFinished(before moment: Timestamp, limit: Int) async throws(GerbangError) -> Int {
        try await committer.write(nil) { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT number FROM request
                    WHERE finished_at < ? AND is_dead_letter = 0 AND NOT EXISTS (
                        SELECT 1 FROM callback WHERE callback.request = request.number AND callback.due_at IS NOT NULL
                    )
                    ORDER BY finished_at LIMIT ?
                    """
            )
            let numbers = try Int64.fetchAll(statement, arguments: [moment.milliseconds, limit])
            guard !numbers.isEmpty else { return 0 }
            try database.execute(sql: "PRAGMA secure_delete = ON")
            defer { try? database.execute(sql: "PRAGMA secure_delete = OFF") }
            for number in numbers {
                for table in ["callback_message", "callback", "event"] {
                    try database.cachedStatement(sql: "DELETE FROM \(table) WHERE request = ?")
                        .execute(arguments: [number])
                }
                try database.cachedStatement(sql: "DELETE FROM request WHERE number = ?").execute(arguments: [number])
            }
            return numbers.count
        }
    }
}
