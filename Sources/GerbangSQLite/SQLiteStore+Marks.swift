internal import Foundation
internal import GRDB
public import GerbangCore
public import GerbangEngine

extension SQLiteStore {
    /// See ``GerbangEngine/RequestStore/connectionMarks()``.
    public func connectionMarks() async throws(GerbangError) -> [ConnectionID: ConnectionMark] {
        try await read { database in
            var marks: [ConnectionID: ConnectionMark] = [:]
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT connection, is_paused, not_before, mode FROM connection_mark"
            )
            for row in rows {
                marks[ConnectionID(checked: row[0])] = Self.mark(isPaused: row[1], notBefore: row[2], mode: row[3])
            }
            return marks
        }
    }

    private static func mark(isPaused: Int, notBefore: Int64?, mode: String) -> ConnectionMark {
        ConnectionMark(
            isPaused: isPaused != 0,
            // What a later version wrote and this one does not know is at least no permission to call.
            mode: ConnectionMode(rawValue: mode) ?? .disabled,
            notBefore: notBefore.map { Timestamp(milliseconds: $0) }
        )
    }

    /// See ``GerbangEngine/RequestStore/updateMark(of:_:)``.
    public func updateMark(
        of connection: ConnectionID,
        _ change: @escaping @Sendable (inout ConnectionMark) -> Void
    ) async throws(GerbangError) {
        try await committer.write(nil) { database in
            let stored = try Row.fetchOne(
                database,
                sql: "SELECT is_paused, not_before, mode FROM connection_mark WHERE connection = ?",
                arguments: [connection.text]
            )
            var mark = stored.map { Self.mark(isPaused: $0[0], notBefore: $0[1], mode: $0[2]) } ?? ConnectionMark()
            change(&mark)
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO connection_mark (connection, is_paused, not_before, mode)
                    VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    connection.text, mark.isPaused ? 1 : 0, mark.notBefore?.milliseconds, mark.mode.rawValue,
                ]
            )
        }
    }

    /// See ``GerbangCore/APIKeyStore/save(_:)``.
    public func save(_ key: APIKey) async throws(GerbangError) {
        try await committer.write(nil) { database in
            try database.execute(
                sql: """
                    INSERT INTO api_key (id, client, role, hash, created_at, revoked_at, tenant)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    key.id, key.client.text, key.role.rawValue, Data(key.hash), key.createdAt.milliseconds,
                    key.revokedAt?.milliseconds, key.tenant?.text,
                ]
            )
        }
    }

    /// See ``GerbangCore/APIKeyStore/apiKeys()``.
    public func apiKeys() async throws(GerbangError) -> [APIKey] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT id, client, role, hash, created_at, revoked_at, tenant FROM api_key ORDER BY created_at, id"
            )
            return rows.compactMap { row in
                guard let role = Role(rawValue: row[2]) else { return nil }
                let revokedAt: Int64? = row[5]
                let tenant: String? = row[6]
                return APIKey(
                    id: row[0],
                    client: ClientID(checked: row[1]),
                    role: role,
                    hash: Array(row[3] as Data),
                    createdAt: Timestamp(milliseconds: row[4]),
                    revokedAt: revokedAt.map { Timestamp(milliseconds: $0) },
                    tenant: tenant.map { TenantID(checked: $0) }
                )
            }
        }
    }

    /// See ``GerbangCore/APIKeyStore/revokeAPIKey(_:at:)``.
    public func revokeAPIKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        try await committer.write(nil) { database in
            try database.execute(
                sql: "UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                arguments: [moment.milliseconds, id]
            )
            return database.changesCount > 0
        }
    }
}
