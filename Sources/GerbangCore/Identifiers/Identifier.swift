/// A short technical name: lower-case ASCII letters, digits, `-`, `_` and `.`, at most 100 characters.
///
/// Names of services, connections, clients and the like are identifiers. They stand in logs, metrics and URLs and
/// must therefore never be made from personal data.
public protocol Identifier: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as text.
    var text: String { get }
    /// What the name names, for error messages; such as `service`.
    static var kind: String { get }
    /// Creates a name from a text that is already known to be well-formed.
    init(checked text: String)
}

extension Identifier {
    /// Creates a name.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when the text is not a well-formed name.
    public init(_ text: String) throws(GerbangError) {
        guard Self.isWellFormed(text) else {
            throw GerbangError(
                .invalidInput,
                "not a well-formed \(Self.kind) name: use 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter"
                    + " or a digit"
            )
        }
        self.init(checked: text)
    }

    /// The name.
    public var description: String { text }

    /// Whether `left` sorts before `right`.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func isWellFormed(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 100, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// The name of a service of the catalogue, such as `population.identity.verify`.
public struct ServiceID: Identifier {
    /// The name as text.
    public let text: String
    /// `service`.
    public static let kind = "service"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}

/// The name of an adapter, such as `dukcapil`.
public struct AdapterID: Identifier {
    /// The name as text.
    public let text: String
    /// `adapter`.
    public static let kind = "adapter"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}

/// The name of a connection: an adapter with its address, credentials, limits and regions.
public struct ConnectionID: Identifier {
    /// The name as text.
    public let text: String
    /// `connection`.
    public static let kind = "connection"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}

/// The name of an adapter's operation, such as `call-nik`.
public struct OperationID: Identifier {
    /// The name as text.
    public let text: String
    /// `operation`.
    public static let kind = "operation"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}

/// The name of a tenant: a mall or a regency with its own clients, connections and limits.
public struct TenantID: Identifier {
    /// The name as text.
    public let text: String
    /// `tenant`.
    public static let kind = "tenant"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}

/// The name of a client: an authenticated MPP backend.
public struct ClientID: Identifier {
    /// The name as text.
    public let text: String
    /// `client`.
    public static let kind = "client"

    /// Creates a name from a text that is already known to be well-formed.
    public init(checked text: String) {
        self.text = text
    }
}
