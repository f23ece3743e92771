/// Builds the syntax tree of an expression (language definition, "Syntax").
struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private var level = 0
    private let maximumDepth: Int
    let features: CELFeatures

    /// Words that no variable can have as its name.
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop", "package",
        "namespace", "return", "var", "void", "while", "true", "false", "null",
    ]

    private init(_ source: String, maximumDepth: Int, features: CELFeatures) throws(SyntaxFailure) {
        lexer = Lexer(source)
        self.maximumDepth = maximumDepth
        self.features = features
        token = try lexer.next()
    }

    /// The tree of a whole source.
    static func parse(
        _ source: String,
        maximumDepth: Int,
        features: CELFeatures
    ) throws(SyntaxFailure) -> Expression {
        var parser = try Parser(source, maximumDepth: maximumDepth, features: features)
        let expression = try parser.expression()
        guard parser.token.kind == .end else {
            throw parser.unexpected("an operator or the end of the expression is expected")
        }
        return expression
    }

    // MARK: Tokens

    mutating func advance() throws(SyntaxFailure) {
        token = try lexer.next()
    }

    mutating func skip(_ symbol: Token.Symbol) throws(SyntaxFailure) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, _ hint: String) throws(SyntaxFailure) {
        guard try skip(symbol) else { throw unexpected(hint) }
    }

    func unexpected(_ hint: String) -> SyntaxFailure {
        SyntaxFailure("\(token.description) cannot stand here; \(hint)", at: token.offset)
    }

    /// A node, unless the tree becomes too high.
    func node(_ kind: Expression.Kind, at offset: Int) throws(SyntaxFailure) -> Expression {
        let node = Expression(kind, at: offset)
        guard node.height <= maximumDepth else { throw tooDeep(at: offset) }
        return node
    }

    private func tooDeep(at offset: Int) -> SyntaxFailure {
        SyntaxFailure(
            "the expression nests deeper than the \(maximumDepth) levels allowed; split it",
            at: offset,
            code: .tooComplex
        )
    }

    // MARK: Operators

    mutating func expression() throws(SyntaxFailure) -> Expression {
        level += 1
        guard level <= maximumDepth else { throw tooDeep(at: token.offset) }
        defer { level -= 1 }
        let test = try binary(.or)
        let offset = token.offset
        guard try skip(.question) else { return test }
        let first = try binary(.or)
        try expect(.colon, "':' and the other value are expected after 'condition ? value'")
        return try node(.conditional(test, first, try expression()), at: offset)
    }

    private enum Precedence: Int, Comparable {
        case or
        case and
        case relation
        case addition
        case multiplication
        case unary

        static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
        var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
    }

    private var binaryOperator: (precedence: Precedence, function: String)? {
        switch token.kind {
        case .symbol(.or): (.or, "_||_")
        case .symbol(.and): (.and, "_&&_")
        case .symbol(.equal): (.relation, "_==_")
        case .symbol(.notEqual): (.relation, "_!=_")
        case .symbol(.less): (.relation, "_<_")
        case .symbol(.lessOrEqual): (.relation, "_<=_")
        case .symbol(.greater): (.relation, "_>_")
        case .symbol(.greaterOrEqual): (.relation, "_>=_")
        case .name("in"): (.relation, "_in_")
        case .symbol(.plus): (.addition, "_+_")
        case .symbol(.minus): (.addition, "_-_")
        case .symbol(.times): (.multiplication, "_*_")
        case .symbol(.divide): (.multiplication, "_/_")
        case .symbol(.remainder): (.multiplication, "_%_")
        default: nil
        }
    }

    private mutating func binary(_ minimum: Precedence) throws(SyntaxFailure) -> Expression {
        var left = try unary()
        while let (precedence, function) = binaryOperator, precedence >= minimum {
            let offset = token.offset
            if precedence <= .and {
                // Long chains stay flat.
                var terms = [left]
                while binaryOperator?.precedence == precedence {
                    try advance()
                    terms.append(try binary(precedence.tighter))
                }
                left = try node(precedence == .or ? .or(terms) : .and(terms), at: offset)
            } else {
                try advance()
                let right = try binary(precedence.tighter)
                left = try node(.call(function, target: nil, [left, right], isAbsolute: true), at: offset)
            }
        }
        return left
    }

    private mutating func unary() throws(SyntaxFailure) -> Expression {
        guard case .symbol(let symbol) = token.kind, symbol == .not || symbol == .minus else { return try member() }
        var offsets: [Int] = []
        while token.kind == .symbol(symbol) {
            offsets.append(token.offset)
            try advance()
        }
        var operand: Expression
        if case .symbol(.minus) = token.kind {
            // `!-1`: the minus belongs to the number.
            let offset = token.offset
            try advance()
            guard let number = try negativeNumber(at: offset) else {
                throw SyntaxFailure("'-' after '!' needs parentheses", at: offset)
            }
            operand = try member(after: number)
        } else if symbol == .minus, let last = offsets.last, let number = try negativeNumber(at: last) {
            offsets.removeLast()
            operand = try member(after: number)
        } else {
            operand = try member()
        }
        for offset in offsets.reversed() {
            operand = try node(
                .call(symbol == .not ? "!_" : "-_", target: nil, [operand], isAbsolute: true),
                at: offset
            )
        }
        return operand
    }

    /// The number literal that comes next with the minus before it; nil if something else comes.
    private mutating func negativeNumber(at offset: Int) throws(SyntaxFailure) -> Expression? {
        let value: CELValue
        switch token.kind {
        case .int(let magnitude):
            guard magnitude <= 1 << 63 else { throw tooLarge() }
            value = .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        case .double(let number): value = .double(-number)
        default: return nil
        }
        try advance()
        return try node(.literal(value), at: offset)
    }

    private func tooLarge() -> SyntaxFailure {
        SyntaxFailure(
            "this integer does not fit 64 bits; write it as unsigned, with 'u', or as a double, with '.0'",
            at: token.offset
        )
    }

    // MARK: Members

    private mutating func member() throws(SyntaxFailure) -> Expression {
        try member(after: try primary())
    }

    private mutating func member(after primary: Expression) throws(SyntaxFailure) -> Expression {
        var operand = primary
        while true {
            let offset = token.offset
            if try skip(.dot) {
                let isOptional = try skipOptionalMark()
                operand = try selection(from: operand, isOptional: isOptional)
            } else if try skip(.openBracket) {
                let isOptional = try skipOptionalMark()
                let key = try expression()
                try expect(.closeBracket, "']' is expected after an index")
                operand = try node(.index(operand, key, isOptional: isOptional), at: offset)
            } else if token.kind == .symbol(.openBrace) {
                throw SyntaxFailure(
                    "messages cannot be built; a map literal stands alone, as in {'key': 1}",
                    at: offset
                )
            } else {
                return operand
            }
        }
    }

    private mutating func skipOptionalMark() throws(SyntaxFailure) -> Bool {
        let offset = token.offset
        guard try skip(.question) else { return false }
        guard features.contains(.optionals) else {
            throw SyntaxFailure("optional values are not available here", at: offset)
        }
        return true
    }

    private mutating func selection(from operand: Expression, isOptional: Bool) throws(SyntaxFailure) -> Expression {
        let name = token
        let form: Expression.Selection = isOptional ? .optional : .plain
        switch token.kind {
        case .quotedName(let field):
            try advance()
            return try node(.select(operand, field: field, form: form), at: name.offset)
        case .name(let field):
            guard !["in", "true", "false", "null"].contains(field) else {
                throw unexpected("a field with this name is read as a['\(field)']")
            }
            try advance()
            guard token.kind == .symbol(.openParenthesis), !isOptional else {
                return try node(.select(operand, field: field, form: form), at: name.offset)
            }
            let arguments = try arguments()
            if let expanded = try expand(field, target: operand, arguments, at: name.offset) { return expanded }
            return try node(.call(field, target: operand, arguments, isAbsolute: false), at: name.offset)
        default: throw unexpected("the name of a field or function is expected after '.'")
        }
    }

    private mutating func arguments() throws(SyntaxFailure) -> [Expression] {
        try expect(.openParenthesis, "'(' is expected")
        var arguments: [Expression] = []
        guard try !skip(.closeParenthesis) else { return [] }
        repeat { arguments.append(try expression()) } while try skip(.comma)
        try expect(.closeParenthesis, "',' or ')' is expected after an argument")
        return arguments
    }

    // MARK: Primaries

    private mutating func primary() throws(SyntaxFailure) -> Expression {
        let first = token
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int64(exactly: magnitude) else { throw tooLarge() }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .name("true"): return try literal(.bool(true))
        case .name("false"): return try literal(.bool(false))
        case .name("null"): return try literal(.null)
        case .name(let name):
            try advance()
            return try nameOrCall(name, isAbsolute: false, at: first.offset)
        case .symbol(.dot):
            try advance()
            guard case .name(let name) = token.kind else { throw unexpected("a name is expected after '.'") }
            try advance()
            return try nameOrCall(name, isAbsolute: true, at: first.offset)
        case .symbol(.openParenthesis):
            try advance()
            var inner = try expression()
            inner.isParenthesized = true
            try expect(.closeParenthesis, "an operator or ')' is expected")
            return inner
        case .symbol(.openBracket): return try list()
        case .symbol(.openBrace): return try map()
        default: throw unexpected("a value is expected: a literal, a name, '(', '[' or '{'")
        }
    }

    private mutating func literal(_ value: CELValue) throws(SyntaxFailure) -> Expression {
        let offset = token.offset
        try advance()
        return try node(.literal(value), at: offset)
    }

    private mutating func nameOrCall(_ name: String, isAbsolute: Bool, at offset: Int) throws(SyntaxFailure)
        -> Expression
    {
        guard !Parser.reserved.contains(name) else {
            throw SyntaxFailure("'\(name)' is a reserved word; as a key it is read as a['\(name)']", at: offset)
        }
        guard token.kind == .symbol(.openParenthesis) else {
            return try node(.name(name, isAbsolute: isAbsolute), at: offset)
        }
        let arguments = try arguments()
        if !isAbsolute, let expanded = try expand(name, target: nil, arguments, at: offset) { return expanded }
        return try node(.call(name, target: nil, arguments, isAbsolute: isAbsolute), at: offset)
    }

    private mutating func list() throws(SyntaxFailure) -> Expression {
        let offset = token.offset
        try advance()
        var elements: [Expression.Element] = []
        while token.kind != .symbol(.closeBracket) {
            let isOptional = try skipOptionalMark()
            elements.append(Expression.Element(value: try expression(), isOptional: isOptional))
            guard try skip(.comma) else { break }
        }
        try expect(.closeBracket, "',' or ']' is expected after an element")
        return try node(.list(elements), at: offset)
    }

    private mutating func map() throws(SyntaxFailure) -> Expression {
        let offset = token.offset
        try advance()
        var entries: [Expression.Entry] = []
        while token.kind != .symbol(.closeBrace) {
            let isOptional = try skipOptionalMark()
            let key = try expression()
            try expect(.colon, "':' and a value are expected after a key")
            entries.append(Expression.Entry(key: key, value: try expression(), isOptional: isOptional))
            guard try skip(.comma) else { break }
        }
        try expect(.closeBrace, "',' or '}' is expected after an entry")
        return try node(.map(entries), at: offset)
    }
}
