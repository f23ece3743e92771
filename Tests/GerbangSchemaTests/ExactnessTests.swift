internal import GerbangJSON
internal import GerbangSchema
internal import Testing

private let sixtyDigits = "123456789012345678901234567890123456789012345678901234567890"

@Suite("Numbers and strings are taken exactly")
struct ExactnessTests {
    @Test(
        "Valid values",
        arguments: [
            (#"{"type":"integer"}"#, sixtyDigits),
            (#"{"type":"integer"}"#, "1.0"),
            (#"{"type":"integer"}"#, "1e400"),
            (#"{"type":"integer"}"#, "12300e-2"),
            (#"{"maximum":9999999999999998}"#, "9999999999999998"),
            (#"{"maximum":\#(sixtyDigits)}"#, sixtyDigits),
            (#"{"minimum":0.1}"#, "0.10"),
            (#"{"exclusiveMinimum":-1e-400}"#, "-0.0"),
            (#"{"enum":[3174015708900003]}"#, "3174015708900003"),
            (#"{"enum":[1.0]}"#, "1"),
            (#"{"const":{"a":[1],"b":null}}"#, #"{"b":null,"a":[1.00]}"#),
            (#"{"multipleOf":0.01}"#, "1500000.10"),
            (#"{"multipleOf":0.1}"#, "0.3"),
            (#"{"multipleOf":3}"#, sixtyDigits),
            (#"{"multipleOf":1e-300}"#, "1"),
            (#"{"uniqueItems":true}"#, "[9007199254740992,9007199254740993]"),
            (#"{"maxLength":2}"#, #""😀e""#),
            (#"{"minLength":3}"#, "\"e\u{301}x\""),
            (#"{"maxLength":\#(sixtyDigits)}"#, #""a""#),
            (#"{"minLength":2.0}"#, #""ab""#),
            (#"{"pattern":"^a\u0000b$","minLength":3}"#, #""a\u0000b""#),
            (#"{"const":"a\u0000b"}"#, #""a\u0000b""#),
        ]
    )
    func valid(schema: String, value: String) throws {
        #expect(try issues(schema, value) == [])
    }

    @Test(
        "Values that doubles or C strings would take for valid",
        arguments: [
            (#"{"type":"integer"}"#, "123456789012345678901234567890.5", "type"),
            (#"{"type":"integer"}"#, "1e-400", "type"),
            (#"{"maximum":9999999999999998}"#, "9999999999999999", "maximum"),
            (#"{"exclusiveMaximum":9007199254740993}"#, "9007199254740993", "exclusiveMaximum"),
            (#"{"minimum":\#(sixtyDigits)1}"#, sixtyDigits + "0", "minimum"),
            (#"{"enum":[9007199254740993]}"#, "9007199254740992", "enum"),
            (#"{"const":0.1}"#, "0.10000000000000000001", "const"),
            (#"{"multipleOf":7}"#, "7.5", "multipleOf"),
            (#"{"multipleOf":7}"#, "1e400000000000000000000000", "multipleOf"),
            (#"{"multipleOf":0.01}"#, "0.0100000000000000000001", "multipleOf"),
            (#"{"multipleOf":9007199254740993}"#, "9007199254740992", "multipleOf"),
            (#"{"const":"a"}"#, #""a\u0000b""#, "const"),
            (#"{"const":"1"}"#, "1", "const"),
            (#"{"const":false}"#, "0", "const"),
            (#"{"maxLength":1}"#, #""a\u0000b""#, "maxLength"),
            (#"{"minLength":\#(sixtyDigits)}"#, #""a""#, "minLength"),
        ]
    )
    func invalid(schema: String, value: String, keyword: String) throws {
        let found = try JSONSchema(json(schema)).validate(json(value))
        #expect(found.map(\.keyword) == [keyword])
    }

    @Test("Keys are compared byte by byte in small and large objects", arguments: [0, 100])
    func keys(padding: Int) throws {
        let members = (0..<padding).map { "\"p\($0)\":1" } + ["\"e\u{301}\":1", #""a\u0000":1"#]
        let value = "{" + members.joined(separator: ",") + "}"
        #expect(try issues("{\"required\":[\"e\u{301}\"]}", value) == [])
        #expect(try issues("{\"required\":[\"\u{e9}\"]}", value).count == 1)
        #expect(try issues(#"{"required":["a"]}"#, value).count == 1)
        #expect(try issues("{\"properties\":{\"e\u{301}\":{\"type\":\"null\"}}}", value).count == 1)
    }

    @Test("A number of a million digits is checked in bounded time")
    func longNumber() throws {
        let digits = String(repeating: "9", count: 1_000_000)
        #expect(try issues(#"{"type":"integer","minimum":1,"multipleOf":9}"#, digits) == [])
        #expect(try issues(#"{"multipleOf":0.7}"#, "0.\(digits)").count == 1)
    }
}
