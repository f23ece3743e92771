internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Testing

@testable internal import GerbangSQLite

@Suite("What is removed from the file")
struct RetentionTests {
    private static let end = Requests.start + .seconds(120)

    /// Ends request `number`.
    private static func finish(_ number: Int, in store: SQLiteStore) async throws {
        let claimed = try await store.claim().records.first { $0.request.id == Requests.id(number) }
        let record = try #require(claimed)
        let input = RequestMachine.Input.outcome(Requests.success, epoch: record.progress.epoch)
        _ = try await store.update(record.request.id, label: .settle, transition: Requests.step(input, at: end))
    }

    @Test("no byte of a removed request is left in the database")
    func overwritten() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        let mark = "ZZ-\(UUID().uuidString)"
        _ = try await store.accept(Requests.record(1, key: mark, payload: ["nik": .string(mark)]), fingerprint: [1])
        try await Self.finish(1, in: store)
        func isFound() throws -> Bool {
            try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            return try Data(contentsOf: URL(filePath: folder.path)).range(of: Data(mark.utf8)) != nil
        }
        #expect(try isFound())
        #expect(try await store.removeFinished(before: Self.end + .seconds(1), limit: 10) == 1)
        #expect(try !isFound())
    }

    @Test("a database of an earlier version knows when its requests ended, and which are dead letters")
    func migration() async throws {
        let folder = try DatabaseFolder()
        do {
            let store = try folder.open()
            try await store.accept(1..<4)
            try await Self.finish(1, in: store)
        }
        // As it was before the column came.
        try folder.raw { database in
            try database.execute(
                sql: """
                    DROP INDEX request_finished;
                    DROP INDEX request_client;
                    ALTER TABLE request DROP COLUMN finished_at;
                    DELETE FROM grdb_migrations WHERE identifier = '5: retention, lists by client';
                    """
            )
        }
        let store = try folder.open()
        #expect(try await store.removeFinished(before: Self.end, limit: 10) == 0)
        #expect(try await store.removeFinished(before: Self.end + .milliseconds(1), limit: 10) == 1)
        #expect(try await store.list(RequestFilter()).count == 2)
    }
}
