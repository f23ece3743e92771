internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

/// A value with expressions in it.
///
/// What has no value (null, or an optional without one) is left out: a field of an object, an item of a list, a query
/// parameter, a header field. An object all of whose fields are left out is left out as well.
indirect enum Template: Sendable {
    case literal(JSONValue)
    /// The JSON text of a value, as some agencies want it in a form's field.
    case encodedJSON(Template)
    case expression(Expression)
    case text([TextPart])
    case list([Template])
    case object([Member], condition: Expression?)

    struct Member: Sendable {
        let name: TextTemplate
        let value: Template
    }
}

/// A part of a text.
enum TextPart: Sendable {
    case literal(String)
    case expression(Expression)
}

/// A text with expressions in it.
struct TextTemplate: Sendable {
    let parts: [TextPart]
    let field: String

    /// The text, when it has no expression.
    var literal: String? {
        if parts.isEmpty { return "" }
        if parts.count == 1, case .literal(let text) = parts[0] { return text }
        return nil
    }

    /// The expressions in it.
    var expressions: [Expression] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }

    /// The text; `nil` when a part of it has no value.
    func text(_ evaluation: inout Evaluation) throws(EvaluationFailure) -> String? {
        if let literal { return literal }
        return try evaluation.text(parts, field: field)
    }
}

extension Template {
    /// The expressions in it.
    var expressions: [Expression] {
        switch self {
        case .literal: []
        case .encodedJSON(let template): template.expressions
        case .expression(let expression): [expression]
        case .text(let parts): TextTemplate(parts: parts, field: "").expressions
        case .list(let items): items.flatMap(\.expressions)
        case .object(let members, let condition):
            members.flatMap { $0.name.expressions + $0.value.expressions } + (condition.map { [$0] } ?? [])
        }
    }

    /// The value as JSON; `nil` when there is none.
    func json(_ evaluation: inout Evaluation) throws(EvaluationFailure) -> JSONValue? {
        switch self {
        case .literal(let value): return value
        case .expression(let expression):
            if let path = expression.exact, let value = evaluation.exact.value(at: path) {
                return value.isNull ? nil : value
            }
            guard let value = try evaluation.present(expression) else { return nil }
            do throws(CELError) {
                return try value.json()
            } catch {
                throw EvaluationFailure(message: "\(expression.field) cannot be written as JSON: \(error.message)")
            }
        case .encodedJSON(let template):
            return try template.json(&evaluation).map { .string($0.text()) }
        case .text(let parts):
            return try evaluation.text(parts, field: "the text").map { .string($0) }
        case .list(let items):
            var values: [JSONValue] = []
            for item in items {
                if let value = try item.json(&evaluation) { values.append(value) }
            }
            return .array(values)
        case .object(let members, let condition):
            if let condition, try !evaluation.isTrue(condition) { return nil }
            var object = JSONObject()
            for member in members {
                guard let value = try member.value.json(&evaluation), let name = try member.name.text(&evaluation)
                else { continue }
                object[name] = value
            }
            return object.isEmpty && !members.isEmpty ? nil : .object(object)
        }
    }

    /// The value as text; `nil` when there is none.
    func text(_ evaluation: inout Evaluation, field: String) throws(EvaluationFailure) -> String? {
        switch self {
        case .literal(.string(let text)): return text
        case .literal(.number(let number)): return number.text
        case .literal(.bool(let value)): return value ? "true" : "false"
        case .literal(.null): return nil
        case .encodedJSON(let template): return try template.json(&evaluation)?.text()
        case .expression(let expression):
            guard let value = try evaluation.present(expression) else { return nil }
            return try CELText.text(of: value, field: expression.field)
        case .text(let parts): return try evaluation.text(parts, field: field)
        default: throw EvaluationFailure(message: "\(field) is not a text")
        }
    }
}

extension Evaluation {
    /// A text made of parts; `nil` when a part has no value.
    mutating func text(_ parts: [TextPart], field: String) throws(EvaluationFailure) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .expression(let expression):
                guard let value = try present(expression) else { return nil }
                text += try CELText.text(of: value, field: expression.field)
            }
        }
        return text
    }
}

/// Values written as text.
enum CELText {
    /// The text of a scalar.
    static func text(of value: CELValue, field: String) throws(EvaluationFailure) -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .bool(let value): return value ? "true" : "false"
        case .double(let number):
            guard let text = JSONNumber(number)?.text else {
                throw EvaluationFailure(message: "\(field) is a number that cannot be written")
            }
            return text
        case .timestamp(let moment): return moment.description
        default:
            throw EvaluationFailure(
                message: "\(field) is not a text; write bytes with base64.encode() and lists with join()"
            )
        }
    }
}
