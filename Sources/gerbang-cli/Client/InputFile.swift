internal import Glibc

/// Files and standard input that a command reads.
enum InputFile {
    /// The largest input that is read, in bytes.
    static let limit = 64 << 20

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: ``CommandError`` with status `usage` when it cannot be read.
    static func bytes(of path: String, called name: String) throws(CommandError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, name) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, name) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw CommandError(.usage, "\(name) is larger than \(limit >> 20) MiB")
            }
        }
    }

    /// The text of a file, or of standard input for `-`.
    ///
    /// - Throws: ``CommandError`` with status `usage` when it cannot be read or is not UTF-8.
    static func text(of path: String, called name: String) throws(CommandError) -> String {
        guard let text = String(validating: try bytes(of: path, called: name), as: UTF8.self) else {
            throw CommandError(.usage, "\(name) is not UTF-8 text")
        }
        return text
    }

    /// Whether there is a file at `path`, and not a folder.
    static func exists(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    private static func unreadable(_ path: String, _ name: String) -> CommandError {
        let reason = String(cString: strerror(errno))
        return CommandError(
            .usage,
            "\(name) cannot be read: \(path): \(reason)",
            advice: "check the path and its rights"
        )
    }
}
