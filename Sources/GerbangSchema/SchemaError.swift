public import GerbangJSON

/// Why a JSON Schema cannot be used, and where.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for the kind of error.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name as it stands in logs and answers.
        public let rawValue: String

        /// Makes a code of its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name.
        public var description: String { rawValue }

        /// A keyword has a value that it cannot have.
        public static let illFormed = Code(rawValue: "schema.illFormed")
        /// `$schema` names another draft than 7.
        public static let unsupportedDraft = Code(rawValue: "schema.unsupportedDraft")
        /// A `$ref` leads to nothing that was given.
        public static let unresolvedReference = Code(rawValue: "schema.unresolvedReference")
        /// A schema applies itself to the very value it is checking, without end.
        public static let endlessReference = Code(rawValue: "schema.endlessReference")
        /// A regular expression is wrong, or has constructs that cannot be matched in linear time.
        public static let unsupportedPattern = Code(rawValue: "schema.unsupportedPattern")
        /// There are too many subschemas, or a number is too long.
        public static let tooLarge = Code(rawValue: "schema.tooLarge")
        /// There is no memory for the schema.
        public static let outOfResources = Code(rawValue: "schema.outOfResources")
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong and what would be right.
    public let message: String
    /// The URI under which the document with the error was given; empty for the schema itself.
    public let document: String
    /// Where in that document the error is.
    public let pointer: JSONPointer

    /// Place, message and code in one line.
    public var description: String {
        "\(document)#\(pointer): \(message) (\(code))"
    }
}
