/// A compiled expression.
///
/// Any number of tasks may evaluate it at once.
public struct CELProgram: Sendable {
    /// The expression.
    public let source: String
    /// The type of its value as far as the checker knows it; `dyn` if nobody checked.
    public let type: CELType

    private let root: any Node
    private let variables: [(name: String, slot: Int)]
    private let slotCount: Int

    init(source: String, type: CELType, root: any Node, variables: [(String, Int)], slotCount: Int) {
        self.source = source
        self.type = type
        self.root = root
        self.variables = variables
        self.slotCount = slotCount
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
        var frame = Frame(slots: slots, limits: limits)
        do throws(Failure) {
            let value = try root.evaluate(&frame)
            return Outcome(result: .success(value), cost: limits.maximumCost - frame.remaining)
        } catch {
            let cost = limits.maximumCost - max(0, frame.remaining)
            return Outcome(result: .failure(CELError(error, in: source)), cost: cost)
        }
    }
}
