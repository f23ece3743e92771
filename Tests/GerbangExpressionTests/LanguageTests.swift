internal import GerbangExpression
internal import Synchronization
internal import Testing

@Suite("Macros, names and types")
struct LanguageTests {
    @Test("macros over lists and maps, with one variable and with two")
    func macros() {
        expectTrue([
            "[1, 2].all(x, x > 0)", "[].all(x, x > 0)", "![].exists(x, x > 0)", "{'a': 1}.all(k, k == 'a')",
            "[1, 2].exists_one(x, x == 1)", "[1, 2].existsOne(x, x == 1)",
            "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]", "{'a': 1, 'b': 2}.map(k, k) == ['a', 'b']",
            "{'a': 1}.filter(k, false) == []", "[3, 4].all(i, v, v == i + 3)",
            "{'a': 1}.exists(k, v, k == 'a' && v == 1)", "[5, 6].transformList(i, v, i * v) == [0, 6]",
            "[5, 6].transformList(i, v, v > 5, v) == [6]",
            "{'a': 1}.transformList(k, v, k + string(v)) == ['a1']", "[5].transformMap(i, v, v) == {0: 5}",
            "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 2) == {'b': 4}",
            "{'a': 'x'}.transformMapEntry(k, v, {v: k}) == {'x': 'a'}",
            "[1, 2].transformMapEntry(i, v, v > 1, {v: i}) == {2: 1}", "cel.bind(x, 2, x * x) == 4",
            "cel.bind(x, 1, cel.bind(x, x + 1, x)) == 2", "[[1, 2], [3]].map(l, l.map(x, x * 2)) == [[2, 4], [6]]",
            "[1, 2].map(x, [x].map(x, x + 1)[0]) == [2, 3]",
        ])
        expectError(.duplicateKey, ["[1, 2].transformMapEntry(i, v, {'k': v})"])
        expectError(
            .noSuchOverload,
            ["dyn(1).all(x, true)", "dyn('ab').map(x, x)", "[1].transformMapEntry(i, v, dyn(v))"]
        )
        expectError(
            .syntax,
            [
                "has(1)", "has(a[0])", "[1].all(1, true)", "[1].all(a.b, true)", "[1].all(x, x, true)",
                "cel.bind(1, 2, 3)", "[1].map(.x, 1)",
            ]
        )
    }

    @Test("names are looked for in the container first, the longest first, and macro variables hide them")
    func names() throws {
        let bindings: [String: CELValue] = [
            "a": ["b": ["c": 1]], "a.b": ["c": 2], "x.y": 3, "y": 4, "x.a.b.c": 5, "com.example.z": 6,
        ]
        #expect(try evaluate("a.b.c", bindings) == 2)
        #expect(try evaluate("(a).b.c", bindings) == 1)
        #expect(try evaluate("y", bindings, container: "x") == 3)
        #expect(try evaluate(".y", bindings, container: "x") == 4)
        #expect(try evaluate("a.b.c", bindings, container: "x") == 5)
        #expect(try evaluate("z", bindings, container: "com.example.deeper") == 6)
        #expect(try evaluate("[10].map(y, y + .y)", bindings) == [14])
        #expect(try evaluate("[{'z': 7}].map(com, com.z)", bindings) == [7])
        #expect(try evaluate("[{'b': {'c': 7}}].map(a, a.b.c)", bindings) == [7])
        #expect(try evaluate("int", ["int": 1]) == 1)
        #expect(try evaluate("size == 3 && [1, 2, 3].size() == size", ["size": 3]) == true)
        // Without the checker an unbound longer name gives way to a shorter one.
        let environment = CELEnvironment(variables: ["p": .dyn, "p.q": .dyn])
        let program = try environment.compile("p.q", isChecked: false)
        #expect(try program.evaluate(["p": ["q": 1]]) == 1)
        #expect(try program.evaluate(["p": ["q": 1], "p.q": 2]) == 2)
        #expect(program.variableNames == ["p", "p.q"])
    }

