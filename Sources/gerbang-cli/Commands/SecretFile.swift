internal import Glibc

/// A new file that only its owner can read.
struct SecretFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Makes the file; one that exists is left alone.
    ///
    /// - Throws: ``CommandError`` with status `usage` when it cannot be made.
    init(creating path: String) throws(CommandError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandError(
                .usage,
                "the file cannot be made: \(path): \(reason)",
                advice: "name one that does not exist"
            )
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes the whole text.
    ///
    /// - Throws: ``CommandError`` when it does not fit.
    func write(_ text: String) throws(CommandError) {
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0 else {
            throw CommandError(
                .usage,
                "the file cannot be written: \(path)",
                advice: "revoke this key and make another one"
            )
        }
    }
}
