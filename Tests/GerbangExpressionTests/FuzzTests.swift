internal import GerbangExpression
internal import Testing

/// A small generator whose numbers repeat for a seed (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Writes expressions that follow the grammar and seldom make sense.
private struct Writer {
    var random: Seeded

    private static let leaves = [
        "1", "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615u", "1.5", "-0.0", "1e308",
        "0.0 / 0.0", "''", "'a'", "'é😀'", "b'\\xff'", "true",
        "false", "null", "[]", "{}", "x", "y", "x.a", "l", "int", "timestamp(0)", "duration('1h')", "optional.none()",
        "optional.of(1)", "ip('::1')", "cidr('10.0.0.0/8')", "type(1)",
        "'%s %d %.3f'", "'[a-z]+'", "'Asia/Jakarta'", "253402300799", "3", "2u",
    ]
    private static let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"]
    private static let members = [
        "size", "contains", "startsWith", "endsWith", "matches", "indexOf", "lastIndexOf", "substring", "replace",
        "split", "join", "trim", "reverse", "charAt", "format", "lowerAscii",
        "flatten", "slice", "sort", "distinct", "first", "last", "getFullYear", "getHours", "getMilliseconds",
        "hasValue", "value", "or", "orValue", "unwrapOpt", "containsIP", "masked",
        "containsCIDR", "family", "prefixLength", "isLoopback",
    ]
    private static let functions = [
        "size", "int", "uint", "double", "string", "bytes", "bool", "timestamp", "duration", "dyn", "type",
        "math.greatest", "math.least", "math.abs", "math.bitShiftLeft", "math.bitXor",
        "math.sqrt", "lists.range", "optional.of", "optional.ofNonZeroValue", "base64.encode", "base64.decode",
        "strings.quote", "ip", "cidr", "isIP", "regex.extractAll", "regex.replace",
        "gerbang.padLeft", "gerbang.hash.sha256", "gerbang.date.parse", "gerbang.nik.isValid", "unknown",
    ]
    private static let macros = ["all", "exists", "exists_one", "map", "filter", "sortBy", "optMap", "optFlatMap"]
    private static let pairs = ["all", "exists", "existsOne", "transformList", "transformMap", "transformMapEntry"]

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

    mutating func expression(_ depth: Int) -> String {
        guard depth > 0 else { return pick(Self.leaves) }
        let next = depth - 1
        switch Int.random(in: 0..<15, using: &random) {
        case 0, 1, 2: return "(\(expression(next)) \(pick(Self.operators)) \(expression(next)))"
        case 3: return "\(pick(["!", "-"]))\(expression(next))"
        case 4: return "(\(expression(next)) ? \(expression(next)) : \(expression(next)))"
        case 5, 6: return "\(expression(next)).\(pick(Self.members))(\(arguments(next)))"
        case 7, 8: return "\(pick(Self.functions))(\(arguments(next)))"
        case 9: return "[\(arguments(next))]"
        case 10: return "{\(expression(next)): \(expression(next)), ?\(expression(next)): \(expression(next))}"
        case 11: return "\(expression(next))[\(pick(["", "?"]))\(expression(next))]"
        case 12: return "\(expression(next)).\(pick(["", "?"]))\(pick(["a", "b", "`c-d`"]))"
        case 13: return "\(expression(next)).\(pick(Self.macros))(y, \(expression(next)))"
        default: return "\(expression(next)).\(pick(Self.pairs))(x, y, \(expression(next)))"
        }
    }

    private mutating func arguments(_ depth: Int) -> String {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in expression(depth) }.joined(separator: ", ")
    }

    /// Changes some bytes of a text.
    mutating func mutate(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let alphabet = Array("()[]{}.,:?!&|=<>+-*/%\"'`\\ abxu019e\n\u{0}é😀".utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.remove(at: position)
            case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: position)
            case 2: bytes[position] = alphabet.randomElement(using: &random) ?? 0
            default: bytes.insert(contentsOf: bytes[position...].prefix(8), at: position)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite("Random expressions")
struct FuzzTests {
    @Test("no expression crashes or hangs, checked or not", arguments: 1...8)
    func random(seed: Int) throws {
        var writer = Writer(random: Seeded(state: UInt64(seed)))
        let environment = CELEnvironment(variables: ["x": .dyn, "l": .list(.int)], container: "a.b")
        let bindings: [String: CELValue] = ["x": ["a": 1, "b": ["a": "é"]], "l": [3, 1, 2]]
        let limits = CELLimits(maximumCost: 20_000, maximumSize: 20_000)
        var values = 0
        var compiled = 0
        for round in 0..<400 {
            var source = writer.expression(1 + round % 4)
            if round % 3 == 0 { source = writer.mutate(source) }
            for isChecked in [true, false] {
                guard let program = try? environment.compile(source, isChecked: isChecked) else { continue }
                compiled += 1
                let outcome = program.run(bindings, limits: limits)
                #expect(outcome.cost >= 0 && outcome.cost <= limits.maximumCost)
                guard case .success(let value) = outcome.result else { continue }
                values += 1
                _ = try? value.json()
                #expect(value == value)
                // What the checker lets pass has the same value without it.
                if isChecked, let again = try? environment.compile(source, isChecked: false) {
                    #expect(try again.evaluate(bindings, limits: limits) == value, "\(source)")
                }
            }
        }
        #expect(compiled > 200 && values > 20)
    }
}
