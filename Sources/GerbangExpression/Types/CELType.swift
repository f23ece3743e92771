/// A type as the checker knows it: finer than runtime types, with `dyn` for what is only known during evaluation.
public struct CELType: Sendable, Hashable, CustomStringConvertible {
    let term: TypeTerm

    init(_ term: TypeTerm) {
        self.term = term
    }

    /// Any value; checked during evaluation only.
    public static let dyn = CELType(.dyn)
    /// The type of `null`.
    public static let null = CELType(.null)
    /// `true` and `false`.
    public static let bool = CELType(.bool)
    /// Signed 64-bit integers.
    public static let int = CELType(.int)
    /// Unsigned 64-bit integers.
    public static let uint = CELType(.uint)
    /// Floating-point numbers.
    public static let double = CELType(.double)
    /// Texts.
    public static let string = CELType(.string)
    /// Byte sequences.
    public static let bytes = CELType(.bytes)
    /// Moments.
    public static let timestamp = CELType(.timestamp)
    /// Lengths of time.
    public static let duration = CELType(.duration)
    /// Types.
    public static let type = CELType(.type)
    /// IP addresses.
    public static let address = CELType(.address)
    /// Ranges of IP addresses.
    public static let network = CELType(.network)

    /// Lists whose elements have one type.
    public static func list(_ element: CELType) -> CELType { CELType(.list(element.term)) }
    /// Maps whose keys have one type and whose values have one.
    public static func map(_ key: CELType, _ value: CELType) -> CELType { CELType(.map(key.term, value.term)) }
    /// Values that may be absent.
    public static func optional(_ value: CELType) -> CELType { CELType(.optional(value.term)) }

    /// The type as the language definition writes it, such as `map(string, int)`.
    public var description: String { term.description }
}

/// A type with parameters of signatures and with variables that the checker is to find.
indirect enum TypeTerm: Sendable, Hashable, CustomStringConvertible {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    case type
    case address
    case network
    case list(TypeTerm)
    case map(TypeTerm, TypeTerm)
    case optional(TypeTerm)
    /// A parameter of a signature, such as `A` in `list(A)`.
    case parameter(Int)
    /// What the checker does not know yet.
    case variable(Int)

    var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .address: "net.IP"
        case .network: "net.CIDR"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let value): "optional(\(value))"
        case .parameter(let index): String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: index % 26)))
        case .variable: "any type"
        }
    }

    var hasParameter: Bool {
        switch self {
        case .parameter: true
        case .list(let inner), .optional(let inner): inner.hasParameter
        case .map(let key, let value): key.hasParameter || value.hasParameter
        default: false
        }
    }

    static let first = TypeTerm.parameter(0)
    static let second = TypeTerm.parameter(1)
}

/// The types of a function's arguments and of its result.
struct Signature: Sendable {
    let parameters: [TypeTerm]
    let result: TypeTerm
    /// Whether it has parameters such as `A`.
    let isGeneric: Bool

    init(_ parameters: [TypeTerm], _ result: TypeTerm) {
        self.parameters = parameters
        self.result = result
        isGeneric = parameters.contains { $0.hasParameter } || result.hasParameter
    }
}
