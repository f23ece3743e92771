/// Why XML was refused or could not be written.
///
/// The message names the rule that was broken and never repeats document content, so it may be logged and shown.
/// Names, locations and schema texts that come from configuration (a schema file's name, an XPath's prefix) may appear.
public struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
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

        /// Not well-formed XML, or not namespace-well-formed.
        public static let malformed = Code("xml.malformed")
        /// A document type declaration was present; none is accepted.
        public static let documentType = Code("xml.doctype")
        /// A limit of ``XMLLimits`` was exceeded.
        public static let limit = Code("xml.limit")
        /// The character encoding is unknown, or the bytes are not in it.
        public static let encoding = Code("xml.encoding")
        /// An XPath expression is wrong, uses an undeclared name, or gave a result of another type.
        public static let xpath = Code("xml.xpath")
        /// An XPath evaluation took more steps than allowed.
        public static let xpathLimit = Code("xml.xpath-limit")
        /// A schema is not valid, or is not a schema.
        public static let schema = Code("xml.schema")
        /// A schema refers to a file that was not given with it.
        public static let schemaLocation = Code("xml.schema-location")
        /// The document could not be brought into canonical form.
        public static let canonicalization = Code("xml.c14n")
        /// Something that XML cannot express was to be written: an illegal character, name or nesting.
        public static let writing = Code("xml.writing")
        /// The document is not a proper SOAP envelope.
        public static let soap = Code("xml.soap")
        /// The envelope is of a SOAP version that is not supported.
        public static let soapVersion = Code("xml.soap-version")
        /// libxml2 ran out of memory or failed without a reason.
        public static let `internal` = Code("xml.internal")
    }

    /// The reason.
    public let code: Code
    /// What is wrong, without document content.
    public let message: String
    /// The line, counted from 1, where it is known.
    public let line: Int?
    /// The column, counted from 1, where it is known.
    public let column: Int?
    /// The name of the schema file that the line belongs to; nil for a document.
    public let file: String?

    /// An error with a safe message.
    public init(_ code: Code, _ message: String, line: Int? = nil, column: Int? = nil, file: String? = nil) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.file = file
    }

    /// The code, the place and the message on one line.
    public var description: String {
        var place = file ?? ""
        if let line {
            place += place.isEmpty ? "line \(line)" : ":\(line)"
            if let column { place += file == nil ? ", column \(column)" : ":\(column)" }
        }
        return place.isEmpty ? "\(code): \(message)" : "\(code): \(place): \(message)"
    }
}
