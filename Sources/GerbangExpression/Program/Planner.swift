/// Turns a syntax tree into a program: names become slots, calls become functions, what is known is computed.
struct Planner {
    let names: Names
    let functions: FunctionTable
    /// Whether the names and types were checked; only then is the first meaning of a name the only one.
    let isChecked: Bool
    /// Whether variables have the slots of their places in the environment, so that many programs can share values.
    let sharesSlots: Bool
    private var locals: [(name: String, slot: Int)] = []
    /// How many slots the variables of macros need.
    private(set) var localCount = 0
    /// How many slots the variables of the caller need.
    private(set) var slotCount = 0
    /// The slots of the variables that the program reads, by their places among the declared ones.
    ///
    /// Only these get slots unless they are shared: an environment may have many more, and each slot costs time at
    /// every evaluation.
    private(set) var usedSlots: [Int: Int] = [:]
    /// The deepest of the definitions that are read.
    private(set) var definitionDepth = 0

    init(names: Names, functions: FunctionTable, isChecked: Bool, sharesSlots: Bool) {
        self.names = names
        self.functions = functions
        self.isChecked = isChecked
        self.sharesSlots = sharesSlots
    }

    mutating func plan(_ expression: Expression) -> any Node {
        let offset = expression.offset
        switch expression.kind {
        case .literal(let value): return ConstantNode(value)
        case .name, .select(_, _, .plain): return planChain(expression)
        case .select(let operand, let field, let form):
            return SelectNode(plan(operand), field: field, form: form, offset: offset)
        case .index(let operand, let key, let isOptional):
            let nodes = [plan(operand), plan(key)]
            return folded(IndexNode(nodes[0], nodes[1], isOptional: isOptional, offset: offset), nodes)
        case .call(let name, let target, let arguments, let isAbsolute):
            return planCall(name, target, arguments, isAbsolute: isAbsolute, at: offset)
        case .and(let terms): return LogicNode(terms.map { plan($0) }, deciding: false, offset: offset)
        case .or(let terms): return LogicNode(terms.map { plan($0) }, deciding: true, offset: offset)
        case .conditional(let test, let first, let second):
            return ConditionalNode(plan(test), plan(first), plan(second), offset: offset)
        case .list(let elements):
            return folded(ListNode(elements.map { (plan($0.value), $0.isOptional) }, offset: offset))
        case .map(let entries):
            let nodes = entries.map {
                MapNode.Entry(key: plan($0.key), value: plan($0.value), isOptional: $0.isOptional)
            }
            return folded(MapNode(nodes, offset: offset))
        case .comprehension(let macro): return planComprehension(macro, at: offset)
        case .bind(let name, let value, let body):
            let value = plan(value)
            let slot = declare(name)
            defer { locals.removeLast() }
            return BindNode(slot: slot, value, plan(body))
        case .optionalMap(let target, let name, let body, let isFlat):
            let target = plan(target)
            let slot = declare(name)
            defer { locals.removeLast() }
            return OptionalMapNode(target, slot: slot, plan(body), isFlat: isFlat, offset: offset)
        }
    }

    private mutating func slot(of variable: Names.Variable) -> Int {
        if let definition = variable.definition { definitionDepth = max(definitionDepth, definition.depth) }
        if let slot = usedSlots[variable.place] { return slot }
        let slot = sharesSlots ? variable.place : slotCount
        usedSlots[variable.place] = slot
        slotCount = max(slotCount, slot + 1)
        return slot
    }

    private mutating func declare(_ name: String) -> Int {
        locals.append((name, localCount))
        localCount += 1
        return localCount - 1
    }

    // MARK: Names

