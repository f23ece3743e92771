internal import Foundation
internal import Synchronization

/// A Python environment with packages from PyPI, for peers that nobody here wrote.
///
/// All tests of a process that name the same packages share one. It lives in a temporary folder until the process ends.
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

    /// Both sides of SOAP, and a judge of schemas.
    package static let soap: Set<String> = ["lxml", "spyne==2.14.*", "xmlschema==4.*", "zeep==4.*"]
    /// A judge of FHIR R4.
    package static let fhir: Set<String> = ["fhir.resources==8.*"]
    /// A server of OAuth 2.0.
    package static let oauth: Set<String> = ["Authlib>=1.6", "Flask>=3"]
    /// Both sides of WS-Security.
    package static let wsSecurity: Set<String> = ["signxml==4.*", "xmlsec==1.3.*", "zeep==4.*"]
    /// Evaluators of the expression language, to compare with.
    package static let expressions: Set<String> = ["cel-python", "common-expression-language"]
    /// A judge of signed callbacks.
    package static let webhooks: Set<String> = ["standardwebhooks==1.*"]

    private static let made = Mutex<[Set<String>: Task<PythonEnvironment?, Never>]>([:])

    /// The environment with these packages, made at most once; `nil` where Python, its module `venv` or PyPI is out of
    /// reach.
    package static func shared(_ packages: Set<String>) async -> PythonEnvironment? {
        let task = made.withLock { made in
            if let task = made[packages] { return task }
            let task = Task {
                // Not on a thread that the tests need: pip takes its time.
                await aside {
                    let environment = PythonEnvironment(packages: packages.sorted())
                    if let environment { Self.removeAtExit(environment.folder) }
                    return environment
                }
            }
            made[packages] = task
            return task
        }
        return await task.value
    }

    private static let leftovers = Mutex<[URL]>([])

    private static func removeAtExit(_ folder: URL) {
        let isFirst = leftovers.withLock { leftovers in
            leftovers.append(folder)
            return leftovers.count == 1
        }
        guard isFirst else { return }
        atexit {
            for folder in PythonEnvironment.leftovers.withLock({ $0 }) {
                try? FileManager.default.removeItem(at: folder)
            }
        }
    }

    private let folder: URL
    private var python: String { folder.appending(path: "venv/bin/python").path }

    private init?(packages: [String]) {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-python-\(UUID().uuidString)")
        let environment = folder.appending(path: "venv").path
        let install = ["install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--retries", "1"]
        guard Self.run(60, ["python3", "-m", "venv", environment]) != nil,
            Self.run(240, ["\(environment)/bin/pip"] + install + packages) != nil
        else {
            try? FileManager.default.removeItem(at: folder)
            return nil
        }
    }

    /// Runs a script for at most two minutes, on a thread of its own: what it asks of this process must find threads.
    ///
    /// - Returns: What it printed; `nil` when it failed.
    package func run(_ script: String, _ arguments: [String] = [], input: String = "") async -> String? {
        await Self.aside { self.runHere(script, arguments, input: input) }
    }

    /// Starts a script that prints its port and serves until its standard input ends.
    package func serve(_ script: String, _ arguments: [String] = []) async -> Server? {
        await Self.aside { Server(python: self.python, arguments: [script] + arguments) }
    }

    private static func aside<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    private func runHere(_ script: String, _ arguments: [String], input: String) -> String? {
        // From a file: a script that ends before it has read a pipe would end this process too.
        let file = folder.appending(path: "input-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        guard (try? input.write(to: file, atomically: true, encoding: .utf8)) != nil,
            let source = try? FileHandle(forReadingFrom: file)
        else { return nil }
        return Self.run(120, [python, script] + arguments, input: source)
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
