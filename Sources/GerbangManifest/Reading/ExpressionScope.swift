internal import GerbangCore
internal import GerbangExpression

/// The variables that expressions at a place may read.
struct ExpressionScope {
    private var variables: [String: CELType]
    private(set) var environment: CELEnvironment
    private(set) var lets: [NamedValue] = []
    private var letIndex: [String: Int] = [:]

    init(_ variables: [String: CELType]) {
        self.variables = variables
        environment = CELEnvironment(variables: variables)
    }

    /// The names of the variables, for error texts; parts of one thing are drawn together.
    var names: String {
        Set(variables.keys.map { $0.split(separator: ".").first.map { String($0) } ?? $0 }).sorted()
            .joined(separator: ", ")
    }

    /// The variables that are parts of the thing called `name`; empty when it has none.
    func parts(of name: String) -> [String] {
        variables.keys.filter { $0.hasPrefix(name + ".") }.sorted()
    }

    /// Whether there is a variable called `name`, or with such a beginning.
    func has(_ name: String) -> Bool {
        variables[name] != nil || variables.keys.contains { $0.hasPrefix(name + ".") }
    }

    /// Adds a named value.
    mutating func add(_ value: NamedValue) {
        letIndex[value.name] = lets.count
        lets.append(value)
        variables[value.name] = value.expression.program.type
        environment = CELEnvironment(variables: variables)
    }

    /// The same with more variables.
    func adding(_ more: [String: CELType]) -> ExpressionScope {
        var scope = self
        scope.variables.merge(more) { _, new in new }
        scope.environment = CELEnvironment(variables: scope.variables)
        return scope
    }

    /// What a program reads.
    func expression(_ program: CELProgram, field: String) -> Expression {
        let names = program.variableNames
        let read = names.compactMap { letIndex[$0] }
        let readsBody = names.contains("body") || read.contains { lets[$0].expression.readsBody }
        let readsSecret =
            names.contains { $0.hasPrefix("secret.") || $0.hasPrefix("sent.") }
            || read.contains { lets[$0].expression.isPrivate }
        return Expression(
            program: program,
            lets: read,
            readsBody: readsBody,
            // One bit tells nothing of a secret.
            isPrivate: readsSecret && program.type != .bool,
            field: field
        )
    }
}

/// The variables of manifests.
enum ManifestVariables {
    /// What is known of a request and its call.
    static let call: [String: CELType] = [
        "input": .dyn, "attempt": .int, "now": .timestamp, "reference": .optional(.string), "operation": .string,
        "repeatable": .bool, "request.id": .string, "request.key": .string, "request.service": .string,
        "request.region": .string, "request.channel": .string, "request.client": .string,
        "request.acceptedAt": .timestamp, "request.deadline": .timestamp, "applicant.nik": .optional(.string),
        "applicant.name": .optional(.string),
    ]

    /// What is known of an answer besides.
    static let answer: [String: CELType] = [
        "status": .int, "headers": .map(.string, .string), "body": .dyn, "text": .string, "sent.body": .bytes,
        "sent.headers": .map(.string, .string),
    ]
}
