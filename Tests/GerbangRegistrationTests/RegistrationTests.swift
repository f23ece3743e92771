internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRegistration
internal import GerbangRemote
internal import GerbangTesting
internal import Testing

/// How an adapter arrives, is judged, switched on and off, and rolled back.
@Suite
struct RegistrationTests {
    private let actor = "operator:ani"

    @Test func aNewAdapterWaitsAndIsNotServedUntilAnOperatorSaysSo() async throws {
        let office = try await Office()
        let isNew = try await office.register(Office.file(), report: ["passed": 12, "failed": 0])
        #expect(isNew)
        #expect(try office.registrar.registry()[Office.id] == nil)
        #expect(office.applied.count == 0)
        let shown = try #require(office.registrar.show(Office.id))
        #expect(shown["waiting"] == ["1.0.0"])
        #expect(shown["versions"]?[0]?["report"]?["passed"] == 12)
        _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: actor)
        #expect(office.applied.last?[Office.id]?.descriptor.version == "1.0.0")
        #expect(try office.registrar.registry()[Office.id] != nil)
    }

    @Test func theSameFileAgainChangesNothingAndOtherContentUnderItsVersionIsRefused() async throws {
        let office = try await Office()
        try await office.register(Office.file())
        #expect(try await !office.register(Office.file()))
        #expect(await code { try await office.register(Office.file(total: "31s")) } == .conflict)
        let actions = try await office.store.auditEntries(after: 0, limit: 10).map(\.note.action)
        #expect(actions == ["adapters.register"])
    }

    /// https://github.com/jembi/openhim-core-js/issues/214: what was installed could not be changed by registering anew.
    @Test("OpenHIM #214: a new version replaces the old one on approval, and an earlier one can be put back")
    func openHIM214() async throws {
        let office = try await Office()
        for version in ["1.0.0", "1.1.0"] {
            try await office.register(Office.file(version))
            _ = try await office.registrar.approve(Office.id, version: version, by: actor)
        }
        #expect(office.applied.last?[Office.id]?.descriptor.version == "1.1.0")
        _ = try await office.registrar.rollBack(Office.id, to: "1.0.0", by: actor)
        #expect(office.applied.last?[Office.id]?.descriptor.version == "1.0.0")
        let notes = try await office.store.auditEntries(after: 0, limit: 10).map(\.note)
        #expect(notes.map(\.action.description).suffix(1) == ["adapters.rollback"])
        #expect(notes.last?.actor == actor)
        #expect(notes.last?.detail?.hasPrefix("version 1.0.0, SHA-256 ") == true)
    }

    @Test func whatTheConfigurationDoesNotHoldTogetherWithIsNotApproved() async throws {
        let office = try await Office()
        try await office.register(Office.file())
        office.applied.refuse(GerbangError(.invalidConfiguration, "connection one lacks a token"))
        #expect(
            await code { _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: actor) }
                == .conflict
        )
        // Nothing was kept, so that a process that ended here would start with what was.
        #expect(try await office.store.adapterDossiers().first?.servedVersion == nil)
        #expect(office.registrar.show(Office.id)?["waiting"] == ["1.0.0"])
        #expect(try office.registrar.registry()[Office.id] == nil)
        office.applied.refuse(nil)
        _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: actor)
        let trail = try await office.store.auditEntries(after: 0, limit: 10)
        #expect(trail.map(\.note.outcome) == ["done", "conflict", "done"])
        #expect(AuditEntry.firstBroken(of: trail) == nil)
    }

    @Test func whatIsRefusedIsWrittenDown() async throws {
        let office = try await Office()
        try await office.register(Office.file())
        #expect(
            await code { _ = try await office.registrar.approve(Office.id, version: "9.9.9", by: actor) } == .notFound
        )
        let last = try #require(try await office.store.lastAuditEntry())
        #expect((last.note.action, last.note.outcome, last.note.actor) == ("adapters.approve", "not-found", actor))
    }

    @Test func disabledSurvivesARestartAndClosesTheGateAtOnce() async throws {
        let office = try await Office()
        try await office.register(Office.file())
        _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: actor)
        #expect(office.registrar.closure(of: Office.id) == .noInstance)
        _ = try await office.heartbeat(office.beat(Office.file()))
        #expect(office.registrar.closure(of: Office.id) == nil)
        _ = try await office.registrar.setMode(.draining, of: Office.id, by: actor)
        #expect(office.registrar.closure(of: Office.id) == nil)
        #expect(!office.registrar.isAccepting(Office.id))
        _ = try await office.registrar.setMode(.disabled, of: Office.id, by: actor)
        #expect(office.registrar.closure(of: Office.id) == .disabled)
        let again = try await Office(store: office.store)
        try await again.registrar.load()
        #expect(again.registrar.closure(of: Office.id) == .disabled)
        #expect(!again.registrar.isAccepting(Office.id))
        #expect(try again.registrar.registry()[Office.id] != nil)
        _ = try await again.registrar.setMode(.enabled, of: Office.id, by: actor)
        #expect(again.registrar.closure(of: Office.id) == .noInstance)
        #expect(again.registrar.closure(of: AdapterID(checked: "builtin")) == nil)
    }

    @Test func aKeySpeaksForItsAdapterOnly() async throws {
        let office = try await Office()
        #expect(await code { try await office.register(Office.file(id: "other")) } == .forbidden)
        let builtin = AgencyKey()
        try await office.know(builtin, for: AdapterID(checked: "builtin"))
        let json: JSONValue = ["kind": "remote", "content": .string(Office.file(id: "builtin"))]
        #expect(
            await code { _ = try await office.registrar.register(office.message(json, by: builtin)) } == .forbidden
        )
        #expect(
            await code { _ = try await office.registrar.register(office.message(json, by: AgencyKey())) }
                == .unauthorized
        )
        #expect(try await office.store.adapterDossiers().isEmpty)
    }

    @Test func anOperatorRotatesKeys() async throws {
        let office = try await Office()
        let next = AgencyKey()
        try await office.know(next, for: Office.id)
        #expect(try await office.store.revokeAdapterKey(office.key.id, at: office.clock.now()))
        #expect(await code { try await office.register(Office.file()) } == .unauthorized)
        let json: JSONValue = ["kind": "remote", "content": .string(Office.file())]
        #expect(try await office.registrar.register(office.message(json, by: next)).isNew)
    }

    @Test func aMessageIsTakenOnceInItsTimeAndAtItsPlace() async throws {
        let office = try await Office()
        let json: JSONValue = ["kind": "remote", "content": .string(Office.file())]
        let message = try office.message(json)
        _ = try await office.registrar.register(message)
        #expect(await code { _ = try await office.registrar.register(message) } == .unauthorized)
        var moved = try office.message(json)
        moved.path = "/v1/adapters/example/heartbeat"
        var changed = try office.message(json)
        changed.body.append(UInt8(ascii: " "))
        let late = try office.message(json, at: office.clock.now() + .seconds(-121))
        var bare = message
        bare.authorization = nil
        for wrong in [moved, changed, late, bare] {
            #expect(await code { _ = try await office.registrar.register(wrong) } == .unauthorized)
        }
    }

    @Test(arguments: [
        ["kind": "remote"] as JSONValue, ["kind": "script", "content": "x"], ["kind": "remote", "content": "{}"],
        ["kind": "manifest", "content": "manifest: 1\nid: example"], ["kind": "remote", "content": 1],
        ["kind": "remote", "content": .string(Office.file().replacing("vehicle.lookup", with: "vehicle.guess"))],
        ["kind": "remote", "content": .string(Office.file()), "colour": "red"], "text", [:],
    ])
    func aFileIsJudgedWholeBeforeItIsKept(_ json: JSONValue) async throws {
        let office = try await Office()
        let code = await code { _ = try await office.registrar.register(office.message(json)) }
        #expect(code == .invalidInput)
        #expect(try await office.store.adapterDossiers().isEmpty)
    }

    @Test func theDiffTellsWhatMatters() async throws {
        let office = try await Office()
        try await office.register(Office.file())
        let first = try office.registrar.diff(Office.id, version: nil)
        #expect(first["from"] == nil)
        #expect(first["facts"]?.arrayValue?.contains("+ runs at: 127.0.0.1") == true)
        _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: actor)
        let changed = Office.file("1.1.0").replacing("\"effect\": \"query\"", with: "\"effect\": \"nonIdempotent\"")
        try await office.register(changed, report: ["passed": 3])
        let diff = try office.registrar.diff(Office.id, version: "1.1.0")
        #expect(diff["to"]?["report"] == ["passed": 3])
        let facts = (diff["facts"]?.arrayValue ?? []).compactMap(\.stringValue)
        #expect(facts.count == 2)
        #expect(facts[0].hasPrefix("- operation look: provides transport.vehicle.lookup, query"))
        #expect(facts[1].hasPrefix("+ operation look: provides transport.vehicle.lookup, nonIdempotent"))
        #expect(diff["lines"]?.arrayValue?.count == 4)
        #expect(await code { _ = try office.registrar.diff(Office.id, version: "9.9.9") } == .notFound)
    }
}
