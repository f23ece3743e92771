internal import GerbangCore
internal import GerbangExpression
internal import Synchronization

/// The variables that expressions at a place may read.
///
/// A scope that was made from another one has its variables at the same places, so that constants are laid out once for
/// all of them.
struct ExpressionScope {
    private(set) var environment: CELEnvironment
    private var names: Set<String>
    private(set) var lets: [NamedValue] = []
    private var letIndex: [String: Int] = [:]
    /// Tells the variables and their meanings from those of other scopes.
    private(set) var layer = ScopeLayer()
    /// The scope as it was before the present operation added values of its own.
    private var shared: SharedScope?
    /// The names that were added since.
    private var own: [String] = []

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
        note(value.name)
        layer = layer.adding(value.name, .definition(ObjectIdentifier(value.expression.program)))
    }

    private mutating func note(_ name: String) {
        if names.insert(name).inserted, shared != nil { own.append(name) }
    }

    /// Remembers that whatever is added from now on belongs to one operation alone.
    mutating func endShared() {
        shared = SharedScope(scope: self)
        own = []
    }

    /// The scope without what belongs to one operation alone, if `source` names nothing of that: what operations share
    /// is compiled once for all of them.
    func narrowed(to source: String) -> ExpressionScope {
        guard let shared else { return self }
        return own.contains(where: { source.hasBytes(of: $0) }) ? self : shared.scope
    }

    /// The same with more variables.
    func adding(_ more: some Sequence<(key: String, value: CELType)>) -> ExpressionScope {
        var scope = self
        for (name, type) in more {
            scope.environment.declare(name, type)
            scope.note(name)
            scope.layer = scope.layer.adding(name, .variable(type))
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

/// A scope inside of another one.
private final class SharedScope: Sendable {
    let scope: ExpressionScope

    init(scope: ExpressionScope) {
        self.scope = scope
    }
}

/// The variables of a scope in the order in which they were added: scopes with the same ones have the same layer.
final class ScopeLayer: Sendable {
    enum Meaning: Hashable {
        case variable(CELType)
        case definition(ObjectIdentifier)
    }

    private struct Addition: Hashable {
        let name: String
        let meaning: Meaning
    }

    private let next = Mutex<[Addition: ScopeLayer]>([:])

    /// The layer with one variable more.
    func adding(_ name: String, _ meaning: Meaning) -> ScopeLayer {
        next.withLock { next in
            let addition = Addition(name: name, meaning: meaning)
            if let known = next[addition] { return known }
            let layer = ScopeLayer()
            next[addition] = layer
            return layer
        }
    }
}
