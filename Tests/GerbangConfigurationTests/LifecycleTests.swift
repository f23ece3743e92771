internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@Suite("A configuration that changes while the gateway runs", .timeLimit(.minutes(10)))
struct LifecycleTests {
    private let gateway = try? ManagedGateway()

    @Test("a file that is read again is applied as a whole, with who, when and what")
    func reload() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        #expect(engine.snapshot.generation == 1)
        let changed = ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 8")
            .replacing("  - id: dua\n", with: "  - {id: tiga, adapter: polos, baseURL: http://c}\n  - id: dua\n")
        try gateway.write(changed)
        let entry = try await manager.reload(by: "sighup")
        #expect(engine.limits == ["satu": 8, "dua": 16, "tiga": 16])
        #expect((entry.generation, entry.actor, entry.at) == (2, "sighup", gateway.clock.now()))
        #expect(entry.changes == ["connections.satu.limits.concurrency: 4 → 8", "connections.tiga: added"])
        #expect(engine.snapshot.generation == 2)
        #expect(engine.snapshot.hash == entry.hash)
        #expect(await manager.history(limit: 10).map(\.generation) == [2, 1])
        #expect(await manager.history(limit: 1) == [entry])
    }

    @Test("a file that is not usable changes nothing and is told with its places, until one is applied")
    func badFile() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        let before = engine.snapshot
        try gateway.write(ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: vier"))
        let refusal = await #expect(throws: ConfigurationRefusal.self) { try await manager.reload(by: "sighup") }
        #expect(refusal?.issues.map(\.line) == [3])
        #expect(refusal?.issues.first?.field == "connections.0.limits.concurrency")
        #expect(engine.snapshot === before)
        #expect(manager.standing == (1, false))
        let failure = try #require(try await manager.report().lastFailure)
        #expect((failure.actor, failure.refusal) == ("sighup", try #require(refusal)))
        #expect(await manager.history(limit: 10).count == 1)
        try gateway.write(ManagedGateway.base)
        _ = try await manager.reload(by: "sighup")
        #expect(manager.standing == (2, true))
        #expect(try await manager.report().lastFailure == nil)
    }

    @Test("other adapters are put to work with what holds, whatever stands unapplied in the file")
    func reapply() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        try gateway.write(ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: vier"))
        _ = await #expect(throws: ConfigurationRefusal.self) { try await manager.reload(by: "sighup") }
        try gateway.write(ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 8"))
        var kept = 0
        let entry = try await manager.reapply(
            noting: "adapter contoh: approve",
            by: "operator:ani",
            keeping: { () throws(GerbangError) in kept += 1 },
            adapters: { () throws(GerbangError) in try Self.adapters() }
        )
        #expect((kept, entry.generation, entry.actor) == (1, 2, "operator:ani"))
        #expect(entry.changes == ["adapter contoh: approve"])
        #expect(engine.limits == ["satu": 4, "dua": 16])
        // What the file says was not looked at, and is as wrong as when it was.
        #expect(manager.standing == (2, false))
    }

    @Test("adapters with which the configuration does not hold together are not kept, and change nothing")
    func reapplyRefused() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        let before = engine.snapshot
        var kept = 0
        func refusal(
            with adapters: @escaping () throws(GerbangError) -> AdapterRegistry,
            keeping keep: @escaping () throws(GerbangError) -> Void
        ) async -> ConfigurationRefusal? {
            do throws(ConfigurationRefusal) {
                try await manager.reapply(noting: "one", by: "operator:ani", keeping: keep, adapters: adapters)
                return nil
            } catch {
                return error
            }
        }
        let unfitting = await refusal(
            with: { () throws(GerbangError) in try AdapterRegistry() },
            keeping: { kept += 1 }
        )
        #expect(unfitting?.issues.isEmpty == false)
        #expect(kept == 0)
        #expect(engine.snapshot === before)
        #expect(manager.standing == (1, true))
        // Where they cannot be kept, they do not work either.
        let unkept = await refusal(with: Self.adapters) { () throws(GerbangError) in
            throw GerbangError(.storageUnavailable, "the disk is full")
        }
        #expect(unkept?.error.code == .storageUnavailable)
        #expect(engine.snapshot === before)
    }

    private static func adapters() throws(GerbangError) -> AdapterRegistry {
        do { return try FakeAdapter.registry() } catch { throw GerbangError(.internalFault, "no adapters") }
    }

    @Test("a service that the catalogue lacks is refused like any other mistake")
    func planThatDoesNotHold() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        try gateway.write(Manifests.text(provides: "transport.no-such.thing"), to: "m.yaml")
        try gateway.write(
            "storage: {path: gerbang.db}\nadapters: [m.yaml]\nconnections: [{id: x, adapter: register, baseURL: http://x}]\n"
        )
        let refusal = await #expect(throws: ConfigurationRefusal.self) { try await manager.reload(by: "sighup") }
        #expect(refusal?.issues.isEmpty == false)
        #expect(engine.snapshot.generation == 1)
    }

    @Test("a file that is reached through a symbolic link is replaced where it is, and keeps its rights")
    func linkedFile() async throws {
        let gateway = try #require(gateway)
        let real = gateway.folder.appending(path: "real.yaml").path
        try FileManager.default.moveItem(atPath: gateway.file, toPath: real)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
        try FileManager.default.createSymbolicLink(atPath: gateway.file, withDestinationPath: real)
        let (_, manager) = try gateway.live()
        let changed = ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 8")
        _ = try await manager.apply(changed, by: "operator:ani")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: gateway.file) == real)
        #expect(try String(contentsOfFile: real, encoding: .utf8) == changed)
        let rights = try FileManager.default.attributesOfItem(atPath: real)[.posixPermissions] as? Int
        #expect(rights == 0o640)
    }

    /// A manifest whose service is a file beside it.
    private static func manifest(_ version: String) -> String {
        """
        manifest: 1
        id: air
        version: \(version)
        agency: {id: Air Contoh, en: Example Water}
        support: community
        services: [tagihan.json]
        operations:
          bill:
            provides: water.bill.lookup
            effect: query
            request: {method: GET, path: "/bills/${input.meter}"}
            response: {decode: [json], verdict: [{succeeded: {output: {due: "${body.due}"}}}]}
        """
    }

    private static func service(_ title: String) -> String {
        """
        {"id": "water.bill.lookup", "title": {"id": "\(title)", "en": "Bill"}, "summary": {"id": "A.", "en": "A."},
         "standardTime": "1d", "legalBasis": "Contoh", "output": {"type": "object"},
         "input": {"type": "object", "properties": {"meter": {"type": "string"}}}}
        """
    }

    @Test("the files that a manifest names belong to a generation as the manifest does")
    func filesOfManifests() async throws {
        let gateway = try #require(gateway)
        func title(_ engine: Engine) -> String? {
            engine.snapshot.catalogue[ServiceID(checked: "water.bill.lookup")]?.title.indonesian
        }
        try gateway.write(Self.manifest("1.0.0"), to: "air.yaml")
        try gateway.write(Self.service("Tagihan"), to: "tagihan.json")
        try gateway.write(
            ManagedGateway.base + "  - {id: air, adapter: air, baseURL: http://air}\nadapters: [air.yaml]\n"
        )
        let (engine, manager) = try gateway.live()
        #expect(title(engine) == "Tagihan")
        // Another content under the same version, though the manifest's own text is the same.
        try gateway.write(Self.service("Rekening"), to: "tagihan.json")
        let refusal = await #expect(throws: ConfigurationRefusal.self) { try await manager.reload(by: "sighup") }
        #expect(refusal?.issues.first?.message.contains("known with another content") == true)
        try gateway.write(Self.manifest("1.1.0"), to: "air.yaml")
        let entry = try await manager.reload(by: "sighup")
        #expect(entry.changes.map { $0.hasSuffix("tagihan.json: changed") }.contains(true), "\(entry.changes)")
        #expect(title(engine) == "Rekening")
        _ = try await manager.rollBack(by: "operator:ani")
        #expect(title(engine) == "Tagihan")
        let kept = try String(contentsOf: gateway.folder.appending(path: "tagihan.json"), encoding: .utf8)
        #expect(kept == Self.service("Tagihan"))
        // A start without usable files has all of it too.
        try gateway.write("{", to: "tagihan.json")
        try gateway.write("connections: [")
        #expect(title(try gateway.live().engine) == "Tagihan")
    }

    @Test("files that cannot all be written are left as they were")
    func halfWritten() async throws {
        let gateway = try #require(gateway)
        try gateway.write(Self.manifest("1.0.0"), to: "air.yaml")
        try gateway.write(Self.service("Tagihan"), to: "tagihan.json")
        let text = ManagedGateway.base + "  - {id: air, adapter: air, baseURL: http://air}\nadapters: [air.yaml]\n"
        try gateway.write(text)
        let (engine, manager) = try gateway.live()
        try gateway.write(Self.service("Rekening"), to: "tagihan.json")
        try gateway.write(Self.manifest("1.1.0"), to: "air.yaml")
        _ = try await manager.reload(by: "sighup")
        // What is first written aside is in the way of the manifest.
        let blocked = gateway.folder.appending(path: "air.yaml.new")
        try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: false)
        await #expect(throws: ConfigurationRefusal.self) { try await manager.rollBack(by: "operator:ani") }
        let kept = try String(contentsOf: gateway.folder.appending(path: "tagihan.json"), encoding: .utf8)
        #expect(kept == Self.service("Rekening"))
        #expect(engine.snapshot.generation == 2)
        try FileManager.default.removeItem(at: blocked)
        _ = try await manager.rollBack(by: "operator:ani")
        #expect(engine.snapshot.generation == 3)
    }

    @Test("what cannot change while it runs is refused or marked")
    func fixed() async throws {
        let gateway = try #require(gateway)
        let (_, manager) = try gateway.live()
        let moved = ManagedGateway.base.replacing("gerbang.db", with: "other.db")
        let refusal = await #expect(throws: ConfigurationRefusal.self) {
            try await manager.apply(moved, by: "operator:ani")
        }
        #expect(
            refusal?.issues.map(\.description).first?.contains("gerbang.yaml:1:11: storage.path: cannot change") == true
        )
        let listening = ManagedGateway.base + "server: {port: 9090}\nlog: {level: debug}\n"
        let entry = try await manager.apply(listening, by: "operator:ani")
        #expect(entry.atNextStart == ["server.port", "log.level"])
        // It is still so after another change.
        #expect(try await manager.reload(by: "sighup").atNextStart == ["server.port", "log.level"])
    }

    @Test("a text from the API is written into the file, and only over the generation that it was made from")
    func apply() async throws {
        let gateway = try #require(gateway)
        let (engine, manager) = try gateway.live()
        let changed = ManagedGateway.base.replacing("concurrency: 4", with: "concurrency: 5")
        let preview = try await manager.preview(changed)
        #expect(preview.changes == ["connections.satu.limits.concurrency: 4 → 5"])
        #expect(engine.snapshot.generation == 1)
        _ = try await manager.apply(changed, replacing: 1, by: "operator:ani")
        #expect(try gateway.text == changed)
        let late = await #expect(throws: ConfigurationRefusal.self) {
            try await manager.apply(ManagedGateway.base, replacing: 1, by: "operator:budi")
        }
        #expect(late?.error.code == .conflict)
        #expect(try gateway.text == changed)
        let bad = await #expect(throws: ConfigurationRefusal.self) {
            try await manager.apply("a: [", by: "operator:ani")
        }
        #expect(bad?.issues.first?.line != nil)
        #expect(try gateway.text == changed)
        // Whoever sent it has been told; what the file says holds.
        #expect(manager.standing == (2, true))
    }

    @Test("a rollback brings back the texts of an earlier generation, manifests too, as a new one")
    func rollback() async throws {
        let text =
            "storage: {path: gerbang.db}\nadapters: [m.yaml]\nconnections: [{id: x, adapter: register, baseURL: http://x}]\n"
        let gateway = try ManagedGateway(text)
        try gateway.write(Manifests.text(version: "1.0.0"), to: "m.yaml")
        let (engine, manager) = try gateway.live()
        try gateway.write(Manifests.text(version: "1.1.0", path: "/v2"), to: "m.yaml")
        let second = try await manager.reload(by: "sighup")
        #expect(second.changes.contains { $0.hasPrefix("manifest ") && $0.hasSuffix("m.yaml: changed") })
        func version() -> String? { engine.snapshot.connections.values.first?.adapter.descriptor.version }
        #expect(version() == "1.1.0")
        let third = try await manager.rollBack(by: "operator:ani")
        #expect((third.generation, version()) == (3, "1.0.0"))
        #expect(third.hash == (await manager.history(limit: 3)).last?.hash)
        let manifest = try String(contentsOf: gateway.folder.appending(path: "m.yaml"), encoding: .utf8)
        #expect(manifest == Manifests.text(version: "1.0.0"))
        _ = try await manager.rollBack(to: 2, by: "operator:ani")
        #expect(version() == "1.1.0")
        let unknown = await #expect(throws: ConfigurationRefusal.self) { try await manager.rollBack(to: 99, by: "x") }
        #expect(unknown?.error.code == .notFound)
    }

    @Test("a manifest with a known version and other content is refused, unless it is experimental")
    func changedManifest() async throws {
        let text = "storage: {path: gerbang.db}\nadapters: [m.yaml]\n"
        for support in ["community", "experimental"] {
            let gateway = try ManagedGateway(text)
            try gateway.write(Manifests.text(support: support), to: "m.yaml")
            let (_, manager) = try gateway.live()
            try gateway.write(Manifests.text(path: "/v2", support: support), to: "m.yaml")
            guard support != "experimental" else {
                #expect(try await manager.reload(by: "file").generation == 2)
                continue
            }
            let refusal = await #expect(throws: ConfigurationRefusal.self) { try await manager.reload(by: "file") }
            let issue = try #require(refusal?.issues.first)
            #expect((issue.line, issue.field) == (3, "version"))
            #expect(issue.message.contains("register@1.0.0 is known with another content; raise the version"))
            // Nor can a restart bring it in.
            #expect(try gateway.start().failure?.issues == [issue])
            try gateway.write(Manifests.text(version: "1.0.1", path: "/v2"), to: "m.yaml")
            #expect(try await manager.reload(by: "file").generation == 2)
        }
    }

    @Test("secrets that are written in the file are not shown, not in the report, not in history, not in what differs")
    func secrets() async throws {
        let gateway = try #require(gateway)
        let (_, manager) = try gateway.live()
        let changed =
            ManagedGateway.base.replacing("sangat-rahasia", with: "lebih-rahasia")
            + "    proxy: {url: \"http://user:pass-rahasia@proxy:3128\"}\n"
        let entry = try await manager.apply(changed, by: "operator:ani")
        #expect(entry.changes.contains("connections.dua.settings.password: changed (a secret)"))
        let report = try await manager.report()
        #expect(report.content["connections"]?[1]?["settings"]?["password"] == "***")
        let shown = report.content.text() + entry.changes.joined()
        #expect(!shown.contains("rahasia"))
        let history = try String(contentsOfFile: gateway.archive.folder + "/history.jsonl", encoding: .utf8)
        #expect(!history.contains("rahasia"))
        for name in try FileManager.default.contentsOfDirectory(atPath: gateway.archive.folder) {
            let rights = try FileManager.default.attributesOfItem(atPath: gateway.archive.folder + "/" + name)
            #expect(rights[.posixPermissions] as? Int == 0o600)
        }
    }
}

/// Manifests of one operation.
enum Manifests {
    static func text(
        version: String = "1.0.0",
        path: String = "/v1",
        support: String = "community",
        provides: String = "transport.vehicle.lookup"
    ) -> String {
        """
        manifest: 1
        id: register
        version: \(version)
        support: \(support)
        agency: {id: Contoh, en: Example}
        operations:
          lookup:
            provides: \(provides)
            effect: query
            request: {path: \(path)}
            response: {verdict: [{when: status == 200, succeeded: {output: {plate: "B 1"}}}]}

        """
    }
}
