internal import Foundation
internal import GerbangFuzzing
internal import Testing

@Suite("Random descriptions, messages and multipart bodies")
struct FuzzTests {
    private static let root: String = {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    }()

    @Test("No description crashes, hangs or has samples that do not come back", arguments: 1...4)
    func descriptions(seed: Int) throws {
        let report = try WSDLTarget(projectRoot: Self.root).run(seed: UInt64(seed), executions: 60)
        #expect(report.valid > 0)
    }

    @Test("No message crashes or hangs, and what is read can be written", arguments: 1...4)
    func messages(seed: Int) throws {
        let report = try MessageTarget(projectRoot: Self.root).run(seed: UInt64(seed), executions: 400)
        #expect(report.valid > 0)
    }

    @Test("No multipart body crashes or hangs", arguments: 1...4)
    func multipart(seed: Int) throws {
        let report = try MultipartTarget().run(seed: UInt64(seed), executions: 2_000)
        #expect(report.valid > 0)
    }

    /// For so many seconds each, by `GERBANG_FUZZ_SECONDS`.
    private static let seconds = ProcessInfo.processInfo.environment["GERBANG_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0

    @Test("The same for a long time", .enabled(if: seconds > 0), arguments: ["wsdl", "soap", "mime"])
    func long(name: String) throws {
        let target = try #require(FuzzTargets.all(projectRoot: Self.root).first { $0.name == name })
        let end = Date() + Self.seconds
        var seed = UInt64(Date().timeIntervalSince1970)
        var executions = 0
        while Date() < end {
            do {
                executions += try target.run(seed: seed, executions: 50).executions
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            seed += 1
        }
        #expect(executions > 0)
        print("\(name): \(executions) executions")
    }
}
