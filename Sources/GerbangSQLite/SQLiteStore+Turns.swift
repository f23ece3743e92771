internal import GRDB
internal import GerbangCore
internal import GerbangEngine

// Which due requests a claim takes: each tenant has its turn, and only what is ready is looked at.
extension SQLiteStore {
    /// What the index of ready requests holds; as a condition it makes SQLite use that index.
    static let isReady = "lease_until IS NULL AND due_at IS NOT NULL AND is_behind = 0"

    /// Due requests of one connection: one of each tenant in turn after `last`, the oldest due time of each first, with no
    /// more retries than asked for.
    ///
    /// - Returns: The rows, and the tenant that had the last turn.
    static func due(
        _ ask: ClaimAsk,
        at now: Timestamp,
        after last: String,
        in database: Database
    ) throws -> (rows: [RecordRow], last: String) {
        var rows: [RecordRow] = []
        guard ask.slots > 0 else { return (rows, last) }
        var retries = 0
        var last = last
        var unseen = try tenants(of: ask.connection, after: last, in: database)
        var waiting: [TenantTurn] = []
        let isAlone = unseen.isAlone
        while rows.count < ask.slots {
            var turn: TenantTurn
            if let tenant = try unseen.next(in: database) {
                turn = TenantTurn(ask, tenant: tenant, at: now, chunk: isAlone ? ask.slots : 1)
            } else if !waiting.isEmpty {
                turn = waiting.removeFirst()
            } else {
                break
            }
            guard let row = try turn.next(mayRetry: retries < ask.retrySlots, in: database) else { continue }
            if row.record.progress.failures > 0 { retries += 1 }
            rows.append(row)
            last = turn.tenant
            waiting.append(turn)
        }
        return (rows, last)
    }

    /// The earliest due time of what may be taken on a connection.
    static func nextDue(on connection: ConnectionID, in database: Database) throws -> Timestamp? {
        var earliest: Int64?
        var unseen = try tenants(of: connection, after: "", in: database)
        let statement = try database.cachedStatement(sql: "SELECT \(earliestDue("?1", "?2"))")
        while let tenant = try unseen.next(in: database) {
            guard let due = try Int64.fetchOne(statement, arguments: [connection.text, tenant]) else { continue }
            earliest = min(earliest ?? due, due)
        }
        return earliest.map { Timestamp(milliseconds: $0) }
    }

    /// The earliest due time of what may be taken of a connection's tenant; two looks into the index.
    static func earliestDue(_ connection: String, _ tenant: String) -> String {
        func earliest(_ isRetry: Int) -> String {
            """
            (SELECT due_at FROM queue WHERE connection = \(connection) AND tenant = \(tenant) AND is_retry = \(isRetry)
                AND \(isReady) ORDER BY due_at LIMIT 1)
            """
        }
        // min() of two values is null when one of them is.
        return "coalesce(min(\(earliest(0)), \(earliest(1))), \(earliest(0)), \(earliest(1)))"
    }

    private static func tenants(
        of connection: ConnectionID,
        after last: String,
        in database: Database
    ) throws -> TenantWalk {
        try TenantWalk(connection, after: last, in: database)
    }
}

/// The tenants with ready requests on a connection, once around from the one after `last`. Each step is one look into the
/// index.
private struct TenantWalk {
    /// Whether there is but one.
    let isAlone: Bool
    private let connection: ConnectionID
    private let last: String
    private var upcoming: String?
    private var hasWrapped = false

    init(_ connection: ConnectionID, after last: String, in database: Database) throws {
        self.connection = connection
        self.last = last
        let first = try Self.tenant("", ">=", of: connection, in: database)
        isAlone = try first.map { try Self.tenant($0, ">", of: connection, in: database) == nil } ?? true
        upcoming = isAlone ? first : try Self.tenant(last, ">", of: connection, in: database)
        if isAlone { hasWrapped = true }
        if !isAlone, upcoming == nil { wrap(to: first) }
    }

    mutating func next(in database: Database) throws -> String? {
        guard let tenant = upcoming else { return nil }
        upcoming = isAlone ? nil : try Self.tenant(tenant, ">", of: connection, in: database)
        if hasWrapped {
            if let next = upcoming, next > last { upcoming = nil }
        } else if upcoming == nil {
            wrap(to: try Self.tenant("", ">=", of: connection, in: database))
        }
        return tenant
    }

    private mutating func wrap(to first: String?) {
        hasWrapped = true
        upcoming = first.flatMap { $0 <= last ? $0 : nil }
    }

    private static func tenant(
        _ tenant: String,
        _ comparison: String,
        of connection: ConnectionID,
        in database: Database
    ) throws -> String? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT tenant FROM queue WHERE connection = ? AND tenant \(comparison) ? AND \(SQLiteStore.isReady)
                ORDER BY tenant LIMIT 1
                """
        )
        return try String.fetchOne(statement, arguments: [connection.text, tenant])
    }
}

/// The due requests of one tenant on a connection, read in growing chunks.
private struct TenantTurn {
    private typealias Entry = (due: Int64, row: RecordRow)

    let tenant: String
    private let ask: ClaimAsk
    private let now: Timestamp
    private var fresh: Chunk
    private var retries: Chunk

    private struct Chunk {
        var entries: ArraySlice<Entry> = []
        var size: Int
        var taken = 0
        var isLast = false
    }

    init(_ ask: ClaimAsk, tenant: String, at now: Timestamp, chunk: Int) {
        self.ask = ask
        self.tenant = tenant
        self.now = now
        fresh = Chunk(size: chunk)
        retries = Chunk(size: min(chunk, max(ask.retrySlots, 1)))
    }

    mutating func next(mayRetry: Bool, in database: Database) throws -> RecordRow? {
        try fill(&fresh, isRetry: false, in: database)
        if mayRetry { try fill(&retries, isRetry: true, in: database) }
        let retry = mayRetry ? retries.entries.first : nil
        switch (fresh.entries.first, retry) {
        case (let fresh?, let retry?) where (retry.due, retry.row.number) < (fresh.due, fresh.row.number):
            return Self.take(&retries)
        case (nil, .some): return Self.take(&retries)
        default: return Self.take(&fresh)
        }
    }

    private static func take(_ chunk: inout Chunk) -> RecordRow? {
        guard let entry = chunk.entries.popFirst() else { return nil }
        chunk.taken += 1
        return entry.row
    }

    private func fill(_ chunk: inout Chunk, isRetry: Bool, in database: Database) throws {
        guard chunk.entries.isEmpty, !chunk.isLast else { return }
        let statement = try database.cachedStatement(
            sql: """
                SELECT request.number, request.content, queue.progress, queue.is_behind, queue.due_at
                FROM queue JOIN request ON request.number = queue.request
                WHERE queue.connection = ? AND queue.tenant = ? AND queue.is_retry = ? AND queue.due_at <= ?
                    AND queue.lease_until IS NULL AND queue.due_at IS NOT NULL AND queue.is_behind = 0
                ORDER BY queue.due_at, queue.request
                """
        )
        let arguments: StatementArguments = [ask.connection.text, tenant, isRetry ? 1 : 0, now.milliseconds]
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var found: [Entry] = []
        var passed = 0
        while found.count < chunk.size {
            guard let row = try rows.next() else {
                chunk.isLast = true
                break
            }
            // A damaged row must not keep the others from being claimed, nor take their place.
            guard let record = try? RecordRow(row) else { continue }
            passed += 1
            if passed > chunk.taken { found.append((row[4], record)) }
        }
        chunk.entries = found[...]
        chunk.size = min(chunk.size * 2, ask.slots)
    }
}
