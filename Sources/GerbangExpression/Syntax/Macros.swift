extension Parser {
    /// What a call stands for if it is a macro; nil if it is a function.
    func expand(
        _ name: String,
        target: Expression?,
        _ arguments: [Expression],
        at offset: Int
    ) throws(SyntaxFailure) -> Expression? {
        guard let target else { return try name == "has" ? presence(arguments, at: offset) : nil }
        switch (name, arguments.count) {
        case ("all", 2), ("exists", 2), ("exists_one", 2), ("existsOne", 2), ("map", 2), ("map", 3), ("filter", 2):
            return try comprehension(name, target, arguments, variables: 1, at: offset)
        case ("all", 3), ("exists", 3), ("exists_one", 3), ("existsOne", 3), ("transformList", 3), ("transformList", 4),
            ("transformMap", 3), ("transformMap", 4), ("transformMapEntry", 3), ("transformMapEntry", 4):
            guard features.contains(.comprehensions) else { return nil }
            return try comprehension(name, target, arguments, variables: 2, at: offset)
        case ("sortBy", 2):
            guard features.contains(.lists) else { return nil }
            return try comprehension(name, target, arguments, variables: 1, at: offset)
        case ("bind", 3):
            guard features.contains(.bindings), case .name("cel", _) = target.kind else { return nil }
            return try node(.bind(try variable(arguments[0]), arguments[1], arguments[2]), at: offset)
        case ("optMap", 2), ("optFlatMap", 2):
            guard features.contains(.optionals) else { return nil }
            return try node(
                .optionalMap(target, try variable(arguments[0]), arguments[1], isFlat: name == "optFlatMap"),
                at: offset
            )
        default: return nil
        }
    }

    private func presence(_ arguments: [Expression], at offset: Int) throws(SyntaxFailure) -> Expression {
        guard arguments.count == 1, case .select(let operand, let field, .plain) = arguments[0].kind else {
            throw SyntaxFailure("has() takes the selection of a field, as in has(a.b)", at: offset)
        }
        return try node(.select(operand, field: field, form: .test), at: arguments[0].offset)
    }

    private func comprehension(
        _ name: String,
        _ range: Expression,
        _ arguments: [Expression],
        variables: Int,
        at offset: Int
    ) throws(SyntaxFailure) -> Expression {
        let first = try variable(arguments[0])
        let second = variables == 2 ? try variable(arguments[1]) : nil
        guard first != second else {
            throw SyntaxFailure("the two variables of a macro need different names", at: arguments[1].offset)
        }
        let rest = arguments[variables...]
        var filter = rest.count == 2 ? rest.first : nil
        guard var body = rest.last else { return range }
        let kind: Expression.Comprehension.Kind
        switch name {
        case "all": kind = .all
        case "exists": kind = .exists
        case "exists_one", "existsOne": kind = .existsOne
        case "transformMap": kind = .transformMap
        case "transformMapEntry": kind = .transformMapEntry
        case "sortBy": kind = .sortBy
        case "filter":
            kind = .list
            filter = body
            body = try node(.name(first, isAbsolute: false), at: arguments[0].offset)
        default: kind = .list
        }
        return try node(
            .comprehension(
                Expression.Comprehension(
                    kind: kind,
                    range: range,
                    first: first,
                    second: second,
                    filter: filter,
                    body: body
                )
            ),
            at: offset
        )
    }

    /// The name that an argument declares.
    private func variable(_ argument: Expression) throws(SyntaxFailure) -> String {
        guard case .name(let name, isAbsolute: false) = argument.kind else {
            throw SyntaxFailure("a simple name is expected here: it becomes a variable", at: argument.offset)
        }
        return name
    }
}
