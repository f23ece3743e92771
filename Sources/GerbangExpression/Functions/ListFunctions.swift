/// The lists extension.
enum ListFunctions {
    static let functions: [Function] = [
        .unary("lists.range", .lists, [Signature([.int], .list(.int))]) { value, frame throws(Failure) in
            guard case .int(let count) = value else { throw .noSuchOverload }
            guard count > 0 else { return try frame.list([]) }
            try frame.charge(Int(count))
            return try frame.list((0..<count).map { .int($0) })
        },
        .unary("flatten", .lists, member: true, [Signature([.list(.first)], .list(.dyn))]) {
            list,
            frame throws(Failure) in
            try flatten(list, .int(1), &frame)
        },
        .binary("flatten", .lists, member: true, [Signature([.list(.first), .int], .list(.dyn))], flatten),
        .variadic("slice", .lists, member: true, [Signature([.list(.first), .int, .int], .list(.first))]) {
            arguments,
            frame throws(Failure) in
            guard arguments.count == 3, case .list(let list) = arguments[0], case .int(let start) = arguments[1],
                case .int(let end) = arguments[2]
            else { throw .noSuchOverload }
            guard start >= 0, start <= end, end <= list.elements.count else {
                throw Failure(.outOfRange, "the slice lies outside the list, or its end before its start")
            }
            try frame.charge(Int(end - start))
            return try frame.list(Array(list.elements[Int(start)..<Int(end)]))
        },
        .unary("distinct", .lists, member: true, [Signature([.list(.first)], .list(.first))]) {
            list,
            frame throws(Failure) in
            guard case .list(let list) = list else { throw .noSuchOverload }
            return try frame.list(try distinct(list.elements, &frame))
        },
        .unary("sort", .lists, member: true, [Signature([.list(.first)], .list(.first))]) {
            list,
            frame throws(Failure) in
            guard case .list(let list) = list else { throw .noSuchOverload }
            return try frame.list(try sorted(list.elements, by: list.elements, &frame))
        },
        .unary("first", .lists, member: true, [Signature([.list(.first)], .optional(.first))]) {
            list,
            frame throws(Failure) in
            guard case .list(let list) = list else { throw .noSuchOverload }
            guard let value = list.elements.first else { return .optional(.none) }
            return try frame.optional(value)
        },
        .unary("last", .lists, member: true, [Signature([.list(.first)], .optional(.first))]) {
            list,
            frame throws(Failure) in
            guard case .list(let list) = list else { throw .noSuchOverload }
            guard let value = list.elements.last else { return .optional(.none) }
            return try frame.optional(value)
        },
    ]

    @Sendable
    private static func flatten(_ list: CELValue, _ depth: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        guard case .list(let list) = list, case .int(let depth) = depth else { throw .noSuchOverload }
        guard depth >= 0 else { throw Failure(.outOfRange, "the depth to flatten to is zero or more") }
        var result: [CELValue] = []
        try append(list.elements, depth, to: &result, &frame)
        return try frame.list(result)
    }

    /// Values are no deeper than the evaluation allows.
    private static func append(
        _ elements: [CELValue],
        _ depth: Int64,
        to result: inout [CELValue],
        _ frame: inout Frame
    ) throws(Failure) {
        for element in elements {
            try frame.charge(1)
            if depth > 0, case .list(let inner) = element {
                try append(inner.elements, depth - 1, to: &result, &frame)
            } else {
                result.append(element)
            }
        }
    }

    /// The first of every group of equal elements.
    private static func distinct(_ elements: [CELValue], _ frame: inout Frame) throws(Failure) -> [CELValue] {
        var result: [CELValue] = []
        // Numbers are looked up as keys of maps are; equal keys are equal values.
        var keys: Set<CELKey> = []
        for element in elements {
            try frame.charge(element.weight)
            if let key = CELKey(element) {
                if keys.insert(key).inserted { result.append(element) }
                continue
            }
            var isNew = true
            for other in result where CELKey(other) == nil {
                guard try Operators.isEqual(element, other, &frame) else { continue }
                isNew = false
                break
            }
            if isNew { result.append(element) }
        }
        return result
    }

    /// The elements in the order of their keys, which are all of one type that has an order; equal ones keep their order.
    static func sorted(
        _ elements: [CELValue],
        by keys: [CELValue],
        _ frame: inout Frame
    ) throws(Failure) -> [CELValue] {
        guard let first = keys.first else { return elements }
        let type = first.typeName
        guard first.compare(first) != nil, keys.allSatisfy({ $0.typeName == type }) else {
            throw Failure(
                .noSuchOverload,
                "what is sorted is all of one type: numbers, bool, string, bytes, timestamps or durations"
            )
        }
        let rounds = Int.bitWidth - keys.count.leadingZeroBitCount
        var weight = 0
        for key in keys { weight += key.weight }
        try frame.charge(weight * rounds)
        let order = keys.indices.sorted { left, right in
            switch keys[left].compare(keys[right]) {
            case .ascending: true
            case .descending: false
            // NaN comes first, so that there is an order at all.
            case .unordered: isNaN(keys[left]) && !isNaN(keys[right])
            case .same, nil: false
            }
        }
        return order.map { elements[$0] }
    }

    private static func isNaN(_ value: CELValue) -> Bool {
        if case .double(let value) = value { value.isNaN } else { false }
    }
}
