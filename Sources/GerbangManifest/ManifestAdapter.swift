internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import HTTPTypes

/// An operation, ready to be called.
struct OperationPlan: Sendable {
    var descriptor: OperationDescriptor
    var request: RequestPlan
    var response: ResponsePlan
}

/// The adapter that a manifest describes, for one connection.
struct ManifestAdapter: Adapter {
    let descriptor: AdapterDescriptor
    let authentication: Sensitive<JSONValue>?
    let operations: [OperationID: OperationPlan]
    /// The connection's settings and the manifest's tables: what is the same for every call.
    let constants: [String: CELValue]

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        guard let plan = operations[call.operation.id] else { throw unknown(call.operation.id) }
        var evaluation = Evaluation(CallValues.bindings(constants, for: call), lets: plan.request.lets)
        return try plan.request.message(&evaluation, for: call)
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        guard let plan = operations[call.operation.id] else {
            return call.unreadable(unknown(call.operation.id).message)
        }
        var reading = Reading(plan.response, exchange, call, constants)
        return reading.verdict()
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        guard let plan = operations[call.operation.id] else { return .unclear(unknown(call.operation.id)) }
        var reading = Reading(plan.response, exchange, call, constants)
        return reading.finding()
    }

    private func unknown(_ operation: OperationID) -> GerbangError {
        GerbangError(.internalFault, "the adapter \(descriptor.id) has no operation \(operation)")
    }
}

extension ManifestAdapter: CustomStringConvertible, CustomReflectable {
    /// The adapter's name and version; its settings may be secrets and are left out.
    var description: String { "\(descriptor.id) \(descriptor.version)" }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    var customMirror: Mirror { Mirror(self, children: ["summary": description]) }
}

/// An answer while it is judged.
private struct Reading {
    let plan: ResponsePlan
    let response: WireResponse
    let call: AdapterCall
    var evaluation: Evaluation
    /// Why there is no decoded answer.
    var trouble: String?

    init(_ plan: ResponsePlan, _ exchange: Exchange, _ call: AdapterCall, _ constants: [String: CELValue]) {
        self.plan = plan
        self.call = call
        response = exchange.response
        var bindings = CallValues.bindings(constants, for: call)
        CallValues.bind(exchange, to: &bindings, reads: plan.reads)
        evaluation = Evaluation(bindings, lets: plan.lets)
        do throws(EvaluationFailure) {
            evaluation.bind("body", try plan.decode.value(of: response, &evaluation))
        } catch {
            trouble = error.message
        }
    }

    mutating func verdict() -> Verdict {
        do throws(EvaluationFailure) {
            if let (decision, code) = try decision(among: plan.verdict) {
                return try decision.verdict(on: response, for: call, looking: code, &evaluation)
            }
        } catch {
            return call.unreadable("the answer does not fit the rules: \(error.message)")
        }
        let isSuccess = (200..<300).contains(response.status)
        return isSuccess ? call.unreadable(trouble ?? "no rule fits the answer") : call.unexplained(response)
    }

    mutating func finding() -> Finding {
        do throws(EvaluationFailure) {
            if let (decision, code) = try decision(among: plan.finding) {
                return try decision.finding(on: response, for: call, looking: code, &evaluation)
            }
        } catch {
            // The status tells more than a rule that could not be read: a wait is kept, a refused credential blamed.
            guard (200..<300).contains(response.status) else {
                return DecisionPlan.unclear(call.unexplained(response), now: call.now)
            }
            return .unclear(GerbangError(.agencyUnreadable, "the answer does not fit the rules: \(error.message)"))
        }
        return DecisionPlan.unclear(verdict(), now: call.now)
    }

    /// The first rule that applies.
    private mutating func decision(
        among rules: [Rule<DecisionPlan>]
    ) throws(EvaluationFailure) -> (DecisionPlan, code: String?)? {
        for rule in rules {
            if rule.readsBody, trouble != nil { continue }
            if let condition = rule.condition, try !evaluation.isTrue(condition) { continue }
            switch rule.action {
            case .decide(let decision): return (decision, nil)
            case .lookUp(let expression, let table, let own):
                guard let key = try evaluation.present(expression) else { continue }
                let code = try CELText.text(of: key, field: expression.field)
                guard let decision = table[code] else { continue }
                guard let own else { return (decision, expression.isPrivate ? nil : code) }
                return (
                    decision,
                    try evaluation.present(own).map { value throws(EvaluationFailure) in
                        try CELText.text(of: value, field: own.field)
                    }
                )
            }
        }
        return nil
    }
}

/// A call and its answer as values of expressions.
enum CallValues {
    static func bindings(_ constants: [String: CELValue], for call: AdapterCall) -> [String: CELValue] {
        var values = constants
        let request = call.request
        let submission = request.submission
        let key = CELValue.string(call.key)
        values["input"] = CELValue(submission.payload)
        values["attempt"] = .int(Int64(call.attempt))
        values["now"] = moment(call.now)
        values["reference"] = optional(call.agencyReference)
        values["operation"] = .string(call.operation.id.text)
        values["repeatable"] = .bool(call.operation.effect.isRepeatable)
        values["request.id"] = key
        values["request.key"] = key
        values["request.service"] = .string(submission.service.text)
        values["request.region"] = .string(submission.region.digits)
        values["request.channel"] = .string(submission.channel.rawValue)
        values["request.client"] = .string(request.client.text)
        values["request.acceptedAt"] = moment(request.acceptedAt)
        values["request.deadline"] = moment(request.deadline)
        values["applicant.nik"] = optional(submission.applicant.nik?.revealed)
        values["applicant.name"] = optional(submission.applicant.name?.revealed)
        return values
    }

    static func bind(_ exchange: Exchange, to values: inout [String: CELValue], reads: Set<String>) {
        let response = exchange.response
        values["status"] = .int(Int64(response.status))
        if reads.contains("headers") { values["headers"] = map(response.headerFields) }
        if reads.contains("text") { values["text"] = .string(String(decoding: response.body, as: UTF8.self)) }
        if reads.contains("sent.body") { values["sent.body"] = .bytes(exchange.request.body) }
        if reads.contains("sent.headers") { values["sent.headers"] = map(exchange.request.headerFields) }
    }

    private static func moment(_ moment: Timestamp) -> CELValue { .timestamp(CELTimestamp(moment) ?? .epoch) }

    private static func optional(_ text: String?) -> CELValue {
        .optional(text.map { CELOptional(.string($0)) } ?? .none)
    }

    private static func map(_ fields: HTTPFields) -> CELValue {
        .map(CELMap(fields.map { (.string($0.name.canonicalName), .string($0.value)) }))
    }
}
