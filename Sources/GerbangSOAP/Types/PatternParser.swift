/// Reads the regular expressions of XML Schema.
struct PatternParser {
    private let text: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    /// Whether a backslash stands before a character that needs none, as in `\/` and `\@` of other languages.
    private(set) var hasNeedlessEscapes = false

    init(_ source: String) {
        text = Array(source.unicodeScalars)
    }

    mutating func parse() throws(SOAPError) -> Pattern.Node {
        guard text.count <= 16_384 else { throw error("is longer than 16384 characters") }
        let node = try choice()
        guard position == text.count else { throw error("has an unpaired ')'") }
        return node
    }

    private func error(_ what: String) -> SOAPError {
        SOAPError(.schema, "A pattern \(what) (at character \(position + 1)).")
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func choice() throws(SOAPError) -> Pattern.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 60 else { throw error("is nested too deeply") }
        var branches = [try sequence()]
        while next == "|" {
            position += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(SOAPError) -> Pattern.Node {
        var nodes: [Pattern.Node] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            nodes.append(try quantified(try atom(scalar)))
        }
        return nodes.count == 1 ? nodes[0] : (nodes.isEmpty ? .empty : .sequence(nodes))
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(SOAPError) -> Pattern.Node {
        position += 1
        switch scalar {
        case "(":
            let node = try choice()
            guard next == ")" else { throw error("has a '(' without ')'") }
            position += 1
            return node
        case "[": return .set(try group())
        case ".": return .set(CharacterSet([0x0A...0x0A, 0x0D...0x0D]).inverted)
        case "\\": return .set(try escape())
        case "?", "*", "+", "{", "}", "]": throw error("has '\(scalar)' where a character was expected")
        default: return .set(CharacterSet(scalar))
        }
    }

    private mutating func quantified(_ node: Pattern.Node) throws(SOAPError) -> Pattern.Node {
        switch next {
        case "?":
            position += 1
            return .repeated(node, 0, 1)
        case "*":
            position += 1
            return .repeated(node, 0, nil)
        case "+":
            position += 1
            return .repeated(node, 1, nil)
        case "{":
            position += 1
            guard let minimum = number() else { throw error("has a quantity without a number") }
            var maximum: Int? = minimum
            if next == "," {
                position += 1
                maximum = number()
            }
            guard next == "}", maximum.map({ $0 >= minimum }) ?? true else { throw error("has a wrong quantity") }
            position += 1
            return .repeated(node, minimum, maximum)
        default: return node
        }
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, let digit = scalar.properties.numericType == .decimal ? Int(String(scalar)) : nil {
            value = min(1_000_000, (value ?? 0) * 10 + digit)
            position += 1
        }
        return value
    }

    // MARK: Classes

    private mutating func group() throws(SOAPError) -> CharacterSet {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 60 else { throw error("is nested too deeply") }
        var set = CharacterSet([])
        var isNegative = false
        if next == "^" {
            isNegative = true
            position += 1
        }
        var isFirst = true
        while let scalar = next {
            if scalar == "]", !isFirst {
                position += 1
                return isNegative ? set.inverted : set
            }
            if scalar == "-", position + 1 < text.count, text[position + 1] == "[", !isFirst {
                position += 2
                let other = try group()
                guard next == "]" else { throw error("has a class with something behind its subtraction") }
                position += 1
                return (isNegative ? set.inverted : set).subtracting(other)
            }
            set = set.union(try item(scalar))
            isFirst = false
        }
        throw error("has a '[' without ']'")
    }

    /// A character, an escape or a range.
    private mutating func item(_ scalar: Unicode.Scalar) throws(SOAPError) -> CharacterSet {
        position += 1
        if scalar == "[" { throw error("has an unescaped '[' in a class") }
        let low = scalar == "\\" ? try escape() : CharacterSet(scalar)
        guard next == "-", position + 1 < text.count, text[position + 1] != "]", text[position + 1] != "[" else {
            return low
        }
        guard let start = low.ranges.first?.lowerBound, low.ranges == [start...start] else { return low }
        position += 1
        guard let end = next else { throw error("has a range without end") }
        position += 1
        let high = end == "\\" ? try escape() : CharacterSet(end)
        guard let stop = high.ranges.first?.lowerBound, high.ranges == [stop...stop], stop >= start else {
            throw error("has a range that runs backwards")
        }
        return CharacterSet([start...stop])
    }

    private mutating func escape() throws(SOAPError) -> CharacterSet {
        guard let scalar = next else { throw error("ends with a backslash") }
        position += 1
        switch scalar {
        case "n": return CharacterSet("\n")
        case "r": return CharacterSet("\r")
        case "t": return CharacterSet("\t")
        case "s": return .space
        case "S": return CharacterSet.space.inverted
        case "d": return .digits
        case "D": return CharacterSet.digits.inverted
        case "w": return .words
        case "W": return CharacterSet.words.inverted
        case "i": return .initials
        case "I": return CharacterSet.initials.inverted
        case "c": return .nameCharacters
        case "C": return CharacterSet.nameCharacters.inverted
        case "p", "P":
            guard next == "{" else { throw error("has \\\(scalar) without a category") }
            var name = ""
            position += 1
            while let letter = next, letter != "}" {
                name.unicodeScalars.append(letter)
                position += 1
            }
            guard next == "}" else { throw error("has a category without '}'") }
            position += 1
            guard let set = CharacterSet.category(name) else {
                throw error("names a category of characters that is unknown")
            }
            return scalar == "p" ? set : set.inverted
        default:
            // Real schemas escape other signs too. Letters mean something elsewhere, such as \b the edge of a word.
            guard !scalar.isASCII || !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar) else {
                throw error("has '\\\(scalar)', which is no escape of XML Schema")
            }
            if !Self.escapable.contains(scalar) { hasNeedlessEscapes = true }
            return CharacterSet(scalar)
        }
    }

    /// What XML Schema lets stand behind a backslash, apart from the letters of its classes.
    private static let escapable = Set(#"\|.-^?*+{}()[]"#.unicodeScalars)
}
