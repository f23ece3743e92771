/// The math extension.
enum MathFunctions {
    private static let signed: [TypeTerm] = [.int, .uint, .double]
    private static let doubles = [Signature([.double], .double)]
    private static let tests = [Signature([.double], .bool)]
    private static let bits = [Signature([.int, .int], .int), Signature([.uint, .uint], .uint)]
    private static let shifts = [Signature([.int, .int], .int), Signature([.uint, .int], .uint)]

    static let functions: [Function] = [
        .variadic("math.greatest", .math, extremes, check: checkExtreme) { values, frame throws(Failure) in
            try extreme(values, .descending, &frame)
        },
        .variadic("math.least", .math, extremes, check: checkExtreme) { values, frame throws(Failure) in
            try extreme(values, .ascending, &frame)
        },
        rounding("math.ceil") { $0.rounded(.up) },
        rounding("math.floor") { $0.rounded(.down) },
        rounding("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
        rounding("math.trunc") { $0.rounded(.towardZero) },
        test("math.isInf") { $0.isInfinite },
        test("math.isNaN") { $0.isNaN },
        test("math.isFinite") { $0.isFinite },
        .unary("math.abs", .math, signed.map { Signature([$0], $0) }) { value, _ throws(Failure) in
            switch value {
            case .int(let value):
                guard value != .min else { throw .overflow }
                return .int(abs(value))
            case .uint: return value
            case .double(let value): return .double(value.magnitude)
            default: throw .noSuchOverload
            }
        },
        .unary("math.sign", .math, signed.map { Signature([$0], $0) }) { value, _ throws(Failure) in
            switch value {
            case .int(let value): return .int(value.signum())
            case .uint(let value): return .uint(value.signum())
            case .double(let value): return .double(value.isNaN ? value : value > 0 ? 1 : value < 0 ? -1 : 0)
            default: throw .noSuchOverload
            }
        },
        .unary("math.sqrt", .math, signed.map { Signature([$0], .double) }) { value, _ throws(Failure) in
            switch value {
            case .int(let value): return .double(Double(value).squareRoot())
            case .uint(let value): return .double(Double(value).squareRoot())
            case .double(let value): return .double(value.squareRoot())
            default: throw .noSuchOverload
            }
        },
        bitwise("math.bitAnd", { $0 & $1 }),
        bitwise("math.bitOr", { $0 | $1 }),
        bitwise("math.bitXor", { $0 ^ $1 }),
        .unary("math.bitNot", .math, [Signature([.int], .int), Signature([.uint], .uint)]) { value, _ throws(Failure) in
            switch value {
            case .int(let value): return .int(~value)
            case .uint(let value): return .uint(~value)
            default: throw .noSuchOverload
            }
        },
        shift("math.bitShiftLeft") { $0 << $1 },
        // Vacant bits are filled with zeros, also those of negative numbers.
        shift("math.bitShiftRight") { $0 >> $1 },
    ]

    private static func rounding(_ name: String, _ operation: @escaping @Sendable (Double) -> Double) -> Function {
        .unary(name, .math, doubles) { value, _ throws(Failure) in
            guard case .double(let value) = value else { throw .noSuchOverload }
            return .double(operation(value))
        }
    }

    private static func test(_ name: String, _ operation: @escaping @Sendable (Double) -> Bool) -> Function {
        .unary(name, .math, tests) { value, _ throws(Failure) in
            guard case .double(let value) = value else { throw .noSuchOverload }
            return .bool(operation(value))
        }
    }

    private static func bitwise(_ name: String, _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Function
    {
        .binary(name, .math, bits) { left, right, _ throws(Failure) in
            switch (left, right) {
            case (.int(let left), .int(let right)):
                return .int(Int64(bitPattern: operation(UInt64(bitPattern: left), UInt64(bitPattern: right))))
            case (.uint(let left), .uint(let right)): return .uint(operation(left, right))
            default: throw .noSuchOverload
            }
        }
    }

    private static func shift(_ name: String, _ operation: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Function {
        .binary(name, .math, shifts) { value, count, _ throws(Failure) in
            guard case .int(let count) = count else { throw .noSuchOverload }
            switch value {
            case .int(let value):
                guard count >= 0 else { throw negativeShift }
                return .int(Int64(bitPattern: operation(UInt64(bitPattern: value), count)))
            case .uint(let value):
                guard count >= 0 else { throw negativeShift }
                return .uint(operation(value, count))
            default: throw .noSuchOverload
            }
        }
    }

    private static let negativeShift = Failure(.outOfRange, "bits are shifted by zero or more places")

    // MARK: Extremes

    /// For messages only; ``checkExtreme`` decides.
    private static let extremes = signed.map { Signature([$0], $0) } + [Signature([.list(.dyn)], .dyn)]

    /// Numbers of one type give that type; mixed ones, and what is not known, give `dyn`.
    @Sendable
    private static func checkExtreme(_ types: [TypeTerm]) -> TypeTerm? {
        guard let first = types.first else { return nil }
        if types.count == 1, case .list(let element) = first {
            return signed.contains(element) || element == .dyn ? element : nil
        }
        guard types.allSatisfy({ signed.contains($0) || $0 == .dyn }) else { return nil }
        return types.allSatisfy { $0 == first } ? first : .dyn
    }

    private static func extreme(
        _ values: [CELValue],
        _ wanted: Order,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        var values = values
        if values.count == 1, case .list(let list) = values[0] { values = list.elements }
        try frame.charge(values.count)
        guard var best = values.first else {
            throw Failure(.invalidValue, "the greatest and the least of nothing do not exist; give at least one number")
        }
        guard var number = Numeric(best) else { throw .noSuchOverload }
        for value in values.dropFirst() {
            guard let next = Numeric(value) else { throw .noSuchOverload }
            if next.compare(number) == wanted {
                best = value
                number = next
            }
        }
        return best
    }
}
