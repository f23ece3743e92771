internal import Glibc

/// Where attachments that come with messages are put.
public struct AttachmentFolder: Sendable, Hashable {
    /// The folder.
    public let path: String
    /// The size of all attachments of one message, in bytes; larger messages are refused.
    public let maximumBytes: Int

    /// A folder for attachments of at most `maximumBytes` bytes a message, 1 GiB unless said otherwise.
    ///
    /// - Throws: ``SOAPError`` where there is no such folder, or files may not be put into it.
    public init(_ path: String, maximumBytes: Int = 1 << 30) throws(SOAPError) {
        guard let status = AttachmentFile.status(path), status.st_mode & S_IFMT == S_IFDIR,
            access(path, W_OK | X_OK) == 0
        else {
            throw SOAPError(
                .file,
                "Attachments cannot be put here; it must be a folder that may be written to.",
                file: SOAPError.shown(path)
            )
        }
        self.path = path
        self.maximumBytes = maximumBytes
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

/// A file in which an attachment is put while it comes.
///
/// Until it is kept it has another name, which says that it is not complete; it is removed unless it is kept.
final class AttachmentWriter {
    let name: String
    let path: String
    private var descriptor: Int32
    private(set) var count = 0
    private var isKept = false

    /// Creates a new file that only the own user may read.
    init(in folder: AttachmentFolder) throws(SOAPError) {
        // Several messages may use a folder; a name is free if no file has it.
        for _ in 0..<16 {
            let name = "attachment-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
            let path = folder.path + "/" + name
            let descriptor = open(path + Self.suffix, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 {
                (self.name, self.path, self.descriptor) = (name, path, descriptor)
                return
            }
            guard errno == EEXIST else { break }
        }
        throw Self.failure
    }

    private static let suffix = ".part"

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isKept { unlink(path + Self.suffix) }
    }

    func write(_ bytes: ArraySlice<UInt8>) throws(SOAPError) {
        let isWritten = bytes.withUnsafeBytes { buffer in
            var rest = buffer
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
            return true
        }
        guard isWritten else { throw Self.failure }
        count += bytes.count
    }

    /// Ends the content: nothing more can be written.
    func finish() throws(SOAPError) {
        let open = descriptor
        descriptor = -1
        guard close(open) == 0 else { throw Self.failure }
    }

    /// Gives the file its name.
    func keep() throws(SOAPError) {
        guard rename(path + Self.suffix, path) == 0 else { throw Self.failure }
        isKept = true
    }

    /// Takes a kept file back.
    func withdraw() {
        if isKept { unlink(path) }
    }

    /// The content as a whole, of a file that is not kept.
    func contents() throws(SOAPError) -> [UInt8] { try AttachmentFile.contents(path + Self.suffix, count) }

    private static var failure: SOAPError {
        SOAPError(.file, "An attachment cannot be written to the folder: \(String(cString: strerror(errno))).")
    }
}
