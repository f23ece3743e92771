internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON
internal import Synchronization

extension SQLiteStore {
    /// See ``GerbangEngine/RequestStore/accept(_:fingerprint:)``.
    public func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance {
        // Written as bytes before the writer's turn, so that its thread only stores them.
        let content = Data(record.request.storedJSON.encoded())
        let progress = Data(record.progress.storedJSON.encoded())
        let event = Data(record.acceptedEvent.json.encoded())
        let fingerprint = Data(fingerprint)
        return try await committer.write(.accept) { database in
            let request = record.request
            let insert = try database.cachedStatement(
                sql: """
                    INSERT INTO request
                        (id, client, idempotency_key, fingerprint, service, connection, content, tenant)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client, idempotency_key) DO NOTHING
                    """
            )
            try insert.execute(arguments: [
                request.id.blob, request.client.text, Data(request.submission.idempotencyKey.utf8), fingerprint,
                request.submission.service.text, record.connection.text, content, request.tenant?.text,
            ])
            guard database.changesCount == 1 else {
                let (key, client) = (request.submission.idempotencyKey, request.client)
                return try Self.known(key, of: client, fingerprint: fingerprint, in: database) ?? .conflicting
            }
            let number = database.lastInsertedRowID
            try Self.enqueue(record, json: progress, number: number, in: database)
            try Self.append(event, sequence: 1, to: number, in: database)
            return .stored
        }
    }

    /// See ``GerbangEngine/RequestStore/acceptance(of:client:fingerprint:)``.
    public func acceptance(
        of key: String,
        client: ClientID,
        fingerprint: [UInt8]
    ) async throws(GerbangError) -> Acceptance? {
        let fingerprint = Data(fingerprint)
        return try await read { database in
            try Self.known(key, of: client, fingerprint: fingerprint, in: database)
        }
    }

    /// See ``GerbangEngine/RequestStore/claim(_:at:transition:)``.
    public func claim(
        _ asks: [ClaimAsk],
        at now: Timestamp,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> ClaimBatch {
        try await committer.write(.claim) { [self] database in
            var batch = ClaimBatch()
            // Every transition first, then every write: when one throws, nothing has been written.
            var moves: [(row: RecordRow, transition: Transition)] = []
            var taken: Set<Int64> = []
            for ask in asks {
                let last = turns.withLock { $0[ask.connection] ?? "" }
                let due = try Self.due(ask, at: now, after: last, in: database)
                turns.withLock { $0[ask.connection] = due.last }
                for row in due.rows where taken.insert(row.number).inserted {
                    moves.append((row, try transition(row.record)))
                }
            }
            for move in moves {
                batch.records.append(try Self.store(move.transition, of: move.row, in: database))
            }
            for ask in asks { batch.nextDue[ask.connection] = try Self.nextDue(on: ask.connection, in: database) }
            return batch
        }
    }

    /// See ``GerbangEngine/RequestStore/update(_:knowing:label:transition:)``.
    public func update(
        _ id: RequestID,
        knowing request: ServiceRequest?,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord? {
        try await committer.write(label) { database in
            guard let row = try RecordRow.find(id, knowing: request, in: database) else { return nil }
            let move = try transition(row.record)
            return try Self.store(move, of: row, in: database)
        }
    }

    private static func known(
        _ key: String,
        of client: ClientID,
        fingerprint: Data,
        in database: Database
    ) throws -> Acceptance? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(RecordRow.columns), request.fingerprint
                FROM request LEFT JOIN queue ON queue.request = request.number
                WHERE request.client = ? AND request.idempotency_key = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [client.text, Data(key.utf8)]) else { return nil }
        return row[4] == fingerprint ? .known(try RecordRow(row).record) : .conflicting
    }

