internal import GerbangFuzzing
internal import Testing

@Suite("Random expressions")
struct FuzzTests {
    @Test("no expression crashes or hangs, checked or not", arguments: 1...8)
    func random(seed: Int) throws {
        let report = try ExpressionTarget().run(seed: UInt64(seed), executions: 400)
        #expect(report.valid > 100)
    }
}
