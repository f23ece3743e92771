import Foundation
import Testing

/// The command in a process of its own, as a shell would run it.
enum Command {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    static func run(
        _ arguments: String...,
        in folder: Folder? = nil,
        environment: [String: String] = [:],
        into device: String? = nil
    ) throws -> Result {
        try run(arguments, in: folder, environment: environment, into: device)
    }

    static func run(
        _ arguments: [String],
        in folder: Folder? = nil,
        environment: [String: String] = [:],
        into device: String? = nil
    ) throws -> Result {
        let files = try Folder()
        defer { files.remove() }
        let (output, errors) = (try files.write("out", ""), try files.write("err", ""))
        let process = Process()
        process.executableURL = try executable
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder.url }
        var variables = ProcessInfo.processInfo.environment
        for name in ["GERBANG_URL", "GERBANG_KEY"] { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: device ?? output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
    }

    /// Built beside the tests.
    private static var executable: URL {
        get throws {
            let tests = try #require(CommandLine.arguments.first)
            let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "gerbang")
            guard !FileManager.default.isExecutableFile(atPath: beside.path) else { return beside }
            return Folder.package.appending(path: ".build/debug/gerbang")
        }
    }
}

/// A folder that is gone after the test.
struct Folder: Sendable {
    /// The package's root.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "gerbang-cli-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
