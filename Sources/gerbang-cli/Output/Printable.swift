/// Text from elsewhere, made safe for a terminal.
enum Printable {
    /// The text with control characters replaced, so that nothing that an answer holds can steer the terminal.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { safe.append(isUnsafe(scalar) ? "?" : scalar) }
        return String(safe)
    }

    /// How many columns the text takes, without counting colours; every character is taken for one column wide.
    static func width(_ text: String) -> Int {
        var width = 0
        var isInEscape = false
        for character in text {
            if isInEscape {
                isInEscape = character != "m"
            } else if character == "\u{1B}" {
                isInEscape = true
            } else {
                width += 1
            }
        }
        return width
    }

    /// A number of things: `1 fixture`, `2 fixtures`.
    static func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }

    /// Control characters, and those that turn the direction of writing round.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
