internal import Synchronization

/// Trouble that an agency simulator makes on demand.
public enum Fault: String, Sendable, Hashable, CaseIterable {
    /// The answer comes late, but comes.
    case slow
    /// The effect happens and no answer ever comes.
    case hang
    /// The connection is reset before the effect.
    case resetBefore
    /// The effect happens and the connection is reset instead of the answer.
    case resetAfter
    /// HTTP 500 before the effect.
    case status500
    /// An HTML page with HTTP 200 after the effect.
    case html
    /// The effect happens and the answer breaks off in its middle.
    case truncated
    /// The effect happens and the answer is bytes without meaning.
    case garbage
    /// The agency's quota for the day is used up; no effect.
    case quota
    /// The agency is outside its service hours; no effect.
    case outsideHours
    /// The agency says that it already has this; no further effect.
    case duplicate
    /// HTTP 503 with `Retry-After`; no effect.
    case unavailable
    /// The agency refuses the credentials; no effect.
    case unauthorized
}

/// Which fault an agency simulator makes at which call.
public final class FaultPlan: Sendable {
    private struct Rule: Sendable {
        var fault: Fault
        var operation: String?
        var remaining: Int
    }

    private let rules = Mutex<[Rule]>([])

    /// Creates a plan without faults.
    public init() {}

    /// Makes the next `times` calls of `operation` (of any, when `nil`) meet `fault`.
    public func inject(_ fault: Fault, times: Int = 1, operation: String? = nil) {
        guard times > 0 else { return }
        rules.withLock { $0.append(Rule(fault: fault, operation: operation, remaining: times)) }
    }

    /// Takes the fault that the next call of `operation` meets.
    public func take(operation: String) -> Fault? {
        rules.withLock { rules in
            guard let index = rules.firstIndex(where: { $0.operation == nil || $0.operation == operation }) else {
                return nil
            }
            rules[index].remaining -= 1
            let fault = rules[index].fault
            if rules[index].remaining == 0 { rules.remove(at: index) }
            return fault
        }
    }

    /// Forgets every fault that is still planned.
    public func clear() {
        rules.withLock { $0.removeAll() }
    }
}
