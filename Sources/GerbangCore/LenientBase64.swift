/// Base64 in either alphabet, with or without padding and line breaks.
package enum LenientBase64 {
    /// What each byte stands for: a digit, or one of the marks below.
    private static let meanings: [UInt8] = {
        var meanings = [UInt8](repeating: wrong, count: 256)
        for (value, digit) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8.enumerated() {
            meanings[Int(digit)] = UInt8(value)
        }
        for digit in "+-".utf8 { meanings[Int(digit)] = 62 }
        for digit in "/_".utf8 { meanings[Int(digit)] = 63 }
        for space in " \t\n\r".utf8 { meanings[Int(space)] = ignored }
        meanings[Int(UInt8(ascii: "="))] = padding
        return meanings
    }()

    private static let wrong: UInt8 = 255
    private static let ignored: UInt8 = 254
    private static let padding: UInt8 = 253

    /// The bytes of a text; nil where it has other characters, something behind its padding, or a digit too few.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var decoder = Decoder()
        var output: [UInt8] = []
        return decoder.decode(text, into: &output) && decoder.isComplete ? output : nil
    }

    /// Decodes a text that comes in pieces.
    package struct Decoder: Sendable {
        private var buffer: UInt32 = 0
        private var bits = 0
        private var sawPadding = false

        package init() {}

        /// Whether the text may end here: false after one digit of a group of four.
        package var isComplete: Bool { bits != 6 }

        /// Adds the bytes of a piece; false where it has other characters, or something behind its padding.
        package mutating func decode(_ text: some Sequence<UInt8>, into output: inout [UInt8]) -> Bool {
            output.reserveCapacity(output.count + text.underestimatedCount / 4 * 3 + 3)
            // Local, so that they stay in registers.
            var (buffer, bits, sawPadding) = (buffer, bits, sawPadding)
            defer { (self.buffer, self.bits, self.sawPadding) = (buffer, bits, sawPadding) }
            return LenientBase64.meanings.withUnsafeBufferPointer { meanings in
                for byte in text {
                    let value = meanings[Int(byte)]
                    guard value < 64 else {
                        if value == wrong { return false }
                        if value == padding { sawPadding = true }
                        continue
                    }
                    guard !sawPadding else { return false }
                    buffer = buffer << 6 | UInt32(value)
                    bits += 6
                    if bits >= 8 {
                        bits -= 8
                        output.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
                    }
                }
                return true
            }
        }
    }
}
