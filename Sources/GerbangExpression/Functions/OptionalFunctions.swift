/// The functions of optional values; the syntax and the macros are part of the language.
enum OptionalFunctions {
    private static let one = TypeTerm.optional(.first)

    static let functions: [Function] = [
        .variadic("optional.none", .optionals, [Signature([], one)]) { _, _ throws(Failure) in .optional(.none) },
        .unary("optional.of", .optionals, [Signature([.first], one)]) { value, frame throws(Failure) in
            try frame.optional(value)
        },
        .unary("optional.ofNonZeroValue", .optionals, [Signature([.first], one)]) { value, frame throws(Failure) in
            value.isZero ? .optional(.none) : try frame.optional(value)
        },
        .unary("hasValue", .optionals, member: true, [Signature([one], .bool)]) { value, _ throws(Failure) in
            guard case .optional(let optional) = value else { throw .noSuchOverload }
            return .bool(optional.value != nil)
        },
        .unary("value", .optionals, member: true, [Signature([one], .first)]) { value, _ throws(Failure) in
            guard case .optional(let optional) = value else { throw .noSuchOverload }
            guard let value = optional.value else {
                throw Failure(.noValue, "the optional has no value; test it with hasValue(), or use orValue()")
            }
            return value
        },
        .unary("optional.unwrap", .optionals, [Signature([.list(one)], .list(.first))], unwrap),
        .unary("unwrapOpt", .optionals, member: true, [Signature([.list(one)], .list(.first))], unwrap),
    ]

    @Sendable
    private static func unwrap(_ list: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        guard case .list(let list) = list else { throw .noSuchOverload }
        try frame.charge(list.elements.count)
        var values: [CELValue] = []
        for element in list.elements {
            guard case .optional(let optional) = element else { throw .noSuchOverload }
            if let value = optional.value { values.append(value) }
        }
        return try frame.list(values)
    }

    /// `or` and `orValue` look at their argument only when they need it, so they are nodes and not functions.
    static let alternatives: [Function] = [
        .binary("or", .optionals, member: true, [Signature([one, one], one)]) { _, _, _ throws(Failure) in
            throw .noSuchOverload
        },
        .binary("orValue", .optionals, member: true, [Signature([one, .first], .first)]) { _, _, _ throws(Failure) in
            throw .noSuchOverload
        },
    ]
}

/// `a.or(b)` and `a.orValue(b)`: the second is evaluated when the first has no value.
final class AlternativeNode: Node {
    let first: any Node
    let second: any Node
    /// Whether the result is the value itself and not an optional.
    let unwraps: Bool
    let offset: Int

    init(_ first: any Node, _ second: any Node, unwraps: Bool, offset: Int) {
        self.first = first
        self.second = second
        self.unwraps = unwraps
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let value = try first.evaluate(&frame)
        guard case .optional(let optional) = value else { throw Failure.noSuchOverload.at(offset) }
        if let inner = optional.value { return unwraps ? inner : value }
        let other = try second.evaluate(&frame)
        guard !unwraps else { return other }
        guard case .optional = other else { throw Failure.noSuchOverload.at(offset) }
        return other
    }
}
