/// Estimates what libxml2 needs to prepare content models for validation.
///
/// It compares, for every place in a model, each pair of elements that may come next. Some hundred optional elements in a
/// row are a matter of milliseconds, some thousand one of minutes.
struct ModelCost {
    /// The most pairs that are accepted for all models together, some seconds' worth.
    static let maximum = 150_000_000

    /// The pairs to compare for all types of a table, at most slightly more than the maximum.
    static func pairs(in table: SchemaTable) -> Int {
        var total = 0
        for type in table.types {
            switch type.content {
            case .elements(let group): total += pairs(group, following: 0)
            case .mixed(let mixed): total += pairs(mixed.root, following: 0)
            case .simple, .empty, .anything, .array: continue
            }
            if total > maximum { break }
        }
        return total
    }

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
            if total > maximum { return total }
        }
        let first = group.kind == .sequence ? next : group.keys.count + following
        return total + square(first)
    }

    private static func square(_ count: Int) -> Int {
        min(count, 100_000) * min(count, 100_000) / 2
    }
}
