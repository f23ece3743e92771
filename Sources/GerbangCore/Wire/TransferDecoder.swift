/// Takes the transfer encoding of a part's content away (RFC 2045 §6) while it comes.
package struct TransferDecoder: Sendable {
    private enum Encoding: Sendable {
        case identity
        case base64(LenientBase64.Decoder)
        case quotedPrintable
    }

    private var encoding: Encoding
    /// The beginning of an escape, of which the rest has not come.
    private var held: [UInt8] = []

    /// Creates a decoder for the content of a part with these header fields.
    ///
    /// - Throws: ``MultipartError`` for an encoding that is not known.
    package init(fields: [String: String]) throws(MultipartError) {
        switch fields["content-transfer-encoding"]?.lowercased() ?? "7bit" {
        case "7bit", "8bit", "binary": encoding = .identity
        case "base64": encoding = .base64(LenientBase64.Decoder())
        case "quoted-printable": encoding = .quotedPrintable
        default: throw MultipartError(.encoding, "a part has a transfer encoding that is not supported")
        }
    }

    /// The content of some more bytes.
    ///
    /// - Throws: ``MultipartError`` for bytes that are not in the encoding.
    package mutating func decode(_ bytes: ArraySlice<UInt8>) throws(MultipartError) -> ArraySlice<UInt8> {
        switch encoding {
        case .identity: return bytes
        case .base64(var decoder):
            // The decoder must not be in two places, or its bytes would be copied.
            encoding = .identity
            defer { encoding = .base64(decoder) }
            var output: [UInt8] = []
            guard decoder.decode(bytes, into: &output) else { throw Self.wrong("in base64") }
            return output[...]
        case .quotedPrintable: return try unquoted(held.isEmpty ? bytes : (held + bytes)[...])
        }
    }

    /// Checks that nothing is missing at the end.
    package func finish() throws(MultipartError) {
        if case .base64(let decoder) = encoding, !decoder.isComplete { throw Self.wrong("in base64") }
        // A line break at the very end belongs to the delimiter behind it, and a soft one is left of it.
        guard held.isEmpty || held == [UInt8(ascii: "=")] else { throw Self.wrong("quoted-printable") }
    }

    private static func wrong(_ name: String) -> MultipartError {
        MultipartError(.encoding, "a part is not \(name), as it says")
    }

    /// Content without quoted-printable (RFC 2045 §6.7).
    private mutating func unquoted(_ bytes: ArraySlice<UInt8>) throws(MultipartError) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        held = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "=") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let rest = bytes[(index + 1)...].prefix(2)
            if rest.first == 0x0A {
                index += 2
            } else if rest.count < 2 {
                held = Array(bytes[index...])
                return result[...]
            } else if rest.first == 0x0D, rest.last == 0x0A {
                index += 3
            } else if let high = rest.first.flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.last.flatMap({ Hexadecimal.value(of: $0) })
            {
                result.append(UInt8(high << 4 | low))
                index += 3
            } else {
                throw Self.wrong("quoted-printable")
            }
        }
        return result[...]
    }
}
