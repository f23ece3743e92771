/// What a macro looks at: the elements of a list, or the keys of a map.
struct ComprehensionRange: Sendable {
    let range: any Node
    /// The slot of the first variable, and of the second if there are two.
    let slot: Int
    let secondSlot: Int?
    let filter: (any Node)?
    let offset: Int

    enum Items {
        case list([CELValue])
        case map([CELMap.Entry])

        var count: Int {
            switch self {
            case .list(let elements): elements.count
            case .map(let entries): entries.count
            }
        }
    }

    func items(_ frame: inout Frame) throws(Failure) -> Items {
        try frame.charge(1)
        switch try range.evaluate(&frame) {
        case .list(let list): return .list(list.elements)
        case .map(let map): return .map(map.entries)
        default:
            throw Failure(.noSuchOverload, "this macro looks at a list or a map, and the value is of another type").at(
                offset
            )
        }
    }

    /// Binds the variables for one item; says whether the filter lets it pass.
    @inline(__always)
    func step(_ index: Int, of items: Items, _ frame: inout Frame) throws(Failure) -> Bool {
        try frame.charge(1)
        switch items {
        case .list(let elements):
            if let secondSlot {
                frame.locals[slot] = .int(Int64(index))
                frame.locals[secondSlot] = elements[index]
            } else {
                frame.locals[slot] = elements[index]
            }
        case .map(let entries):
            frame.locals[slot] = entries[index].key.value
            if let secondSlot { frame.locals[secondSlot] = entries[index].value }
        }
        guard let filter else { return true }
        guard case .bool(let passes) = try filter.evaluate(&frame) else { throw Failure.notBool.at(offset) }
        return passes
    }
}

/// `all` and `exists`: like `&&` and `||` over all items.
final class QuantifierNode: Node {
    let range: ComprehensionRange
    let body: any Node
    /// The value that decides: false for `all`, true for `exists`.
    let deciding: Bool

    init(_ range: ComprehensionRange, _ body: any Node, deciding: Bool) {
        self.range = range
        self.body = body
        self.deciding = deciding
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        let items = try range.items(&frame)
        var failure: Failure?
        for index in 0..<items.count {
            do throws(Failure) {
                _ = try range.step(index, of: items, &frame)
                guard case .bool(let value) = try body.evaluate(&frame) else { throw Failure.notBool.at(range.offset) }
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

/// The macro `exists_one`.
final class ExistsOneNode: Node {
    let range: ComprehensionRange
    let body: any Node

    init(_ range: ComprehensionRange, _ body: any Node) {
        self.range = range
        self.body = body
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        let items = try range.items(&frame)
        var count = 0
        for index in 0..<items.count {
            _ = try range.step(index, of: items, &frame)
            guard case .bool(let value) = try body.evaluate(&frame) else { throw Failure.notBool.at(range.offset) }
            if value { count += 1 }
        }
        return .bool(count == 1)
    }
}

/// `map`, `filter`, `transformList` and `sortBy`: a value for every item that passes.
final class CollectNode: Node {
    let range: ComprehensionRange
    let body: any Node
    /// Whether the values are the keys to sort the elements by.
    let sorts: Bool

    init(_ range: ComprehensionRange, _ body: any Node, sorts: Bool) {
        self.range = range
        self.body = body
        self.sorts = sorts
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        let items = try range.items(&frame)
        var values: [CELValue] = []
        for index in 0..<items.count where try range.step(index, of: items, &frame) {
            values.append(try body.evaluate(&frame))
        }
        do throws(Failure) {
            guard sorts else { return try frame.list(values) }
            guard case .list(let elements) = items else { throw .noSuchOverload }
            return try frame.list(try ListFunctions.sorted(elements, by: values, &frame))
        } catch {
            throw error.at(range.offset)
        }
    }
}

/// The macros `transformMap` and `transformMapEntry`.
final class TransformMapNode: Node {
    let range: ComprehensionRange
    let body: any Node
    /// Whether the body gives whole entries, as a map, and not only values.
    let givesEntries: Bool

    init(_ range: ComprehensionRange, _ body: any Node, givesEntries: Bool) {
        self.range = range
        self.body = body
        self.givesEntries = givesEntries
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        let items = try range.items(&frame)
        var builder = CELMap.Builder()
        for index in 0..<items.count where try range.step(index, of: items, &frame) {
            let value = try body.evaluate(&frame)
            if givesEntries {
                guard case .map(let map) = value else { throw Failure.noSuchOverload.at(range.offset) }
                try frame.charge(map.count)
                for entry in map.entries {
                    guard builder.insert(entry.key, entry.value) else { throw MapNode.repeated.at(range.offset) }
                }
            } else {
                switch items {
                case .list: _ = builder.insert(.int(Int64(index)), value)
                case .map(let entries): _ = builder.insert(entries[index].key, value)
                }
            }
        }
        do throws(Failure) {
            return try frame.map(builder.map)
        } catch {
            throw error.at(range.offset)
        }
    }
}
