internal import GerbangCore
internal import GerbangExpression

/// A compiled expression of a manifest, with what has to be known to evaluate it.
struct Expression: Sendable {
    let program: CELProgram
    /// The named values (`let`) that it reads directly.
    let lets: [Int]
    /// Whether it reads the decoded answer, itself or through named values.
    let readsBody: Bool
    /// Whether its value may tell a secret.
    let isPrivate: Bool
    /// Where it stands, for error texts: the field's name in the manifest.
    let field: String
    /// The place in the input or the answer that it names, if that is all that it does.
    var exact: ExactPath?
}

/// A named value.
struct NamedValue: Sendable {
    let name: String
    let expression: Expression
}

/// Why an expression has no value: nothing of what it was given stands in the message.
struct EvaluationFailure: Error {
    var message: String
    /// The error to tell instead, when a rule of the manifest refuses the input.
    var refusal: GerbangError?
}

/// The values at hand while one message is prepared or one answer classified.
struct Evaluation {
    /// What the expressions of one call may cost together.
    static let maximumCost = 5_000_000
    /// What one expression may cost.
    private static let singleLimit = 1_000_000

    /// What is taken over as it is.
    var exact = ExactValues()
    private var bindings: [String: CELValue]
    private let lets: [NamedValue]
    private var known: [Bool]
    private var remaining = Self.maximumCost

    init(_ bindings: [String: CELValue], lets: [NamedValue]) {
        self.bindings = bindings
        self.lets = lets
        known = [Bool](repeating: false, count: lets.count)
    }

    /// Gives a variable its value.
    mutating func bind(_ name: String, _ value: CELValue) {
        bindings[name] = value
    }

    /// The value of an expression.
    mutating func value(_ expression: Expression) throws(EvaluationFailure) -> CELValue {
        for index in expression.lets where !known[index] {
            let value = try value(lets[index].expression)
            bindings[lets[index].name] = value
            known[index] = true
        }
        let limits = CELLimits(maximumCost: min(Self.singleLimit, remaining))
        let outcome = expression.program.run(bindings, limits: limits)
        remaining = max(0, remaining - outcome.cost)
        switch outcome.result {
        case .success(let value): return value
        case .failure(let error):
            throw EvaluationFailure(message: "\(expression.field) has no value: \(error.message)")
        }
    }

    /// The value of an expression; `nil` for null and for an optional without a value.
    mutating func present(_ expression: Expression) throws(EvaluationFailure) -> CELValue? {
        Self.unwrapped(try value(expression))
    }

    /// Whether a condition holds; anything but `true` does not.
    mutating func isTrue(_ expression: Expression) throws(EvaluationFailure) -> Bool {
        guard case .bool(let value) = Self.unwrapped(try value(expression)) else {
            throw EvaluationFailure(message: "\(expression.field) is neither true nor false")
        }
        return value
    }

    private static func unwrapped(_ value: CELValue) -> CELValue? {
        switch value {
        case .null: nil
        case .optional(let optional): optional.value.flatMap { unwrapped($0) }
        default: value
        }
    }
}
