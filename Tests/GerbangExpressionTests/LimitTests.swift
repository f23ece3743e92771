internal import GerbangExpression
internal import Testing

@Suite("Limits")
struct LimitTests {
    /// Generous for a slow machine, far below what an unbounded evaluation would take.
    private static let patience = Duration.seconds(20)

    private func code(_ source: String, _ bindings: [String: CELValue] = [:], isChecked: Bool = true) -> CELError.Code?
    {
        let start = ContinuousClock.now
        let code = errorCode(source, bindings, isChecked: isChecked)
        #expect(ContinuousClock.now - start < Self.patience)
        return code
    }

    private func nested(_ count: Int, _ open: String, _ inner: String, _ close: String) -> String {
        String(repeating: open, count: count) + inner + String(repeating: close, count: count)
    }

    @Test("what nests too deeply is refused while it is read, whatever it is made of")
    func depth() {
        for count in [1000, 10_000] {
            for (open, inner, close) in [
                ("(", "1", ")"), ("[", "", "]"), ("{1:", "1", "}"), ("!", "true", ""), ("- ", "1", ""),
                ("size(", "[]", ")"), ("true ? 1 : ", "2", ""),
                ("1 + ", "1", ""), ("[1].map(x, ", "1", ")"), ("cel.bind(x, 1, ", "x", ")"), ("{}", "", ".a"),
                ("[0]", "", "[0]"), ("(((", "1", ""),
                ("optional.of(", "1", ")"), ("a.", "b", ""), ("'a'.size(", "", ")"),
            ] {
                let source = nested(count, open, inner, close)
                for isChecked in [true, false] {
                    let code = code(source, isChecked: isChecked)
                    #expect(
                        code == .tooComplex || code == .syntax || code == .undeclaredName,
                        "\(open) \(count): \(String(describing: code))"
                    )
                }
            }
        }
        #expect(code(String(repeating: "true && ", count: 5000) + "true") == nil)
        #expect(code(nested(100, "(", "1", ")")) == nil)
        #expect(code(String(repeating: " ", count: 70_000) + "1") == .tooComplex)
    }

    @Test("the deepest expressions that are taken can be evaluated, compared and released")
    func deepestValues() throws {
        let environment = CELEnvironment(sourceLimits: .init(maximumDepth: 256))
        // Every level of binding nests the value by some more.
        var source = "a0"
        for level in (0..<120).reversed() {
            source =
                "cel.bind(a\(level), \(level == 0 ? "[1]" : nested(100, "[", "a\(level - 1)", "]")), \(source == "a0" ? "a\(level) == a\(level)" : source))"
        }
        let program = try environment.compile(source)
        let error = try #require(#expect(throws: CELError.self) { try program.evaluate() })
        #expect(error.code == .sizeLimit)
        #expect(try environment.compile(nested(250, "[", "", "]") + " == []").evaluate() == false)
    }

    @Test("what costs too much ends with an error that no operator absorbs")
    func cost() {
        let million = "lists.range(1000).map(x, lists.range(1000).map(y, x * y))"
        #expect(code(million) == .costLimit)
        #expect(code("\(million) == [] || true") == .costLimit)
        #expect(code("lists.range(9223372036854775807)") == .costLimit)
        #expect(
            code("[0, 1].all(a, [0, 1].all(b, lists.range(100000).all(c, lists.range(100000).all(d, true))))")
                == .costLimit
        )
        #expect(
            code("lists.range(100000).map(x, 'a').join().replace('a', lists.range(1000).map(x, 'b').join())")
                == .costLimit
        )
        #expect(code("lists.range(20000).map(x, [x]).distinct()") == .costLimit)
        #expect(code("lists.range(1000).map(x, string(x).matches('[0-9]+' + string(x)))") == nil)
        #expect(code("lists.range(10000).map(x, string(x).matches('[0-9]+' + string(x)))") == .costLimit)
    }

    @Test("doubling ends at the limits")
    func doubling() {
        func doubled(_ first: String, _ step: (String) -> String) -> String {
            var source = "a60.size()"
            for level in (1...60).reversed() { source = "cel.bind(a\(level), \(step("a\(level - 1)")), \(source))" }
            return "cel.bind(a0, \(first), \(source))"
        }
        #expect(code(doubled("'abcdefgh'") { "\($0) + \($0)" }) == .costLimit)
        #expect(code(doubled("[1, 2]") { "\($0) + \($0)" }) == .costLimit)
        #expect(code(doubled("[1]") { "[\($0), \($0)]" }) == .sizeLimit)
        #expect(code(doubled("{'k': 1}") { "{'a': \($0), 'b': \($0)}" }) == .sizeLimit)
        #expect(code(doubled("[1]") { "[[\($0)] == [\($0)], \($0)]" }) == nil)
    }

    @Test("regular expressions take linear time")
    func linearTime() {
        let text = CELValue.string(String(repeating: "a", count: 100_000))
        #expect(code("!t.matches('(a*)*b') && !t.matches('(a|a)*$b') && !t.matches('^(a+)+$x')", ["t": text]) == nil)
        #expect(
            code("t.lastIndexOf(t.substring(50000) + 'b') + t.indexOf(t.substring(50000) + 'b')", ["t": text]) == nil
        )
    }

    @Test("limits can be set, and the cost is told")
    func settings() throws {
        let program = try CELEnvironment(variables: ["l": .list(.int)]).compile("l.map(x, x + 1).size()")
        let small = program.run(["l": [1]])
        let large = program.run(["l": .list(CELList((0..<100).map { .int($0) }))])
        #expect(small.cost > 0 && large.cost > 100 && large.cost < 1000)
        #expect(try program.evaluate(["l": [1]], limits: CELLimits(maximumCost: small.cost)) == 1)
        #expect(throws: CELError.self) {
            try program.evaluate(["l": [1]], limits: CELLimits(maximumCost: small.cost - 1))
        }
        let literal = try CELEnvironment(variables: ["x": .int]).compile("[x, x, x]")
        #expect(throws: CELError.self) { try literal.evaluate(["x": 1], limits: CELLimits(maximumSize: 3)) }
        #expect(throws: CELError.self) { try literal.evaluate(["x": 1], limits: CELLimits(maximumDepth: 0)) }
    }
}
