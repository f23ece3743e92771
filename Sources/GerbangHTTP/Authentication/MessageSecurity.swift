public import GerbangCore

/// A scheme that secures the message itself instead of a header field, and judges the answer, such as WS-Security.
///
/// This module knows no message formats, so that such schemes are made elsewhere and handed in. Equal values secure
/// messages in the same way.
public protocol MessageSecurity: Sendable, Hashable {
    /// The scheme's name in configurations.
    var name: String { get }

    /// The message with its proof in it.
    ///
    /// It is rewritten where it stands in the list of schemes, so that a signature behind it covers the result.
    ///
    /// - Throws: A failure that was never sent.
    func secure(_ message: OutboundRequest, at now: Timestamp) throws(WireFailure) -> OutboundRequest

    /// The answer as it may be believed, or the answer itself where the scheme promises nothing about answers.
    ///
    /// What is handed on must be what was verified, not something that another reader could understand otherwise.
    ///
    /// - Throws: A failure of kind ``GerbangCore/WireFailure/Kind/unverified``: the agency may have acted, but what it
    ///   answered is not known.
    func open(_ answer: WireResponse, at now: Timestamp) throws(WireFailure) -> WireResponse
}

extension MessageSecurity {
    fileprivate func equals(_ other: any MessageSecurity) -> Bool { (other as? Self) == self }
}

extension AuthenticationScheme {
    /// A ``MessageSecurity`` of any kind.
    public struct Message: Sendable, Hashable {
        /// The scheme.
        public let security: any MessageSecurity

        /// Wraps a scheme.
        public init(_ security: some MessageSecurity) {
            self.security = security
        }

        /// Whether both secure messages in the same way.
        public static func == (left: Message, right: Message) -> Bool { left.security.equals(right.security) }

        /// Hashes what ``==(_:_:)`` compares.
        public func hash(into hasher: inout Hasher) { security.hash(into: &hasher) }
    }
}
