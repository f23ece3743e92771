/// A piece of the source.
struct Token {
    enum Kind: Equatable {
        case name(String)
        /// A field name in backticks.
        case quotedName(String)
        /// An integer literal without its sign.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case symbol(Symbol)
        case end
    }

    enum Symbol: String {
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
        case dot = "."
        case comma = ","
        case colon = ":"
        case question = "?"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"
        case not = "!"
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    let kind: Kind
    /// The first byte.
    let offset: Int

    /// What the token is called in messages; never its content.
    var description: String {
        switch kind {
        case .name(let name): "'\(name)'"
        case .quotedName: "a name in backticks"
        case .int, .uint, .double: "a number"
        case .string: "a string"
        case .bytes: "a bytes literal"
        case .symbol(let symbol): "'\(symbol.rawValue)'"
        case .end: "the end of the expression"
        }
    }
}

/// What is wrong with the form of an expression, and where.
struct SyntaxFailure: Error {
    let code: CELError.Code
    let message: String
    let offset: Int

    init(_ message: String, at offset: Int, code: CELError.Code = .syntax) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}
