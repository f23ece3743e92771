internal import Glibc

/// Where attachments that come with messages are put.
public struct AttachmentFolder: Sendable, Hashable {
    /// The folder, which must be there.
    public let path: String
    /// The size of all attachments of one message, in bytes; larger messages are refused.
    public let maximumBytes: Int

    /// A folder for attachments of at most `maximumBytes` bytes a message, 1 GiB unless said otherwise.
    public init(_ path: String, maximumBytes: Int = 1 << 30) {
        self.path = path
        self.maximumBytes = maximumBytes
    }
}

/// A file in which an attachment is put while it comes; it is removed unless it is kept.
final class AttachmentWriter {
    let name: String
    let path: String
    private let descriptor: Int32
    private(set) var count = 0
    private var isKept = false

    /// Creates a new file that only the own user may read.
    init(in folder: AttachmentFolder) throws(SOAPError) {
        // Several messages may use a folder; a name is free if no file has it.
        for _ in 0..<16 {
            let name = "attachment-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
            let path = folder.path + "/" + name
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 {
                (self.name, self.path, self.descriptor) = (name, path, descriptor)
                return
            }
            guard errno == EEXIST else { break }
        }
        throw Self.failure
    }

    deinit {
        close(descriptor)
        if !isKept { unlink(path) }
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

    func keep() {
        isKept = true
    }

    private static var failure: SOAPError {
        SOAPError(.file, "An attachment cannot be written to the folder: \(String(cString: strerror(errno))).")
    }
}