    private mutating func planChain(_ expression: Expression) -> any Node {
        let offset = expression.offset
        guard let (chain, isAbsolute) = expression.chain else {
            guard case .select(let operand, let field, let form) = expression.kind else {
                return FailureNode(Failure.noSuchOverload.at(offset))
            }
            return SelectNode(plan(operand), field: field, form: form, offset: offset)
        }
        if !isAbsolute, let local = locals.last(where: { $0.name == chain[0] }) {
            return LocalPathNode(slot: local.slot, fields: Array(chain.dropFirst()), offset: offset)
        }
        var paths: [PathNode] = []
        for (meaning, length) in names.meanings(of: chain, isAbsolute: isAbsolute) {
            let fields = Array(chain[length...])
            switch meaning {
            case .variable(let variable):
                paths.append(
                    PathNode(
                        slot: slot(of: variable),
                        definition: variable.definition,
                        fields: fields,
                        offset: offset
                    )
                )
            case .type(let type):
                guard paths.isEmpty else { continue }
                var node: any Node = ConstantNode(.type(type))
                for field in fields { node = SelectNode(node, field: field, form: .plain, offset: offset) }
                return node
            }
            if isChecked { break }
        }
        switch paths.count {
        case 0: return FailureNode(Failure(.undeclaredName, "this name is not declared").at(offset))
        case 1: return paths[0]
        default: return CandidatesNode(paths)
        }
    }

    // MARK: Calls

    private mutating func planCall(
        _ name: String,
        _ target: Expression?,
        _ arguments: [Expression],
        isAbsolute: Bool,
        at offset: Int
    ) -> any Node {
        let resolved = functions.resolve(
            name,
            target: target,
            count: arguments.count,
            isAbsolute: isAbsolute,
            names: names
        )
        guard let function = resolved.function else {
            let failure =
                resolved.others.isEmpty
                ? Failure(.undeclaredFunction, "there is no function with this name") : Failure.noSuchOverload
            return FailureNode(failure.at(offset))
        }
        var nodes: [any Node] = []
        if let target, function.isMember { nodes.append(plan(target)) }
        for argument in arguments { nodes.append(plan(argument)) }
        if name == "matches", nodes.count == 2, let node = MatchNode(nodes[0], nodes[1], offset: offset) { return node }
        if function.isMember, name == "or" || name == "orValue", nodes.count == 2 {
            return AlternativeNode(nodes[0], nodes[1], unwraps: name == "orValue", offset: offset)
        }
        switch (function.body, nodes.count) {
        case (.unary(let body), 1): return folded(UnaryNode(body, nodes[0], offset: offset), nodes)
        case (.binary(let body), 2): return folded(BinaryNode(body, nodes[0], nodes[1], offset: offset), nodes)
        case (.variadic(let body), _): return folded(VariadicNode(body, nodes, offset: offset), nodes)
        default: return FailureNode(Failure.noSuchOverload.at(offset))
        }
    }

    // MARK: Macros

    private mutating func planComprehension(_ macro: Expression.Comprehension, at offset: Int) -> any Node {
        let rangeNode = plan(macro.range)
        let first = declare(macro.first)
        let second = macro.second.map { declare($0) }
        defer { locals.removeLast(second == nil ? 1 : 2) }
        let range = ComprehensionRange(
            range: rangeNode,
            slot: first,
            secondSlot: second,
            filter: macro.filter.map { plan($0) },
            offset: offset
        )
        let body = plan(macro.body)
        switch macro.kind {
        case .all: return QuantifierNode(range, body, deciding: false)
        case .exists: return QuantifierNode(range, body, deciding: true)
        case .existsOne: return ExistsOneNode(range, body)
        case .list: return CollectNode(range, body, sorts: false)
        case .sortBy: return CollectNode(range, body, sorts: true)
        case .transformMap: return TransformMapNode(range, body, givesEntries: false)
        case .transformMapEntry: return TransformMapNode(range, body, givesEntries: true)
        }
    }

    // MARK: Folding

    /// What is computed while compiling may cost and become only so much.
    private static let foldingLimits = CELLimits(maximumCost: 1000, maximumSize: 1000, maximumDepth: 32)

    private func folded(_ node: any Node, _ parts: [any Node]) -> any Node {
        guard parts.allSatisfy({ $0 is ConstantNode }) else { return node }
        var frame = Frame(variables: [], localCount: 0, limits: Self.foldingLimits)
        // A failure stays where it is: an operator around may absorb it.
        do throws(Failure) {
            return ConstantNode(try node.evaluate(&frame))
        } catch {
            return node
        }
    }

    private func folded(_ node: ListNode) -> any Node { folded(node, node.elements.map(\.node)) }

    private func folded(_ node: MapNode) -> any Node { folded(node, node.entries.flatMap { [$0.key, $0.value] }) }
}
