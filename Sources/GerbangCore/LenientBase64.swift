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
        var output: [UInt8] = []
        output.reserveCapacity(text.underestimatedCount / 4 * 3)
        var buffer: UInt32 = 0
        var bits = 0
        var sawPadding = false
        let isGood = meanings.withUnsafeBufferPointer { meanings in
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
        return isGood && bits != 6 ? output : nil
    }
}
