internal import GerbangJSON
internal import GerbangSchema
internal import Testing

@Suite("Patterns")
struct PatternTests {
    @Test("A pattern that makes backtracking explode takes no time", arguments: ["a", "ab"])
    func explosion(unit: String) throws {
        let text = String(repeating: "a", count: 50_000)
        let value = JSONValue.string(unit == "a" ? text : text + "b")
        let schema = try JSONSchema(json(#"{"pattern":"^(a+)+$"}"#))
        let time = ContinuousClock().measure {
            #expect(schema.validate(value).isEmpty == (unit == "a"))
        }
        // Unoptimised and with sanitizers it takes a few milliseconds; backtracking would outlast the machine.
        #expect(time < .seconds(5))
    }

    @Test("Keys of a million letters are matched too")
    func longKeys() throws {
        let key = String(repeating: "a", count: 1_000_000) + "b"
        let schema = try JSONSchema(
            json(#"{"patternProperties":{"^(a|aa)+$":false},"propertyNames":{"pattern":"b$"}}"#)
        )
        #expect(schema.validate(.object(JSONObject([(key: key, value: .null)]))).isEmpty)
    }

    @Test(
        "Patterns match as ECMA-262 says",
        arguments: [
            (#"^\d{3}$"#, "123", true), (#"^\d$"#, "\u{0663}", false), (#"^\w+$"#, "aZ_9", true),
            (#"^\w$"#, "é", false),
            (#"^\s$"#, "\u{00a0}", true), (#"^\s$"#, "\u{feff}", true), (#"^\s$"#, "\u{000b}", true),
            (#"^\S$"#, "\u{2003}", false), (#"^[\S]$"#, "\u{2003}", false), (#"^[^\S]$"#, "\u{2003}", true),
            (#"^[\s\S]$"#, "\n", true), (#"^.$"#, "\n", false), (#"^.$"#, "\r", false), (#"^.$"#, "\u{2028}", false),
            (#"^.$"#, "😀", true), (#"a$"#, "a\n", false), (#"^a"#, "b\na", false),
            (#"^\u0041\x42\cJ$"#, "AB\n", true), (#"^\ud83d\ude00$"#, "😀", true), (#"^\u{1F600}$"#, "😀", true),
            (#"^[\w-.]+$"#, "a-b.c", true), (#"^[.-\d]+$"#, "1-.", true), (#"^[a\-z]+$"#, "a-z", true),
            (#"^[\b]$"#, "\u{8}", true), (#"^[[:alpha:]]$"#, "p]", true), (#"^[[:alpha:]]$"#, "b", false),
            (#"^(?<year>\d{4})-(?:0|1)$"#, "2024-1", true), (#"^\p{Lu}$"#, "É", true),
            (#"^\p{Script=Latin}+$"#, "abc", true),
            (#"^\/\-\.\@$"#, "/-.@", true), (#"^[^]$"#, "\n", true), (#"[]"#, "a", false), (#"^a{2}]}$"#, "aa]}", true),
            (#"^\0$"#, "\0", true), ("", "anything", true), ("é+", "caféé", true),
        ]
    )
    func semantics(pattern: String, text: String, matches: Bool) throws {
        let schema = try JSONSchema(.object(["pattern": .string(pattern)]))
        #expect(schema.validate(.string(text)).isEmpty == matches)
    }

    @Test(
        "What cannot be matched in linear time, or is no pattern, is refused when the schema is read",
        arguments: [
            (#"^(?=a)"#, "looks ahead or behind"), (#"(?<!a)b"#, "looks ahead or behind"), (#"(a)\1"#, "refers back"),
            (#"(?<x>a)\k<x>"#, "refers back"), (#"(?i)a"#, "unknown kind of group"), (#"a\Z"#, "escapes a letter"),
            (#"[a"#, "without its ]"), (#"a\"#, "escapes nothing"), (#"\u12"#, #"has a \u"#),
            (#"\ud83d"#, #"has a \u"#),
            (#"\xZ1"#, #"has a \x"#), (#"\c1"#, #"has a \c"#), (#"\pL"#, #"has a \p"#),
            ("(a", "is not a regular expression"),
            ("a**", "is not a regular expression"), ("a{1001}", "1000 at most"), ("((a{100}){100}){100}", "too large"),
            (#"\p{Nonsense}"#, "is not a regular expression"), ("[z-a]", "is not a regular expression"),
        ]
    )
    func refusals(pattern: String, reason: String) throws {
        for (schema, pointer) in [
            (["properties": ["a": ["pattern": .string(pattern)]]], "/properties/a/pattern"),
            (["patternProperties": .object([pattern: true])], "/patternProperties"),
        ] as [(JSONValue, String)] {
            let error = try #require(try schemaError(String(decoding: schema.encoded(), as: UTF8.self)))
            #expect(error.code == .unsupportedPattern)
            #expect(error.message.contains(reason), "\(error)")
            #expect(error.pointer.description.hasPrefix(pointer))
        }
    }
}
