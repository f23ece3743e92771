internal import GerbangJSON
internal import GerbangYAML
internal import Testing

@Suite("JSON written as YAML")
struct YAMLTextTests {
    private func read(_ text: String) throws -> JSONValue {
        do {
            return try YAMLDocument(text).value
        } catch {
            Issue.record("\(error): \(text)")
            throw error
        }
    }

    @Test("Small things stand on one line, large ones in blocks, remarks in front of what they are about")
    func layout() {
        let value: JSONValue = [
            "manifest": 1,
            "agency": ["id": "Register Contoh", "en": "Example, Register"],
            "operations": [
                "lookup": ["path": "/vehicles/${input.plate}", "verdict": [["when": "status == 200", "x": [:]]]]
            ],
        ]
        let pointer = JSONPointer.root.appending("operations").appending("lookup")
        #expect(
            YAMLText.write(value, comments: [pointer: "first\nsecond"]) == """
                manifest: 1
                agency: {id: Register Contoh, en: "Example, Register"}
                operations:
                  # first
                  # second
                  lookup:
                    path: /vehicles/${input.plate}
                    verdict:
                      - when: status == 200
                        x: {}

                """
        )
    }

    @Test(
        "Text keeps its meaning",
        arguments: [
            "", " ", "a ", "true", "Null", "yes", "~", "12", "1e3", ".5", "0x1F", "-1", "- a", "a: b", "a:", "a #b",
            "#a", "'", "\"",
            "{a", "[", "a, b", "&a", "*a", "!a", "%a", "@a", "`a", "| a", "> a", "? a", "a\nb", "a\r\nb\n", "\t",
            "a\u{0}b", "\u{7F}", "\u{85}",
            "\u{A0}a", "\u{2028}", "é", "permohonan – selesai", "😀", "${input.nik}", "ref: ${request.key}",
            "2026-01-31", "=", "<<",
            "a\\b", "---", "...", ".inf", "_", "a:b", "http://a/b?c=d#e",
        ]
    )
    func text(_ text: String) throws {
        for value: JSONValue in [
            ["a": .string(text)], [.string(text)], .object([text: 1]),
            ["a": ["b": .string(text), "c": [["d": .string(text)]]]],
            [["a": .string(text)], [.string(text), ["b": [:]]]],
        ] {
            #expect(try read(YAMLText.write(value)) == value)
        }
    }

    @Test("What is written reads back, whatever it is", arguments: 0..<200)
    func random(seed: Int) throws {
        var generator = SplitMix(state: UInt64(seed))
        let value = Self.value(depth: 0, using: &generator)
        #expect(try read(YAMLText.write(value)) == value)
    }

    private static func value(depth: Int, using generator: inout SplitMix) -> JSONValue {
        let texts = [
            "a", "b c", "x: y", "", "12", "null", "ä\n", "- q", "${a}", "{}",
            "very " + String(repeating: "long ", count: 60),
        ]
        switch Int.random(in: depth == 0 ? 6...9 : depth > 4 ? 0...5 : 0...9, using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .number(JSONNumber(Int.random(in: -1000...1000, using: &generator)))
        case 3...5: return .string(texts[Int.random(in: texts.indices, using: &generator)])
        case 6, 7:
            return .array(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth + 1, using: &generator) }
            )
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                object[texts[Int.random(in: texts.indices, using: &generator)]] = value(
                    depth: depth + 1,
                    using: &generator
                )
            }
            return .object(object)
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
