internal import CLibXML2

/// XML's character classes (XML 1.0, fifth edition, sections 2.2 and 2.3).
package enum XMLCharacters {
    /// Whether the text is an NCName: a name without a colon.
    package static func isName(_ text: some StringProtocol) -> Bool {
        guard let head = text.utf8.first, head >= 0x80 || isLetter(head) else { return false }
        if text.utf8.allSatisfy({ isLetter($0) || ($0 >= 0x2D && $0 <= 0x39 && $0 != 0x2F) }) { return true }
        var first = true
        for scalar in text.unicodeScalars {
            guard first ? startsName(scalar) : continuesName(scalar) else { return false }
            first = false
        }
        return !first
    }

    /// Whether XML white space is all there is.
    package static func isBlank(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { isSpace($0) }
    }

    /// The text without XML white space at both ends.
    package static func trim(_ text: String) -> Substring {
        guard let first = text.utf8.firstIndex(where: { !isSpace($0) }),
            let last = text.utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return Substring(text.utf8[first...last])
    }

    /// Whether a character is a `Letter` by XML 1.0, second edition (appendix B).
    package static func isLetter(_ value: UInt32) -> Bool {
        xmlIsBaseChar(value) != 0 || xmlIsIdeographic(value) != 0
    }

    /// Whether a character is a digit, combines with another one or extends one, by the same appendix.
    package static func followsLetters(_ value: UInt32) -> Bool {
        xmlIsDigit(value) != 0 || xmlIsCombining(value) != 0 || xmlIsExtender(value) != 0
    }

    /// Whether the byte begins names: an ASCII letter or an underscore.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == 0x5F
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
            0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x1_0000...0xE_FFFF:
            true
        default: false
        }
    }

    private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x2D, 0x2E, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: startsName(scalar)
        }
    }
}
