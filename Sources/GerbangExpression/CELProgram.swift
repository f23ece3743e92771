/// A compiled expression.
///
/// Any number of tasks may evaluate it at once.
public final class CELProgram: Sendable {
    /// The expression.
    public let source: String
    /// The type of its value as far as the checker knows it; `dyn` if nobody checked.
    public let type: CELType

    private let root: any Node
    private let variables: [(name: String, slot: Int)]
    private let slotCount: Int
    private let localCount: Int
    /// How many steps may wait for each other, those of the definitions that it reads included.
    private let depth: Int
    /// The names of the environment's variables by their places.
    private let names: [String]

    init(source: String, type: CELType, planner: Planner, root: any Node, height: Int) {
        self.source = source
        self.type = type
        self.root = root
        names = planner.names.variables
        let names = names
        variables = planner.usedSlots.sorted { $0.key < $1.key }.map { (names[$0.key], $0.value) }
        slotCount = planner.slotCount
        localCount = planner.localCount
        depth = planner.definitionDepth + height
    }

    /// The variables that the expression reads.
    public var variableNames: [String] { variables.map(\.name) }

    /// Evaluates the expression.
    ///
    /// - Parameters:
    ///   - bindings: The values of variables by name; values of undeclared names are left out.
    ///   - limits: How much the evaluation may do.
    /// - Throws: ``CELError`` when the expression has no value.
    public func evaluate(
        _ bindings: [String: CELValue] = [:],
        limits: CELLimits = .default
    ) throws(CELError) -> CELValue {
        try run(bindings, limits: limits).result.get()
    }

    /// What an evaluation came to.
    public struct Outcome: Sendable {
        /// The value, or why there is none.
        public let result: Result<CELValue, CELError>
        /// What it cost, in the unit of ``CELLimits/maximumCost``.
        public let cost: Int
    }

    /// Evaluates the expression and says what that cost.
    ///
    /// - Parameters:
    ///   - bindings: The values of variables by name; values of undeclared names are left out.
    ///   - limits: How much the evaluation may do.
    public func run(_ bindings: [String: CELValue] = [:], limits: CELLimits = .default) -> Outcome {
        var slots = [CELValue?](repeating: nil, count: slotCount)
        for (name, slot) in variables { slots[slot] = bindings[name] }
        var frame = Frame(variables: slots, localCount: localCount, limits: limits)
        do throws(Failure) {
            let value = try root.evaluate(&frame)
            return Outcome(result: .success(value), cost: limits.maximumCost - frame.remaining)
        } catch {
            let cost = limits.maximumCost - max(0, frame.remaining)
            return Outcome(result: .failure(CELError(error, in: source, variables: names)), cost: cost)
        }
    }

    /// Evaluates the expression with values that it shares with other programs of its environment, made by
    /// ``CELEnvironment/compileShared(_:expecting:)``.
    ///
    /// What definitions came to is kept in `values`, and what the evaluation costs is taken from what `values` may
    /// still spend, at most `limit` of it.
    ///
    /// - Throws: ``CELError`` when the expression has no value.
    public func evaluate(with values: inout CELValues, limit: Int) throws(CELError) -> CELValue {
        let limits = CELLimits(maximumCost: min(limit, values.remainingCost))
        if values.slots.count < slotCount {
            values.slots += Array(repeating: nil, count: slotCount - values.slots.count)
        }
        var frame = Frame(variables: [], localCount: localCount, limits: limits)
        swap(&frame.variables, &values.slots)
        defer {
            swap(&frame.variables, &values.slots)
            values.remainingCost -= limits.maximumCost - max(0, frame.remaining)
        }
        do throws(Failure) {
            return try root.evaluate(&frame)
        } catch {
            throw CELError(error, in: source, variables: names)
        }
    }

    /// The program as the definition of a variable.
    func definition(at place: Int) -> Definition {
        Definition(place: place, root: root, localCount: localCount, depth: depth)
    }
}

/// The values of an environment's variables, which many programs share.
public struct CELValues: Sendable {
    fileprivate var slots: [CELValue?]
    /// What the evaluations with these values may still cost together.
    public fileprivate(set) var remainingCost: Int

    /// Room for the first `count` variables of an environment.
    public init(count: Int, maximumCost: Int) {
        slots = Array(repeating: nil, count: count)
        remainingCost = maximumCost
    }

    /// The value of the variable at a place, see ``CELEnvironment/place(of:)``; nil while none is bound or needed.
    public subscript(place: Int) -> CELValue? {
        get { slots.indices.contains(place) ? slots[place] : nil }
        set {
            if place >= slots.count { slots += Array(repeating: nil, count: place + 1 - slots.count) }
            slots[place] = newValue
        }
    }
}
