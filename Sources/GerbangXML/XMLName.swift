/// An expanded name: a local name in a namespace, or in none.
public struct XMLName: Sendable, Hashable, CustomStringConvertible {
    /// The name without its prefix.
    public let localName: String
    /// The namespace name, or nil for a name in no namespace.
    public let namespaceURI: String?

    /// A name in a namespace; nil or an empty string means no namespace.
    public init(_ localName: String, namespace: String? = nil) {
        self.localName = localName
        self.namespaceURI = namespace.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The name as `{namespace}local`.
    public var description: String {
        guard let namespaceURI else { return localName }
        return "{\(namespaceURI)}\(localName)"
    }
}

/// An attribute of an element, as a value.
public struct XMLAttribute: Sendable, Hashable {
    /// The expanded name.
    public let name: XMLName
    /// The prefix that the document used, or nil.
    public let prefix: String?
    /// The value after attribute-value normalisation.
    public let value: String
}
