internal import GerbangCore

/// Takes a source apart into tokens.
struct Lexer {
    let bytes: [UInt8]
    var position = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    /// The next token; the end again and again once it is reached.
    mutating func next() throws(SyntaxFailure) -> Token {
        skipSpace()
        let start = position
        guard let byte = peek() else { return Token(kind: .end, offset: start) }
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return Token(kind: try number(), offset: start)
        case UInt8(ascii: "."):
            if let next = peek(1), isDigit(next) { return Token(kind: try number(), offset: start) }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return Token(kind: .string(try string(isRaw: false)), offset: start)
        case UInt8(ascii: "`"): return Token(kind: .quotedName(try quotedName()), offset: start)
        default:
            if isNameStart(byte) {
                if let literal = try prefixedLiteral() { return Token(kind: literal, offset: start) }
                return Token(kind: .name(name()), offset: start)
            }
        }
        return Token(kind: .symbol(try symbol()), offset: start)
    }

    func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func skipSpace() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0C: position += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
            default: return
            }
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    private func isNameStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private mutating func name() -> String {
        let start = position
        while let byte = peek(), isNameStart(byte) || isDigit(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedName() throws(SyntaxFailure) -> String {
        let start = position
        position += 1
        while let byte = peek(), isNameStart(byte) || isDigit(byte) || "-./ ".utf8.contains(byte) { position += 1 }
        guard peek() == UInt8(ascii: "`"), position > start + 1 else {
            throw SyntaxFailure(
                "a name in backticks holds letters, digits, '_', '-', '.', '/' and spaces, and ends with a backtick",
                at: start
            )
        }
        position += 1
        return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
    }

    private mutating func symbol() throws(SyntaxFailure) -> Token.Symbol {
        let byte = bytes[position]
        let next = peek(1)
        let isBeforeEqual = next == UInt8(ascii: "=")
        let symbol: Token.Symbol?
        switch byte {
        case UInt8(ascii: "("): symbol = .openParenthesis
        case UInt8(ascii: ")"): symbol = .closeParenthesis
        case UInt8(ascii: "["): symbol = .openBracket
        case UInt8(ascii: "]"): symbol = .closeBracket
        case UInt8(ascii: "{"): symbol = .openBrace
        case UInt8(ascii: "}"): symbol = .closeBrace
        case UInt8(ascii: "."): symbol = .dot
        case UInt8(ascii: ","): symbol = .comma
        case UInt8(ascii: ":"): symbol = .colon
        case UInt8(ascii: "?"): symbol = .question
        case UInt8(ascii: "+"): symbol = .plus
        case UInt8(ascii: "-"): symbol = .minus
        case UInt8(ascii: "*"): symbol = .times
        case UInt8(ascii: "/"): symbol = .divide
        case UInt8(ascii: "%"): symbol = .remainder
        case UInt8(ascii: "!"): symbol = isBeforeEqual ? .notEqual : .not
        case UInt8(ascii: "<"): symbol = isBeforeEqual ? .lessOrEqual : .less
        case UInt8(ascii: ">"): symbol = isBeforeEqual ? .greaterOrEqual : .greater
        case UInt8(ascii: "="): symbol = isBeforeEqual ? .equal : nil
        case UInt8(ascii: "&"): symbol = next == byte ? .and : nil
        case UInt8(ascii: "|"): symbol = next == byte ? .or : nil
        default: symbol = nil
        }
        guard let symbol else {
            let hint =
                switch byte {
                case UInt8(ascii: "="): "equality is written '=='"
                case UInt8(ascii: "&"): "the logical 'and' is written '&&'"
                case UInt8(ascii: "|"): "the logical 'or' is written '||'"
                default: "this character cannot stand outside of strings"
                }
            throw SyntaxFailure(hint, at: position)
        }
        position += symbol.rawValue.utf8.count
        return symbol
    }

    private mutating func skipDigits() {
        while let byte = peek(), isDigit(byte) { position += 1 }
    }

    private mutating func number() throws(SyntaxFailure) -> Token.Kind {
        let start = position
        if bytes[position] == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x") {
            position += 2
            while let byte = peek(), Hexadecimal.value(of: byte) != nil { position += 1 }
            return try integer(start + 2, radix: 16, from: start)
        }
        skipDigits()
        var isDouble = false
        if peek() == UInt8(ascii: "."), let next = peek(1), isDigit(next) {
            isDouble = true
            position += 1
            skipDigits()
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            guard let digit = peek(signed ? 2 : 1), isDigit(digit) else {
                throw SyntaxFailure("digits are expected in this exponent", at: position)
            }
            isDouble = true
            position += signed ? 2 : 1
            skipDigits()
        }
        guard isDouble else { return try integer(start, radix: 10, from: start) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text.hasPrefix(".") ? "0" + text : text), value.isFinite else {
            throw SyntaxFailure("this number is too large for a double", at: start)
        }
        return .double(value)
    }

    private mutating func integer(_ first: Int, radix: Int, from start: Int) throws(SyntaxFailure) -> Token.Kind {
        let digits = String(decoding: bytes[first..<position], as: UTF8.self)
        guard !digits.isEmpty else { throw SyntaxFailure("hexadecimal digits are expected after '0x'", at: start) }
        guard let value = UInt64(digits, radix: radix) else {
            throw SyntaxFailure("this number is too large for 64 bits; write it as a double, with '.0'", at: start)
        }
        guard let suffix = peek(), suffix | 0x20 == UInt8(ascii: "u") else { return .int(value) }
        position += 1
        return .uint(value)
    }
}
