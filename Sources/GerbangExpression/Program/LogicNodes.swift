/// The chain `a && b && …` or `a || b || …`.
///
/// One operand may decide the result whatever the others are, so failures wait until all operands are known.
final class LogicNode: Node {
    let terms: [any Node]
    /// The value that decides: false for `&&`, true for `||`.
    let deciding: Bool
    let offset: Int

    init(_ terms: [any Node], deciding: Bool, offset: Int) {
        self.terms = terms
        self.deciding = deciding
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        var failure: Failure?
        for term in terms {
            do throws(Failure) {
                guard case .bool(let value) = try term.evaluate(&frame) else { throw Failure.notBool.at(offset) }
                if value == deciding { return .bool(deciding) }
            } catch {
                if error.isFinal { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!deciding)
    }
}

/// The choice `a ? b : c`.
final class ConditionalNode: Node {
    let test: any Node
    let first: any Node
    let second: any Node
    let offset: Int

    init(_ test: any Node, _ first: any Node, _ second: any Node, offset: Int) {
        self.test = test
        self.first = first
        self.second = second
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        guard case .bool(let value) = try test.evaluate(&frame) else { throw Failure.notBool.at(offset) }
        return try value ? first.evaluate(&frame) : second.evaluate(&frame)
    }
}

/// The macro `cel.bind(name, value, body)`.
final class BindNode: Node {
    let slot: Int
    let value: any Node
    let body: any Node

    init(slot: Int, _ value: any Node, _ body: any Node) {
        self.slot = slot
        self.value = value
        self.body = body
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let value = try value.evaluate(&frame)
        frame.locals[slot] = value
        return try body.evaluate(&frame)
    }
}

/// The macros `target.optMap(name, body)` and `target.optFlatMap(name, body)`.
final class OptionalMapNode: Node {
    let target: any Node
    let slot: Int
    let body: any Node
    let isFlat: Bool
    let offset: Int

    init(_ target: any Node, slot: Int, _ body: any Node, isFlat: Bool, offset: Int) {
        self.target = target
        self.slot = slot
        self.body = body
        self.isFlat = isFlat
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        guard case .optional(let optional) = try target.evaluate(&frame) else {
            throw Failure.noSuchOverload.at(offset)
        }
        guard let value = optional.value else { return .optional(.none) }
        frame.locals[slot] = value
        let result = try body.evaluate(&frame)
        guard isFlat else {
            do throws(Failure) {
                return try frame.optional(result)
            } catch {
                throw error.at(offset)
            }
        }
        guard case .optional = result else { throw Failure.noSuchOverload.at(offset) }
        return result
    }
}
