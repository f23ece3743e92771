internal import CZlib

/// Takes compressed answers apart: gzip (RFC 1952), and deflate in its wrapper (RFC 1950) or without it (RFC 1951), as
/// servers mean either by "deflate".
enum Inflation {
    enum Form: Sendable {
        case gzip, deflate
    }

    /// The most bytes that an answer may become.
    static let maximumBytes = 16 << 20

    /// Decompresses all of `bytes`.
    ///
    /// - Parameter maximum: The most bytes to make: a few bytes can stand for gigabytes.
    /// - Throws: ``EvaluationFailure`` for anything but complete streams with nothing behind them.
    static func inflate(
        _ bytes: [UInt8],
        _ form: Form,
        maximum: Int = maximumBytes
    ) throws(EvaluationFailure) -> [UInt8] {
        var stream = z_stream()
        guard czlib_inflate_init(&stream, windowBits(form, bytes)) == Z_OK else {
            throw EvaluationFailure(message: "there is no memory for decompressing")
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var input = bytes
        let ending = input.withUnsafeMutableBufferPointer { input -> Ending in
            guard let start = input.baseAddress, let count = UInt32(exactly: input.count) else { return .malformed }
            stream.next_in = start
            stream.avail_in = count
            return drain(&stream, form, maximum, into: &output)
        }
        switch ending {
        case .complete: return output
        case .malformed: throw EvaluationFailure(message: "the answer is not complete \(form) data")
        case .tooLarge: throw EvaluationFailure(message: "the answer decompresses to more than \(maximum) bytes")
        }
    }

    private enum Ending {
        case complete, malformed, tooLarge
    }

    private static func drain(
        _ stream: inout z_stream,
        _ form: Form,
        _ maximum: Int,
        into output: inout [UInt8]
    ) -> Ending {
        var piece = [UInt8](repeating: 0, count: 32_768)
        while true {
            let (status, made) = piece.withUnsafeMutableBufferPointer { piece -> (Int32, Int) in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(piece.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return (status, piece.count - Int(stream.avail_out))
            }
            guard output.count + made <= maximum else { return .tooLarge }
            output += piece[..<made]
            switch status {
            case Z_OK where made > 0 || stream.avail_in > 0: continue
            case Z_STREAM_END:
                guard stream.avail_in > 0 else { return .complete }
                // A gzip file may have several members (RFC 1952, section 2.2).
                guard form == .gzip, inflateReset(&stream) == Z_OK else { return .malformed }
            default: return .malformed
            }
        }
    }

    private static func windowBits(_ form: Form, _ bytes: [UInt8]) -> Int32 {
        switch form {
        case .gzip: MAX_WBITS + 16
        case .deflate: hasWrapper(bytes) ? MAX_WBITS : -MAX_WBITS
        }
    }

    /// Whether the two bytes of RFC 1950's header stand at the beginning.
    private static func hasWrapper(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        return bytes[0] & 0x0F == 8 && bytes[0] >> 4 <= 7 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }
}
