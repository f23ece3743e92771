extension SQLiteSchema {
    /// Registered adapters, the keys that speak for them, and who did what.
    static let adapterTables = """
        CREATE TABLE adapter_key (
            id TEXT PRIMARY KEY,
            adapter TEXT NOT NULL,
            public_key BLOB NOT NULL CHECK (length(public_key) = 32),
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;

        CREATE TABLE adapter_dossier (
            adapter TEXT PRIMARY KEY,
            content BLOB NOT NULL
        ) STRICT;

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever appended to'); END;
        CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever appended to'); END;
        """
}
