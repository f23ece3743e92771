internal import ArgumentParser
internal import Foundation
internal import GerbangFuzzing
internal import Synchronization

/// Runs one fuzzer for a time; stops at the first finding and keeps the input.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gerbang-fuzz",
        abstract: "Give a target random inputs for so many seconds."
    )

    @Argument(help: "json, expression, manifest, wsdl, soap or mime.")
    var target: String

    @Argument(help: "How long, in seconds.")
    var seconds: Double

    @Option(name: .long, help: "Where the random numbers begin; another one each time unless it is given.")
    var seed: UInt64 = .random(in: 0 ... .max)

    @Option(name: .long, help: "The memory at which the target counts as unbounded, in megabytes.")
    var memory = 1024

    @Option(name: .long, help: "The time after which one input counts as a hang, in seconds.")
    var patience = 20.0

    /// What is under way, for the watch.
    private final class Progress: Sendable {
        let state = Mutex<(input: [UInt8], start: Date)>(([], Date()))
    }

    func run() throws {
        let folder = FileManager.default.currentDirectoryPath
        guard FileManager.default.fileExists(atPath: folder + "/Tests/GerbangSOAPTests/Fixtures") else {
            throw ValidationError("the inputs to begin with are not here: run it in the project's folder")
        }
        let targets = FuzzTargets.all(projectRoot: folder)
        guard let target = targets.first(where: { $0.name == target }) else {
            throw ValidationError(
                "there is no target \(target); there are: \(targets.map(\.name).joined(separator: ", "))"
            )
        }
        let progress = Progress()
        watch(progress)
        var random = SplitMix64(seed: seed)
        var report = FuzzReport()
        var slowest = 0.0
        let end = Date() + seconds
        print("\(target.name): seed \(seed)")
        while Date() < end {
            let input = target.input(&random)
            let start = Date()
            progress.state.withLock { $0 = (input, start) }
            do {
                if try target.run(input) { report.valid += 1 }
            } catch {
                fail("\(error)", input)
            }
            slowest = max(slowest, Date().timeIntervalSince(start))
            report.executions += 1
        }
        print(
            "\(report.executions) executions, \(report.valid) valid, slowest \(Int(slowest * 1000)) ms, "
                + "memory \(Self.residentMegabytes()) MB at the end: no finding"
        )
        guard report.valid > 0 else {
            print("but no input was valid, so that little was tested")
            throw ExitCode.failure
        }
    }

    /// Looks for hangs and memory meanwhile.
    private func watch(_ progress: Progress) {
        let (patience, memory) = (patience, memory)
        Thread.detachNewThread {
            while true {
                Thread.sleep(forTimeInterval: 0.2)
                let (input, start) = progress.state.withLock { $0 }
                if Date().timeIntervalSince(start) > patience { fail("no end after \(patience) seconds", input) }
                let used = Self.residentMegabytes()
                if used > memory { fail("\(used) MB of memory", input) }
            }
        }
    }

    private static func residentMegabytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
    }
}

/// Keeps the input and ends the process.
private func fail(_ message: String, _ input: [UInt8]) -> Never {
    let path = "fuzz-finding-\(UInt32.random(in: 0 ... .max))"
    let isKept = FileManager.default.createFile(atPath: path, contents: Data(input))
    print("FINDING: \(message)\nthe input is \(isKept ? "in \(path)" : "lost: the folder cannot be written")")
    exit(1)
}
