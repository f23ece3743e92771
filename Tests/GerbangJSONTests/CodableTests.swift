internal import FoundationEssentials
internal import GerbangJSON
internal import Testing

@Suite("Other encoders and decoders")
struct CodableTests {
    @Test("a value passes through another encoder and decoder")
    func roundTrip() throws {
        let value: JSONValue = [
            "null": nil, "bool": true, "text": "é\n", "list": [1, -2, [], [:], nil], "nik": 3_174_015_708_900_003,
            "half": .number(try #require(JSONNumber("0.5"))), "large": .number(JSONNumber(UInt64.max)),
        ]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
        #expect(try JSONValue(parsing: Array(data)) == value)
    }

    @Test("a number is written in full or not at all")
    func numbers() throws {
        for text in ["1.5", "0.1", "1500000.10", "1e2", "-0", "9223372036854775808"] {
            let number = try #require(JSONNumber(text))
            let data = try JSONEncoder().encode([JSONValue.number(number)])
            let written = try #require(try JSONValue(parsing: Array(data))[0]?.numberValue)
            #expect(written.isNumericallyEqual(to: number))
        }
        for text in ["1E400", "123456789012345678901234567890", "0.1234567890123456789"] {
            let number = try #require(JSONNumber(text))
            #expect(throws: EncodingError.self) { try JSONEncoder().encode([JSONValue.number(number)]) }
        }
    }

    @Test("a value that nests too deep is refused by the decoder too")
    func depth() throws {
        for (depth, isAllowed) in [(128, true), (129, false), (400, false)] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            #expect((value != nil) == isAllowed)
        }
    }
}
