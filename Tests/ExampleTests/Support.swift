internal import Foundation
internal import Testing

/// A folder that is removed with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("gerbang-example-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
}

enum Example {
    /// The path of an example's executable, which was built together with the tests.
    static func executable(_ name: String) throws -> String {
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = [runner, CommandLine.arguments.first, Bundle.main.executablePath].compactMap(\.self)
        let paths = places.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name).path
        }
        return try #require(paths.first { FileManager.default.isExecutableFile(atPath: $0) })
    }
}
