/// How large the smallest value of each type is; none for a type that contains itself by necessity.
struct TypeCosts: Sendable {
    private var costs: [Int?]
    /// Whether every element may be nil, as by SOAP encoding.
    private let isEncoded: Bool

    init(_ table: SchemaTable, isEncoded: Bool) {
        self.isEncoded = isEncoded
        costs = Array(repeating: nil, count: table.types.count)
        var derived: [Int: [Int]] = [:]
        for type in table.types where !type.isAbstract && type.name != nil {
            var base = type.base
            while let number = base {
                if table.types[number].isAbstract { derived[number, default: []].append(type.id) }
                base = table.types[number].base
            }
        }
        var changed = true
        var rounds = 0
        // Each round settles at least one more level of nesting.
        while changed, rounds < 200 {
            changed = false
            rounds += 1
            for type in table.types where costs[type.id] == nil {
                let cost = type.isAbstract ? (derived[type.id] ?? []).compactMap { costs[$0] }.min() : own(type)
                guard let cost else { continue }
                costs[type.id] = min(cost, 1_000_000)
                changed = true
            }
        }
    }

    /// The size of the smallest value of a type; nil where there is none.
    func type(_ number: Int) -> Int? { costs[number] }

    /// The size of the smallest element; nil where there is none.
    func element(_ element: ElementNode) -> Int? {
        if !element.alternatives.isEmpty { return element.alternatives.compactMap { self.element($0.element) }.min() }
        if element.isAbstract { return nil }
        return element.isNillable || isEncoded ? 1 : costs[element.type]
    }

    /// The size of the smallest content of a particle that is there.
    func content(_ particle: Particle) -> Int? {
        let one: Int?
        switch particle.term {
        case .element(let element): one = self.element(element)
        case .any: one = 1
        case .group(let group): one = self.group(group)
        }
        return one.map {
            min(1_000_000, $0.multipliedReportingOverflow(by: max(1, min(particle.minimum, 1_000))).partialValue)
        }
    }

    private func group(_ group: GroupNode) -> Int? {
        if group.kind == .choice {
            return group.particles.isEmpty ? 0 : group.particles.compactMap { $0.minimum == 0 ? 0 : content($0) }.min()
        }
        var sum = 0
        for particle in group.particles where particle.minimum > 0 {
            guard let cost = content(particle) else { return nil }
            sum = min(1_000_000, sum + cost)
        }
        return sum
    }

    private func own(_ type: TypeNode) -> Int? {
        switch type.content {
        case .simple, .empty, .anything, .array: 1
        case .elements(let group): self.group(group).map { $0 + 1 }
        case .mixed(let mixed): self.group(mixed.root).map { $0 + 1 }
        }
    }
}
