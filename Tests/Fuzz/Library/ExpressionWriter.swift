/// Writes expressions that follow the grammar and seldom make sense.
struct ExpressionWriter {
    var random: SplitMix64

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
}
