public import GerbangJSON

/// Why a contract was refused, or why a message does not fit it.
///
/// The message names the rule and words of the contract, never content of a message, so it may be logged and shown.
public struct SOAPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable, machine-readable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable text of the code, as it appears in logs.
        public let rawValue: String

        /// A code with the given stable text.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code's stable text.
        public var description: String { rawValue }

        /// A file cannot be read, is not XML, or is not what it should be.
        public static let file = Code("soap.file")
        /// An import or include leads to a file that is not there or not allowed.
        public static let location = Code("soap.location")
        /// The description breaks a rule of WSDL 1.1.
        public static let wsdl = Code("soap.wsdl")
        /// A schema of the description is not valid.
        public static let schema = Code("soap.schema")
        /// A limit of ``LoadLimits`` was exceeded.
        public static let limit = Code("soap.limit")
        /// Something that is recognised but not supported.
        public static let unsupported = Code("soap.unsupported")
        /// There is no such service, port or operation, or the name stands for several.
        public static let notFound = Code("soap.not-found")
        /// JSON that does not fit the contract; ``SOAPError/pointer`` says where.
        public static let json = Code("soap.json")
        /// XML that does not fit the contract; ``SOAPError/path`` says where.
        public static let xml = Code("soap.xml")
        /// A message that is no proper SOAP envelope.
        public static let envelope = Code("soap.envelope")
        /// No sample can be made for a type.
        public static let sample = Code("soap.sample")
    }

    /// The reason.
    public let code: Code
    /// What is wrong, without message content.
    public let message: String
    /// The file of the description, relative to its folder.
    public var file: String?
    /// The line in the file or message, counted from 1.
    public var line: Int?
    /// Where in the JSON the error is.
    public var pointer: JSONPointer?
    /// Where in the XML the error is, from the envelope's content on, as in `/order/item[2]/@count`.
    public var path: String?

    /// Whether the error is a document type declaration, for which the catalogue may have a substitute.
    var isDocumentType = false

    /// An error with a safe message.
    public init(
        _ code: Code,
        _ message: String,
        file: String? = nil,
        line: Int? = nil,
        pointer: JSONPointer? = nil,
        path: String? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.pointer = pointer
        self.path = path
    }

    /// The code, the place and the message on one line.
    public var description: String {
        let place = place
        return place.isEmpty ? "\(code): \(message)" : "\(code): \(place): \(message)"
    }

    /// The place, as it is known: `file:line`, a JSON Pointer or an XML path.
    public var place: String {
        var parts: [String] = []
        if let file {
            parts.append(line.map { "\(file):\($0)" } ?? file)
        } else if let line {
            parts.append("line \(line)")
        }
        if let pointer { parts.append(pointer.tokens.isEmpty ? "the JSON" : pointer.description) }
        if let path { parts.append(path) }
        return parts.joined(separator: ": ")
    }

    /// The same error, one step further out in the JSON.
    func below(_ key: String) -> SOAPError {
        var error = self
        error.pointer = JSONPointer(tokens: [key]).appending(contentsOf: pointer ?? .root)
        return error
    }

    func below(_ index: Int) -> SOAPError { below(String(index)) }
}

extension SOAPError {
    /// A text of the contract, cut down to what a message may carry.
    static func shown(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).filter { $0.value >= 0x20 && $0.value != 0x7F })
    }
}
