/// Finds the content models that are too large for libxml2.
///
/// To prepare one it compares, for every place in a model, each pair of elements that may come next. Some hundred optional
/// elements in a row are a matter of milliseconds, some thousand one of minutes. And where very many wildcards stand in one
/// model, it takes sound content for incomplete.
struct ModelCost {
    /// The most pairs that are accepted for all models together, some seconds' worth.
    private static let maximumPairs = 150_000_000
    private static let maximumWildcards = 100

    /// The types that libxml2 should not see the content of: those with the largest models, until the others are small
    /// enough together.
    static func excessiveTypes(in table: SchemaTable) -> [Int] {
        var result: [Int] = []
        var costs: [(type: Int, pairs: Int)] = []
        for type in table.types {
            let root: GroupNode
            switch type.content {
            case .elements(let group): root = group
            case .mixed(let mixed): root = mixed.root
            case .simple, .empty, .anything, .array: continue
            }
            if root.hasWildcard, wildcards(root) > maximumWildcards {
                result.append(type.id)
            } else {
                costs.append((type.id, pairs(root, following: 0)))
            }
        }
        var total = costs.reduce(0) { $0 + $1.pairs }
        if total > maximumPairs {
            for cost in costs.sorted(by: { $0.pairs > $1.pairs }) where total > maximumPairs {
                result.append(cost.type)
                total -= cost.pairs
            }
        }
        return result
    }

    /// How many places of a group are wildcards.
    private static func wildcards(_ group: GroupNode) -> Int {
        var total = 0
        for particle in group.particles {
            switch particle.term {
            case .any: total += 1
            case .group(let inner): if inner.hasWildcard { total += wildcards(inner) }
            case .element: continue
            }
        }
        return total
    }

    /// The pairs to compare for a model, at most slightly more than the maximum.
    ///
    /// - Parameter following: How many elements may come behind the group.
    private static func pairs(_ group: GroupNode, following: Int) -> Int {
        var total = 0
        var next = following
        for particle in group.particles.reversed() {
            if group.kind != .sequence { next = following }
            let own = particle.first.symbols.count + particle.first.wildcards.count
            let behind = next + (particle.isRepeated ? own : 0)
            if case .group(let inner) = particle.term {
                total += pairs(inner, following: behind)
            } else {
                total += square(behind)
            }
            next = own + (particle.first.isEmptiable ? next : 0)
            if total > maximumPairs { return total }
        }
        let first = group.kind == .sequence ? next : group.keys.count + following
        return total + square(first)
    }

    private static func square(_ count: Int) -> Int {
        min(count, 100_000) * min(count, 100_000) / 2
    }
}
