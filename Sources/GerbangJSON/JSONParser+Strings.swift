extension JSONParser {
    /// Parses the string whose opening quote stands at the position.
    @inline(__always)
    mutating func string() throws(ParseFailure) -> String {
        let start = position + 1
        let stop = ByteScan.firstSpecial(base, from: start, end: end)
        guard stop < end, base[stop] == UInt8(ascii: "\"") else { return try stringWithEscapes(from: start, stop) }
        position = stop + 1
        return try text(start..<stop)
    }

    /// The general case: parses the string from `start`, with its first quote, escape or control character at `stop`.
    private mutating func stringWithEscapes(from start: Int, _ stop: Int) throws(ParseFailure) -> String {
        scratch.removeAll(keepingCapacity: true)
        var pieceStart = start
        position = stop
        while true {
            guard position < end else { throw failure(.unterminated) }
            scratch.append(contentsOf: UnsafeBufferPointer(start: base + pieceStart, count: position - pieceStart))
            switch base[position] {
            case UInt8(ascii: "\""):
                let source = start..<position
                position += 1
                // Escapes give whole characters, so the result is UTF-8 if and only if the source is.
                if let result = String(validating: scratch, as: UTF8.self) { return result }
                return try text(source)
            case UInt8(ascii: "\\"):
                try escape()
            default:
                throw failure(.controlCharacter)
            }
            pieceStart = position
            position = ByteScan.firstSpecial(base, from: position, end: end)
        }
    }

    @inline(__always)
    private func text(_ range: Range<Int>) throws(ParseFailure) -> String {
        let bytes = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            throw ParseFailure(reason: .invalidUTF8, offset: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// Parses one escape, or a pair of them, onto the scratch bytes.
    private mutating func escape() throws(ParseFailure) {
        let start = position
        guard position + 1 < end else {
            position = end
            throw failure(.unterminated)
        }
        position += 2
        switch base[start + 1] {
        case UInt8(ascii: "\""): scratch.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): scratch.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): scratch.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): scratch.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): scratch.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "u"): try unicodeEscape(from: start)
        default: throw ParseFailure(reason: .unknownEscape, offset: start)
        }
    }

    /// Parses the digits of a `\u` escape, and the second escape if the first gives half a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(ParseFailure) {
        var code = try hexDigits()
        if code & 0xFC00 == 0xD800 {
            guard end - position >= 2, base[position] == UInt8(ascii: "\\"), base[position + 1] == UInt8(ascii: "u")
            else {
                throw ParseFailure(reason: .loneSurrogate, offset: start)
            }
            position += 2
            let low = try hexDigits()
            guard low & 0xFC00 == 0xDC00 else { throw ParseFailure(reason: .loneSurrogate, offset: start) }
            code = 0x1_0000 + (code & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(code) else { throw ParseFailure(reason: .loneSurrogate, offset: start) }
        scratch.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func hexDigits() throws(ParseFailure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < end else { throw failure(.unterminated) }
            let byte = base[position]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw failure(.hexDigitsExpected)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
