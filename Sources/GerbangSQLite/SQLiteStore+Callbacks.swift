internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine

extension SQLiteStore {
    /// See ``GerbangEngine/CallbackOutbox/claimCallbacks(_:at:leaseUntil:)``.
    public func claimCallbacks(
        _ asks: [CallbackAsk],
        at now: Timestamp,
        leaseUntil: Timestamp
    ) async throws(GerbangError) -> CallbackBatch {
        try await committer.write(nil) { database in
            var batch = CallbackBatch()
            for ask in asks {
                let due = try Self.due(ask, at: now, leaseUntil: leaseUntil, in: database)
                for (number, delivery) in due {
                    try database.cachedStatement(sql: "UPDATE callback SET due_at = ?, epoch = ? WHERE request = ?")
                        .execute(arguments: [leaseUntil.milliseconds, delivery.epoch, number])
                    batch.deliveries.append(delivery)
                }
                batch.nextDue[ask.client] = try Self.nextDue(of: ask.client, in: database)
            }
            return batch
        }
    }

    private static func due(
        _ ask: CallbackAsk,
        at now: Timestamp,
        leaseUntil: Timestamp,
        in database: Database
    ) throws -> [(number: Int64, delivery: CallbackDelivery)] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT callback.request, request.id, callback.url, message.sequence, message.created_at, message.body,
                    callback.failures, callback.epoch
                FROM callback JOIN request ON request.number = callback.request
                    JOIN callback_message AS message ON message.request = callback.request AND message.sequence =
                        (SELECT min(sequence) FROM callback_message WHERE request = callback.request)
                WHERE callback.client = ? AND callback.due_at IS NOT NULL AND callback.due_at <= ?
                ORDER BY callback.due_at, callback.request LIMIT ?
                """
        )
        let rows = try Row.fetchAll(statement, arguments: [ask.client.text, now.milliseconds, ask.slots])
        return rows.compactMap { row in
            guard let id = RequestID(blob: row[1]) else { return nil }
            let message = CallbackMessage(
                sequence: row[3],
                createdAt: Timestamp(milliseconds: row[4]),
                body: Array(row[5] as Data)
            )
            let delivery = CallbackDelivery(
                request: id,
                client: ask.client,
                url: Sensitive(row[2]),
                message: message,
                failures: row[6],
                epoch: row[7] + 1,
                leaseUntil: leaseUntil
            )
            return (row[0], delivery)
        }
    }

    private static func nextDue(of client: ClientID, in database: Database) throws -> Timestamp? {
        let statement = try database.cachedStatement(
            sql: "SELECT min(due_at) FROM callback WHERE client = ? AND due_at IS NOT NULL"
        )
        return try Int64.fetchOne(statement, arguments: [client.text]).map { Timestamp(milliseconds: $0) }
    }

    /// See ``GerbangEngine/CallbackOutbox/settleCallback(_:as:at:)``.
    public func settleCallback(
        _ delivery: CallbackDelivery,
        as outcome: CallbackOutcome,
        at now: Timestamp
    ) async throws(GerbangError) -> Timestamp? {
        try await committer.write(nil) { database in
            let find = try database.cachedStatement(
                sql: """
                    SELECT callback.request FROM callback JOIN request ON request.number = callback.request
                    WHERE request.id = ? AND callback.epoch = ? AND callback.due_at IS NOT NULL
                    """
            )
            let arguments: StatementArguments = [delivery.request.blob, delivery.epoch]
            guard let number = try Int64.fetchOne(find, arguments: arguments) else { return nil }
            switch outcome {
            case .delivered: try Self.goOn(number, counting: "delivered", delivery, at: now, in: database)
            case .givenUp: try Self.goOn(number, counting: "failed", delivery, at: now, in: database)
            case .failed(let moment):
                try Self.release(number, until: moment, counting: 1, in: database)
            case .postponed(let moment):
                try Self.release(number, until: moment, counting: 0, in: database)
            case .gone: try Self.close(number, in: database)
            }
            let due = try database.cachedStatement(sql: "SELECT due_at FROM callback WHERE request = ?")
            return try Int64.fetchOne(due, arguments: [number]).map { Timestamp(milliseconds: $0) }
        }
    }

    /// Takes the first message away; the next one is due at once.
    private static func goOn(
        _ number: Int64,
        counting column: String,
        _ delivery: CallbackDelivery,
        at now: Timestamp,
        in database: Database
    ) throws {
        try database.cachedStatement(sql: "DELETE FROM callback_message WHERE request = ? AND sequence = ?")
            .execute(arguments: [number, delivery.message.sequence])
        let update = try database.cachedStatement(
            sql: """
                UPDATE callback SET \(column) = \(column) + 1, failures = 0, epoch = epoch + 1,
                    due_at = iif(EXISTS (SELECT 1 FROM callback_message WHERE request = ?1), ?2, NULL)
                WHERE request = ?1
                """
        )
        try update.execute(arguments: [number, now.milliseconds])
    }

    private static func release(
        _ number: Int64,
        until moment: Timestamp,
        counting failures: Int,
        in database: Database
    ) throws {
        let update = try database.cachedStatement(
            sql: "UPDATE callback SET due_at = ?, failures = failures + ?, epoch = epoch + 1 WHERE request = ?"
        )
        try update.execute(arguments: [moment.milliseconds, failures, number])
    }

    private static func close(_ number: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM callback_message WHERE request = ?").execute(arguments: [number])
        let dropped = database.changesCount
        let update = try database.cachedStatement(
            sql: """
                UPDATE callback SET failed = failed + ?, is_gone = 1, due_at = NULL, failures = 0, epoch = epoch + 1
                WHERE request = ?
                """
        )
        try update.execute(arguments: [dropped, number])
    }

    /// Puts messages into the lane of a request, within the transaction that writes what they tell of.
    static func put(
        _ messages: [CallbackMessage],
        of request: ServiceRequest,
        number: Int64,
        in database: Database
    ) throws {
        guard let first = messages.first, let callback = request.submission.callback else { return }
        let open = try database.cachedStatement(
            sql: """
                INSERT INTO callback (request, client, url, due_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (request) DO UPDATE SET due_at = coalesce(due_at, excluded.due_at) WHERE is_gone = 0
                """
        )
        try open.execute(arguments: [number, request.client.text, callback.url, first.createdAt.milliseconds])
        guard database.changesCount == 1 else { return }
        let insert = try database.cachedStatement(
            sql: "INSERT INTO callback_message (request, sequence, created_at, body) VALUES (?, ?, ?, ?)"
        )
        for message in messages {
            try insert.execute(arguments: [
                number, message.sequence, message.createdAt.milliseconds, Data(message.body),
            ])
        }
    }

    // MARK: Asking

    /// See ``GerbangEngine/CallbackOutbox/callbackDueTimes()``.
    public func callbackDueTimes() async throws(GerbangError) -> [ClientID: Timestamp] {
        try await read { database in
            // Steps from client to client through the index instead of reading all of it.
            let statement = try database.cachedStatement(
                sql: """
                    WITH RECURSIVE step (client) AS (
                        SELECT min(client) FROM callback WHERE due_at IS NOT NULL
                        UNION ALL
                        SELECT (SELECT min(client) FROM callback WHERE client > step.client AND due_at IS NOT NULL)
                        FROM step WHERE step.client IS NOT NULL
                    )
                    SELECT client,
                        (SELECT min(due_at) FROM callback WHERE client = step.client AND due_at IS NOT NULL)
                    FROM step WHERE client IS NOT NULL
                    """
            )
            var times: [ClientID: Timestamp] = [:]
            for row in try Row.fetchAll(statement) {
                guard let due: Int64 = row[1] else { continue }
                times[ClientID(checked: row[0])] = Timestamp(milliseconds: due)
            }
            return times
        }
    }

    /// See ``GerbangEngine/CallbackOutbox/callbackSummary(of:)``.
    public func callbackSummary(of id: RequestID) async throws(GerbangError) -> CallbackSummary? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT delivered, failed, (SELECT count(*) FROM callback_message WHERE request = callback.request)
                    FROM callback JOIN request ON request.number = callback.request WHERE request.id = ?
                    """
            )
            return try Row.fetchOne(statement, arguments: [id.blob]).map { row in
                CallbackSummary(delivered: row[0], pending: row[2], failed: row[1])
            }
        }
    }

    /// See ``GerbangEngine/CallbackOutbox/callbackBacklog()``.
    public func callbackBacklog() async throws(GerbangError) -> CallbackBacklog {
        try await read { database in
            let row = try Row.fetchOne(database, sql: "SELECT count(*), min(created_at) FROM callback_message")
            let oldest: Int64? = row?[1]
            return CallbackBacklog(
                pending: row?[0] ?? 0,
                oldest: oldest.map { Timestamp(milliseconds: $0) }
            )
        }
    }
}
