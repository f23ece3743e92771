internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

/// A rule: when it applies, it decides.
final class Rule<Decision: Sendable>: Sendable {
    enum Action: Sendable {
        case decide(Decision)
        /// Looks a code up in a table of decisions; a code that is not there leaves it to the next rule.
        case lookUp(Expression, [String: Decision], agencyCode: Expression?)
    }

    let condition: Expression?
    let action: Action
    /// Whether it reads the decoded answer, so that it cannot apply when there is none.
    let readsBody: Bool
    /// Where it stands, for error texts.
    let field: String
    /// All expressions in it.
    let expressions: [Expression]

    init(condition: Expression?, action: Action, readsBody: Bool, field: String, expressions: [Expression]) {
        self.condition = condition
        self.action = action
        self.readsBody = readsBody
        self.field = field
        self.expressions = expressions
    }
}

/// An error to be told, with what changes from answer to answer.
struct ErrorPlan: Sendable {
    let error: GerbangError
    let agencyCode: Template?

    var expressions: [Expression] { agencyCode?.expressions ?? [] }

    /// The error for this answer. A code is kept only when it is a technical word.
    func error(_ evaluation: inout Evaluation, looking code: String?) throws(EvaluationFailure) -> GerbangError {
        var error = error
        let own = try agencyCode?.text(&evaluation, field: "the agency's code")
        error.agencyCode = (own ?? code).flatMap(AgencyCode.keepable)
        return error
    }
}

/// What an agency calls its own errors.
enum AgencyCode {
    /// The code when it is safe to keep and show: a short technical word.
    ///
    /// Anything else might be a sentence with a name, or somebody's number.
    static func keepable(_ code: String) -> String? {
        var digits = 0
        for byte in code.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if digits >= 10 { return nil }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                digits = 0
            default: return nil
            }
        }
        return !code.isEmpty && code.utf8.count <= 80 ? code : nil
    }
}

/// How long to wait.
enum WaitPlan: Sendable {
    case after(Template)
    case until(Expression)
    /// The next time of day; so soon after it that clocks may differ, only as long as the tolerance.
    case timeOfDay(TextTemplate, zone: TextTemplate, tolerance: Duration)

    var expressions: [Expression] {
        switch self {
        case .after(let template): template.expressions
        case .until(let expression): [expression]
        case .timeOfDay(let time, let zone, _): time.expressions + zone.expressions
        }
    }

    /// The moment until which to wait.
    func moment(_ evaluation: inout Evaluation, now: Timestamp) throws(EvaluationFailure) -> Timestamp {
        switch self {
        case .after(let template): return now + (try Self.duration(template, &evaluation))
        case .until(let expression):
            guard case .timestamp(let moment) = try evaluation.value(expression) else {
                throw EvaluationFailure(message: "\(expression.field) is not a moment")
            }
            return moment.timestamp
        case .timeOfDay(let time, let zone, let tolerance):
            guard let name = try zone.text(&evaluation), let zone = Zone(name: name) else {
                throw EvaluationFailure(message: "\(zone.field) is none of WIB, WITA, WIT and UTC")
            }
            guard let text = try time.text(&evaluation), let second = Self.secondOfDay(text) else {
                throw EvaluationFailure(message: "\(time.field) is not a time of day such as 06:00")
            }
            let tomorrow = now.nextMidnight(in: zone) + .seconds(second)
            let today = tomorrow + .seconds(-86_400)
            if now < today { return today }
            return now - today < tolerance ? now + tolerance : tomorrow
        }
    }

    /// Seconds since midnight of a time such as `06:00`.
    static func secondOfDay(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = bytes.enumerated().filter { $0.offset != 2 }.compactMap { Hexadecimal.value(of: $0.element) }.map {
            Int($0)
        }
        guard digits.count == 4, digits.allSatisfy({ $0 < 10 }) else { return nil }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        return hour < 24 && minute < 60 ? hour * 3600 + minute * 60 : nil
    }

    /// A length of time: a text such as `15m`, or an expression's duration or such a text.
    static func duration(_ template: Template, _ evaluation: inout Evaluation) throws(EvaluationFailure) -> Duration {
        if case .expression(let expression) = template, case .duration(let value) = try evaluation.value(expression) {
            return .nanoseconds(value.nanoseconds)
        }
        guard let text = try template.text(&evaluation, field: "the duration"), let duration = DurationText.parse(text)
        else { throw EvaluationFailure(message: "a duration is not written as 30s, 15m or 2h") }
        return duration
    }
}

