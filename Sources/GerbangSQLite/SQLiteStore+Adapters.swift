internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON

extension SQLiteStore: AdapterStore {
    /// See ``GerbangEngine/AdapterStore/save(_:)``.
    public func save(_ key: AdapterKey) async throws(GerbangError) {
        try await committer.write(nil) { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO adapter_key (id, adapter, public_key, created_at, revoked_at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    key.id, key.adapter.text, Data(key.publicKey), key.createdAt.milliseconds,
                    key.revokedAt?.milliseconds,
                ]
            )
            guard database.changesCount > 0 else { throw GerbangError(.conflict, "there is a key with this name") }
        }
    }

    /// See ``GerbangEngine/AdapterStore/adapterKeys()``.
    public func adapterKeys() async throws(GerbangError) -> [AdapterKey] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT id, adapter, public_key, created_at, revoked_at FROM adapter_key ORDER BY created_at, id"
            )
            return rows.map { row in
                let revokedAt: Int64? = row[4]
                return AdapterKey(
                    id: row[0],
                    adapter: AdapterID(checked: row[1]),
                    publicKey: Array(row[2] as Data),
                    createdAt: Timestamp(milliseconds: row[3]),
                    revokedAt: revokedAt.map { Timestamp(milliseconds: $0) }
                )
            }
        }
    }

    /// See ``GerbangEngine/AdapterStore/revokeAdapterKey(_:at:)``.
    public func revokeAdapterKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        try await committer.write(nil) { database in
            try database.execute(
                sql: "UPDATE adapter_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                arguments: [moment.milliseconds, id]
            )
            return database.changesCount > 0
        }
    }

    /// See ``GerbangEngine/AdapterStore/adapterDossiers()``.
    public func adapterDossiers() async throws(GerbangError) -> [AdapterDossier] {
        try await read { database in
            let contents = try Data.fetchAll(database, sql: "SELECT content FROM adapter_dossier ORDER BY adapter")
            return try contents.map { try Self.dossier($0) }
        }
    }

    /// See ``GerbangEngine/AdapterStore/updateDossier(of:noting:_:)``.
    public func updateDossier(
        of id: AdapterID,
        noting note: AuditNote?,
        _ change: @escaping @Sendable (inout AdapterDossier) throws(GerbangError) -> Void
    ) async throws(GerbangError) -> AdapterDossier {
        try await committer.write(nil) { database in
            let stored = try Data.fetchOne(
                database,
                sql: "SELECT content FROM adapter_dossier WHERE adapter = ?",
                arguments: [id.text]
            )
            var dossier = try stored.map { try Self.dossier($0) } ?? AdapterDossier(id: id)
            try change(&dossier)
            try database.execute(
                sql: "INSERT OR REPLACE INTO adapter_dossier (adapter, content) VALUES (?, ?)",
                arguments: [id.text, Data(dossier.json.encoded())]
            )
            if let note { _ = try Self.append(note, in: database) }
            return dossier
        }
    }

    private static func dossier(_ content: Data) throws -> AdapterDossier {
        guard let json = try? JSONValue(parsing: Array(content)), let dossier = AdapterDossier(json: json) else {
            throw GerbangError(.storageUnavailable, "a dossier of a registered adapter cannot be read")
        }
        return dossier
    }

    // MARK: The audit trail

    /// See ``GerbangEngine/AuditTrail/append(_:)``.
    public func append(_ note: AuditNote) async throws(GerbangError) -> AuditEntry {
        try await committer.write(nil) { database in try Self.append(note, in: database) }
    }

    private static func append(_ note: AuditNote, in database: Database) throws -> AuditEntry {
        // Read within the transaction that writes: a command may append beside the gateway.
        let last = try Row.fetchOne(database, sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
        let sequence: Int = last?[0] ?? 0
        let entry = AuditEntry(sequence: sequence + 1, note: note, after: last?[1] ?? AuditEntry.start)
        try database.execute(
            sql: """
                INSERT INTO audit (sequence, at, actor, action, subject, outcome, detail, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.sequence, note.at.milliseconds, note.actor, note.action, note.subject, note.outcome, note.detail,
                entry.hash,
            ]
        )
        return entry
    }

    /// See ``GerbangEngine/AuditTrail/auditEntries(after:limit:)``.
    public func auditEntries(after sequence: Int, limit: Int) async throws(GerbangError) -> [AuditEntry] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, at, actor, action, subject, outcome, detail, hash FROM audit
                    WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: [sequence, max(0, limit)]
            )
            return rows.map(Self.entry)
        }
    }

    /// See ``GerbangEngine/AuditTrail/lastAuditEntry()``.
    public func lastAuditEntry() async throws(GerbangError) -> AuditEntry? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT sequence, at, actor, action, subject, outcome, detail, hash FROM audit
                    ORDER BY sequence DESC LIMIT 1
                    """
            )
            return row.map(Self.entry)
        }
    }

    private static func entry(_ row: Row) -> AuditEntry {
        AuditEntry(
            sequence: row[0],
            note: AuditNote(
                at: Timestamp(milliseconds: row[1]),
                actor: row[2],
                action: row[3],
                subject: row[4],
                outcome: row[5],
                detail: row[6]
            ),
            hash: row[7]
        )
    }
}
