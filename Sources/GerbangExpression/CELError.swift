/// Why an expression cannot be used, or why its evaluation gave no value, and where.
///
/// The message may repeat names and operators of the expression, never a value: neither a literal nor anything bound to
/// a variable. It can be logged and shown to whoever wrote the expression.
public struct CELError: Error, Sendable, Hashable, CustomStringConvertible {
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

        /// The text is not an expression.
        public static let syntax = Code(rawValue: "cel.syntax")
        /// The text is longer than allowed, or nests deeper.
        public static let tooComplex = Code(rawValue: "cel.tooComplex")
        /// A name that is no variable and no type.
        public static let undeclaredName = Code(rawValue: "cel.undeclaredName")
        /// A function that does not exist, or not with so many arguments.
        public static let undeclaredFunction = Code(rawValue: "cel.undeclaredFunction")
        /// A type that does not fit; found before evaluation.
        public static let wrongType = Code(rawValue: "cel.wrongType")
        /// No overload of a function or an operator takes the values at hand.
        public static let noSuchOverload = Code(rawValue: "cel.noSuchOverload")
        /// A map has no such key.
        public static let noSuchKey = Code(rawValue: "cel.noSuchKey")
        /// A map gets the same key twice.
        public static let duplicateKey = Code(rawValue: "cel.duplicateKey")
        /// An index or a position outside the list or text.
        public static let outOfRange = Code(rawValue: "cel.outOfRange")
        /// A number, a moment or a duration that its type cannot hold.
        public static let overflow = Code(rawValue: "cel.overflow")
        /// An integer divided by zero, or its remainder.
        public static let divisionByZero = Code(rawValue: "cel.divisionByZero")
        /// A value that cannot be converted or understood.
        public static let invalidValue = Code(rawValue: "cel.invalidValue")
        /// A declared variable has no value.
        public static let unboundVariable = Code(rawValue: "cel.unboundVariable")
        /// The value of an empty optional was asked for.
        public static let noValue = Code(rawValue: "cel.noValue")
        /// The evaluation cost more than allowed.
        public static let costLimit = Code(rawValue: "cel.costLimit")
        /// A value grew larger, or nested deeper, than allowed.
        public static let sizeLimit = Code(rawValue: "cel.sizeLimit")
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong and what would be right.
    public let message: String
    /// The line of the expression, from 1.
    public let line: Int
    /// The column of the expression, from 1, in Unicode scalars.
    public let column: Int
    /// The variable whose definition has no value, when that is why the expression has none; then line and column say
    /// where the expression reads it.
    public internal(set) var definition: String?

    /// Makes an error.
    public init(code: Code, message: String, line: Int = 1, column: Int = 1) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
    }

    /// Place, message and code in one line.
    public var description: String {
        "line \(line), column \(column): \(message) (\(code))"
    }
}

extension CELError {
    /// An error at a byte of the source.
    init(_ code: Code, _ message: String, at offset: Int, in source: String) {
        var line = 1
        var column = 1
        for byte in source.utf8.prefix(max(0, offset)) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(code: code, message: message, line: line, column: column)
    }
}
