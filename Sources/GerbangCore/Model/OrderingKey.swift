public import GerbangJSON

/// What requests for the same case have in common. Of those with one key only the oldest that has not ended may be called.
///
/// It is a digest: a key may be made from personal data, and stores compare it without knowing what it says.
public struct OrderingKey: Sendable, Hashable, CustomStringConvertible {
    /// The digest: 32 hexadecimal digits.
    public let digest: String

    /// Creates a key from a digest.
    ///
    /// - Parameter digest: 32 hexadecimal digits; whoever makes it sees to it that it is one of system and case together.
    package init(digest: String) {
        self.digest = digest
    }

    /// The first digits: enough to tell keys apart in a log.
    public var description: String { String(digest.prefix(8)) }
}

/// How an operation finds out which case a request belongs to. It is a pure function of the call.
///
/// Requests of one case go to the agency one after the other, in the order in which they were accepted; those of different
/// cases do not wait for each other.
public struct OrderingRule: Sendable, Hashable, CustomStringConvertible {
    /// The rule as its author wrote it. Two rules with one text are the same rule.
    public let description: String
    private let find: @Sendable (AdapterCall) throws(GerbangError) -> String?

    /// A rule that is a function.
    ///
    /// - Parameters:
    ///   - description: What it does, for people and for comparing; such as the expression that it was compiled from.
    ///   - find: The case that a call belongs to; `nil` or an empty text when it need not wait for any other.
    public init(_ description: String, _ find: @escaping @Sendable (AdapterCall) throws(GerbangError) -> String?) {
        self.description = description
        self.find = find
    }

    /// The case is the text or number at a place in the payload; a payload without it need not wait for any other.
    public static func field(_ pointer: JSONPointer) -> OrderingRule {
        OrderingRule("payload\(pointer)") { call throws(GerbangError) in
            guard let value = call.payload[pointer] else { return nil }
            return value.stringValue ?? value.numberValue.map(\.text)
        }
    }

    /// The case that `call` belongs to; `nil` when it need not wait for any other.
    public func key(of call: AdapterCall) throws(GerbangError) -> String? {
        guard let key = try find(call), !key.isEmpty else { return nil }
        return key
    }

    /// Whether two rules have one text.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
