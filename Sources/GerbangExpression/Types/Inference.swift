/// What the checker has found out about the variables among types.
struct Inference {
    private var bindings: [TypeTerm?] = []
    /// What was bound, in order, and what stood there before: a trial that fails is undone by it.
    private var trail: [(index: Int, old: TypeTerm?)] = []
    /// Types of very large expressions are not followed to their end.
    private var steps = 0
    private static let stepLimit = 200_000
    private static let depthLimit = 24

    mutating func fresh() -> TypeTerm {
        bindings.append(nil)
        return .variable(bindings.count - 1)
    }

    /// A signature with its parameters replaced by new variables.
    mutating func instantiate(_ signature: Signature) -> Signature {
        guard signature.isGeneric else { return signature }
        var variables: [Int: TypeTerm] = [:]
        let parameters = signature.parameters.map { replaceParameters(in: $0, &variables) }
        return Signature(parameters, replaceParameters(in: signature.result, &variables))
    }

    private mutating func replaceParameters(in term: TypeTerm, _ variables: inout [Int: TypeTerm]) -> TypeTerm {
        switch term {
        case .parameter(let index):
            if let known = variables[index] { return known }
            let new = fresh()
            variables[index] = new
            return new
        case .list(let element): return .list(replaceParameters(in: element, &variables))
        case .map(let key, let value):
            return .map(replaceParameters(in: key, &variables), replaceParameters(in: value, &variables))
        case .optional(let value): return .optional(replaceParameters(in: value, &variables))
        default: return term
        }
    }

    /// The term itself with the outermost variable replaced, as far as it is known.
    func head(_ term: TypeTerm) -> TypeTerm {
        var term = term
        while case .variable(let index) = term, let bound = bindings[index] { term = bound }
        return term
    }

    /// The term with all variables replaced that are known; what nests too deeply becomes `dyn`.
    func resolve(_ term: TypeTerm, depth: Int = 0) -> TypeTerm {
        guard depth < Self.depthLimit else { return .dyn }
        switch head(term) {
        case .list(let element): return .list(resolve(element, depth: depth + 1))
        case .map(let key, let value): return .map(resolveKey(key), resolve(value, depth: depth + 1))
        case .optional(let value): return .optional(resolve(value, depth: depth + 1))
        case let known: return known
        }
    }

    /// Keys are scalars; anything else would be an error during evaluation.
    private func resolveKey(_ term: TypeTerm) -> TypeTerm {
        switch head(term) {
        case .list, .map, .optional: .dyn
        case let known: known
        }
    }

    /// The type with `dyn` where nothing is known.
    func final(_ term: TypeTerm) -> TypeTerm {
        switch resolve(term) {
        case .variable: .dyn
        case .list(let element): .list(final(element))
        case .map(let key, let value): .map(final(key), final(value))
        case .optional(let value): .optional(final(value))
        case let known: known
        }
    }

    /// Whether a value of one type can stand where the other is expected; binds variables.
    mutating func assign(_ actual: TypeTerm, to expected: TypeTerm) -> Bool {
        steps += 1
        guard steps < Self.stepLimit else { return true }
        // Followed by hand, so that variables keep the more general type.
        if case .variable(let index) = expected, let bound = bindings[index] {
            guard assign(actual, to: bound) else { return false }
            let merged = merge(bound, actual)
            if merged != bound { bind(index, merged) }
            return true
        }
        let actual = head(actual)
        let expected = head(expected)
        switch (actual, expected) {
        case (.variable(let left), .variable(let right)) where left == right: return true
        case (_, .variable(let index)):
            guard !occurs(index, in: actual) else { return false }
            bind(index, actual)
            return true
        case (.variable(let index), _):
            guard !occurs(index, in: expected) else { return false }
            bind(index, expected)
            return true
        case (.dyn, _), (_, .dyn): return true
        case (.null, .timestamp), (.null, .duration), (.null, .optional), (.null, .address), (.null, .network):
            return true
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            return assign(left, to: right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            return assign(leftKey, to: rightKey) && assign(left, to: right)
        default: return actual == expected
        }
    }

    private func occurs(_ index: Int, in term: TypeTerm) -> Bool {
        switch head(term) {
        case .variable(let other): index == other
        case .list(let element): occurs(index, in: element)
        case .map(let key, let value): occurs(index, in: key) || occurs(index, in: value)
        case .optional(let value): occurs(index, in: value)
        default: false
        }
    }

    private mutating func bind(_ index: Int, _ term: TypeTerm) {
        trail.append((index, bindings[index]))
        bindings[index] = term
    }

    /// The more general of two types that agree.
    private func merge(_ left: TypeTerm, _ right: TypeTerm, depth: Int = 0) -> TypeTerm {
        switch (head(left), head(right)) {
        case (.dyn, _), (_, .dyn): return .dyn
        case (.list(let left), .list(let right)) where depth < Self.depthLimit:
            return .list(merge(left, right, depth: depth + 1))
        case (.optional(let left), .optional(let right)) where depth < Self.depthLimit:
            return .optional(merge(left, right, depth: depth + 1))
        case (.map(let leftKey, let left), .map(let rightKey, let right)) where depth < Self.depthLimit:
            return .map(merge(resolveKey(leftKey), resolveKey(rightKey)), merge(left, right, depth: depth + 1))
        case (.null, let other): return other
        default: return left
        }
    }

    /// The type that covers both: the more general one if they agree, otherwise `dyn`.
    mutating func join(_ left: TypeTerm, _ right: TypeTerm) -> TypeTerm {
        if attempt({ $0.assign(right, to: left) }) || attempt({ $0.assign(left, to: right) }) {
            return merge(left, right)
        }
        return .dyn
    }

    /// Runs a trial; what it bound is forgotten when it fails.
    mutating func attempt(_ trial: (inout Inference) -> Bool) -> Bool {
        let mark = trail.count
        let count = bindings.count
        if trial(&self) { return true }
        while trail.count > mark, let (index, old) = trail.popLast() { bindings[index] = old }
        bindings.removeLast(bindings.count - count)
        return false
    }
}
