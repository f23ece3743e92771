extension SQLiteSchema {
    /// The outbox: a lane for each request with a callback, the messages that wait in it, and the secrets.
    static let callbackTables = """
        CREATE TABLE callback (
            request INTEGER PRIMARY KEY REFERENCES request (number),
            client TEXT NOT NULL,
            url TEXT NOT NULL,
            -- When the first message is due, or its lease ends; null when there is none.
            due_at INTEGER,
            epoch INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            delivered INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            is_gone INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX callback_due ON callback (client, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE callback_message (
            request INTEGER NOT NULL REFERENCES callback (request),
            sequence INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (request, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE callback_secret (
            id TEXT PRIMARY KEY,
            client TEXT NOT NULL,
            -- As it is: it must be able to sign.
            secret BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;
        CREATE INDEX callback_secret_client ON callback_secret (client, created_at, id);
        """
}
