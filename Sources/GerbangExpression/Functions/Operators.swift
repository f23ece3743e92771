/// The operators, by the names that the language definition gives them, and `size`, `type` and `dyn`.
enum Operators {
    static let functions: [Function] =
        arithmetic + relations + [
            .unary("!_", .core, [Signature([.bool], .bool)]) { value, _ throws(Failure) in
                guard case .bool(let value) = value else { throw .noSuchOverload }
                return .bool(!value)
            },
            .unary("-_", .core, [Signature([.int], .int), Signature([.double], .double)]) { value, _ throws(Failure) in
                switch value {
                case .int(let value):
                    let (result, overflow) = (0 as Int64).subtractingReportingOverflow(value)
                    guard !overflow else { throw .overflow }
                    return .int(result)
                case .double(let value): return .double(-value)
                default: throw .noSuchOverload
                }
            },
            .unary("size", .core, sizes, size),
            .unary("size", .core, member: true, sizes, size),
            .unary("type", .core, [Signature([.first], .type)]) { value, _ throws(Failure) in .type(value.typeName) },
            .unary("dyn", .core, [Signature([.first], .dyn)]) { value, _ throws(Failure) in value },
        ]

    private static let sizes = [
        Signature([.string], .int), Signature([.bytes], .int), Signature([.list(.first)], .int),
        Signature([.map(.first, .second)], .int),
    ]