    /// Writes what has become of a request, and lets the next of its case go when it has ended.
    private static func store(
        _ move: Transition,
        of row: RecordRow,
        in database: Database
    ) throws -> RequestRecord {
        let (old, new) = (row.record.progress, move.progress)
        var record = RequestRecord(
            request: row.record.request,
            progress: new,
            isBehindAnother: row.record.isBehindAnother && !new.state.isFinal
        )
        guard old != new || !move.events.isEmpty else { return record }
        let json = Data(new.storedJSON.encoded())
        if new.state.isFinal {
            let finish = try database.cachedStatement(
                sql: "UPDATE request SET state = ?, is_dead_letter = ?, progress = ?, finished_at = ? WHERE number = ?"
            )
            let end = move.events.last?.at ?? new.finishedAt
            try finish.execute(arguments: [
                new.state.rawValue, new.isDeadLetter ? 1 : 0, json, end?.milliseconds, row.number,
            ])
            if !old.state.isFinal {
                let dequeue = try database.cachedStatement(sql: "DELETE FROM queue WHERE request = ?")
                try dequeue.execute(arguments: [row.number])
                if let key = record.request.ordering, !row.record.isBehindAnother {
                    try letNextGo(behind: key, in: database)
                }
            }
        } else if old.state.isFinal {
            let reopen = try database.cachedStatement(
                sql: """
                    UPDATE request SET state = NULL, is_dead_letter = 0, progress = NULL, finished_at = NULL
                    WHERE number = ?
                    """
            )
            try reopen.execute(arguments: [row.number])
            record.isBehindAnother = try enqueue(record, json: json, number: row.number, in: database)
        } else {
            let update = try database.cachedStatement(
                sql: """
                    UPDATE queue SET state = ?, due_at = ?, is_retry = ?, lease_until = ?, deadline = ?, progress = ?,
                        connection = ?
                    WHERE request = ?
                    """
            )
            try update.execute(arguments: [
                new.state.rawValue, new.dueAt?.milliseconds, new.failures > 0 ? 1 : 0,
                new.lease?.until.milliseconds, new.deadline.milliseconds, json, record.connection.text, row.number,
            ])
        }
        if record.connection != row.record.connection {
            // Lists are looked up by the connection that answers a request now.
            let assign = try database.cachedStatement(sql: "UPDATE request SET connection = ? WHERE number = ?")
            try assign.execute(arguments: [record.connection.text, row.number])
        }
        for event in move.events {
            try append(Data(event.json.encoded()), sequence: event.sequence, to: row.number, in: database)
        }
        if !move.callbacks.isEmpty {
            try put(move.callbacks, of: row.record.request, number: row.number, in: database)
        }
        return record
    }

    /// Makes the oldest of the open requests of a case its head.
    private static func letNextGo(behind key: OrderingKey, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE queue SET is_behind = 0 WHERE request =
                    (SELECT request FROM queue WHERE ordering = ? ORDER BY request LIMIT 1)
                """
        )
        try statement.execute(arguments: [key.digest])
    }

    /// Puts a request into the queue, behind the head of its case if there is one.
    ///
    /// - Returns: Whether there is one.
    @discardableResult
    private static func enqueue(
        _ record: RequestRecord,
        json: Data,
        number: Int64,
        in database: Database
    ) throws -> Bool {
        let (request, progress) = (record.request, record.progress)
        var isBehind = false
        if let key = request.ordering {
            let statement = try database.cachedStatement(sql: "SELECT 1 FROM queue WHERE ordering = ? LIMIT 1")
            isBehind = try Int.fetchOne(statement, arguments: [key.digest]) != nil
        }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO queue
                    (request, connection, state, due_at, is_retry, lease_until, deadline, accepted_at, progress,
                        tenant, ordering, is_behind)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try insert.execute(arguments: [
            number, record.connection.text, progress.state.rawValue, progress.dueAt?.milliseconds,
            progress.failures > 0 ? 1 : 0, progress.lease?.until.milliseconds, progress.deadline.milliseconds,
            request.acceptedAt.milliseconds, json, request.tenant?.text ?? "", request.ordering?.digest,
            isBehind ? 1 : 0,
        ])
        return isBehind
    }

    private static func append(_ event: Data, sequence: Int, to number: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO event (request, sequence, content) VALUES (?, ?, ?)")
            .execute(arguments: [number, sequence, event])
    }
}
