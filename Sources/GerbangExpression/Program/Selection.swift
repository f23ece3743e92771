/// Reading fields and elements (language definition, "Field Selection"), also through optionals.
enum Selection {
    /// Follows plain fields.
    static func descend(
        _ fields: [CELMap.Field],
        from value: CELValue,
        _ limits: CELLimits,
        at offset: Int
    ) throws(Failure) -> CELValue {
        var value = value
        for field in fields {
            if case .map(let map) = value, let found = map[field] {
                value = found
            } else {
                value = try select(field, from: value, isOptional: false, limits, at: offset)
            }
        }
        return value
    }

    static func select(
        _ field: CELMap.Field,
        from value: CELValue,
        isOptional: Bool,
        _ limits: CELLimits,
        at offset: Int
    ) throws(Failure) -> CELValue {
        switch value {
        case .map(let map):
            let found = map[field]
            guard isOptional else {
                guard let found else { throw Failure.noSuchKey.at(offset) }
                return found
            }
            return try wrapped(found, limits, at: offset)
        case .optional(let optional):
            guard let inner = optional.value else { return .optional(.none) }
            guard case .map(let map) = inner else { throw noFields(at: offset) }
            return try wrapped(map[field], limits, at: offset)
        default: throw noFields(at: offset)
        }
    }

    static func has(_ field: CELMap.Field, in value: CELValue, at offset: Int) throws(Failure) -> Bool {
        switch value {
        case .map(let map): return map[field] != nil
        case .optional(let optional):
            guard let inner = optional.value else { return false }
            return try has(field, in: inner, at: offset)
        default: throw noFields(at: offset)
        }
    }

    static func index(
        _ value: CELValue,
        _ key: CELValue,
        isOptional: Bool,
        _ limits: CELLimits,
        at offset: Int
    ) throws(Failure) -> CELValue {
        if case .optional(let optional) = value {
            guard let inner = optional.value else { return .optional(.none) }
            return try wrapped(try element(of: inner, key, at: offset), limits, at: offset)
        }
        let found = try element(of: value, key, at: offset)
        if isOptional { return try wrapped(found, limits, at: offset) }
        if let found { return found }
        guard case .list = value else { throw Failure.noSuchKey.at(offset) }
        throw Failure(.outOfRange, "the list has no element at this index; the first is at 0").at(offset)
    }

    /// The element or the value; nil if there is none.
    private static func element(of value: CELValue, _ key: CELValue, at offset: Int) throws(Failure) -> CELValue? {
        switch value {
        case .map(let map): return CELKey(key).flatMap { map[$0] }
        case .list(let list):
            let position: Int?
            switch key {
            case .int(let index): position = Int(index)
            case .uint(let index): position = Int(exactly: index) ?? Int.max
            case .double(let index): position = Int(exactly: index)
            default: position = nil
            }
            guard let position else {
                throw Failure(.noSuchOverload, "the index of a list is a whole number").at(offset)
            }
            return list.elements.indices.contains(position) ? list.elements[position] : nil
        default: throw Failure(.noSuchOverload, "only lists and maps have elements to index").at(offset)
        }
    }

    private static func wrapped(_ value: CELValue?, _ limits: CELLimits, at offset: Int) throws(Failure) -> CELValue {
        guard let value else { return .optional(.none) }
        do throws(Failure) {
            return try limits.optional(value)
        } catch {
            throw error.at(offset)
        }
    }

    private static func noFields(at offset: Int) -> Failure {
        Failure(.noSuchOverload, "only maps have fields, and the value is of another type").at(offset)
    }
}
