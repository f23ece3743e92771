/// Why a message could not be secured, or why an answer is not believed.
///
/// The message names the rule and never repeats content, so it may be logged and shown.
public struct WSSecurityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable, machine-readable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable text of the code.
        public let rawValue: String

        /// A code with the given stable text.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code's stable text.
        public var description: String { rawValue }

        /// The bytes are no SOAP envelope that can be read.
        public static let envelope = Code("wss.envelope")
        /// There is no Security header for us, no signature in it, or something that must be signed is not.
        public static let unsigned = Code("wss.unsigned")
        /// The signature is built in a way that is not accepted: an algorithm, a transform, an element.
        public static let form = Code("wss.form")
        /// A reference leads to no element, to several, or to one in a place where nothing is read.
        public static let reference = Code("wss.reference")
        /// The signature does not hold: other content, or another key.
        public static let signature = Code("wss.signature")
        /// The timestamp is missing, is not one, has passed or lies in the future.
        public static let timestamp = Code("wss.timestamp")
        /// The message could not be written or signed.
        public static let writing = Code("wss.writing")
    }

    /// The reason.
    public let code: Code
    /// What is wrong, without content.
    public let message: String

    /// An error with a safe message.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message on one line.
    public var description: String { "\(code): \(message)" }
}
