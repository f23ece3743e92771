internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import Testing

@testable internal import GerbangSQLite

@Suite("A database that takes no writes")
struct UnwritableTests {
    private static func failure(_ body: () async throws(GerbangError) -> Void) async -> GerbangError? {
        do throws(GerbangError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "whose file was removed, or replaced by another, promises nothing any more",
        arguments: [".lock", "", "-wal", "-shm"],
        [true, false]
    )
    func removed(suffix: String, isReplaced: Bool) async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await store.accept(0..<1)
        try await store.check()
        try FileManager.default.removeItem(atPath: folder.path + suffix)
        if isReplaced { try Data().write(to: URL(filePath: folder.path + suffix)) }
        let refusals = [
            await Self.failure { () throws(GerbangError) in try await store.check() },
            await Self.failure { () throws(GerbangError) in
                _ = try await store.accept(Requests.record(1), fingerprint: [1])
            },
            await Self.failure { () throws(GerbangError) in
                _ = try await store.update(Requests.id(0), label: .claim) { record throws(GerbangError) in
                    Transition(progress: record.progress, events: [])
                }
            },
        ]
        for refusal in refusals {
            #expect(refusal?.code == .storageUnavailable)
            #expect(refusal?.message.hasPrefix("gerbang.db\(suffix) was removed or replaced") == true)
        }
    }

    @Test("of two workers after the lock's file was removed, only the second one writes")
    func second() async throws {
        let folder = try DatabaseFolder()
        let first = try folder.open()
        try await first.accept(0..<1)
        try FileManager.default.removeItem(atPath: folder.path + ".lock")
        let second = try folder.open()
        let refusal = await Self.failure { () throws(GerbangError) in try await first.accept(1..<2) }
        #expect(refusal?.code == .storageUnavailable)
        try await second.accept(2..<3)
        #expect(try await second.list(RequestFilter()).count == 2)
    }

    @Test("since the disk is full says so until there is room again")
    func full() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await store.accept(0..<1)
        func limit(_ pages: String) async throws {
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        // SQLite's own bound, which it tells like a disk without room: no less than what there is.
        try await limit("1")
        var stored = 1
        let refusal = await Self.failure { () throws(GerbangError) in
            while stored < 10_000 {
                try await store.accept(stored..<stored + 1)
                stored += 1
            }
        }
        #expect(refusal?.message.contains("the disk is full") == true)
        for _ in 1...2 {
            let found = await Self.failure { () throws(GerbangError) in try await store.check() }
            #expect(found?.message.contains("the disk is full") == true)
        }
        #expect(try await store.list(RequestFilter(limit: 20_000)).count == stored)
        try await limit("1000000")
        try await store.check()
        try await store.accept(stored..<stored + 1)
    }
}
