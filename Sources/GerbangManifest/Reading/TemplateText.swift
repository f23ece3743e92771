/// A text with expressions in it, as it is written: `ref-${request.key}`.
///
/// `$${` stands for `${` itself.
struct TemplateText {
    enum Part: Hashable {
        case literal(String)
        /// An expression without its `${` and `}`, and where it begins, in Unicode scalars.
        case expression(String, offset: Int)
    }

    /// A `${` whose `}` is missing.
    struct Unclosed: Error {
        var offset: Int
    }

    private(set) var parts: [Part] = []

    init(_ text: String) throws(Unclosed) {
        guard text.utf8.contains(UInt8(ascii: "$")) else {
            if !text.isEmpty { parts = [.literal(text)] }
            return
        }
        let scalars = Array(text.unicodeScalars)
        var literal = String.UnicodeScalarView()
        var position = 0
        func starts(at position: Int) -> Bool {
            position + 1 < scalars.count && scalars[position] == "$" && scalars[position + 1] == "{"
        }
        while position < scalars.count {
            if scalars[position] == "$", starts(at: position + 1) {
                literal.append(contentsOf: "${".unicodeScalars)
                position += 3
            } else if starts(at: position) {
                let start = position + 2
                guard let end = Self.end(of: scalars, from: start) else { throw Unclosed(offset: position) }
                if !literal.isEmpty { parts.append(.literal(String(literal))) }
                literal = String.UnicodeScalarView()
                var source = String.UnicodeScalarView()
                source.append(contentsOf: scalars[start..<end])
                parts.append(.expression(String(source), offset: start))
                position = end + 1
            } else {
                literal.append(scalars[position])
                position += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(String(literal))) }
    }

    /// Where the brace that closes an expression stands; braces in CEL's texts do not count.
    private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var depth = 0
        var position = start
        while position < scalars.count {
            switch scalars[position] {
            case "{": depth += 1
            case "}":
                if depth == 0 { return position }
                depth -= 1
            case "'", "\"":
                let quote = scalars[position]
                let isRaw = position > start && (scalars[position - 1] == "r" || scalars[position - 1] == "R")
                position += 1
                while position < scalars.count, scalars[position] != quote {
                    position += scalars[position] == "\\" && !isRaw ? 2 : 1
                }
            default: break
            }
            position += 1
        }
        return nil
    }
}
