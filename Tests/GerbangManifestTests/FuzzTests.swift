internal import FoundationEssentials
internal import GerbangFuzzing
internal import Testing

@Suite("Mutated manifests")
struct FuzzTests {
    @Test("none crashes or hangs the loader, and what loads can be used", arguments: 1...4)
    func mutations(seed: Int) throws {
        let root = Support.root
        let report = try ManifestTarget(projectRoot: root).run(seed: UInt64(seed), executions: 15)
        #expect(report.executions == 15)
    }
}
