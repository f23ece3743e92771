internal import GerbangExpression
internal import Testing

@Suite("Literals")
struct LiteralTests {
    @Test("numbers")
    func numbers() {
        expectTrue([
            "0x1F == 31", "-0x8000000000000000 == -9223372036854775808", "18446744073709551615u == 0xFFFFFFFFFFFFFFFFu",
            "5U == 5u", ".5 == 0.5", "1e3 == 1000.0", "1E-3 == 0.001", "2.5e+1 == 25.0", "- 1 == -1", "3-1 == 2",
            "3 - -1 == 4",
            "--5 == 5", "-9223372036854775808 + 9223372036854775807 == -1", "5e-324 > 0.0",
        ])
        expectError(
            .syntax,
            [
                "9223372036854775808", "-9223372036854775809", "18446744073709551616u", "1e400", "1e", "0x", "1.",
                "1..2",
                "01a", "0xg", "1 2", "- -", "!-x",
            ]
        )
    }

    @Test("strings and their escapes")
    func strings() {
        expectTrue([
            #"'a\tb\n' == "a\x09b\u000a""#, #"'\101\x41\U00000041' == 'AAA'"#, #"'\'' == "'""#, #"r'\n' == '\\n'"#,
            "'''x''x''' == \"x''x\"", "'''a\nb''' == 'a\\nb'",
            "\"\"\"\"a\"\"\".size() == 2", #"'\ud83d\ude00' == '😀'"#, #"'\u00e9' != 'e\u0301'"#, #"'\?\`' == '?`'"#,
            "'// no comment' == \"// no comment\" // a comment", "''.size() == 0", "'\\a\\b\\f\\v'.size() == 4",
        ])
        expectError(
            .syntax,
            [
                "'a", "\"a'", "'a\nb'", "'a\rb'", #"'\q'"#, #"'\8'"#, #"'\400'"#, #"'\x4'"#, #"'\u12'"#, #"'\ud800'"#,
                #"'\U00110000'"#, "'''a''", #"'\"#, "`a`", "'a' 'b'",
            ]
        )
    }

    @Test("bytes")
    func bytes() {
        expectTrue([
            #"b'\xff\377'.size() == 2"#, "b'ÿ'.size() == 2", "b'ÿ' == b'\\303\\277'", #"br'\xff'.size() == 4"#,
            #"B"""a"b""".size() == 3"#, "bytes('é') == b'\\xc3\\xa9'",
        ])
        expectError(.syntax, [#"b'\u0041'"#, #"b'\U00000041'"#, "b'a", "rb'a'"])
        expectError(.invalidValue, [#"string(b'\xff')"#, #"string(b'\xed\xa0\x80')"#])
    }

    @Test("lists and maps")
    func aggregates() {
        expectTrue([
            "[1, 2,] == [1, 2]", "{'a': 1,} == {'a': 1}", "[[], {}] == [[], {}]",
            "{1: 'a', 2u: 'b', true: 'c', 'd': 'd'}.size() == 4",
            "{'a.b c-d/e': 1}.`a.b c-d/e` == 1", "{'if': 1}.if == 1", "{'true': 1}['true'] == 1",
        ])
        expectError(.duplicateKey, ["{1: 1, 1u: 2}", "{'a': 1, 'a': 1}"])
        expectError(.noSuchOverload, ["{dyn(1.0): 1}", "{dyn(null): 1}", "{dyn([1]): 1}"])
        expectError(.wrongType, ["{1.0: 1}", "{null: 1}"])
        expectError(.syntax, ["[1", "{1}", "{1: }", "[,]", "{,}", "[1,,2]", "f(1,)", "Type{a: 1}"])
    }

    @Test("reserved words are no names, but fields and functions on values")
    func reserved() {
        for word in ["as", "break", "const", "for", "if", "in", "namespace", "while"] {
            #expect(errorCode(word) == .syntax)
        }
        expectTrue(["a.for() || true", "a.package() || true"], isChecked: false)
        expectError(.syntax, ["{'a': 1}.in", "{'a': 1}.null", "a.true"])
    }
}
