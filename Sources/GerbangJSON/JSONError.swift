/// Why a text is not acceptable JSON, and where.
///
/// It never repeats anything from the text, so it can be logged and sent to whoever sent the text.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for the kind of error.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name as it stands in logs and answers.
        public let rawValue: String

        /// Makes a code of its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name.
        public var description: String { rawValue }

        /// There is no value at all.
        public static let empty = Code(rawValue: "json.empty")
        /// The text has more bytes than allowed.
        public static let tooLarge = Code(rawValue: "json.tooLarge")
        /// Arrays and objects nest deeper than allowed.
        public static let tooDeep = Code(rawValue: "json.tooDeep")
        /// The text begins with a byte order mark (RFC 8259, section 8.1).
        public static let byteOrderMark = Code(rawValue: "json.byteOrderMark")
        /// The text ends in the middle of a value.
        public static let unexpectedEnd = Code(rawValue: "json.unexpectedEnd")
        /// Something else was expected here.
        public static let unexpectedCharacter = Code(rawValue: "json.unexpectedCharacter")
        /// An object has a key twice, and the limits refuse that (RFC 7493, section 2.3).
        public static let repeatedKey = Code(rawValue: "json.repeatedKey")
        /// A number that the grammar does not know (RFC 8259, section 6).
        public static let invalidNumber = Code(rawValue: "json.invalidNumber")
        /// A string holds a control character, or an escape that the grammar does not know (RFC 8259, section 7).
        public static let invalidString = Code(rawValue: "json.invalidString")
        /// A `\u` escape gives one half of a surrogate pair without the other.
        public static let loneSurrogate = Code(rawValue: "json.loneSurrogate")
        /// A string is not UTF-8: stray, missing or overlong bytes, or an encoded surrogate.
        public static let invalidUTF8 = Code(rawValue: "json.invalidUTF8")
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong and what would be right, without a word from the text.
    public let message: String
    /// How many bytes stand before the error.
    public let offset: Int
    /// The line of the error, from 1.
    ///
    /// Lines end with a line feed.
    public let line: Int
    /// The column of the error, from 1, in Unicode scalars.
    public let column: Int

    /// Place, message and code in one line.
    public var description: String {
        "line \(line), column \(column): \(message) (\(code))"
    }
}

/// What the parser throws: small, because it is passed through every level.
///
/// It becomes a ``JSONError`` at the top.
struct ParseFailure: Error {
    enum Reason {
        case empty
        case tooLarge
        case tooDeep
        case byteOrderMark
        case unterminated
        case valueExpected
        case keyExpected
        case colonExpected
        case repeatedKey
        case memberEndExpected
        case elementEndExpected
        case trailingContent
        case unknownLiteral
        case digitExpected
        case leadingZero
        case controlCharacter
        case unknownEscape
        case hexDigitsExpected
        case loneSurrogate
        case invalidUTF8
    }

    let reason: Reason
    let offset: Int
}

extension JSONError {
    init(_ failure: ParseFailure, in bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(failure.offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        let (code, message) = JSONError.text(for: failure.reason, limits: limits)
        self.init(code: code, message: message, offset: failure.offset, line: line, column: column)
    }

    private static func text(for reason: ParseFailure.Reason, limits: JSONLimits) -> (Code, String) {
        switch reason {
        case .empty: (.empty, "there is no JSON value; even no data at all is written as null")
        case .tooLarge: (.tooLarge, "the text is longer than the \(limits.maximumBytes) bytes allowed")
        case .tooDeep: (.tooDeep, "arrays and objects nest deeper than the \(limits.maximumDepth) levels allowed")
        case .byteOrderMark: (.byteOrderMark, "the text begins with a byte order mark; send UTF-8 without one")
        case .unterminated: (.unexpectedEnd, "the text ends before its value does; it may have been cut off")
        case .valueExpected:
            (.unexpectedCharacter, "a value is expected: an object, array, string, number, true, false or null")
        case .keyExpected:
            (.unexpectedCharacter, "a key in double quotes is expected; no comma may follow the last member")
        case .colonExpected: (.unexpectedCharacter, "a colon is expected between a key and its value")
        case .repeatedKey: (.repeatedKey, "the object has this key before already; every key may come once")
        case .memberEndExpected: (.unexpectedCharacter, "a comma or a closing brace is expected after a member")
        case .elementEndExpected: (.unexpectedCharacter, "a comma or a closing bracket is expected after an element")
        case .trailingContent: (.unexpectedCharacter, "nothing but white space may follow the value")
        case .unknownLiteral:
            (.unexpectedCharacter, "the only bare words are true, false and null; other text needs double quotes")
        case .digitExpected: (.invalidNumber, "a digit is expected in this number")
        case .leadingZero: (.invalidNumber, "a number has no leading zeros; codes that have them are sent as strings")
        case .controlCharacter: (.invalidString, "a string holds a bare control character; it must be escaped")
        case .unknownEscape: (.invalidString, #"unknown escape; the known ones are \" \\ \/ \b \f \n \r \t and \u"#)
        case .hexDigitsExpected: (.invalidString, #"four hexadecimal digits are expected after \u"#)
        case .loneSurrogate:
            (.loneSurrogate, #"half a surrogate pair; characters above U+FFFF are escaped as two \u escapes"#)
        case .invalidUTF8: (.invalidUTF8, "a string is not valid UTF-8")
        }
    }
}
