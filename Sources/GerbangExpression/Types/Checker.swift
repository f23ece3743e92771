/// Finds undeclared names and types that cannot fit before anything is evaluated (language definition, "Gradual Type
/// Checking").
struct Checker {
    let names: Names
    let functions: FunctionTable
    var inference = Inference()
    /// The variables of the macros around, the innermost last.
    private var locals: [(name: String, type: TypeTerm)] = []

    init(names: Names, functions: FunctionTable) {
        self.names = names
        self.functions = functions
    }

    /// The type of an expression.
    mutating func check(_ expression: Expression) throws(SyntaxFailure) -> TypeTerm {
        let offset = expression.offset
        switch expression.kind {
        case .literal(let value): return Self.type(of: value)
        case .name, .select(_, _, .plain): return try checkChain(expression)
        case .select(let operand, let field, let form): return try checkSelection(operand, field, form, at: offset)
        case .index(let operand, let key, let isOptional):
            return try checkIndex(operand, key, isOptional: isOptional, at: offset)
        case .call(let name, let target, let arguments, let isAbsolute):
            return try checkCall(name, target, arguments, isAbsolute: isAbsolute, at: offset)
        case .and(let terms), .or(let terms):
            for term in terms { try expectBool(term, "'&&' and '||' join values of type bool") }
            return .bool
        case .conditional(let test, let first, let second):
            try expectBool(test, "the condition before '?' is of type bool")
            let left = try check(first)
            let right = try check(second)
            guard inference.attempt({ $0.assign(right, to: left) }) || inference.attempt({ $0.assign(left, to: right) })
            else {
                throw wrongType(
                    "both values of '?:' need one type; wrap one in dyn() to allow several",
                    at: second.offset
                )
            }
            return inference.join(left, right)
        case .list(let elements): return try checkList(elements)
        case .map(let entries): return try checkMap(entries)
        case .comprehension(let macro): return try checkComprehension(macro)
        case .bind(let name, let value, let body):
            let type = try check(value)
            return try with([(name, type)]) { checker throws(SyntaxFailure) in try checker.check(body) }
        case .optionalMap(let target, let name, let body, let isFlat):
            let element = inference.fresh()
            try expect(
                .optional(element),
                try check(target),
                "optMap() and optFlatMap() need an optional",
                at: target.offset
            )
            let result = try with([(name, element)]) { checker throws(SyntaxFailure) in try checker.check(body) }
            guard isFlat else { return .optional(result) }
            let inner = inference.fresh()
            try expect(.optional(inner), result, "the second argument of optFlatMap() is an optional", at: body.offset)
            return .optional(inner)
        }
    }

    // MARK: Helpers

    func wrongType(_ message: String, at offset: Int) -> SyntaxFailure {
        SyntaxFailure(message, at: offset, code: .wrongType)
    }

    mutating func expect(
        _ expected: TypeTerm,
        _ actual: TypeTerm,
        _ message: String,
        at offset: Int
    ) throws(SyntaxFailure) {
        guard inference.attempt({ $0.assign(actual, to: expected) }) else {
            throw wrongType("\(message), not \(inference.final(actual))", at: offset)
        }
    }

    mutating func expectBool(_ expression: Expression, _ message: String) throws(SyntaxFailure) {
        try expect(.bool, try check(expression), message, at: expression.offset)
    }

    private mutating func with<Result>(
        _ variables: [(String, TypeTerm)],
        _ body: (inout Checker) throws(SyntaxFailure) -> Result
    ) throws(SyntaxFailure) -> Result {
        let count = locals.count
        for (name, type) in variables { locals.append((name, type)) }
        defer { locals.removeLast(locals.count - count) }
        return try body(&self)
    }

    private static func type(of literal: CELValue) -> TypeTerm {
        switch literal {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        default: .dyn
        }
    }

    // MARK: Names and fields

    private mutating func checkChain(_ expression: Expression) throws(SyntaxFailure) -> TypeTerm {
        guard let (chain, isAbsolute) = expression.chain else {
            guard case .select(let operand, let field, let form) = expression.kind else { return .dyn }
            return try checkSelection(operand, field, form, at: expression.offset)
        }
        var type: TypeTerm
        var length = 1
        if !isAbsolute, let local = locals.last(where: { $0.name == chain[0] }) {
            type = local.type
        } else {
            guard let (meaning, taken) = names.meanings(of: chain, isAbsolute: isAbsolute).first else {
                throw SyntaxFailure(
                    "the name '\(chain[0])' is not declared; \(names.hint)",
                    at: expression.root.offset,
                    code: .undeclaredName
                )
            }
            length = taken
            switch meaning {
            case .variable(let variable): type = variable.type
            case .type: type = .type
            }
        }
        for field in chain[length...] { type = try select(field, from: type, .plain, at: expression.offset) }
        return type
    }

    private mutating func checkSelection(
        _ operand: Expression,
        _ field: String,
        _ form: Expression.Selection,
        at offset: Int
    ) throws(SyntaxFailure) -> TypeTerm {
        let type = try check(operand)
        return try select(field, from: type, form, at: offset)
    }

