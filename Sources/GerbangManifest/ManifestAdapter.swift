internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import HTTPTypes

/// An operation, ready to be called.
struct OperationPlan: Sendable {
    var descriptor: OperationDescriptor
    var request: RequestPlan
    var response: ResponsePlan
    /// What it speaks by, where it names a description.
    var contract: Contract?
}

/// The adapter that a manifest describes, for one connection.
struct ManifestAdapter: Adapter {
    let descriptor: AdapterDescriptor
    let authentication: Sensitive<JSONValue>?
    let operations: [OperationID: OperationPlan]

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        guard let plan = operations[call.operation.id] else { throw unknown(call.operation.id) }
        var evaluation = plan.request.values.values(for: call)
        return try plan.request.message(&evaluation, for: call)
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        guard let plan = operations[call.operation.id] else {
            return call.unreadable(unknown(call.operation.id).message)
        }
        var reading = Reading(plan.response, exchange, call)
        return reading.verdict()
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        guard let plan = operations[call.operation.id] else { return .unclear(unknown(call.operation.id)) }
        var reading = Reading(plan.response, exchange, call)
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

    init(_ plan: ResponsePlan, _ exchange: Exchange, _ call: AdapterCall) {
        self.plan = plan
        self.call = call
        response = exchange.response
        evaluation = plan.values.values(for: call, exchange)
        evaluation.exact.input = call.payload
        do throws(EvaluationFailure) {
            plan.values.bind(body: try plan.decode.value(of: response, to: call, &evaluation), in: &evaluation)
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
