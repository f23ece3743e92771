internal import GerbangXML

/// Reads the regular expressions of XML Schema.
struct PatternParser {
    private let text: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

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
            return CharacterSet(scalar)
        }
    }
}

extension CharacterSet {
    static let space = CharacterSet([0x09...0x0A, 0x0D...0x0D, 0x20...0x20])
    /// The decimal digits of all scripts in the basic plane.
    static let digits = CharacterSet(
        [
            0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
            0xED0,
            0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
            0xA620,
            0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
        ].map { $0...$0 + 9 }
    )
    static let words = (category("P") ?? CharacterSet([]))
        .union(category("Z") ?? CharacterSet([])).union(category("C") ?? CharacterSet([])).inverted
    /// What names may begin with by XML 1.0, second edition, which XML Schema refers to.
    static let initials = CharacterSet([0x3A...0x3A, 0x5F...0x5F]).union(basic(XMLCharacters.isLetter))
    static let nameCharacters = initials.union(CharacterSet([0x2D...0x2E])).union(basic(XMLCharacters.followsLetters))

    /// The characters of the basic plane that a rule holds for.
    private static func basic(_ rule: (UInt32) -> Bool) -> CharacterSet {
        CharacterSet((0...0xFFFF).filter(rule).map { $0...$0 })
    }

    /// The characters of a general category (`L`, `Lu`, …) or of the blocks that schemas use; nil for an unknown name.
    static func category(_ name: String) -> CharacterSet? {
        if let block = blocks[name] { return CharacterSet([block]) }
        if let known = categories[name] { return known }
        guard name.count == 1 else { return nil }
        let parts = categories.filter { $0.key.hasPrefix(name) }
        guard !parts.isEmpty else { return nil }
        return CharacterSet(parts.flatMap(\.value.ranges))
    }

    private static let blocks: [String: ClosedRange<UInt32>] = [
        "IsBasicLatin": 0...0x7F, "IsLatin-1Supplement": 0x80...0xFF, "IsLatinExtended-A": 0x100...0x17F,
        "IsLatinExtended-B": 0x180...0x24F, "IsGreek": 0x370...0x3FF, "IsGreekandCoptic": 0x370...0x3FF,
        "IsCyrillic": 0x400...0x4FF, "IsHebrew": 0x590...0x5FF, "IsArabic": 0x600...0x6FF, "IsThai": 0xE00...0xE7F,
        "IsJavanese": 0xA980...0xA9DF, "IsGeneralPunctuation": 0x2000...0x206F, "IsCurrencySymbols": 0x20A0...0x20CF,
    ]

    /// Every general category by its short name, worked out once.
    private static let categories: [String: CharacterSet] = {
        var ranges: [String: [ClosedRange<UInt32>]] = [:]
        var current = ""
        var start: UInt32 = 0
        func close(_ end: UInt32) {
            if !current.isEmpty { ranges[current, default: []].append(start...end) }
        }
        for value in 0...highest {
            let name = Unicode.Scalar(value).map { shortName($0.properties.generalCategory) } ?? ""
            if name != current {
                if value > 0 { close(value - 1) }
                current = name
                start = value
            }
        }
        close(highest)
        return ranges.mapValues { CharacterSet($0) }
    }()

    private static func shortName(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
