extension SQLiteSchema {
    /// Which case and which tenant a request belongs to, and which requests may be taken because of it.
    static let orderingColumns = """
        ALTER TABLE request ADD COLUMN tenant TEXT;
        -- By the time of acceptance: the first bytes of an identifier.
        CREATE INDEX request_tenant ON request (tenant, id) WHERE tenant IS NOT NULL;

        -- The tenant that an operator's key is bound to.
        ALTER TABLE api_key ADD COLUMN tenant TEXT;

        ALTER TABLE queue ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
        ALTER TABLE queue ADD COLUMN ordering TEXT;
        -- Whether an older request of the same case has not ended. Kept when a request comes and goes, so that a claim need
        -- not look at what it may not take.
        ALTER TABLE queue ADD COLUMN is_behind INTEGER NOT NULL DEFAULT 0;

        -- Every case has one head: a second one cannot even be written.
        CREATE UNIQUE INDEX queue_head ON queue (ordering) WHERE ordering IS NOT NULL AND is_behind = 0;
        CREATE INDEX queue_ordering ON queue (ordering, request) WHERE ordering IS NOT NULL;

        DROP INDEX queue_ready;
        CREATE INDEX queue_ready ON queue (connection, tenant, is_retry, due_at)
            WHERE lease_until IS NULL AND due_at IS NOT NULL AND is_behind = 0;
        """
}
