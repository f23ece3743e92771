/// A list literal with parts that are not known.
final class ListNode: Node {
    let elements: [(node: any Node, isOptional: Bool)]
    let offset: Int

    init(_ elements: [(node: any Node, isOptional: Bool)], offset: Int) {
        self.elements = elements
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1 &+ elements.count)
        var values: [CELValue] = []
        values.reserveCapacity(elements.count)
        for (node, isOptional) in elements {
            let value = try node.evaluate(&frame)
            if let kept = try present(value, isOptional: isOptional, at: offset) { values.append(kept) }
        }
        do throws(Failure) {
            return try frame.list(values)
        } catch {
            throw error.at(offset)
        }
    }
}

/// A map literal with parts that are not known.
final class MapNode: Node {
    struct Entry: Sendable {
        let key: any Node
        let value: any Node
        let isOptional: Bool
    }

    let entries: [Entry]
    let offset: Int

    init(_ entries: [Entry], offset: Int) {
        self.entries = entries
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1 &+ entries.count)
        var builder = CELMap.Builder()
        for entry in entries {
            let key = try entry.key.evaluate(&frame)
            let value = try entry.value.evaluate(&frame)
            guard let kept = try present(value, isOptional: entry.isOptional, at: offset) else { continue }
            if case .double = key { throw Self.wrongKey.at(offset) }
            guard let key = CELKey(key) else { throw Self.wrongKey.at(offset) }
            guard builder.insert(key, kept) else { throw Self.repeated.at(offset) }
        }
        do throws(Failure) {
            return try frame.map(builder.map)
        } catch {
            throw error.at(offset)
        }
    }

    static let wrongKey = Failure(.noSuchOverload, "the keys of maps are bool, int, uint or string")
    static let repeated = Failure(.duplicateKey, "a key comes twice in this map; every key comes once")
}

/// The value of a part of a literal; nil if it is left out because it is an empty optional.
private func present(_ value: CELValue, isOptional: Bool, at offset: Int) throws(Failure) -> CELValue? {
    guard isOptional else { return value }
    guard case .optional(let optional) = value else {
        throw Failure(.noSuchOverload, "what is marked with '?' is an optional").at(offset)
    }
    return optional.value
}