    private mutating func select(
        _ field: String,
        from type: TypeTerm,
        _ form: Expression.Selection,
        at offset: Int
    ) throws(SyntaxFailure) -> TypeTerm {
        let known = inference.head(type)
        var isOptional = form == .optional
        var result: TypeTerm
        switch known {
        case .map(_, let value): result = value
        case .dyn: result = .dyn
        case .variable:
            _ = inference.assign(.dyn, to: known)
            result = .dyn
        case .optional(let inner):
            isOptional = true
            switch inference.head(inner) {
            case .map(_, let value): result = value
            case .dyn, .variable: result = .dyn
            case let other: throw noFields(other, field, at: offset)
            }
        default: throw noFields(known, field, at: offset)
        }
        if form == .test { return .bool }
        if isOptional { result = .optional(result) }
        return result
    }

    private func noFields(_ type: TypeTerm, _ field: String, at offset: Int) -> SyntaxFailure {
        wrongType(
            "a value of type \(inference.final(type)) has no field '\(field)'; fields are read from maps",
            at: offset
        )
    }

    private mutating func checkIndex(
        _ operand: Expression,
        _ key: Expression,
        isOptional: Bool,
        at offset: Int
    ) throws(SyntaxFailure) -> TypeTerm {
        let type = try check(operand)
        let keyType = try check(key)
        var container = inference.head(type)
        var wraps = isOptional
        if case .optional(let inner) = container {
            container = inference.head(inner)
            wraps = true
        }
        let result: TypeTerm
        switch container {
        case .list(let element):
            try expect(.int, keyType, "the index of a list is an int", at: key.offset)
            result = element
        case .map(let expected, let value):
            try expect(
                expected,
                keyType,
                "the keys of this map are of type \(inference.final(expected))",
                at: key.offset
            )
            result = value
        case .dyn, .variable: result = .dyn
        case let other:
            throw wrongType("a value of type \(inference.final(other)) has no elements to index", at: offset)
        }
        return wraps ? .optional(result) : result
    }

    // MARK: Literals

    private mutating func checkList(_ elements: [Expression.Element]) throws(SyntaxFailure) -> TypeTerm {
        var joined: TypeTerm?
        for element in elements {
            let type = try checkPart(element.value, isOptional: element.isOptional)
            joined = joined.map { inference.join($0, type) } ?? type
        }
        let element = joined ?? inference.fresh()
        return inference.resolve(.list(element))
    }

    private mutating func checkMap(_ entries: [Expression.Entry]) throws(SyntaxFailure) -> TypeTerm {
        var keys: TypeTerm?
        var values: TypeTerm?
        for entry in entries {
            let key = try check(entry.key)
            switch inference.head(key) {
            case .bool, .int, .uint, .string, .dyn, .variable: break
            case let other:
                throw wrongType(
                    "the keys of maps are bool, int, uint or string, not \(inference.final(other))",
                    at: entry.key.offset
                )
            }
            let value = try checkPart(entry.value, isOptional: entry.isOptional)
            keys = keys.map { inference.join($0, key) } ?? key
            values = values.map { inference.join($0, value) } ?? value
        }
        let key = keys ?? inference.fresh()
        let value = values ?? inference.fresh()
        return inference.resolve(.map(key, value))
    }

    private mutating func checkPart(_ value: Expression, isOptional: Bool) throws(SyntaxFailure) -> TypeTerm {
        let type = try check(value)
        guard isOptional else { return type }
        let inner = inference.fresh()
        try expect(.optional(inner), type, "what is marked with '?' is an optional", at: value.offset)
        return inner
    }

    // MARK: Macros

    private mutating func checkComprehension(_ macro: Expression.Comprehension) throws(SyntaxFailure) -> TypeTerm {
        let range = try check(macro.range)
        var key: TypeTerm
        var value: TypeTerm
        var isMap = false
        switch inference.head(range) {
        case .list(let element): (key, value) = (.int, element)
        case .map(let keys, let values):
            (key, value) = (keys, values)
            isMap = true
        case .dyn, .variable: (key, value) = (.dyn, .dyn)
        case let other:
            throw wrongType(
                "this macro looks at the elements of a list or the keys of a map, not at a value of type "
                    + "\(inference.final(other))",
                at: macro.range.offset
            )
        }
        var variables: [(String, TypeTerm)] = []
        if let second = macro.second {
            variables = [(macro.first, key), (second, value)]
        } else {
            variables = [(macro.first, isMap ? key : value)]
            if inference.head(range) == .dyn { variables = [(macro.first, .dyn)] }
        }
        let (kind, filter, body) = (macro.kind, macro.filter, macro.body)
        let element = variables.first?.1 ?? .dyn
        return try with(variables) { checker throws(SyntaxFailure) in
            if let filter { try checker.expectBool(filter, "the condition of this macro is of type bool") }
            let type = try checker.check(body)
            switch kind {
            case .all, .exists, .existsOne:
                try checker.expect(.bool, type, "the condition of this macro is of type bool", at: body.offset)
                return .bool
            case .list: return checker.inference.resolve(.list(type))
            case .sortBy: return checker.inference.resolve(.list(element))
            case .transformMap: return checker.inference.resolve(.map(key, type))
            case .transformMapEntry:
                let entry = TypeTerm.map(checker.inference.fresh(), checker.inference.fresh())
                try checker.expect(entry, type, "the last argument of transformMapEntry() is a map", at: body.offset)
                return checker.inference.resolve(entry)
            }
        }
    }
}

extension Expression {
    /// The leftmost operand of a chain of selections.
    fileprivate var root: Expression {
        var expression = self
        while case .select(let operand, _, _) = expression.kind { expression = operand }
        return expression
    }
}
