internal import GerbangXML

/// How a request is addressed by header blocks (WS-Addressing 1.0).
public struct SOAPAddressing: Sendable, Hashable {
    /// When header blocks are written.
    public enum Use: Sendable, Hashable {
        /// Where the description demands or offers it.
        case whenDescribed
        /// Always.
        case always
        /// Never.
        case never
    }

    /// When header blocks are written.
    public var use: Use
    /// The message's identifier, an IRI: the request's key, so that all attempts of a request are one message for the
    /// service. Nil for a random one.
    public var messageID: String?
    /// Whom the message is for; nil for the port's address.
    public var to: String?

    /// Where the description says so, with a random identifier.
    public static let automatic = SOAPAddressing()
    /// Without header blocks, whatever the description says.
    public static let none = SOAPAddressing(use: .never)

    /// Creates settings.
    public init(use: Use = .whenDescribed, messageID: String? = nil, to: String? = nil) {
        self.use = use
        self.messageID = messageID
        self.to = to
    }

    static let namespace = "http://www.w3.org/2005/08/addressing"

    /// The action of a message whose description names none (WS-Addressing Metadata 1.0, section 4.4.4).
    static func defaultAction(portType: XMLName, _ rest: String...) -> String {
        let namespace = portType.namespaceURI ?? ""
        let delimiter = namespace.lowercased().hasPrefix("urn:") ? ":" : "/"
        let head = namespace.hasSuffix(delimiter) ? String(namespace.dropLast()) : namespace
        return ([head, portType.localName] + rest).joined(separator: delimiter)
    }
}

/// The actions of an operation's messages, and whether messages are to be addressed.
struct AddressingPlan: Sendable, Hashable {
    var input = ""
    var output = ""
    /// Whether the port, its binding or a policy says that WS-Addressing is used.
    var isDescribed = false

    init(
        _ operation: RawDescription.Operation,
        portType: XMLName,
        soapAction: String?,
        policies: [SOAPPolicy]
    ) {
        // SOAPAction must be the same as the action where it is not empty (WS-Addressing SOAP Binding 1.0, section 6).
        let named = operation.input?.action ?? soapAction.flatMap { $0.isEmpty ? nil : $0 }
        let answers = operation.output != nil && operation.input != nil
        input =
            named
            ?? SOAPAddressing.defaultAction(
                portType: portType,
                operation.input?.name ?? (answers ? operation.name + "Request" : operation.name)
            )
        output =
            operation.output?.action
            ?? SOAPAddressing.defaultAction(
                portType: portType,
                operation.output?.name ?? operation.name + "Response"
            )
        isDescribed = Self.isDescribed(by: policies)
    }

    static func isDescribed(by policies: [SOAPPolicy]) -> Bool {
        policies.contains { $0.assertions.contains("Addressing") || $0.assertions.contains("UsingAddressing") }
    }
}
