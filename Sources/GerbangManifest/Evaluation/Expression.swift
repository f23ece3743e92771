internal import GerbangCore
internal import GerbangExpression

/// A compiled expression of a manifest, with what has to be known to evaluate it.
final class Expression: Sendable {
    let program: CELProgram
    /// Whether it reads the decoded answer, itself or through named values.
    let readsBody: Bool
    /// Whether its value may tell a secret.
    let isPrivate: Bool
    /// Where it stands, for error texts: the field's name in the manifest.
    let field: String
    /// The place in the input or the answer that it names, if that is all that it does.
    let exact: ExactPath?

    init(program: CELProgram, readsBody: Bool, isPrivate: Bool, field: String) {
        self.program = program
        self.readsBody = readsBody
        self.isPrivate = isPrivate
        self.field = field
        exact = ExactPath(program.source)
    }
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
    private var values: CELValues

    init(_ values: CELValues) {
        self.values = values
    }

    /// Gives the variable at a place its value.
    mutating func bind(_ place: Int, _ value: CELValue) {
        values[place] = value
    }

    /// The value of an expression; named values that it reads are evaluated with it, once.
    mutating func value(_ expression: Expression) throws(EvaluationFailure) -> CELValue {
        do throws(CELError) {
            return try expression.program.evaluate(with: &values, limit: Self.singleLimit)
        } catch {
            let place = error.definition.map { " in '\($0)'," } ?? ""
            throw EvaluationFailure(message: "\(expression.field) has no value:\(place) \(error.message)")
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