    @Test(
        "errors of the checker have line, column and a hint",
        arguments: [
            ("a +\n  unknown", CELError.Code.undeclaredName, 2, 3, "declared are a"),
            ("a == 1 && size(1) == 2", .wrongType, 1, 11, "size(string)"),
            ("'é😀' + 1", .wrongType, 1, 6, "string + string"),
            ("nothing(a)", .undeclaredFunction, 1, 1, "no function"),
            ("a.startsWith()", .undeclaredFunction, 1, 3, "takes 1 arguments"),
            ("startsWith(a, 'x')", .undeclaredFunction, 1, 1, "x.startsWith"),
            ("a ? 1 : 'x'", .wrongType, 1, 9, "dyn()"),
            ("[1, 2].all(x, x + 1)", .wrongType, 1, 17, "bool"),
            ("1.b", .wrongType, 1, 3, "maps"),
            ("1 + ", .syntax, 1, 5, "value is expected"),
            ("(1", .syntax, 1, 3, "')'"),
            ("a b", .syntax, 1, 3, "operator"),
            ("a & b", .syntax, 1, 3, "&&"),
            ("\n\n  €", .syntax, 3, 3, "strings"),
        ]
    )
    func places(source: String, code: CELError.Code, line: Int, column: Int, hint: String) throws {
        let environment = CELEnvironment(variables: ["a": .dyn])
        let error = try #require(#expect(throws: CELError.self) { try environment.compile(source) })
        #expect(
            error.code == code && error.line == line && error.column == column && error.message.contains(hint),
            "\(error)"
        )
    }

    @Test("the checker knows declared types and the type that is expected")
    func types() throws {
        let environment = CELEnvironment(variables: [
            "text": .string, "count": .int, "tags": .list(.string), "rates": .map(.string, .double),
            "maybe": .optional(.int), "when": .timestamp,
        ])
        let types: [(String, CELType)] = [
            ("text + 'a'", .string), ("tags.map(t, t.size())", .list(.int)), ("rates['a'] * 2.0", .double),
            ("maybe.orValue(1)", .int), ("[count, text]", .list(.dyn)),
            ("tags[?0]", .optional(.string)), ("rates.transformMap(k, v, k)", .map(.string, .string)),
            ("when - when", .duration), ("dyn(text)", .dyn),
            ("{'a': [count]}", .map(.string, .list(.int))), ("[]", .list(.dyn)), ("true ? [] : tags", .list(.string)),
            ("tags.sortBy(t, t.size())", .list(.string)),
            ("type(1)", .type), ("maybe.optMap(m, string(m))", .optional(.string)),
            ("[[1], [dyn('a')]]", .list(.list(.dyn))), ("rates.all(k, v, v > 1)", .bool),
        ]
        for (source, type) in types { #expect(try environment.compile(source).type == type, "\(source)") }
        for source in [
            "text + count", "tags.contains('a')", "rates[1]", "count.size()", "when + 1", "tags[0] == 1", "maybe + 1",
            "text.x", "tags.all(t, t > 1)",
        ] {
            #expect(throws: CELError.self, "\(source)") { try environment.compile(source) }
        }
        #expect(try environment.compile("count > 1", expecting: .bool).type == .bool)
        #expect(throws: CELError.self) { try environment.compile("count + 1", expecting: .bool) }
        #expect(CELType.map(.string, .list(.int)).description == "map(string, list(int))")
    }

    @Test("an error of the evaluation has its place, and no value in its text")
    func evaluationErrors() throws {
        let environment = CELEnvironment(variables: ["nik": .string])
        let program = try environment.compile("true &&\n int(nik) > 0")
        let error = try #require(#expect(throws: CELError.self) { try program.evaluate(["nik": "3174015708900003x"]) })
        #expect(error.line == 2 && error.column == 2 && error.code == .invalidValue)
        #expect(!error.description.contains("3174"))
        let unbound = try #require(#expect(throws: CELError.self) { try program.evaluate() })
        #expect(unbound.code == .unboundVariable)
    }

    @Test("one program serves many tasks at once")
    func concurrency() async throws {
        let environment = CELEnvironment(variables: ["n": .int, "zone": .string])
        let program = try environment.compile(
            "lists.range(n).map(x, x * n).exists(x, string(x).matches('^[0-9]+$') && timestamp(x).getHours(zone) >= 0) ? n : -1"
        )
        let results = try await withThrowingTaskGroup(of: (Int64, CELValue).self) { group in
            for index in 1...200 {
                group.addTask {
                    (
                        Int64(index),
                        try program.evaluate([
                            "n": .int(Int64(index)), "zone": index % 2 == 0 ? "Asia/Tokyo" : "Asia/Jakarta",
                        ])
                    )
                }
            }
            var results: [Int64: CELValue] = [:]
            for try await (index, value) in group { results[index] = value }
            return results
        }
        #expect(results.count == 200 && results.allSatisfy { $0.value == .int($0.key) })
    }
}
