internal import GerbangExpression

/// The parser, the checker and the evaluator of expressions.
///
/// Costs stay below their limit, and what the checker lets pass has the same value without it.
package struct ExpressionTarget: FuzzTarget {
    package let name = "expression"

    package init() {}

    private static let environment = CELEnvironment(variables: ["x": .dyn, "l": .list(.int)], container: "a.b")
    private static let bindings: [String: CELValue] = ["x": ["a": 1, "b": ["a": "é"]], "l": [3, 1, 2]]
    private static let limits = CELLimits(maximumCost: 20_000, maximumSize: 20_000)

    private static let mutation = Mutation(pieces: [
        "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "!", "&&", "||", "=", "<", ">", "+", "-", "*", "/", "%", "\"",
        "'",
        "`", "\\", " ", "a", "b", "x", "l", "u", "0", "1", "9", "e", "\n", "\u{0}", "é", "😀", "r'", "b\"", "'''", ".?",
        "[?",
        "x.", "-", "\\u12", "\\377", "0x", "1e", " in ", "map(x,", "size(", "//", "9223372036854775808",
    ])

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        var writer = ExpressionWriter(random: random)
        let source = Array(writer.expression(Int.random(in: 1...5, using: &random)).utf8)
        random = writer.random
        return Int.random(in: 0..<3, using: &random) == 0 ? Self.mutation.mutate(source, &random) : source
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        let source = String(decoding: input, as: UTF8.self)
        var isValid = false
        for isChecked in [true, false] {
            guard let program = try? Self.environment.compile(source, isChecked: isChecked) else { continue }
            isValid = true
            let outcome = program.run(Self.bindings, limits: Self.limits)
            guard outcome.cost >= 0, outcome.cost <= Self.limits.maximumCost else {
                throw Finding("a cost of \(outcome.cost): \(source)")
            }
            guard case .success(let value) = outcome.result else { continue }
            _ = try? value.json()
            guard value == value else { throw Finding("a value that is not itself: \(source)") }
            guard isChecked, let again = try? Self.environment.compile(source, isChecked: false) else { continue }
            guard try again.evaluate(Self.bindings, limits: Self.limits) == value else {
                throw Finding("another value without the checker: \(source)")
            }
        }
        return isValid
    }
}
