internal import Foundation
internal import Glibc

/// A process that is started, measured and stopped.
final class Child {
    /// The port on 127.0.0.1 that it listens on.
    let port: UInt16
    /// From its start until it said that it listens, in seconds.
    let startSeconds: Double
    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    private let process = Process()

    /// Starts a server and waits for its line `listening on http://127.0.0.1:PORT`.
    ///
    /// - Parameter log: Where its standard error goes.
    init(_ executable: String, _ arguments: [String], log: String) throws {
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: log)
        let began = Stopwatch.now
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchmarkError("\(executable) ended before it listened; see \(log)") }
            text += String(decoding: data, as: UTF8.self)
        }
        startSeconds = Stopwatch.now - began
        guard let port = text.split(whereSeparator: { ":\n".contains($0) }).last.flatMap({ UInt16($0) }) else {
            process.terminate()
            throw BenchmarkError("\(executable) did not say where it listens")
        }
        self.port = port
    }

    /// Asks it to stop and waits until it has.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