    @Sendable
    private static func size(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .string(let text):
            try frame.charge(bytes: text.utf8.count)
            return .int(Int64(text.scalarCount))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let list): return .int(Int64(list.elements.count))
        case .map(let map): return .int(Int64(map.count))
        default: throw .noSuchOverload
        }
    }

    // MARK: Arithmetic

    private static let numbers: [TypeTerm] = [.int, .uint, .double]

    private static let arithmetic: [Function] = [
        .binary(
            "_+_",
            .core,
            numbers.map { Signature([$0, $0], $0) } + [
                Signature([.string, .string], .string), Signature([.bytes, .bytes], .bytes),
                Signature([.list(.first), .list(.first)], .list(.first)),
                Signature([.timestamp, .duration], .timestamp), Signature([.duration, .timestamp], .timestamp),
                Signature([.duration, .duration], .duration),
            ],
            add
        ),
        .binary(
            "_-_",
            .core,
            numbers.map { Signature([$0, $0], $0) } + [
                Signature([.timestamp, .timestamp], .duration), Signature([.timestamp, .duration], .timestamp),
                Signature([.duration, .duration], .duration),
            ],
            subtract
        ),
        .binary("_*_", .core, numbers.map { Signature([$0, $0], $0) }) { left, right, _ throws(Failure) in
            switch (left, right) {
            case (.int(let left), .int(let right)): .int(try exact(left.multipliedReportingOverflow(by: right)))
            case (.uint(let left), .uint(let right)): .uint(try exact(left.multipliedReportingOverflow(by: right)))
            case (.double(let left), .double(let right)): .double(left * right)
            default: throw .noSuchOverload
            }
        },
        .binary("_/_", .core, numbers.map { Signature([$0, $0], $0) }) { left, right, _ throws(Failure) in
            switch (left, right) {
            case (.int(let left), .int(let right)):
                guard right != 0 else { throw divisionByZero }
                return .int(try exact(left.dividedReportingOverflow(by: right)))
            case (.uint(let left), .uint(let right)):
                guard right != 0 else { throw divisionByZero }
                return .uint(left / right)
            case (.double(let left), .double(let right)): return .double(left / right)
            default: throw .noSuchOverload
            }
        },
        .binary("_%_", .core, [Signature([.int, .int], .int), Signature([.uint, .uint], .uint)]) {
            left,
            right,
            _ throws(Failure) in
            switch (left, right) {
            case (.int(let left), .int(let right)):
                guard right != 0 else { throw divisionByZero }
                return .int(try exact(left.remainderReportingOverflow(dividingBy: right)))
            case (.uint(let left), .uint(let right)):
                guard right != 0 else { throw divisionByZero }
                return .uint(left % right)
            default: throw .noSuchOverload
            }
        },
    ]

    private static let divisionByZero = Failure(
        .divisionByZero,
        "an integer is divided by zero; test the divisor first"
    )

    private static func exact<Value>(_ result: (partialValue: Value, overflow: Bool)) throws(Failure) -> Value {
        guard !result.overflow else { throw .overflow }
        return result.partialValue
    }

    @Sendable
    private static func add(
        _ left: CELValue,
        _ right: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try exact(left.addingReportingOverflow(right)))
        case (.uint(let left), .uint(let right)): return .uint(try exact(left.addingReportingOverflow(right)))
        case (.double(let left), .double(let right)): return .double(left + right)
        case (.string(let left), .string(let right)):
            try frame.charge(bytes: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.bytes(let left), .bytes(let right)):
            try frame.charge(bytes: left.count + right.count)
            return .bytes(left + right)
        case (.list(let left), .list(let right)):
            try frame.charge(left.elements.count + right.elements.count)
            return try frame.list(left.elements + right.elements)
        case (.timestamp(let moment), .duration(let span)), (.duration(let span), .timestamp(let moment)):
            guard let sum = moment.adding(span) else { throw .overflow }
            return .timestamp(sum)
        case (.duration(let left), .duration(let right)):
            let sum = try exact(left.nanoseconds.addingReportingOverflow(right.nanoseconds))
            return .duration(CELDuration(nanoseconds: sum))
        default: throw .noSuchOverload
        }
    }

    @Sendable
    private static func subtract(
        _ left: CELValue,
        _ right: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try exact(left.subtractingReportingOverflow(right)))
        case (.uint(let left), .uint(let right)): return .uint(try exact(left.subtractingReportingOverflow(right)))
        case (.double(let left), .double(let right)): return .double(left - right)
        case (.timestamp(let left), .timestamp(let right)):
            guard let span = left.since(right) else { throw .overflow }
            return .duration(span)
        case (.timestamp(let moment), .duration(let span)):
            guard let difference = moment.subtracting(span) else { throw .overflow }
            return .timestamp(difference)
        case (.duration(let left), .duration(let right)):
            let difference = try exact(left.nanoseconds.subtractingReportingOverflow(right.nanoseconds))
            return .duration(CELDuration(nanoseconds: difference))
        default: throw .noSuchOverload
        }
    }

    // MARK: Relations

    private static let equality = [Signature([.first, .first], .bool)]

    private static let orders: [Signature] =
        [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration].map { Signature([$0, $0], .bool) }
        + [
            Signature([.int, .uint], .bool), Signature([.int, .double], .bool), Signature([.uint, .int], .bool),
            Signature([.uint, .double], .bool), Signature([.double, .int], .bool), Signature([.double, .uint], .bool),
        ]

    private static let relations: [Function] = [
        .binary("_==_", .core, equality) { left, right, frame throws(Failure) in .bool(try isEqual(left, right, &frame))
        },
        .binary("_!=_", .core, equality) { left, right, frame throws(Failure) in
            .bool(try !isEqual(left, right, &frame))
        },
        .binary("_<_", .core, orders) { left, right, frame throws(Failure) in
            .bool(try order(left, right, &frame) == .ascending)
        },
        .binary("_>_", .core, orders) { left, right, frame throws(Failure) in
            .bool(try order(left, right, &frame) == .descending)
        },
        .binary("_<=_", .core, orders) { left, right, frame throws(Failure) in
            let order = try order(left, right, &frame)
            return .bool(order == .ascending || order == .same)
        },
        .binary("_>=_", .core, orders) { left, right, frame throws(Failure) in
            let order = try order(left, right, &frame)
            return .bool(order == .descending || order == .same)
        },
        .binary(
            "_in_",
            .core,
            [
                Signature([.first, .list(.first)], .bool), Signature([.first, .map(.first, .second)], .bool),
            ],
            contains
        ),
    ]

    /// Whether two values are equal; pays for looking at them.
    static func isEqual(_ left: CELValue, _ right: CELValue, _ frame: inout Frame) throws(Failure) -> Bool {
        try frame.charge(min(left.weight, right.weight))
        return left.isEqual(to: right)
    }

    private static func order(_ left: CELValue, _ right: CELValue, _ frame: inout Frame) throws(Failure) -> Order {
        try frame.charge(min(left.weight, right.weight))
        guard let order = left.compare(right) else { throw .noSuchOverload }
        return order
    }

    @Sendable
    private static func contains(
        _ value: CELValue,
        _ container: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        switch container {
        case .list(let list):
            for element in list.elements where try isEqual(value, element, &frame) { return .bool(true) }
            return .bool(false)
        case .map(let map): return .bool(CELKey(value).map { map[$0] != nil } ?? false)
        default: throw .noSuchOverload
        }
    }
}
