/// The body of a message that is read while it is sent, so that it never is in memory as a whole.
public struct StreamedBody: Sendable, Hashable {
    /// A part of the body.
    public enum Piece: Sendable, Hashable {
        /// Bytes in memory.
        case bytes([UInt8])
        /// A file of this size, which must stay as it is until the message is sent.
        case file(path: String, count: Int)

        /// The number of bytes.
        public var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let count): count
            }
        }
    }

    /// The parts in order; bytes never follow on bytes.
    public private(set) var pieces: [Piece] = []
    /// The number of bytes of all parts.
    public private(set) var count = 0

    /// Creates an empty body.
    public init() {}

    /// Adds to the end.
    public mutating func append(_ piece: Piece) {
        count += piece.count
        if case .bytes(let more) = piece, case .bytes(var bytes) = pieces.last {
            // Taken out first, so that the bytes before are not copied.
            pieces.removeLast()
            bytes += more
            pieces.append(.bytes(bytes))
        } else if piece.count > 0 {
            pieces.append(piece)
        }
    }

    /// The bytes, where no file is among the parts.
    public var bytesInMemory: [UInt8]? {
        switch (pieces.first, pieces.count) {
        case (nil, _): []
        case (.bytes(let bytes), 1): bytes
        default: nil
        }
    }
}
