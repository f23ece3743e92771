internal import Glibc

/// Content to be sent beside a message, which its JSON names by `{"#attachment": "…"}`.
public struct SOAPAttachment: Sendable, Hashable {
    /// The content type.
    public let type: String
    /// The file that it is read from while the message is sent.
    public let path: String
    /// The size in bytes.
    public let count: Int

    /// An attachment that is read from a file, which must stay as it is until the message is sent.
    ///
    /// - Throws: ``SOAPError`` where there is no such plain file, or the type cannot stand in a header field.
    public init(file path: String, type: String = "application/octet-stream") throws(SOAPError) {
        guard !type.isEmpty, type.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw SOAPError(.file, "The content type of an attachment must be printable ASCII.")
        }
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            access(path, R_OK) == 0
        else {
            throw SOAPError(
                .file,
                "The attachment cannot be read; it must be a plain file.",
                file: SOAPError.shown(path)
            )
        }
        self.type = type
        self.path = path
        count = Int(status.st_size)
    }
}

/// An attachment that came with a message and lies in a file.
public struct ReceivedAttachment: Sendable, Hashable {
    /// What the message's JSON calls it in `{"#attachment": "…"}`; also the file's name.
    public let name: String
    /// The content type that its sender gave.
    public let type: String
    /// The file.
    public let path: String
    /// The size in bytes.
    public let count: Int
}

/// The content of a file, for what must be looked at as a whole.
enum AttachmentFile {
    /// Types with facets, and messages without parts, need the content in memory.
    static let maximumBytes = 64 << 20

    static func contents(_ path: String, count: Int) throws(SOAPError) -> [UInt8] {
        guard count <= maximumBytes else {
            throw SOAPError(
                .limit,
                "An attachment that must be in memory, as it stands in the envelope or its type has facets, may have at most \(maximumBytes) bytes."
            )
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let more = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { return }
                filled += more
            }
        }
        guard bytes.count == count else { throw unreadable }
        return bytes
    }

    private static let unreadable = SOAPError(.file, "An attachment cannot be read any more.")
}
