internal import GerbangJSON
internal import Testing

@Suite("Parsing")
struct ParsingTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: [UInt8]
        let code: JSONError.Code
        let offset: Int
        let line: Int
        let column: Int

        init(_ text: String, _ code: JSONError.Code, offset: Int, line: Int = 1, column: Int) {
            self.init(Array(text.utf8), code, offset: offset, line: line, column: column)
        }

        init(_ text: [UInt8], _ code: JSONError.Code, offset: Int, line: Int = 1, column: Int) {
            self.text = text
            self.code = code
            self.offset = offset
            self.line = line
            self.column = column
        }

        var testDescription: String { "\(code) in \(String(decoding: text, as: UTF8.self))" }
    }

    @Test(
        "an error says what is wrong and where",
        arguments: [
            Refusal("", .empty, offset: 0, column: 1),
            Refusal(" \n ", .empty, offset: 3, line: 2, column: 2),
            Refusal("\u{FEFF}{}", .byteOrderMark, offset: 0, column: 1),
            Refusal("[1,\n 2,\n]", .unexpectedCharacter, offset: 8, line: 3, column: 1),
            Refusal("{\"é\": x}", .unexpectedCharacter, offset: 7, column: 7),
            Refusal("{\"a\" 1}", .unexpectedCharacter, offset: 5, column: 6),
            Refusal("{\"a\":1,}", .unexpectedCharacter, offset: 7, column: 8),
            Refusal("{\"a\":1", .unexpectedEnd, offset: 6, column: 7),
            Refusal("\"abc", .unexpectedEnd, offset: 4, column: 5),
            Refusal("\"abc\\", .unexpectedEnd, offset: 5, column: 6),
            Refusal("\"\\u00", .unexpectedEnd, offset: 5, column: 6),
            Refusal("tru", .unexpectedCharacter, offset: 0, column: 1),
            Refusal("{} {}", .unexpectedCharacter, offset: 3, column: 4),
            Refusal("[012]", .invalidNumber, offset: 2, column: 3),
            Refusal("-", .invalidNumber, offset: 1, column: 2),
            Refusal("1.e3", .invalidNumber, offset: 2, column: 3),
            Refusal("\"a\tb\"", .invalidString, offset: 2, column: 3),
            Refusal(#""\x""#, .invalidString, offset: 1, column: 2),
            Refusal(#""\u12g4""#, .invalidString, offset: 5, column: 6),
            Refusal(#""\ud800""#, .loneSurrogate, offset: 1, column: 2),
            Refusal(#""\udc00\ud800""#, .loneSurrogate, offset: 1, column: 2),
            Refusal(#""\ud800\u0041""#, .loneSurrogate, offset: 1, column: 2),
            Refusal([0x22, 0x61, 0xC0, 0xAF, 0x22], .invalidUTF8, offset: 2, column: 3),
            Refusal([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, offset: 1, column: 2),
            Refusal([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, offset: 1, column: 2),
            Refusal([0x22, 0x5C, 0x6E, 0x61, 0xFF, 0x22], .invalidUTF8, offset: 4, column: 5),
        ]
    )
    func refusals(refusal: Refusal) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: refusal.text) }
        #expect(error.code == refusal.code)
        #expect(error.offset == refusal.offset)
        #expect(error.line == refusal.line)
        #expect(error.column == refusal.column)
    }

    @Test("an error repeats nothing of the text")
    func silence() throws {
        for text in ["{\"nik\":\"3174015708900003\" \"SITI CONTOH\"}", "[SITI]", "\"SITI\\q\"", "3174015708900003x"] {
            let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
            for word in ["SITI", "CONTOH", "nik", "31740"] { #expect(!error.description.contains(word)) }
        }
    }

    @Test("a million opening brackets are refused, not a stack overflow", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func hostileDepth(opening: String) throws {
        let bytes = Array(repeatElement(Array(opening.utf8), count: 1_000_000).joined())
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error.code == .tooDeep)
        let deepest = JSONLimits(maximumDepth: .max)
        #expect(deepest.maximumDepth == JSONLimits.deepest)
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes, limits: deepest) }
    }

    @Test("the limits are exact")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(128)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(129)) }
        let deepest = JSONLimits(maximumDepth: JSONLimits.deepest)
        let value = try JSONValue(parsing: nested(JSONLimits.deepest), limits: deepest)
        #expect(value.text() == nested(JSONLimits.deepest))
        #expect(Set([value]).contains(value))

        var small = JSONLimits(maximumBytes: 4)
        #expect(try JSONValue(parsing: "1234", limits: small) == 1234)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "12345", limits: small) }
        #expect(error?.code == .tooLarge)
        small.maximumDepth = -3
        #expect(small.maximumDepth == 0)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[]", limits: small) }
    }

    @Test("escapes and characters of every length become text")
    func strings() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0000A\u00e9\u20AC\uD83D\ude00 é€😀 with a tail of some length""#
        let expected = "\"\\/\u{8}\u{C}\n\r\t\u{0}Aé€😀 é€😀 with a tail of some length"
        #expect(try JSONValue(parsing: text).stringValue == expected)
    }

    @Test("a quote is found at every distance from the start, and so is an escape")
    func wordBoundaries() throws {
        for length in 0..<40 {
            for filler in ["x", "é", "\u{7F}"] {
                let text = String(repeating: filler, count: length)
                #expect(try JSONValue(parsing: "[\"\(text)\",1]") == [.string(text), 1])
                #expect(try JSONValue(parsing: "[\"\(text)\\n\(text)\"]") == [.string(text + "\n" + text)])
                #expect(throws: JSONError.self) { try JSONValue(parsing: "\"\(text)\u{1F}\"") }
            }
        }
    }

    @Test("bytes are parsed where they lie")
    func borrowed() throws {
        let bytes = Array("xx{\"a\":[1]}yy".utf8)
        let value = try bytes[2..<(bytes.count - 2)].withUnsafeBytes { try JSONValue(parsing: $0) }
        #expect(value == ["a": [1]])
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    @Test("a key that comes twice is refused where the limits say so, at the second one")
    func refusedDuplicates() throws {
        let limits = JSONLimits(allowsRepeatedKeys: false)
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: #"{"a": 1, "b": [{"a": 2}], "\u0061": 3}"#, limits: limits)
        }
        #expect(error?.code == .repeatedKey && error?.offset == 26)
        let many = (0..<40).map { #""k\#($0)": 1"# }.joined(separator: ", ")
        #expect(try JSONValue(parsing: "{\(many)}", limits: limits).objectValue?.count == 40)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(many), \"k3\": 1}", limits: limits) }
    }

    @Test("the last of two equal keys wins, in the place of the first")
    func duplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#).text() == #"{"a":3,"b":2}"#)
    }
}
