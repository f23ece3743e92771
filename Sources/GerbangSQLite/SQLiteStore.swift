internal import GRDB
public import GerbangCore
public import GerbangEngine
internal import Glibc
internal import Synchronization

/// The embedded store: one SQLite file in WAL mode with `synchronous=FULL`.
///
/// Writes that come while another is being flushed share the next flush (group commit), so the number of durable writes
/// a second is not bounded by the number of flushes. A request has one cold row for ever and one narrow queue row as long
/// as it has not ended; events are only ever appended.
public final class SQLiteStore: RequestStore, APIKeyStore {
    let pool: DatabasePool
    let committer: GroupCommitter
    private let files: StoreFiles
    /// The tenant that had the last turn on a connection. It need not survive: fairness begins anew.
    let turns = Mutex<[ConnectionID: String]>([:])

    /// Opens or makes the database at `path`.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - exclusive: Whether requests will be worked on. Only one process may do that; commands that only manage API
    ///     keys open the file beside it.
    ///   - probe: Told before and after every commit.
    /// - Throws: ``GerbangError/Code/storageUnavailable`` when the file cannot be opened, is in use or is of a newer
    ///   version.
    public init(path: String, exclusive: Bool = true, probe: Probe = .none) throws(GerbangError) {
        // A symbolic link is another name for the same database, and must not lead to another lock.
        let file =
            realpath(path, nil).map { resolved in
                defer { free(resolved) }
                return String(cString: resolved)
            } ?? path
        let lock = exclusive ? try FileLock(path: file + ".lock") : nil
        try Self.makeFile(at: path)
        do {
            var configuration = GRDB.Configuration()
            configuration.label = "gerbang"
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
                // 16 MiB: with a million requests the indexes no longer fit into the 2 MiB that are the default.
                try database.execute(sql: "PRAGMA cache_size = -16384")
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // Once more: switching to WAL mode, GRDB sets the writer to NORMAL, which does not sync at a commit.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.claimFile(at: path, pool)
            guard try !pool.read(SQLiteSchema.migrator.hasBeenSuperseded) else {
                throw GerbangError(
                    .storageUnavailable,
                    "\(path) was written by a newer version of Gerbang; use that version"
                )
            }
            try Self.migrate(pool)
            files = StoreFiles(of: file, lock: lock)
            committer = GroupCommitter(pool: pool, files: files, probe: probe)
        } catch {
            throw GerbangError(storage: error)
        }
    }

    /// Brings the tables up to date. Another process may be at it at this very moment, in which case the step that both
    /// take fails here; what is left is taken then.
    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = SQLiteSchema.migrator
        var applied = try pool.read(migrator.appliedIdentifiers)
        while true {
            do {
                return try migrator.migrate(pool)
            } catch {
                let before = applied
                applied = try pool.read(migrator.appliedIdentifiers)
                guard applied != before else { throw error }
            }
        }
    }

    /// Marks a new database as ours and refuses one that is somebody else's: two schemas in one file end badly.
    private static func claimFile(at path: String, _ pool: DatabasePool) throws {
        // "GRBG", in the header of the file where SQLite keeps such a mark.
        let mark = 0x4752_4247
        try pool.writeWithoutTransaction { database in
            let found = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            guard found != mark else { return }
            let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
            guard found == 0, try isEmpty || database.tableExists("connection_mark") else {
                throw GerbangError(
                    .storageUnavailable,
                    "\(path) is the database of another application; name another file"
                )
            }
            try database.execute(sql: "PRAGMA application_id = \(mark)")
        }
    }

    /// Makes the file before SQLite does: it holds personal data and is for this user only. SQLite gives the files beside it
    /// the same rights.
    private static func makeFile(at path: String) throws(GerbangError) {
        // A file that is there is not opened: closing it would drop the locks that SQLite holds on it in this process.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else { return }
            throw GerbangError(
                .storageUnavailable,
                "cannot open \(path): error \(errno); check the folder and its rights"
            )
        }
        close(descriptor)
    }

    /// Checks that a request would be stored; see ``RequestStore/check()``.
    ///
    /// After a write that failed it writes and removes 64 KiB, which is more than a request of usual size takes.
    public func check() async throws(GerbangError) {
        try files.check()
        try await read { database in try Int.fetchOne(database, sql: "SELECT 1") }
        guard committer.lastFailure != nil else { return }
        try await committer.write(nil) { database in
            try database.execute(sql: "CREATE TABLE IF NOT EXISTS write_probe (filler BLOB NOT NULL)")
            try database.execute(sql: "INSERT INTO write_probe VALUES (zeroblob(65536))")
        }
        try await committer.write(nil) { try $0.execute(sql: "DELETE FROM write_probe") }
    }

    /// Reads with one statement.
    ///
    /// It sees one state of the database by itself, so that a transaction around it can be spared.
    @discardableResult
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(GerbangError) -> Value {
        do {
            return try await pool.unsafeRead(body)
        } catch {
            throw GerbangError(storage: error)
        }
    }

    /// Reads with several statements that all see the same state of the database.
    func readTogether<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(GerbangError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw GerbangError(storage: error)
        }
    }
}

extension GerbangError {
    /// The error that a fault of the store amounts to. SQLite's own text may quote values and is left out.
    init(storage error: any Error) {
        switch error {
        case let error as GerbangError:
            self = error
        case let error as DatabaseError:
            let reason =
                switch error.resultCode {
                case .SQLITE_NOTADB: "the file is not a database"
                case .SQLITE_FULL: "the disk is full"
                case .SQLITE_READONLY: "the file cannot be written"
                case .SQLITE_BUSY: "another process is writing for too long"
                default: "the store failed"
                }
            self.init(.storageUnavailable, "\(reason) (SQLite result code \(error.extendedResultCode.rawValue))")
        default:
            self.init(.storageUnavailable, "the store failed: \(type(of: error))")
        }
    }
}
