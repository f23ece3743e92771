/// A member of a variable that an expression names, such as `owner.nik` of `input` in `input.owner.nik`.
public struct CELMemberPath: Sendable, Hashable {
    /// The names after the variable's; the last of them is followed by none that is fixed.
    public let members: [String]
    /// Where the variable's name begins in the source, in Unicode scalars.
    public let offset: Int
}

extension CELEnvironment {
    /// The members of a variable that an expression names by fixed names, `has(…)`, `.?name` and `["name"]` among them.
    ///
    /// An expression that is not well-formed names none: ``compile(_:expecting:isChecked:)`` says what is wrong with it.
    public func memberPaths(of variable: String, in source: String) -> [CELMemberPath] {
        guard source.utf8.count <= sourceLimits.maximumLength,
            let tree = try? Parser.parse(source, maximumDepth: sourceLimits.maximumDepth, features: features)
        else { return [] }
        var finder = MemberFinder(variable: variable, source: source)
        finder.visit(tree)
        return finder.found
    }
}

/// Goes through a tree and collects the members of a variable.
private struct MemberFinder {
    let variable: String
    let source: String
    private(set) var found: [CELMemberPath] = []

    init(variable: String, source: String) {
        self.variable = variable
        self.source = source
    }

    mutating func visit(_ expression: Expression) {
        if let (members, start) = chain(expression) {
            guard !members.isEmpty else { return }
            let offset = String(decoding: source.utf8.prefix(start), as: UTF8.self).unicodeScalars.count
            found.append(CELMemberPath(members: members, offset: offset))
            return
        }
        switch expression.kind {
        case .literal, .name: break
        case .select(let operand, _, _): visit(operand)
        case .index(let operand, let key, _): visit([operand, key])
        case .call(_, let target, let arguments, _): visit((target.map { [$0] } ?? []) + arguments)
        case .and(let terms), .or(let terms): visit(terms)
        case .conditional(let test, let first, let second): visit([test, first, second])
        case .list(let elements): visit(elements.map(\.value))
        case .map(let entries): visit(entries.flatMap { [$0.key, $0.value] })
        case .comprehension(let macro):
            visit(macro.range)
            guard macro.first != variable, macro.second != variable else { return }
            visit((macro.filter.map { [$0] } ?? []) + [macro.body])
        case .bind(let name, let value, let body), .optionalMap(let value, let name, let body, _):
            visit(value)
            if name != variable { visit(body) }
        }
    }

    private mutating func visit(_ expressions: [Expression]) {
        for expression in expressions { visit(expression) }
    }

    /// The members of a chain of names that begins with the variable, and where it begins.
    private func chain(_ expression: Expression) -> (members: [String], start: Int)? {
        switch expression.kind {
        case .name(variable, _): return ([], expression.offset)
        case .select(let operand, let field, _):
            return chain(operand).map { ($0.members + [field], $0.start) }
        case .index(let operand, let key, _):
            guard case .literal(.string(let name)) = key.kind else { return nil }
            return chain(operand).map { ($0.members + [name], $0.start) }
        default: return nil
        }
    }
}
