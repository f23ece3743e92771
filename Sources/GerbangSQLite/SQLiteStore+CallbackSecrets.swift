internal import Foundation
internal import GRDB
public import GerbangCore

extension SQLiteStore {
    /// See ``GerbangCore/CallbackSecretStore/save(_:)``.
    ///
    /// The secret stands in the file as it is, since it must be able to sign; the file's rights protect it.
    public func save(_ secret: CallbackSecret) async throws(GerbangError) {
        try await committer.write(nil) { database in
            try database.execute(
                sql: "INSERT INTO callback_secret (id, client, secret, created_at, revoked_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    secret.id, secret.client.text, Data(secret.key.revealed), secret.createdAt.milliseconds,
                    secret.revokedAt?.milliseconds,
                ]
            )
        }
    }

    /// See ``GerbangCore/CallbackSecretStore/callbackSecrets(of:)``.
    public func callbackSecrets(of client: ClientID?) async throws(GerbangError) -> [CallbackSecret] {
        try await read { database in
            let condition = client == nil ? "" : "WHERE client = ?"
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, client, secret, created_at, revoked_at FROM callback_secret \(condition)
                    ORDER BY created_at, id
                    """
            )
            let arguments = StatementArguments(client.map { [$0.text] } ?? [])
            return try Row.fetchAll(statement, arguments: arguments).map { row in
                let revokedAt: Int64? = row[4]
                return CallbackSecret(
                    id: row[0],
                    client: ClientID(checked: row[1]),
                    key: Sensitive(Array(row[2] as Data)),
                    createdAt: Timestamp(milliseconds: row[3]),
                    revokedAt: revokedAt.map { Timestamp(milliseconds: $0) }
                )
            }
        }
    }

    /// See ``GerbangCore/CallbackSecretStore/revokeCallbackSecret(_:at:)``.
    public func revokeCallbackSecret(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        try await committer.write(nil) { database in
            try database.execute(
                // Overwritten, so that what is revoked signs nothing even for who has a copy of the file later.
                sql: "UPDATE callback_secret SET revoked_at = ?, secret = x'' WHERE id = ? AND revoked_at IS NULL",
                arguments: [moment.milliseconds, id]
            )
            return database.changesCount > 0
        }
    }
}
