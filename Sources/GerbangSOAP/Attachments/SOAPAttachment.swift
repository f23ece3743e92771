internal import Glibc

/// Content to be sent beside a message, which its JSON names by `{"#attachment": "…"}`.
public struct SOAPAttachment: Sendable, Hashable {
    /// The content type; nil for the one that the value's `xmime:contentType` names, or else `application/octet-stream`.
    public let type: String?
    /// The file that it is read from while the message is sent.
    public let path: String
    /// The size in bytes.
    public let count: Int

    /// The largest file: a TiB.
    static let maximumBytes = 1 << 40

    /// An attachment that is read from a file, which must stay as it is until the message is sent.
    ///
    /// - Throws: ``SOAPError`` where there is no such plain file, or the type cannot stand in a header field.
    public init(file path: String, type: String? = nil) throws(SOAPError) {
        guard type.map(Self.isWritable) ?? true else {
            throw SOAPError(.file, "The content type of an attachment must be printable ASCII.")
        }
        guard let status = AttachmentFile.status(path), status.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0,
            status.st_size <= Self.maximumBytes
        else {
            throw SOAPError(
                .file,
                "The attachment cannot be read; it must be a plain file of at most 1 TiB.",
                file: SOAPError.shown(path)
            )
        }
        self.type = type
        self.path = path
        count = Int(status.st_size)
    }

    /// Whether a content type can stand in a header field.
    static func isWritable(_ type: String) -> Bool {
        !type.isEmpty && type.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
