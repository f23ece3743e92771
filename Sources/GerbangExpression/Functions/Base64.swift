/// Base64 (RFC 4648) in one of its two alphabets.
struct Base64: Sendable {
    private let alphabet: [UInt8]
    private let values: [UInt8]
    private let pads: Bool

    /// The usual alphabet, written with padding.
    static let standard = Base64(last: "+/", pads: true)
    /// The alphabet for URLs and file names, written without padding.
    static let url = Base64(last: "-_", pads: false)

    private init(last: String, pads: Bool) {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last
        alphabet = Array(text.utf8)
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
        self.pads = pads
    }

    /// The text of some bytes.
    func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var start = 0
        while start < bytes.count {
            let count = min(3, bytes.count - start)
            var group = UInt32(bytes[start]) << 16
            if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[start + 2]) }
            for index in 0...count { text.append(alphabet[Int(group >> (18 - 6 * UInt32(index)) & 63)]) }
            if pads { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
            start += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text with its padding or without any; nil for anything else.
    func decode(_ text: String) -> [UInt8]? {
        var characters = Array(text.utf8)[...]
        if characters.last == UInt8(ascii: "=") {
            guard characters.count % 4 == 0 else { return nil }
            characters.removeLast()
            if characters.last == UInt8(ascii: "=") { characters.removeLast() }
        }
        guard characters.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits = 0
        for character in characters {
            let value = values[Int(character)]
            guard value != 0xFF else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return bytes
    }
}
