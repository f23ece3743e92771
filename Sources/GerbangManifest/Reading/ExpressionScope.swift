internal import GerbangCore
internal import GerbangExpression

/// The variables that expressions at a place may read.
///
/// A scope that was made from another one has its variables at the same places, so that constants are laid out once for
/// all of them.
struct ExpressionScope {
    private(set) var environment: CELEnvironment
    private var names: Set<String>
    private(set) var lets: [NamedValue] = []
    private var letIndex: [String: Int] = [:]

    init(_ variables: [String: CELType]) {
        environment = CELEnvironment(variables: variables)
        names = Set(variables.keys)
    }

    /// The names of the variables, for error texts; parts of one thing are drawn together.
    var description: String {
        Set(names.map { $0.split(separator: ".").first.map { String($0) } ?? $0 }).sorted().joined(separator: ", ")
    }

    /// The variables that are parts of the thing called `name`; empty when it has none.
    func parts(of name: String) -> [String] {
        names.filter { $0.hasPrefix(name + ".") }.sorted()
    }

    /// Whether there is a variable called `name`, or with such a beginning.
    func has(_ name: String) -> Bool {
        names.contains(name) || names.contains { $0.hasPrefix(name + ".") }
    }

    /// Adds a named value.
    ///
    /// - Throws: ``CELError`` when named values read each other too deeply.
    mutating func add(_ value: NamedValue) throws(CELError) {
        try environment.define(value.name, as: value.expression.program)
        letIndex[value.name] = lets.count
        lets.append(value)
        names.insert(value.name)
    }

    /// The same with more variables.
    func adding(_ more: some Sequence<(key: String, value: CELType)>) -> ExpressionScope {
        var scope = self
        for (name, type) in more {
            scope.environment.declare(name, type)
            scope.names.insert(name)
        }
        return scope
    }

    /// What a program reads.
    func expression(_ program: CELProgram, field: String) -> Expression {
        var readsBody = false
        var readsSecret = false
        for name in program.variableNames {
            if let index = letIndex[name] {
                readsBody = readsBody || lets[index].expression.readsBody
                readsSecret = readsSecret || lets[index].expression.isPrivate
            } else {
                readsBody = readsBody || name == "body"
                readsSecret = readsSecret || name.hasPrefix("secret.") || name.hasPrefix("sent.")
            }
        }
        return Expression(
            program: program,
            readsBody: readsBody,
            // One bit tells nothing of a secret.
            isPrivate: readsSecret && program.type != .bool,
            field: field
        )
    }
}
