/// Questions about single characters.
enum Characters {
    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    static func isVisible(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte)
    }

    /// Whether a text has control characters; line breaks and tabs are among them unless `lines` allows them.
    static func hasControls(_ text: String, lines: Bool = false) -> Bool {
        text.unicodeScalars.contains { scalar in
            guard scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) else { return false }
            return !(lines && (scalar == "\n" || scalar == "\r" || scalar == "\t"))
        }
    }
}
