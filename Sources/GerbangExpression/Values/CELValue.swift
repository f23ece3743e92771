/// A value of the Common Expression Language.
///
/// Swift's `==` compares kind and content exactly, so `int(1)` and `double(1)` differ; the operator `==` of the language,
/// which compares numbers by amount, is ``isEqual(to:)``.
public enum CELValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A signed integer.
    case int(Int64)
    /// An unsigned integer.
    case uint(UInt64)
    /// A floating-point number.
    case double(Double)
    /// A text: a sequence of code points.
    case string(String)
    /// A sequence of bytes.
    case bytes([UInt8])
    /// A list.
    case list(CELList)
    /// A map.
    case map(CELMap)
    /// A moment.
    case timestamp(CELTimestamp)
    /// A length of time.
    case duration(CELDuration)
    /// A type, as `type()` gives it.
    case type(CELTypeName)
    /// An optional value.
    case optional(CELOptional)
    /// An IP address.
    indirect case address(CELAddress)
    /// A range of IP addresses.
    indirect case network(CELNetwork)
}

/// The name of a runtime type, such as `int` or `google.protobuf.Timestamp`.
public struct CELTypeName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let name: String

    /// Makes a type of its name.
    public init(_ name: String) {
        self.name = name
    }

    /// The name.
    public var description: String { name }
}

extension CELValue {
    /// The runtime type, as the function `type()` gives it.
    public var typeName: CELTypeName {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .optional: .optional
        case .address: .address
        case .network: .network
        }
    }

    /// One for every scalar in the value and every sixteen bytes of its text: the cost of looking at all of it.
    var weight: Int {
        switch self {
        case .string(let text): 1 + text.utf8.count / 16
        case .bytes(let bytes): 1 + bytes.count / 16
        case .list(let list): list.weight
        case .map(let map): map.weight
        case .optional(let optional): optional.weight
        default: 1
        }
    }

    /// How many lists, maps and optionals stand inside each other.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        case .optional(let optional): optional.depth
        default: 0
        }
    }

    /// Whether this is the default of its type: `null`, `false`, zero, or empty.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let value): value.elements.isEmpty
        case .map(let value): value.isEmpty
        case .timestamp(let value): value == CELTimestamp.epoch
        case .duration(let value): value.nanoseconds == 0
        case .optional(let value): value.value == nil
        case .type, .address, .network: false
        }
    }
}

extension CELTypeName {
    static let null = CELTypeName("null_type")
    static let bool = CELTypeName("bool")
    static let int = CELTypeName("int")
    static let uint = CELTypeName("uint")
    static let double = CELTypeName("double")
    static let string = CELTypeName("string")
    static let bytes = CELTypeName("bytes")
    static let list = CELTypeName("list")
    static let map = CELTypeName("map")
    static let timestamp = CELTypeName("google.protobuf.Timestamp")
    static let duration = CELTypeName("google.protobuf.Duration")
    static let type = CELTypeName("type")
    static let optional = CELTypeName("optional_type")
    static let address = CELTypeName("net.IP")
    static let network = CELTypeName("net.CIDR")
    static let dyn = CELTypeName("dyn")
}

// There is no literal for null: `nil` would silently become a value where an optional one is meant.
extension CELValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes `true` or `false`.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// Makes a signed integer.
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }

    /// Makes a floating-point number.
    public init(floatLiteral value: Double) {
        self = .double(value)
    }

    /// Makes a text.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// Makes a list.
    public init(arrayLiteral elements: CELValue...) {
        self = .list(CELList(elements))
    }

    /// Makes a map with text keys; a key that comes again replaces the earlier value.
    public init(dictionaryLiteral members: (String, CELValue)...) {
        self = .map(CELMap(members.map { (.string($0.0), $0.1) }))
    }
}
