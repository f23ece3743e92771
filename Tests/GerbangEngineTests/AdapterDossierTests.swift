internal import GerbangCore
internal import GerbangEngine
internal import GerbangTesting
internal import Testing

/// What agencies and operators may do to a registered adapter.
@Suite
struct AdapterDossierTests {
    private let now = Timestamp(milliseconds: 1_767_578_400_000)

    private func version(_ version: String, _ content: String = "a") -> AdapterVersion {
        AdapterVersion(
            version: version,
            kind: .manifest,
            hash: content,
            content: content,
            key: "k",
            submittedAt: now
        )
    }

    private func dossier(approved: String...) throws -> AdapterDossier {
        var dossier = AdapterDossier(id: AdapterID(checked: "example"))
        for name in approved {
            _ = try dossier.submit(version(name))
            try dossier.approve(name, by: "operator:ani", at: now)
        }
        return dossier
    }

    private func code(_ body: () throws -> Void) -> GerbangError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? GerbangError)?.code
        }
    }

    @Test func aVersionWaitsUntilAnOperatorLetsItIn() throws {
        var dossier = AdapterDossier(id: AdapterID(checked: "example"))
        #expect(try dossier.submit(version("1.0.0")))
        #expect(dossier.served == nil)
        #expect(dossier.waiting?.version == "1.0.0")
        try dossier.approve("1.0.0", by: "operator:ani", at: now)
        #expect(dossier.served?.decidedBy == "operator:ani")
        #expect(dossier.waiting == nil)
    }

    /// https://github.com/jembi/openhim-core-js/issues/214: what an installed mediator's configuration said could not be
    /// changed by registering the mediator anew.
    @Test("OpenHIM #214: a new version replaces the old one when an operator says so, and not before")
    func openHIM214() throws {
        var dossier = try dossier(approved: "1.0.0")
        #expect(try dossier.submit(version("1.1.0", "b")))
        #expect(dossier.servedVersion == "1.0.0")
        try dossier.approve("1.1.0", by: "operator:ani", at: now)
        #expect(dossier.served?.content == "b")
    }

    @Test func theSameFileAgainIsNothingNewAndOtherContentIsRefused() throws {
        var dossier = try dossier(approved: "1.0.0")
        #expect(try !dossier.submit(version("1.0.0")))
        #expect(code { _ = try dossier.submit(version("1.0.0", "b")) } == .conflict)
        #expect(dossier.versions.count == 1)
    }

    @Test func aDecisionIsMadeOnce() throws {
        var dossier = try dossier(approved: "1.0.0")
        #expect(code { try dossier.approve("1.0.0", by: "x", at: now) } == .conflict)
        #expect(code { try dossier.approve("2.0.0", by: "x", at: now) } == .notFound)
        _ = try dossier.submit(version("1.1.0"))
        try dossier.reject("1.1.0", because: "no", by: "operator:ani", at: now)
        #expect(code { try dossier.approve("1.1.0", by: "x", at: now) } == .conflict)
        #expect(dossier.servedVersion == "1.0.0")
    }

    @Test func rollingBackGoesToAnApprovedVersionOnly() throws {
        var dossier = try dossier(approved: "1.0.0", "1.1.0")
        try dossier.rollBack(to: "1.0.0")
        #expect(dossier.servedVersion == "1.0.0")
        #expect(code { try dossier.rollBack(to: "1.0.0") } == .conflict)
        #expect(code { try dossier.rollBack(to: "9.0.0") } == .notFound)
        _ = try dossier.submit(version("1.2.0"))
        #expect(code { try dossier.rollBack(to: "1.2.0") } == .conflict)
        try dossier.rollBack(to: "1.1.0")
    }

    @Test("the store in memory conforms", arguments: AdapterStoreConformance.cases)
    func conforms(_ example: AdapterStoreConformance.Case) async throws {
        try await example.run { MemoryAdapterStore() }
    }
}
