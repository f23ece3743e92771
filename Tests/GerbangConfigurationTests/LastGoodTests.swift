internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangTesting
internal import Testing

@Suite("What last held, and files that are watched", .timeLimit(.minutes(10)))
struct LastGoodTests {
    @Test("a start with a file that is not usable works with what last held and says so; a strict one fails")
    func lastGood() async throws {
        let gateway = try ManagedGateway()
        _ = try gateway.live()
        try gateway.write("connections: [")
        let (engine, manager) = try gateway.live()
        #expect(engine.limits == ["satu": 4, "dua": 16])
        #expect(manager.standing == (1, false))
        #expect(try await manager.report().lastFailure?.actor == "start")
        #expect(throws: ConfigurationRefusal.self) { try gateway.live(isStrict: true) }
        // Once it is mended, it is read like any other.
        try gateway.write(ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 9"))
        #expect(try await manager.reload(by: "sighup").generation == 2)
        #expect(engine.limits["satu"] == 9)
    }

    @Test(
        "a mistake around the database leads to the one that last held, not to an empty one",
        arguments: ["storge: {path: data.db}\n", "storage: {path: [data.db]}\n", "storage: data.db\n", "storage: [\n"]
    )
    func storageMistake(text: String) throws {
        let gateway = try ManagedGateway("storage: {path: data.db}\n")
        _ = try gateway.live()
        try gateway.write(text)
        let held = gateway.folder.appending(path: "data.db").path
        #expect(ConfigurationFile.storagePath(of: gateway.file, or: gateway.archive) == held)
        #expect(try gateway.start().configuration.storagePath == held)
        // One that was moved to where a file without a name for it expects it is found there.
        try gateway.write("", to: "gerbang.db")
        let usual = gateway.folder.appending(path: "gerbang.db").path
        #expect(ConfigurationFile.storagePath(of: gateway.file, or: gateway.archive) == usual)
    }

    @Test("the first start with a file that is not usable fails, since nothing has held before")
    func nothingHeld() throws {
        let gateway = try ManagedGateway("connections: [")
        let refusal = #expect(throws: ConfigurationRefusal.self) { try gateway.live() }
        #expect(refusal?.issues.count == 1)
    }

    @Test("a restart without a change is no new generation, one with a change is")
    func restart() async throws {
        let gateway = try ManagedGateway()
        #expect(try gateway.live().engine.snapshot.generation == 1)
        #expect(try gateway.live().engine.snapshot.generation == 1)
        try gateway.write(ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 9"))
        let (engine, manager) = try gateway.live()
        #expect(engine.snapshot.generation == 2)
        let entry = try #require(await manager.history(limit: 1).first)
        #expect(entry.actor == "start")
        #expect(entry.changes == ["connections.satu.limits.concurrency: 4 → 9"])
    }

    @Test("a history that a crash cut off is read as far as it goes")
    func cutHistory() async throws {
        let gateway = try ManagedGateway()
        let (_, manager) = try gateway.live()
        _ = try await manager.reload(by: "sighup")
        let path = gateway.archive.folder + "/history.jsonl"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast(20).write(to: URL(fileURLWithPath: path))
        #expect(try gateway.live().engine.snapshot.generation == 1)
        try Data("{}\n[[[\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try gateway.live().engine.snapshot.generation == 1)
    }

    @Test("a folder that cannot be written keeps nobody from working")
    func readOnly() async throws {
        let gateway = try ManagedGateway()
        try Data().write(to: URL(fileURLWithPath: gateway.archive.folder))
        let (engine, manager) = try gateway.live()
        _ = try await manager.reload(by: "sighup")
        #expect(engine.snapshot.generation == 2)
        #expect(await manager.history(limit: 5).count == 2)
    }

    @Test(
        "a file that has changed is applied by itself where that is wanted, once it is the same twice",
        arguments: [false, true]
    )
    func watch(isWatched: Bool) async throws {
        let text = ManagedGateway.base + "config: {watch: \(isWatched)}\n"
        let gateway = try ManagedGateway(text)
        let (engine, manager) = try gateway.live()
        let watching = Task { await manager.watch() }
        defer { watching.cancel() }
        func look() async {
            await gateway.clock.waitForSleepers(1)
            gateway.clock.advance(by: .seconds(2))
            await gateway.clock.waitForSleepers(1)
        }
        await look()
        try gateway.write(text.replacing("concurrency: 4", with: "concurrency: 6"))
        for _ in 0..<3 { await look() }
        #expect(engine.limits["satu"] == (isWatched ? 6 : 4))
        guard isWatched else { return }
        #expect(await manager.history(limit: 1).first?.actor == "file")
        try gateway.write("nonsense: [")
        for _ in 0..<3 { await look() }
        #expect(manager.standing == (2, false))
        for _ in 0..<3 { await look() }
        #expect(await manager.history(limit: 9).count == 2)
        try gateway.write(text.replacing("concurrency: 4", with: "concurrency: 7"))
        for _ in 0..<3 { await look() }
        #expect(engine.limits["satu"] == 7)
        #expect(manager.standing == (3, true))
    }
}
