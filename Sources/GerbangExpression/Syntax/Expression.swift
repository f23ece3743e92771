/// A node of the syntax tree.
struct Expression: Sendable {
    /// The byte of the source where it begins; for operators and calls, where the operator or name stands.
    let offset: Int
    /// How many nodes stand below each other.
    let height: Int
    let kind: Kind
    /// Whether it stands in parentheses of its own, which end a chain of names.
    var isParenthesized = false

    /// What a node is; macros are expanded already.
    indirect enum Kind: Sendable {
        case literal(CELValue)
        /// A name; absolute when it began with a dot.
        case name(String, isAbsolute: Bool)
        case select(Expression, field: String, form: Selection)
        case index(Expression, Expression, isOptional: Bool)
        /// A function, or an operator by the name that the specification gives it, such as `_+_`.
        case call(String, target: Expression?, [Expression], isAbsolute: Bool)
        case and([Expression])
        case or([Expression])
        case conditional(Expression, Expression, Expression)
        case list([Element])
        case map([Entry])
        case comprehension(Comprehension)
        /// `cel.bind(name, value, body)`
        case bind(String, Expression, Expression)
        /// `target.optMap(name, body)` and `target.optFlatMap(name, body)`
        case optionalMap(Expression, String, Expression, isFlat: Bool)
    }

    /// How a field is selected.
    enum Selection: Sendable {
        /// `a.b`
        case plain
        /// `a.?b`
        case optional
        /// `has(a.b)`
        case test
    }

    /// An element of a list literal.
    struct Element: Sendable {
        let value: Expression
        /// Whether it is written `?value`, which leaves an empty optional out.
        let isOptional: Bool
    }

    /// An entry of a map literal.
    struct Entry: Sendable {
        let key: Expression
        let value: Expression
        /// Whether it is written `?key: value`, which leaves an empty optional out.
        let isOptional: Bool
    }

    /// A macro that looks at the elements of a list or the entries of a map.
    struct Comprehension: Sendable {
        enum Kind: Sendable {
            case all
            case exists
            case existsOne
            /// `map`, `filter` and `transformList`
            case list
            case transformMap
            case transformMapEntry
            case sortBy
        }

        let kind: Kind
        let range: Expression
        /// The element of a list or the key of a map; with two variables the index of a list.
        let first: String
        /// The element of a list or the value of a map.
        let second: String?
        /// Which elements are looked at; all if nil.
        let filter: Expression?
        let body: Expression
    }

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
        height = 1 + kind.childHeight
    }
}

extension Expression.Kind {
    fileprivate var childHeight: Int {
        func highest(_ expressions: [Expression]) -> Int { expressions.lazy.map(\.height).max() ?? 0 }
        switch self {
        case .literal, .name: return 0
        case .select(let operand, _, _): return operand.height
        case .index(let operand, let key, _): return max(operand.height, key.height)
        case .call(_, let target, let arguments, _): return max(target?.height ?? 0, highest(arguments))
        case .and(let terms), .or(let terms): return highest(terms)
        case .conditional(let test, let first, let second): return max(test.height, first.height, second.height)
        case .list(let elements): return elements.lazy.map(\.value.height).max() ?? 0
        case .map(let entries): return entries.lazy.map { max($0.key.height, $0.value.height) }.max() ?? 0
        case .comprehension(let macro): return max(macro.range.height, macro.filter?.height ?? 0, macro.body.height)
        case .bind(_, let value, let body): return max(value.height, body.height)
        case .optionalMap(let target, _, let body, _): return max(target.height, body.height)
        }
    }
}
