internal import Glibc

/// The files of attachments, and their content for what must be looked at as a whole.
enum AttachmentFile {
    /// How much of a message's attachments may be in memory, in bytes.
    static let maximumBytes = 64 << 20
    /// The largest file that may stand in an envelope: libxml2 takes no text of more than 10 MB, and base64 is a third longer.
    static let maximumInlineBytes = 7 << 20

    /// What lies at a path; nil for nothing.
    static func status(_ path: String) -> stat? {
        var status = stat()
        return !path.isEmpty && !path.utf8.contains(0) && stat(path, &status) == 0 ? status : nil
    }

    /// Refuses to take so much into memory.
    static func check(_ count: Int) throws(SOAPError) {
        guard count <= maximumBytes else {
            throw SOAPError(
                .limit,
                "Attachments that must be in memory, as their types ask more of them than to be base64, may have at most \(maximumBytes) bytes."
            )
        }
    }

    /// The bytes of a file that must still be as large as it was.
    static func contents(_ path: String, _ count: Int) throws(SOAPError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
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
