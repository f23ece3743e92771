internal import Glibc

/// Files of the package.
enum Files {
    struct Unreadable: Error {
        var path: String
    }

    /// The text of a file named from the package's root.
    static func read(_ path: String, from here: String = #filePath) throws -> String {
        // This file lies in Tests/GerbangServerTests/Support.
        let root = here.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        guard let file = fopen("\(root)/\(path)", "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
    }
}
