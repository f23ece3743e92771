internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Testing

@testable internal import GerbangSQLite

@Suite("Damaged rows and full disks")
struct DamageTests {
    private static let damages = [
        "UPDATE request SET content = x'00ff' WHERE number = 1", "UPDATE request SET content = x'' WHERE number = 1",
        "UPDATE request SET content = CAST('{}' AS BLOB) WHERE number = 1",
        "UPDATE queue SET progress = x'7b' WHERE request = 1",
        "UPDATE queue SET progress = CAST('[]' AS BLOB) WHERE request = 1",
    ]

    private static func code(_ body: () async throws(GerbangError) -> Void) async -> GerbangError.Code? {
        do throws(GerbangError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "a damaged row keeps no other from being claimed, however few slots there are",
        arguments: damages,
        [1, 2, 10]
    )
    func claim(damage: String, slots: Int) async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await store.accept(0..<4)
        try folder.raw { try $0.execute(sql: damage) }
        var claimed: [RequestID] = []
        for _ in 0..<4 { claimed += try await store.claim(slots: slots).records.map(\.request.id) }
        #expect(claimed == (1..<4).map { Requests.id($0) })
    }

    @Test("a damaged row is told as such and harms no other", arguments: damages)
    func told(damage: String) async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await store.accept(0..<2)
        try folder.raw { try $0.execute(sql: damage) }
        #expect(
            await Self.code { () throws(GerbangError) in _ = try await store.record(Requests.id(0)) } == .internalFault
        )
        let step = Requests.step(.cancel(actor: "client:mpp"))
        let update = await Self.code { () throws(GerbangError) in
            _ = try await store.update(Requests.id(0), label: .command, transition: step)
        }
        #expect(update == .internalFault)
        let again = await Self.code { () throws(GerbangError) in
            _ = try await store.accept(Requests.record(9, key: "key-0"), fingerprint: [1])
        }
        #expect(again == .internalFault)
        #expect(try await store.list(RequestFilter()).map(\.request.id) == [Requests.id(1)])
        let other = try await store.update(Requests.id(1), label: .command, transition: step)
        #expect(other?.progress.state == .cancelled)
        #expect(try await store.record(Requests.id(9)) == nil)
    }

    @Test("when the disk is full nothing is accepted, and when it is not any more all works again")
    func diskFull() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await store.accept(0..<3)
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages)")
        }
        let large = Requests.record(3, payload: .string(String(repeating: "x", count: 1 << 20)))
        let codes = await withTaskGroup(of: GerbangError.Code?.self) { group in
            group.addTask {
                await Self.code { () throws(GerbangError) in _ = try await store.accept(large, fingerprint: [1]) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [.storageUnavailable])
        #expect(try await store.record(Requests.id(3)) == nil)
        #expect(try await store.list(RequestFilter()).count == 3)
        #expect(try await store.events(of: Requests.id(3), after: 0).isEmpty)
        try await store.pool.writeWithoutTransaction { database in
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = 1000000")
        }
        #expect(try await store.accept(large, fingerprint: [1]) == .stored)
        #expect(try folder.raw { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test("what does not fit on the disk does not take along what does")
    func oneTooLarge() async throws {
        let folder = try DatabaseFolder()
        let gate = CommitGate(expected: 10)
        let store = try folder.open(probe: gate.probe)
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages + 40)")
        }
        let outcomes = await withTaskGroup(of: (Int, GerbangError.Code?).self) { group in
            for number in 0..<10 {
                let payload = number == 5 ? String(repeating: "x", count: 1 << 20) : "x"
                group.addTask {
                    gate.arrive()
                    return (
                        number,
                        await Self.code { () throws(GerbangError) in
                            _ = try await store.accept(
                                Requests.record(number, payload: .string(payload)),
                                fingerprint: [1]
                            )
                        }
                    )
                }
            }
            return await group.reduce(into: [Int: GerbangError.Code]()) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes == [5: .storageUnavailable])
        #expect(
            try await Set(store.list(RequestFilter()).map(\.request.id))
                == Set((0..<10).filter { $0 != 5 }.map { Requests.id($0) })
        )
    }

    @Test("a file that cannot be written accepts nothing and can still be read")
    func readOnly() async throws {
        let store = try DatabaseFolder().open()
        try await store.accept(0..<1)
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        let code = await Self.code { () throws(GerbangError) in
            _ = try await store.accept(Requests.record(1), fingerprint: [1])
        }
        #expect(code == .storageUnavailable)
        let claim = await Self.code { () throws(GerbangError) in _ = try await store.claim() }
        #expect(claim == .storageUnavailable)
        #expect(try await store.list(RequestFilter()).map(\.progress.state) == [.queued])
        #expect(try await store.record(Requests.id(1)) == nil)
    }

    @Test("an error of the store quotes no value")
    func noValues() async throws {
        let store = try DatabaseFolder().open()
        try await store.accept(0..<1)
        do {
            _ = try await store.accept(Requests.record(0, key: "SITI CONTOH"), fingerprint: [1])
            Issue.record("one identifier was stored twice")
        } catch {
            #expect(error.code == .storageUnavailable)
            #expect(!error.description.contains("SITI") && !error.description.contains("3174"))
        }
    }
}
