/// A regular expression of ECMA-262 in the syntax of RE2, which matches in linear time.
///
/// What only backtracking can match (look-around, back-references) is refused, and so is what the two would read
/// differently.
struct ECMAPattern {
    /// Why an expression cannot be used: what is wrong, to be read after "the pattern".
    struct Failure: Error {
        let message: String
    }

    /// The expression in RE2 syntax.
    let expression: String

    init(_ pattern: String) throws(Failure) {
        var translator = Translator(rest: pattern.unicodeScalars[...])
        try translator.translate()
        expression = translator.output
    }
}

/// The characters that `\s` means (ECMA-262, sections 12.2 and 12.3), and all others.
private let whiteSpace =
    #"\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#
private let notWhiteSpace =
    #"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"#
    + #"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}"#

private struct Translator {
    typealias Failure = ECMAPattern.Failure

    var rest: Substring.UnicodeScalarView
    var output = ""

    mutating func translate() throws(Failure) {
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": try translateEscape(inClass: false)
            case "(": try translateGroup()
            case "[": try translateClass()
            case "]": output += #"\]"#
            case ".": output += #"[^\n\r\x{2028}\x{2029}]"#
            default: output.unicodeScalars.append(scalar)
            }
        }
    }

    private mutating func translateGroup() throws(Failure) {
        guard skip("?") else {
            output += "("
            return
        }
        if skip(":") {
            output += "(?:"
        } else if rest.starts(with: "=".unicodeScalars) || rest.starts(with: "!".unicodeScalars)
            || rest.starts(with: "<=".unicodeScalars) || rest.starts(with: "<!".unicodeScalars)
        {
            throw Failure(message: "looks ahead or behind, which cannot be matched in linear time; write it without")
        } else if skip("<") {
            output += "(?P<"
        } else {
            throw Failure(message: "has an unknown kind of group; the known ones are (…), (?:…) and (?<name>…)")
        }
    }

    private mutating func translateClass() throws(Failure) {
        let isNegated = skip("^")
        if skip("]") {
            output += isNegated ? #"[\x{0}-\x{10ffff}]"# : #"[^\x{0}-\x{10ffff}]"#
            return
        }
        output += isNegated ? "[^" : "["
        // A hyphen beside a set of characters, as in [\w-.], is just a hyphen; RE2 wants that said.
        var isAfterSet = false
        while let scalar = rest.popFirst() {
            switch scalar {
            case "]":
                output += "]"
                return
            case "\\":
                isAfterSet = startsWithSet
                try translateEscape(inClass: true)
                continue
            case "[": output += #"\["#
            case "-" where isAfterSet || (rest.first == "\\" && Translator(rest: rest.dropFirst()).startsWithSet):
                output += #"\-"#
            default: output.unicodeScalars.append(scalar)
            }
            isAfterSet = false
        }
        throw Failure(message: "has a [ without its ]")
    }

    private mutating func translateEscape(inClass: Bool) throws(Failure) {
        guard let scalar = rest.popFirst() else { throw Failure(message: #"ends with a \ that escapes nothing"#) }
        switch scalar {
        case "b" where inClass:
            output += #"\x{8}"#
        case "B" where inClass:
            throw Failure(message: #"has a \B between brackets, where it means nothing"#)
        case "d", "D", "w", "W", "b", "B", "t", "n", "v", "f", "r":
            output += #"\"#
            output.unicodeScalars.append(scalar)
        case "s":
            output += inClass ? whiteSpace : "[" + whiteSpace + "]"
        case "S":
            output += inClass ? notWhiteSpace : "[" + notWhiteSpace + "]"
        case "p", "P":
            try translateProperty(scalar)
        case "c":
            guard let letter = rest.popFirst(), letter.isASCII, letter.properties.isAlphabetic else {
                throw Failure(message: #"has a \c that no letter from A to Z follows"#)
            }
            appendCharacter(letter.value % 32)
        case "0" where rest.first.map(isDigit) != true:
            appendCharacter(0)
        case "x":
            guard let value = takeHex(2) else { throw Failure(message: #"has a \x without two hexadecimal digits"#) }
            appendCharacter(value)
        case "u":
            appendCharacter(try takeUnicodeEscape())
        case "k":
            throw Failure(message: "refers back to a group, which cannot be matched in linear time; write it without")
        case _ where isDigit(scalar):
            throw Failure(message: "refers back to a group, which cannot be matched in linear time; write it without")
        case _ where scalar.isASCII && scalar.properties.isAlphabetic:
            throw Failure(message: #"escapes a letter that needs none, or has a meaning only in other languages"#)
        default:
            if scalar.isASCII { output += #"\"# }
            output.unicodeScalars.append(scalar)
        }
    }

    private mutating func translateProperty(_ escape: Unicode.Scalar) throws(Failure) {
        guard skip("{"), let end = rest.firstIndex(of: "}") else {
            throw Failure(message: #"has a \p without a name in braces, such as \p{Lu}"#)
        }
        var name = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        for prefix in ["Script=", "sc=", "General_Category=", "gc="] where name.hasPrefix(prefix) {
            name.removeFirst(prefix.count)
        }
        output += #"\"#
        output.unicodeScalars.append(escape)
        output += "{" + name + "}"
    }

    /// The character after `\u`: four digits, a pair of surrogates in four each, or any number of digits in braces.
    private mutating func takeUnicodeEscape() throws(Failure) -> UInt32 {
        let failure = Failure(message: #"has a \u that does not name a character; write \u0041 or \u{1F600}"#)
        if skip("{") {
            guard let end = rest.firstIndex(of: "}"), let value = UInt32(String(rest[..<end]), radix: 16),
                Unicode.Scalar(value) != nil
            else { throw failure }
            rest = rest[rest.index(after: end)...]
            return value
        }
        guard let first = takeHex(4) else { throw failure }
        guard 0xD800..<0xE000 ~= first else { return first }
        guard first < 0xDC00, skip("\\"), skip("u"), let second = takeHex(4), 0xDC00..<0xE000 ~= second else {
            throw failure
        }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func takeHex(_ count: Int) -> UInt32? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
        rest = rest.dropFirst(count)
        return UInt32(String(digits), radix: 16)
    }

    private mutating func appendCharacter(_ value: UInt32) {
        output += #"\x{"# + String(value, radix: 16) + "}"
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    /// Whether an escape begins here, after its backslash, that stands for many characters.
    private var startsWithSet: Bool {
        rest.first.map { "dDwWsSpP".unicodeScalars.contains($0) } ?? false
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        "0"..."9" ~= scalar
    }
}
