internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import Testing

@testable internal import GerbangSQLite

@Suite("Opening a database")
struct OpeningTests {
    private static func failure(_ body: () throws(GerbangError) -> SQLiteStore) -> GerbangError? {
        do throws(GerbangError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("the writer flushes at every commit, also after reopening")
    func durability() throws {
        let folder = try DatabaseFolder()
        for _ in 1...2 {
            let store = try folder.open()
            let pragmas = try ["journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint"].map { name in
                try store.pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
            }
            // Synchronous 2 is FULL: in WAL mode only that syncs the log before a commit returns.
            #expect(pragmas == ["wal", "2", "1", "4000"])
        }
    }

    @Test("what another handle writes beside it is flushed too")
    func durabilityBeside() throws {
        let folder = try DatabaseFolder()
        let first = try folder.open()
        let second = try folder.open(exclusive: false)
        for store in [first, second] {
            let synchronous = try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(synchronous == 2)
        }
    }

    @Test("a second worker is refused, a handle that only manages keys is not")
    func lock() async throws {
        let folder = try DatabaseFolder()
        var first: SQLiteStore? = try folder.open()
        let error = Self.failure { () throws(GerbangError) in try folder.open() }
        #expect(error?.code == .storageUnavailable)
        #expect(error?.message.contains("held by another process") == true)
        let beside = try folder.open(exclusive: false)
        try await beside.check()
        try await first?.check()
        first = nil
        try await folder.open().check()
    }

    @Test("a symbolic link to a database is no way past the first worker")
    func linked() async throws {
        let folder = try DatabaseFolder()
        let first = try folder.open()
        let link = folder.url.appending(path: "link.db").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        let error = Self.failure { () throws(GerbangError) in try SQLiteStore(path: link) }
        #expect(error?.message.contains("held by another process") == true)
        try await first.check()
    }

    @Test(
        "a database of another application is refused and left as it was",
        arguments: ["CREATE TABLE invoice (number INTEGER)", "PRAGMA application_id = 7"]
    )
    func foreign(sql: String) throws {
        let folder = try DatabaseFolder()
        try folder.raw { try $0.execute(sql: sql) }
        let error = Self.failure { () throws(GerbangError) in try folder.open() }
        #expect(error?.code == .storageUnavailable)
        #expect(error?.message.contains("another application") == true)
        #expect(try folder.raw { try !$0.tableExists("request") })
    }

    @Test("a database is marked as Gerbang's, also one from before there was a mark")
    func mark() throws {
        let folder = try DatabaseFolder()
        _ = try folder.open()
        let read = { try folder.raw { try Int.fetchOne($0, sql: "PRAGMA application_id") } }
        #expect(try read() == 0x4752_4247)
        try folder.raw { try $0.execute(sql: "PRAGMA application_id = 0") }
        _ = try folder.open()
        #expect(try read() == 0x4752_4247)
    }

    @Test("a failed opening does not keep the lock")
    func failedOpening() async throws {
        let folder = try DatabaseFolder()
        try Data("this is not a database, but it is long enough to be read as one".utf8)
            .write(to: URL(filePath: folder.path))
        #expect(Self.failure { () throws(GerbangError) in try folder.open() } != nil)
        try FileManager.default.removeItem(atPath: folder.path)
        try await folder.open().check()
    }

    @Test("a file that is no database is told as such")
    func garbage() throws {
        let folder = try DatabaseFolder()
        try Data((0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }).write(to: URL(filePath: folder.path))
        let error = Self.failure { () throws(GerbangError) in try folder.open() }
        #expect(error?.code == .storageUnavailable)
        #expect(error?.message.contains("not a database") == true)
    }

    @Test("an empty file becomes a database")
    func emptyFile() async throws {
        let folder = try DatabaseFolder()
        try Data().write(to: URL(filePath: folder.path))
        let store = try folder.open()
        #expect(try await store.list(RequestFilter()).isEmpty)
    }

    @Test("a database of a newer version is refused and left alone")
    func newerVersion() throws {
        let folder = try DatabaseFolder()
        _ = try folder.open()
        try folder.raw { database in
            try database.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: from the future')")
        }
        for exclusive in [true, false] {
            let error = Self.failure { () throws(GerbangError) in try folder.open(exclusive: exclusive) }
            #expect(error?.code == .storageUnavailable)
            #expect(error?.message.contains("newer version") == true)
        }
        let migrations = try folder.raw { try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations") }
        #expect(migrations.count == SQLiteSchema.migrator.migrations.count + 1)
    }

    @Test("a path that cannot be a file is told as such", arguments: [true, false])
    func impossiblePath(exclusive: Bool) throws {
        let folder = try DatabaseFolder()
        try Data().write(to: folder.url.appending(path: "file"))
        let sub = folder.url.appending(path: "sub")
        try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: false)
        for path in [folder.url.path + "/missing/x.db", folder.url.path + "/file/x.db", sub.path] {
            let error = Self.failure { () throws(GerbangError) in try SQLiteStore(path: path, exclusive: exclusive) }
            #expect(error?.code == .storageUnavailable, "\(path.dropFirst(folder.url.path.count))")
        }
    }

    @Test("opening is repeatable and two handles may open a new file at once")
    func simultaneous() async throws {
        let folder = try DatabaseFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await folder.open(exclusive: false).check() } }
            try await group.waitForAll()
        }
        let count = try folder.raw { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") }
        #expect(count == SQLiteSchema.migrator.migrations.count)
    }
}
