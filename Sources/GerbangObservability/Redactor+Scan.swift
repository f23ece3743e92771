extension Redactor {
    /// A part of a text that has to go, and what takes its place.
    struct Match {
        var range: Range<Int>
        /// At most 15 bytes, so that the string needs no heap.
        var replacement: String
    }

    /// The first match at or after a position.
    func nextMatch(in text: Span<UInt8>, from start: Int) -> Match? {
        var index = start
        while index < text.count {
            let byte = text[index]
            if isDigit(byte) {
                let end = endOfDigits(text, index)
                if let match = number(text, index..<end) { return match }
                index = end
                continue
            }
            switch byte {
            case UInt8(ascii: ":"), UInt8(ascii: "="):
                if let match = userInfo(text, colon: index) ?? pair(text, separator: index, from: start) {
                    return match
                }
            case UInt8(ascii: ">"):
                if let match = element(text, endOfTag: index) { return match }
            case UInt8(ascii: "B"), UInt8(ascii: "b"):
                if let match = credential(text, index) { return match }
            default:
                break
            }
            index += 1
        }
        return nil
    }

    // MARK: Numbers

    private static let hexIdentifierLength = 32

    private func number(_ text: Span<UInt8>, _ run: Range<Int>) -> Match? {
        switch run.count {
        case 15, 16, 18, 22:
            return isInHexIdentifier(text, run) ? nil : Match(range: run, replacement: "[\(run.count) digits]")
        case 2:
            return groupedNumber(text, run.lowerBound, 0x233133) ?? groupedNumber(text, run.lowerBound, 0x22264)
        case 4:
            return groupedNumber(text, run.lowerBound, 0x4444)
        case 6:
            return groupedNumber(text, run.lowerBound, 0x664)
        default:
            return nil
        }
    }

    /// UUIDs without hyphens, trace identifiers and checksums may contain any run of digits.
    private func isInHexIdentifier(_ text: Span<UInt8>, _ run: Range<Int>) -> Bool {
        var length = run.count
        var before = run.lowerBound - 1
        while length < Self.hexIdentifierLength, before >= 0, isHexDigit(text[before]) {
            length += 1
            before -= 1
        }
        var after = run.upperBound
        while length < Self.hexIdentifierLength, after < text.count, isHexDigit(text[after]) {
            length += 1
            after += 1
        }
        return length >= Self.hexIdentifierLength
    }

    /// A number whose groups of digits have the lengths of this constant's hexadecimal digits.
    private func groupedNumber(_ text: Span<UInt8>, _ start: Int, _ lengths: UInt32) -> Match? {
        if start > 0, isLetter(text[start - 1]) { return nil }
        var index = start
        var digits = 0
        var shift = (UInt32.bitWidth - lengths.leadingZeroBitCount - 1) / 4 * 4
        while shift >= 0 {
            if index > start {
                guard index < text.count, isSeparator(text[index]) else { return nil }
                index += 1
            }
            let length = Int(lengths >> UInt32(shift) & 0xF)
            let end = endOfDigits(text, index)
            guard end - index == length else { return nil }
            digits += length
            index = end
            shift -= 4
        }
        if index < text.count, isLetter(text[index]) { return nil }
        return Match(range: start..<index, replacement: "[\(digits) digits]")
    }

    private func endOfDigits(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, isDigit(text[index]) { index += 1 }
        return index
    }

    // MARK: Credentials

    private static let longestPlainWord = 16

    /// What follows `Bearer` or `Basic`, unless it is a plain word as in “Basic authentication failed”.
    private func credential(_ text: Span<UInt8>, _ start: Int) -> Match? {
        if start > 0, isLetter(text[start - 1]) || isDigit(text[start - 1]) { return nil }
        guard var index = endOfWord("bearer", text, start) ?? endOfWord("basic", text, start) else { return nil }
        let end = index
        while index < text.count, isSpace(text[index]) { index += 1 }
        guard index > end else { return nil }
        let token = index
        var isPlainWord = true
        while index < text.count, isTokenByte(text[index]) {
            isPlainWord = isPlainWord && isLowercase(text[index])
            index += 1
        }
        guard index > token, !isPlainWord || index - token > Self.longestPlainWord else { return nil }
        return Match(range: token..<index, replacement: Self.placeholder)
    }

    private func endOfWord(_ word: StaticString, _ text: Span<UInt8>, _ start: Int) -> Int? {
        let count = word.utf8CodeUnitCount
        guard text.count - start > count else { return nil }
        return word.withUTF8Buffer { bytes in
            for offset in 0..<count where lowercased(text[start + offset]) != bytes[offset] { return nil }
            return start + count
        }
    }

    /// The part of a URL between `://` and `@`.
    private func userInfo(_ text: Span<UInt8>, colon: Int) -> Match? {
        guard colon + 3 < text.count, text[colon] == UInt8(ascii: ":"), text[colon + 1] == UInt8(ascii: "/"),
            text[colon + 2] == UInt8(ascii: "/")
        else { return nil }
        let start = colon + 3
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "@"):
                return index > start && !hasPlaceholder(text, at: start)
                    ? Match(range: start..<index, replacement: Self.placeholder) : nil
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"):
                return nil
            case let byte where isSpace(byte):
                return nil
            default:
                index += 1
            }
        }
        return nil
    }

    func hasPlaceholder(_ text: Span<UInt8>, at start: Int) -> Bool {
        var index = start
        for byte in Self.placeholder.utf8 {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || lowercased(byte) &- UInt8(ascii: "a") < 6 }

    /// `token68` of RFC 9110, section 11.2.
    private func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            return true
        default: return isLetter(byte) || isDigit(byte)
        }
    }
}
