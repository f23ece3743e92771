internal import Foundation

/// A Python environment of its own with packages from PyPI, for peers that nobody here wrote.
///
/// It lives in a temporary folder until ``remove()``.
package final class PythonEnvironment: Sendable {
    /// A script that serves until it is stopped.
    package final class Server: Sendable {
        /// The port that it printed on its first line.
        package let port: Int
        private let process: Process
        private let input: Pipe

        /// Starts a script that needs nothing but Python itself; `nil` where there is none.
        package convenience init?(script: String, _ arguments: [String]) {
            self.init(python: "/usr/bin/env", arguments: ["python3", script] + arguments)
        }

        fileprivate init?(python: String, arguments: [String]) {
            process = Process()
            input = Pipe()
            let output = Pipe()
            process.executableURL = URL(filePath: python)
            process.arguments = arguments
            process.standardInput = input
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return nil }
            var line = ""
            while !line.hasSuffix("\n") {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { return nil }
                line += String(decoding: data, as: UTF8.self)
            }
            guard let port = Int(line.dropLast()) else { return nil }
            self.port = port
        }

        /// Ends its standard input and waits until it has ended.
        package func stop() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    private let folder: URL
    private var python: String { folder.appending(path: "venv/bin/python").path }

    /// Makes the environment; `nil` where Python, its module `venv` or PyPI is out of reach.
    package init?(packages: [String]) {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-python-\(UUID().uuidString)")
        let environment = folder.appending(path: "venv").path
        let install = ["install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--retries", "1"]
        guard Self.run(60, ["python3", "-m", "venv", environment]) != nil,
            Self.run(240, ["\(environment)/bin/pip"] + install + packages) != nil
        else {
            remove()
            return nil
        }
    }

    /// Runs a script for at most two minutes.
    ///
    /// - Returns: What it printed; `nil` when it failed.
    package func run(_ script: String, _ arguments: [String] = [], input: String = "") -> String? {
        // From a file: a script that ends before it has read a pipe would end this process too.
        let file = folder.appending(path: "input")
        guard (try? input.write(to: file, atomically: true, encoding: .utf8)) != nil,
            let source = try? FileHandle(forReadingFrom: file)
        else { return nil }
        return Self.run(120, [python, script] + arguments, input: source)
    }

    /// Starts a script that prints its port and serves until its standard input ends.
    package func serve(_ script: String, _ arguments: [String] = []) -> Server? {
        Server(python: python, arguments: [script] + arguments)
    }

    /// Removes the environment from the disk.
    package func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ seconds: Int, _ command: [String], input: FileHandle = .nullDevice) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", String(seconds)] + command
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: printed, as: UTF8.self) : nil
    }
}