/// A verdict or finding to be given, with what changes from answer to answer.
enum DecisionPlan: Sendable {
    /// Which error verdict.
    enum Kind: String, Sendable, CaseIterable {
        case rejected, invalid, transient, throttled, unauthorized, inDoubt, unreadable
    }

    /// `succeeded`, and `done` of an inquiry.
    case succeeded(output: Template, reference: Template?)
    case pending(reference: Template?, checkAfter: Template)
    case error(Kind, ErrorPlan, WaitPlan?)
    /// As every adapter judges the HTTP status.
    case unexplained
    /// The inquiry found that nothing was done.
    case notDone

    /// What is told, which must show no secret.
    var told: [Expression] {
        switch self {
        case .succeeded(let output, let reference): output.expressions + (reference?.expressions ?? [])
        case .pending(let reference, _): reference?.expressions ?? []
        case .error(_, let error, _): error.expressions
        case .unexplained, .notDone: []
        }
    }

    /// All expressions in it.
    var expressions: [Expression] {
        switch self {
        case .pending(_, let after): told + after.expressions
        case .error(_, _, let wait): told + (wait?.expressions ?? [])
        default: told
        }
    }

    /// The verdict.
    func verdict(
        on response: WireResponse,
        for call: AdapterCall,
        looking code: String?,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> Verdict {
        switch self {
        case .succeeded(let output, let reference):
            let output = try output.json(&evaluation) ?? .object([:])
            return .succeeded(
                output: output,
                agencyReference: try reference?.text(&evaluation, field: "the reference")
            )
        case .pending(let reference, let after):
            return .pending(
                agencyReference: try reference?.text(&evaluation, field: "the reference") ?? call.agencyReference,
                checkAfter: try WaitPlan.duration(after, &evaluation)
            )
        case .error(let kind, let plan, let wait):
            // A code that only says that the answer makes no sense is not the agency's reason.
            let error = try plan.error(&evaluation, looking: kind == .unreadable ? nil : code)
            let until = try wait?.moment(&evaluation, now: call.now)
            switch kind {
            case .rejected: return .rejected(error)
            case .invalid: return .invalid(error)
            case .transient: return .transient(error, retryAfter: until.map { $0 - call.now })
            case .throttled: return .throttled(error, until: until ?? call.now + .seconds(60))
            case .unauthorized: return .unauthorized(error)
            case .inDoubt: return .inDoubt(error)
            case .unreadable: return call.operation.effect.isRepeatable ? .transient(error) : .inDoubt(error)
            }
        case .unexplained: return call.unexplained(response)
        case .notDone: return .rejected(GerbangError(.agencyNotFound, "the agency has no such record"))
        }
    }

    /// The finding.
    func finding(
        on response: WireResponse,
        for call: AdapterCall,
        looking code: String?,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> Finding {
        switch self {
        case .succeeded(let output, let reference):
            return .done(
                output: try output.json(&evaluation) ?? .object([:]),
                agencyReference: try reference?.text(&evaluation, field: "the reference")
            )
        case .pending(let reference, let after):
            return .pending(
                agencyReference: try reference?.text(&evaluation, field: "the reference") ?? call.agencyReference,
                checkAfter: try WaitPlan.duration(after, &evaluation)
            )
        case .error(.rejected, let plan, _): return .rejected(try plan.error(&evaluation, looking: code))
        case .notDone: return .notDone
        case .error, .unexplained:
            return Self.unclear(try verdict(on: response, for: call, looking: code, &evaluation), now: call.now)
        }
    }

    /// An inquiry that did not work says nothing about the call it asks about.
    static func unclear(_ verdict: Verdict, now: Timestamp) -> Finding {
        switch verdict {
        case .transient(let error, let retryAfter): .unclear(error, retryAfter: retryAfter)
        case .throttled(let error, let until): .unclear(error, retryAfter: until - now)
        case .rejected(let error), .invalid(let error), .unauthorized(let error), .inDoubt(let error): .unclear(error)
        case .succeeded, .pending: .unclear(GerbangError(.agencyUnreadable, "no rule says what the inquiry found"))
        }
    }
}

/// How an answer is judged.
struct ResponsePlan: Sendable {
    var decode: DecodePlan
    /// What its expressions read.
    var values: ValuePlan
    var verdict: [Rule<DecisionPlan>]
    var finding: [Rule<DecisionPlan>]
}
