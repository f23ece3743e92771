extension JSONValue {
    /// Parses a JSON text in UTF-8 (RFC 8259), strictly.
    ///
    /// A byte order mark, invalid UTF-8 and lone surrogate escapes are refused. Where a key occurs twice in an object, the last
    /// value stands in the place of the first, unless the limits refuse it.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) {
        self = try bytes.withUnsafeBytes { JSONParser.parse($0, limits: limits) }.get()
    }

    /// Parses a JSON text (RFC 8259), as strictly as from bytes.
    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { JSONParser.parse(UnsafeRawBufferPointer($0), limits: limits) }.get()
    }

    /// Parses bytes where they lie, without a copy; they are read only during the call.
    package init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default) throws(JSONError) {
        self = try JSONParser.parse(bytes, limits: limits).get()
    }
}

/// A recursive-descent parser over borrowed bytes.
///
/// The depth limit bounds the recursion.
struct JSONParser {
    let base: UnsafePointer<UInt8>
    let end: Int
    let maximumDepth: Int
    let allowsRepeatedKeys: Bool
    var position = 0
    /// Where strings with escapes are put together.
    var scratch: [UInt8] = []

    static func parse(_ raw: UnsafeRawBufferPointer, limits: JSONLimits) -> Result<JSONValue, JSONError> {
        raw.withMemoryRebound(to: UInt8.self) { bytes in
            do throws(ParseFailure) {
                guard let base = bytes.baseAddress else { throw ParseFailure(reason: .empty, offset: 0) }
                guard bytes.count <= limits.maximumBytes else {
                    throw ParseFailure(reason: .tooLarge, offset: max(0, limits.maximumBytes))
                }
                if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw ParseFailure(reason: .byteOrderMark, offset: 0) }
                var parser = JSONParser(
                    base: base,
                    end: bytes.count,
                    maximumDepth: limits.maximumDepth,
                    allowsRepeatedKeys: limits.allowsRepeatedKeys
                )
                return .success(try parser.document())
            } catch {
                return .failure(JSONError(error, in: bytes, limits: limits))
            }
        }
    }

    private mutating func document() throws(ParseFailure) -> JSONValue {
        skipWhiteSpace()
        if position == end { throw failure(.empty) }
        let result = try value(depth: 0)
        skipWhiteSpace()
        if position < end { throw failure(.trailingContent) }
        return result
    }

    /// Parses the value that begins at the position, white space already skipped.
    private mutating func value(depth: Int) throws(ParseFailure) -> JSONValue {
        guard position < end else { throw failure(.unterminated) }
        switch base[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            throw failure(.unknownLiteral)
        default: throw failure(.valueExpected)
        }
    }

    private mutating func array(depth: Int) throws(ParseFailure) -> JSONValue {
        if depth > maximumDepth { throw failure(.tooDeep) }
        position += 1
        skipWhiteSpace()
        var elements: [JSONValue] = []
        if skip(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth))
            skipWhiteSpace()
            if skip(UInt8(ascii: ",")) {
                skipWhiteSpace()
            } else if skip(UInt8(ascii: "]")) {
                return .array(elements)
            } else {
                throw failure(.elementEndExpected)
            }
        }
    }

    private mutating func object(depth: Int) throws(ParseFailure) -> JSONValue {
        if depth > maximumDepth { throw failure(.tooDeep) }
        position += 1
        skipWhiteSpace()
        var members = JSONObject()
        if skip(UInt8(ascii: "}")) { return .object(members) }
        while true {
            guard position < end, base[position] == UInt8(ascii: "\"") else { throw failure(.keyExpected) }
            let start = position
            let key = try string()
            if !allowsRepeatedKeys, members.position(of: key) != nil {
                throw ParseFailure(reason: .repeatedKey, offset: start)
            }
            skipWhiteSpace()
            guard skip(UInt8(ascii: ":")) else { throw failure(.colonExpected) }
            skipWhiteSpace()
            members.set(key, try value(depth: depth))
            skipWhiteSpace()
            if skip(UInt8(ascii: ",")) {
                skipWhiteSpace()
            } else if skip(UInt8(ascii: "}")) {
                return .object(members)
            } else {
                throw failure(.memberEndExpected)
            }
        }
    }

    private mutating func number() throws(ParseFailure) -> JSONNumber {
        let start = position
        if let reason = NumberGrammar.scan(base, &position, end: end) { throw failure(reason) }
        let bytes = UnsafeBufferPointer(start: base + start, count: position - start)
        return JSONNumber(scanned: String(decoding: bytes, as: UTF8.self))
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(ParseFailure) -> JSONValue {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        let bytes = UnsafeBufferPointer(start: base + position, count: min(expected.count, end - position))
        guard bytes.elementsEqual(expected) else { throw failure(.unknownLiteral) }
        position += expected.count
        return value
    }

    @inline(__always)
    private mutating func skipWhiteSpace() {
        while position < end {
            switch base[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < end, base[position] == byte else { return false }
        position += 1
        return true
    }

    /// A failure at the position; whatever was expected there, at the end of the text it says that the text ended.
    func failure(_ reason: ParseFailure.Reason) -> ParseFailure {
        let isAtEnd = position >= end && reason != .empty && reason != .digitExpected
        return ParseFailure(reason: isAtEnd ? .unterminated : reason, offset: position)
    }
}
