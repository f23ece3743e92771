internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON

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
                    INSERT INTO request (id, client, idempotency_key, fingerprint, service, connection, content)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client, idempotency_key) DO NOTHING
                    """
            )
            try insert.execute(arguments: [
                request.id.blob, request.client.text, Data(request.submission.idempotencyKey.utf8), fingerprint,
                request.submission.service.text, request.connection.text, content,
            ])
            guard database.changesCount == 1 else {
                let (key, client) = (request.submission.idempotencyKey, request.client)
                return try Self.known(key, of: client, fingerprint: fingerprint, in: database) ?? .conflicting
            }
            let number = database.lastInsertedRowID
            try Self.enqueue(record.progress, json: progress, of: request, number: number, in: database)
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
        try await committer.write(.claim) { database in
            var batch = ClaimBatch()
            // Every transition first, then every write: when one throws, nothing has been written.
            var moves: [(row: RecordRow, transition: Transition)] = []
            var taken: Set<Int64> = []
            for ask in asks {
                for row in try Self.due(ask, at: now, in: database) where taken.insert(row.number).inserted {
                    moves.append((row, try transition(row.record)))
                }
            }
            for move in moves {
                try Self.store(move.transition, of: move.row, in: database)
                batch.records.append(
                    RequestRecord(request: move.row.record.request, progress: move.transition.progress)
                )
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
            try Self.store(move, of: row, in: database)
            return RequestRecord(request: row.record.request, progress: move.progress)
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
        return row[3] == fingerprint ? .known(try RecordRow(row).record) : .conflicting
    }

    /// Due requests of one connection, oldest due time first, with no more retries than asked for.
    private static func due(_ ask: ClaimAsk, at now: Timestamp, in database: Database) throws -> [RecordRow] {
        func fetch(isRetry: Bool, limit: Int) throws -> [(due: Int64, row: RecordRow)] {
            guard limit > 0 else { return [] }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT request.number, request.content, queue.progress, queue.due_at
                    FROM queue JOIN request ON request.number = queue.request
                    WHERE queue.connection = ? AND queue.is_retry = ? AND queue.due_at <= ?
                        AND queue.lease_until IS NULL AND queue.due_at IS NOT NULL
                    ORDER BY queue.due_at, queue.request
                    """
            )
            let arguments: StatementArguments = [ask.connection.text, isRetry ? 1 : 0, now.milliseconds]
            let rows = try Row.fetchCursor(statement, arguments: arguments)
            var found: [(Int64, RecordRow)] = []
            while found.count < limit, let row = try rows.next() {
                // A damaged row must not keep the others from being claimed, nor take their place.
                guard let record = try? RecordRow(row) else { continue }
                found.append((row[3], record))
            }
            return found
        }
        let retries = try fetch(isRetry: true, limit: min(ask.retrySlots, ask.slots))
        let fresh = try fetch(isRetry: false, limit: ask.slots)
        guard !retries.isEmpty else { return fresh.map(\.row) }
        return (retries + fresh).sorted { ($0.due, $0.row.number) < ($1.due, $1.row.number) }
            .prefix(ask.slots).map(\.row)
    }

    private static func nextDue(on connection: ConnectionID, in database: Database) throws -> Timestamp? {
        let statement = try database.cachedStatement(sql: "SELECT \(earliestDue("?1"))")
        let due = try Int64.fetchOne(statement, arguments: [connection.text])
        return due.map { Timestamp(milliseconds: $0) }
    }

    /// The earliest due time of a connection's requests that nobody holds; two looks into the index.
    static func earliestDue(_ connection: String) -> String {
        func earliest(_ isRetry: Int) -> String {
            """
            (SELECT due_at FROM queue WHERE connection = \(connection) AND is_retry = \(isRetry)
                AND lease_until IS NULL AND due_at IS NOT NULL ORDER BY due_at LIMIT 1)
            """
        }
        // min() of two values is null when one of them is.
        return "coalesce(min(\(earliest(0)), \(earliest(1))), \(earliest(0)), \(earliest(1)))"
    }

    private static func store(_ move: Transition, of row: RecordRow, in database: Database) throws {
        let (old, new) = (row.record.progress, move.progress)
        guard old != new || !move.events.isEmpty else { return }
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
            }
        } else if old.state.isFinal {
            let reopen = try database.cachedStatement(
                sql: """
                    UPDATE request SET state = NULL, is_dead_letter = 0, progress = NULL, finished_at = NULL
                    WHERE number = ?
                    """
            )
            try reopen.execute(arguments: [row.number])
            try enqueue(new, json: json, of: row.record.request, number: row.number, in: database)
        } else {
            let update = try database.cachedStatement(
                sql: """
                    UPDATE queue SET state = ?, due_at = ?, is_retry = ?, lease_until = ?, deadline = ?, progress = ?
                    WHERE request = ?
                    """
            )
            try update.execute(arguments: [
                new.state.rawValue, new.dueAt?.milliseconds, new.failures > 0 ? 1 : 0,
                new.lease?.until.milliseconds, new.deadline.milliseconds, json, row.number,
            ])
        }
        for event in move.events {
            try append(Data(event.json.encoded()), sequence: event.sequence, to: row.number, in: database)
        }
        if !move.callbacks.isEmpty {
            try put(move.callbacks, of: row.record.request, number: row.number, in: database)
        }
    }

    private static func enqueue(
        _ progress: RequestProgress,
        json: Data,
        of request: ServiceRequest,
        number: Int64,
        in database: Database
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO queue
                    (request, connection, state, due_at, is_retry, lease_until, deadline, accepted_at, progress)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try insert.execute(arguments: [
            number, request.connection.text, progress.state.rawValue, progress.dueAt?.milliseconds,
            progress.failures > 0 ? 1 : 0, progress.lease?.until.milliseconds, progress.deadline.milliseconds,
            request.acceptedAt.milliseconds, json,
        ])
    }

    private static func append(_ event: Data, sequence: Int, to number: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO event (request, sequence, content) VALUES (?, ?, ?)")
            .execute(arguments: [number, sequence, event])
    }
}
