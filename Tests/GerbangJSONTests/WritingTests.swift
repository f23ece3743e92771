internal import GerbangJSON
internal import Testing

@Suite("Writing")
struct WritingTests {
    @Test("only what must be escaped is")
    func escapes() throws {
        let value = JSONValue.string("\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}é\u{2028}😀 and a longer tail")
        #expect(value.text() == "\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\u{7F}é\u{2028}😀 and a longer tail\"")
        #expect(try JSONValue(parsing: value.encoded()) == value)
    }

    @Test("the pretty form is for people")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": [],
              "d": {}
            }
            """
        #expect(value.text(.pretty) == expected)
        #expect(value.text() == #"{"a":[1,{"b":null}],"c":[],"d":{}}"#)
    }

    @Test("the canonical form sorts keys by UTF-16 code units at every level")
    func canonical() throws {
        // The order is that of the example in RFC 8785, section 3.2.3.
        let sorted = ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"]
        let inner = JSONObject(uniqueKeysWithValues: sorted.reversed().map { ($0, nil) })
        let value: JSONValue = ["z": .object(inner), "a": .number(try #require(JSONNumber("1.0")))]
        let canonical = try JSONValue(parsing: value.encoded(.canonical))
        #expect(canonical.objectValue?.keys == ["a", "z"])
        #expect(canonical["z"]?.objectValue?.keys == sorted)
        #expect(canonical["a"]?.numberValue?.text == "1.0")
    }

    @Test("the order of keys is that of their UTF-16 views")
    func canonicalOrder() {
        let alphabet: [Character] = [
            "a", "b", "\u{7F}", "é", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ]
        var random = SplitMix64(seed: 7)
        let keys = (0..<300).map { _ in
            String(
                (0..<Int.random(in: 0..<5, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
            )
        }
        let object = JSONObject(uniqueKeysWithValues: keys.map { ($0, nil) })
        let written = try? JSONValue(parsing: JSONValue.object(object).encoded(.canonical)).objectValue?.keys
        #expect(written == object.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) })
    }
}
