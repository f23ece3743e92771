internal import GerbangCore

extension Lexer {
    /// A string or bytes literal with a prefix (`r`, `b` or `br`, in any case); nil if a name stands here.
    mutating func prefixedLiteral() throws(SyntaxFailure) -> Token.Kind? {
        var isRaw = false
        var isBytes = false
        var length = 0
        while length < 2, let byte = peek(length) {
            switch byte | 0x20 {
            case UInt8(ascii: "r") where !isRaw: isRaw = true
            case UInt8(ascii: "b") where !isBytes && !isRaw: isBytes = true
            default:
                guard length > 0, isQuote(byte) else { return nil }
                return try literal(prefix: length, isRaw: isRaw, isBytes: isBytes)
            }
            length += 1
        }
        guard length > 0, let byte = peek(length), isQuote(byte) else { return nil }
        return try literal(prefix: length, isRaw: isRaw, isBytes: isBytes)
    }

    private mutating func literal(prefix: Int, isRaw: Bool, isBytes: Bool) throws(SyntaxFailure) -> Token.Kind {
        position += prefix
        guard isBytes else { return .string(try string(isRaw: isRaw)) }
        return .bytes(try content(isRaw: isRaw, isBytes: true))
    }

    /// A string literal whose opening quote is next.
    mutating func string(isRaw: Bool) throws(SyntaxFailure) -> String {
        // The source is valid UTF-8 and escapes add whole code points, so nothing is repaired here.
        String(decoding: try content(isRaw: isRaw, isBytes: false), as: UTF8.self)
    }

    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// What stands between the quotes, in UTF-8.
    private mutating func content(isRaw: Bool, isBytes: Bool) throws(SyntaxFailure) -> [UInt8] {
        let start = position
        let quote = bytes[position]
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        var content: [UInt8] = []
        while let byte = peek() {
            if byte == quote, !isTriple || peek(1) == quote && peek(2) == quote {
                position += isTriple ? 3 : 1
                return content
            }
            if byte == UInt8(ascii: "\\"), !isRaw {
                try escape(isBytes: isBytes, into: &content)
                continue
            }
            if !isTriple, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            content.append(byte)
            position += 1
        }
        throw SyntaxFailure(
            "this string does not end; close it with its quote, or use three quotes for several lines",
            at: start
        )
    }

    private mutating func escape(isBytes: Bool, into content: inout [UInt8]) throws(SyntaxFailure) {
        let start = position
        position += 1
        guard let byte = peek() else { throw SyntaxFailure("this string ends within an escape", at: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            content.append(byte)
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            append(try hexadecimal(2, from: start), isBytes: isBytes, into: &content)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            var value = UInt32(byte - 48)
            for _ in 0..<2 {
                guard let digit = peek(), digit &- 48 < 8 else {
                    throw SyntaxFailure("three octal digits are expected after '\\'", at: start)
                }
                value = value * 8 + UInt32(digit - 48)
                position += 1
            }
            append(value, isBytes: isBytes, into: &content)
        case UInt8(ascii: "u") where !isBytes, UInt8(ascii: "U") where !isBytes:
            let scalar = try codePoint(digits: byte == UInt8(ascii: "u") ? 4 : 8, from: start)
            content += Array(String(scalar).utf8)
        default:
            throw SyntaxFailure(
                isBytes
                    ? #"unknown escape; in bytes the known ones are \a \b \f \n \r \t \v \\ \? \" \' \` \xHH and \OOO"#
                    : #"unknown escape; the known ones are \a \b \f \n \r \t \v \\ \? \" \' \` \xHH \uHHHH \UHHHHHHHH \OOO"#,
                at: start
            )
        }
    }

    /// In a string the number is a code point, in bytes it is an octet; it is 255 at most.
    private func append(_ value: UInt32, isBytes: Bool, into content: inout [UInt8]) {
        let octet = UInt8(truncatingIfNeeded: value)
        if isBytes { content.append(octet) } else { content += Array(String(Unicode.Scalar(octet)).utf8) }
    }

    private mutating func codePoint(digits: Int, from start: Int) throws(SyntaxFailure) -> Unicode.Scalar {
        var value = try hexadecimal(digits, from: start)
        // Two \u escapes may spell a surrogate pair.
        if digits == 4, value & 0xFC00 == 0xD800, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
            position += 2
            let low = try hexadecimal(4, from: start)
            if low & 0xFC00 == 0xDC00 { value = 0x10000 + ((value & 0x3FF) << 10) + (low & 0x3FF) }
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw SyntaxFailure("this escape is not a Unicode code point", at: start)
        }
        return scalar
    }

    private mutating func hexadecimal(_ count: Int, from start: Int) throws(SyntaxFailure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let byte = peek(), let digit = Hexadecimal.value(of: byte) else {
                throw SyntaxFailure("\(count) hexadecimal digits are expected in this escape", at: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
