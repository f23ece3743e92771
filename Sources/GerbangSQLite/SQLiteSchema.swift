internal import GRDB

/// The tables and how they came about. A migration that was released is never changed.
enum SQLiteSchema {
    private static let retention = """
        -- When the last thing happened to a request that has ended; null until then.
        ALTER TABLE request ADD COLUMN finished_at INTEGER;
        UPDATE request SET finished_at = json_extract(CAST(progress AS TEXT), '$.finishedAt') WHERE state IS NOT NULL;
        CREATE INDEX request_finished ON request (finished_at) WHERE finished_at IS NOT NULL AND is_dead_letter = 0;
        CREATE INDEX request_client ON request (client, id);
        """

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: requests, queue, events, connections, keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE request (
                        number INTEGER PRIMARY KEY,
                        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                        client TEXT NOT NULL,
                        -- As bytes: a text would end at its first NUL.
                        idempotency_key BLOB NOT NULL,
                        fingerprint BLOB NOT NULL,
                        service TEXT NOT NULL,
                        connection TEXT NOT NULL,
                        content BLOB NOT NULL,
                        -- Written when the request ends; until then its progress is in the queue.
                        state TEXT,
                        is_dead_letter INTEGER NOT NULL DEFAULT 0,
                        progress BLOB,
                        CHECK ((state IS NULL) = (progress IS NULL)),
                        UNIQUE (client, idempotency_key)
                    ) STRICT;
                    CREATE INDEX request_dead_letter ON request (id) WHERE is_dead_letter = 1;

                    CREATE TABLE queue (
                        request INTEGER PRIMARY KEY REFERENCES request (number),
                        connection TEXT NOT NULL,
                        state TEXT NOT NULL,
                        due_at INTEGER,
                        is_retry INTEGER NOT NULL,
                        lease_until INTEGER,
                        deadline INTEGER NOT NULL,
                        accepted_at INTEGER NOT NULL,
                        progress BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX queue_ready ON queue (connection, is_retry, due_at)
                        WHERE lease_until IS NULL AND due_at IS NOT NULL;
                    CREATE INDEX queue_leased ON queue (lease_until) WHERE lease_until IS NOT NULL;
                    CREATE INDEX queue_deadline ON queue (deadline) WHERE state = 'queued';

                    CREATE TABLE event (
                        request INTEGER NOT NULL REFERENCES request (number),
                        sequence INTEGER NOT NULL,
                        content BLOB NOT NULL,
                        PRIMARY KEY (request, sequence)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE connection_mark (
                        connection TEXT PRIMARY KEY,
                        is_paused INTEGER NOT NULL,
                        not_before INTEGER
                    ) STRICT;

                    CREATE TABLE api_key (
                        id TEXT PRIMARY KEY,
                        client TEXT NOT NULL,
                        role TEXT NOT NULL,
                        hash BLOB NOT NULL,
                        created_at INTEGER NOT NULL,
                        revoked_at INTEGER
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("2: callbacks") { try $0.execute(sql: callbackTables) }
        migrator.registerMigration("3: modes of connections") { database in
            try database.execute(sql: "ALTER TABLE connection_mark ADD COLUMN mode TEXT NOT NULL DEFAULT 'enabled'")
        }
        migrator.registerMigration("4: ordering and tenants") { try $0.execute(sql: orderingColumns) }
        migrator.registerMigration("5: retention, lists by client") { try $0.execute(sql: retention) }
        migrator.registerMigration("6: registered adapters, audit") { try $0.execute(sql: adapterTables) }
        return migrator
    }
}
