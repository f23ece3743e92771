/// Base64 with the usual alphabet and padding (RFC 4648, section 4).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of some bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        // Attachments of megabytes pass here.
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var place = 0
            alphabet.withUnsafeBufferPointer { alphabet in
                var start = 0
                while start < bytes.count {
                    let count = min(3, bytes.count - start)
                    let second = count > 1 ? UInt32(bytes[start + 1]) : 0
                    let third = count > 2 ? UInt32(bytes[start + 2]) : 0
                    let bits = UInt32(bytes[start]) << 16 | second << 8 | third
                    text[place] = alphabet[Int(bits >> 18)]
                    text[place + 1] = alphabet[Int(bits >> 12 & 63)]
                    text[place + 2] = count > 1 ? alphabet[Int(bits >> 6 & 63)] : UInt8(ascii: "=")
                    text[place + 3] = count > 2 ? alphabet[Int(bits & 63)] : UInt8(ascii: "=")
                    place += 4
                    start += 3
                }
            }
            return place
        }
    }

    /// The bytes of a text; `nil` when it is not exactly what ``encode(_:)`` writes.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var (bits, count) = (UInt32(0), 0)
        for digit in digits.dropLast(padding) {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // Bits that no byte has taken must be zero: one sequence of bytes has one text.
        guard encode(bytes).utf8.elementsEqual(digits) else { return nil }
        return bytes
    }
}
