internal import Foundation
internal import Testing

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
