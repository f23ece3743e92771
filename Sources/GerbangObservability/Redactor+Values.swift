extension Redactor {
    // MARK: name=value, name: value, "name": "value"

    /// The value after a separator, when the name before it is sensitive.
    func pair(_ text: Span<UInt8>, separator: Int, from start: Int) -> Match? {
        var end = separator
        while end > start, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
        if end > start, isQuote(text[end - 1]) || text[end - 1] == UInt8(ascii: "]") {
            end -= 1
            if end > start, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        }
        let word = startOfName(text, end, from: start)
        guard word < end else { return nil }
        let isPrefix =
            text[separator] == UInt8(ascii: ":") && separator + 1 < text.count && isNameByte(text[separator + 1])
        guard names.match(text, word..<end) || (!isPrefix && isTwoWordName(text, word..<end, from: start)) else {
            return nil
        }
        guard let value = value(text, after: separator) else { return nil }
        return Match(range: value, replacement: Self.placeholder)
    }

    /// A name of two words as in “nama lengkap: …”.
    private func isTwoWordName(_ text: Span<UInt8>, _ word: Range<Int>, from start: Int) -> Bool {
        let gap = word.lowerBound - 1
        guard gap > start, text[gap] == UInt8(ascii: " ") else { return false }
        let before = startOfName(text, gap, from: start)
        return before < gap && names.match(text, before..<word.upperBound)
    }

    private func startOfName(_ text: Span<UInt8>, _ end: Int, from start: Int) -> Int {
        var index = end
        while index > start, isNameByte(text[index - 1]) { index -= 1 }
        return index
    }

    private func value(_ text: Span<UInt8>, after separator: Int) -> Range<Int>? {
        var start = separator + 1
        while start < text.count, isSpace(text[start]) { start += 1 }
        if start + 1 < text.count, text[start] == UInt8(ascii: "\\"), isQuote(text[start + 1]) {
            start += 1
        }
        guard start < text.count else { return nil }
        let isQuoted = isQuote(text[start])
        if hasPlaceholder(text, at: isQuoted ? start + 1 : start) { return nil }
        let range: Range<Int>
        if isQuoted {
            let isNested = text[start - 1] == UInt8(ascii: "\\")
            range = (start + 1)..<endOfString(text, start, isNested: isNested)
        } else {
            range = start..<endOfPlainValue(text, start)
        }
        return range.isEmpty ? nil : range
    }

    /// The position of the closing quote, or of the backslash before it when the quotes themselves are escaped.
    private func endOfString(_ text: Span<UInt8>, _ open: Int, isNested: Bool) -> Int {
        let quote = text[open]
        var index = open + 1
        while index < text.count {
            if text[index] == UInt8(ascii: "\\") {
                if isNested, index + 1 < text.count, text[index + 1] == quote { return index }
                index += 2
            } else if text[index] == quote, quote == UInt8(ascii: "\"") || !continuesWord(text, index + 1) {
                return index
            } else {
                index += 1
            }
        }
        return text.count
    }

    /// An apostrophe within a name (SA'DIAH) does not close a string.
    private func continuesWord(_ text: Span<UInt8>, _ index: Int) -> Bool {
        index < text.count && (isLetter(text[index]) || isDigit(text[index]))
    }

    /// A value without quotes goes on over spaces (names have them) to a delimiter or to the next `name=` or `name:`.
    private func endOfPlainValue(_ text: Span<UInt8>, _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index = endOfString(text, index, isNested: false)
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { return index }
                depth -= 1
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: "\n"):
                if depth == 0 { return index }
            case UInt8(ascii: " "):
                if depth == 0, isPairAhead(text, index + 1) { return index }
            default:
                break
            }
            index += 1
        }
        return text.count
    }

    private func isPairAhead(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var index = start
        while index < text.count, isNameByte(text[index]) { index += 1 }
        guard index > start, index < text.count else { return false }
        return text[index] == UInt8(ascii: "=") || text[index] == UInt8(ascii: ":")
    }

    // MARK: <name>value</name>

    /// How far back the beginning of a tag is looked for.
    private static let longestTag = 256

    /// The content of an element with a sensitive name, up to the next end tag.
    func element(_ text: Span<UInt8>, endOfTag: Int) -> Match? {
        let limit = max(0, endOfTag - Self.longestTag)
        var open = endOfTag
        while open > limit, text[open - 1] != UInt8(ascii: "<"), text[open - 1] != UInt8(ascii: ">") { open -= 1 }
        guard open > limit, text[open - 1] == UInt8(ascii: "<"), text[endOfTag - 1] != UInt8(ascii: "/") else {
            return nil
        }
        var nameEnd = open
        while nameEnd < endOfTag, isNameByte(text[nameEnd]) || text[nameEnd] == UInt8(ascii: ":") { nameEnd += 1 }
        guard names.match(text, open..<nameEnd) else { return nil }
        let content = endOfTag + 1
        if hasPlaceholder(text, at: content) { return nil }
        var end = content
        while end < text.count {
            if text[end] == UInt8(ascii: "<"), end + 1 < text.count, text[end + 1] == UInt8(ascii: "/") { break }
            end += 1
        }
        return end > content ? Match(range: content..<end, replacement: Self.placeholder) : nil
    }

    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
