internal import GerbangCore
internal import Glibc

/// Reads a body of pieces from its beginning, or again from its beginning; used on the driver thread only.
///
/// Files are read there too: they are local, and what libcurl asks for at a time takes the system microseconds.
final class BodyReader {
    private let body: StreamedBody
    /// The piece that is read next, and how much of it was read.
    private var piece = 0
    private var offset = 0
    private var descriptor: Int32 = -1

    init(_ body: StreamedBody) {
        self.body = body
    }

    deinit {
        closeFile()
    }

    /// Goes back to the beginning.
    func rewind() {
        closeFile()
        (piece, offset) = (0, 0)
    }

    /// Reads as much as fits; 0 at the end, nil where a file cannot be read or has another size.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        var filled = 0
        while filled < buffer.count, piece < body.pieces.count {
            let current = body.pieces[piece]
            guard offset < current.count else {
                closeFile()
                (piece, offset) = (piece + 1, 0)
                continue
            }
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...].prefix(current.count - offset))
            switch current {
            case .bytes(let bytes):
                bytes.withUnsafeBytes { room.copyMemory(from: .init(rebasing: $0[offset..<(offset + room.count)])) }
                (filled, offset) = (filled + room.count, offset + room.count)
            case .file(let path, let size):
                guard let count = read(path, size, into: room), count > 0 else { return nil }
                (filled, offset) = (filled + count, offset + count)
            }
        }
        return filled
    }

    private func read(_ path: String, _ size: Int, into room: UnsafeMutableRawBufferPointer) -> Int? {
        if descriptor < 0, !openFile(path, count: size) { return nil }
        while true {
            let count = pread(descriptor, room.baseAddress, room.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else { return nil }
        }
    }

    /// Opens a file that is what it was: a plain one of this size. Anything else might keep this thread waiting.
    private func openFile(_ path: String, count: Int) -> Bool {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        var status = stat()
        return descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && Int(status.st_size) == count
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
