extension CELValue {
    /// Whether both are equal for the operator `==` of the language: numbers by amount whatever their types, `NaN` to
    /// nothing, values of different kinds never.
    public func isEqual(to other: CELValue) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.bool(let left), .bool(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.null, .null): true
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)):
            left.elements.count == right.elements.count
                && zip(left.elements, right.elements).allSatisfy { $0.isEqual(to: $1) }
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.entries.allSatisfy { entry in right[entry.key].map { $0.isEqual(to: entry.value) } ?? false }
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.address(let left), .address(let right)): left == right
        case (.network(let left), .network(let right)): left == right
        case (.optional(let left), .optional(let right)):
            switch (left.value, right.value) {
            case (nil, nil): true
            case (let left?, let right?): left.isEqual(to: right)
            default: false
            }
        default: Numeric(self).flatMap { left in Numeric(other).map { left.compare($0) == .same } } ?? false
        }
    }

    /// How two values that have an order stand to each other; nil if they have none.
    ///
    /// `NaN` is unordered.
    func compare(_ other: CELValue) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.string(let left), .string(let right)):
            left.isExactly(right) ? .same : left.precedes(right) ? .ascending : .descending
        case (.double(let left), .double(let right)): Numeric.order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.bool(let left), .bool(let right)): left == right ? .same : right ? .ascending : .descending
        case (.bytes(let left), .bytes(let right)):
            left == right ? .same : left.lexicographicallyPrecedes(right) ? .ascending : .descending
        case (.timestamp(let left), .timestamp(let right)): Order(left, right)
        case (.duration(let left), .duration(let right)): Order(left.nanoseconds, right.nanoseconds)
        default: Numeric(self).flatMap { left in Numeric(other).map { left.compare($0) } }
        }
    }
}

/// How two values stand to each other.
enum Order {
    case ascending
    case same
    case descending
    case unordered

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .ascending : left == right ? .same : .descending
    }

    var reversed: Order {
        switch self {
        case .ascending: .descending
        case .descending: .ascending
        default: self
        }
    }
}

/// A number of any of the three types, compared by amount and without loss where that is possible.
enum Numeric {
    case int(Int64)
    case uint(UInt64)
    case double(Double)

    init?(_ value: CELValue) {
        switch value {
        case .int(let value): self = .int(value)
        case .uint(let value): self = .uint(value)
        case .double(let value): self = .double(value)
        default: return nil
        }
    }

    func compare(_ other: Numeric) -> Order {
        switch (self, other) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.double(let left), .double(let right)): Numeric.order(left, right)
        case (.int(let left), .uint(let right)): left < 0 ? .ascending : Order(left.magnitude, right)
        case (.uint, .int): other.compare(self).reversed
        case (.double, _): other.compare(self).reversed
        // The language compares in doubles where the double lies within the range of the integer.
        case (.int(let left), .double(let right)):
            right < -0x1p63 ? .descending : right > 0x1p63 ? .ascending : Numeric.order(Double(left), right)
        case (.uint(let left), .double(let right)):
            right < 0 ? .descending : right > 0x1p64 ? .ascending : Numeric.order(Double(left), right)
        }
    }

    static func order(_ left: Double, _ right: Double) -> Order {
        left < right ? .ascending : left == right ? .same : left > right ? .descending : .unordered
    }
}

extension CELValue: Equatable {
    /// Whether both have the same kind and content; `NaN` is itself, and the order of a map's entries does not matter.
    public static func == (left: CELValue, right: CELValue) -> Bool {
        switch (left, right) {
        case (.double(let left), .double(let right)): left == right || left.isNaN && right.isNaN
        case (.list(let left), .list(let right)): left.elements == right.elements
        case (.map(let left), .map(let right)):
            left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
        case (.optional(let left), .optional(let right)): left.value == right.value
        default: left.typeName == right.typeName && left.isEqual(to: right)
        }
    }
}
