internal import GerbangXML

/// What a simple type restricts (XML Schema part 2, section 4.3).
struct Facets: Sendable {
    var length: Int?
    var minLength: Int?
    var maxLength: Int?
    /// Of the patterns of one group one must match, and this in every group.
    var patterns: [[Pattern]] = []
    var enumeration: [String]?
    var minInclusive: String?
    var maxInclusive: String?
    var minExclusive: String?
    var maxExclusive: String?
    var totalDigits: Int?
    var fractionDigits: Int?

    /// Whether nothing is restricted, as far as types without an order are concerned.
    var isEmpty: Bool {
        length == nil && minLength == nil && maxLength == nil && patterns.isEmpty && enumeration == nil
    }
}

/// A simple type, with the facets of all its base types.
final class SimpleType: Sendable {
    indirect enum Variety: Sendable {
        case atomic(Primitive)
        case list(SimpleType)
        case union([SimpleType])
    }

    let variety: Variety
    let whiteSpace: WhiteSpace
    let isInteger: Bool
    let form: Builtin.Form
    let facets: Facets
    /// The built-in type that it is or comes from.
    let builtin: String
    /// How many types a value may have to be compared with.
    let weight: Int
    /// Whether a pattern restricts it, its items or one of its members.
    let hasPatterns: Bool

    init(
        variety: Variety,
        whiteSpace: WhiteSpace,
        isInteger: Bool = false,
        form: Builtin.Form = .any,
        facets: Facets = Facets(),
        builtin: String
    ) {
        self.variety = variety
        self.whiteSpace = whiteSpace
        self.isInteger = isInteger
        self.form = form
        self.facets = facets
        self.builtin = builtin
        switch variety {
        case .atomic:
            weight = 1
            hasPatterns = !facets.patterns.isEmpty
        case .list(let item):
            weight = item.weight + 1
            hasPatterns = !facets.patterns.isEmpty || item.hasPatterns
        case .union(let members):
            weight = members.reduce(1) { $0 + $1.weight }
            hasPatterns = !facets.patterns.isEmpty || members.contains { $0.hasPatterns }
        }
    }

    /// Whether its values are bytes in base64.
    var isBase64: Bool {
        if case .atomic(.base64Binary) = variety { true } else { false }
    }

    /// Whether its values are qualified names, or lists of them.
    var hasNames: Bool {
        switch variety {
        case .atomic(let primitive): primitive == .qName
        case .list(let item): item.hasNames
        case .union: false
        }
    }

    /// Whether a text is a qualified name, or some of them, as a value of the type.
    func readsNames(in text: String) -> Bool {
        guard case .union(let members) = variety else { return hasNames }
        return member(for: text, among: members)?.readsNames(in: text) ?? false
    }

    /// Why a text, white space normalised, is no value of the type; nil for a value.
    ///
    /// Qualified names may stand here with prefixes, which are not looked at, or as in JSON. The bounds of durations are not
    /// looked at.
    func objection(to text: String) -> String? {
        switch variety {
        case .atomic(.qName) where text.utf8.first == UInt8(ascii: "{"):
            return JSONName(text) == nil
                ? "The value is not of the type required: xs:\(builtin)." : enumerationObjection(to: text)
        case .atomic(let primitive):
            guard Lexical.allows(text, primitive) else {
                return "The value is not of the type required: xs:\(builtin)."
            }
            guard !isInteger || !text.utf8.contains(UInt8(ascii: ".")) else {
                return "The value is not a whole number."
            }
            guard form.allows(text) else { return "The value is not of the type required: xs:\(builtin)." }
            return objection(to: text, length: Self.length(of: text, primitive), hasNames: hasNames)
                ?? boundsObjection(to: text, primitive)
        case .list(let item):
            let words = text.xmlWords
            for word in words {
                if let objection = item.objection(to: item.whiteSpace.normalize(word)) { return objection }
            }
            return objection(to: text, length: words.count, hasNames: hasNames)
        case .union(let members):
            guard let member = member(for: text, among: members) else {
                return "The value is of none of the types that are allowed."
            }
            return objection(to: text, length: nil, hasNames: member.hasNames)
        }
    }

    /// The first member type of a union that a text is a value of.
    func member(for text: String, among members: [SimpleType]) -> SimpleType? {
        members.first { $0.objection(to: $0.whiteSpace.normalize(text)) == nil }
    }

    private func objection(to text: String, length: Int?, hasNames: Bool) -> String? {
        if let length {
            if let exact = facets.length, length != exact {
                return "The value's length is not the one required: \(exact)."
            }
            if let minimum = facets.minLength, length < minimum {
                return "The value is shorter than allowed: \(minimum)."
            }
            if let maximum = facets.maxLength, length > maximum {
                return "The value is longer than allowed: \(maximum)."
            }
        }
        // What a prefix stands for is not known here.
        if !hasNames || text.utf8.contains(UInt8(ascii: "{")), let objection = enumerationObjection(to: text) {
            return objection
        }
        return patternObjection(to: text)
    }

    private func patternObjection(to text: String) -> String? {
        for group in facets.patterns {
            var isUndecided = false
            let isMatched = group.contains {
                let verdict = $0.verdict(on: text)
                if verdict == .undecided { isUndecided = true }
                return verdict == .matches
            }
            if isMatched { continue }
            if isUndecided { return "The value is too long to be compared with its type's pattern." }
            return "The value does not match the pattern: \(group.map(\.source).joined(separator: " or ").prefix(200))"
        }
        return nil
    }

    private func enumerationObjection(to text: String) -> String? {
        guard let enumeration = facets.enumeration, !enumeration.contains(where: { isSame($0, text) }) else {
            return nil
        }
        return "The value is none of those allowed: \(enumeration.prefix(12).joined(separator: ", "))."
    }

    /// Whether two texts, white space normalised, are the same value.
    func isSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        switch variety {
        case .atomic(let primitive): return Self.isSame(left, right, primitive)
        case .list(let item):
            let (first, second) = (left.xmlWords, right.xmlWords)
            return first.count == second.count && zip(first, second).allSatisfy { item.isSame($0, $1) }
        case .union(let members):
            guard let member = member(for: left, among: members) else { return false }
            return member === self.member(for: right, among: members) && member.isSame(left, right)
        }
    }

    private static func isSame(_ left: String, _ right: String, _ primitive: Primitive) -> Bool {
        switch primitive {
        case .decimal: DecimalText(left).map { $0 == DecimalText(right) } ?? false
        case .float: Double(left).map { $0 == Double(right) } ?? false
        case .boolean: ["true", "1"].contains(left) == ["true", "1"].contains(right)
        case .hexBinary: left.lowercased() == right.lowercased()
        case .base64Binary: left.utf8.filter { $0 != 0x20 } == right.utf8.filter { $0 != 0x20 }
        case .dateTime, .date, .time, .gYear, .gYearMonth:
            DateText(left, primitive).flatMap { first in
                DateText(right, primitive).map { (first.zone == nil) == ($0.zone == nil) && first.order($0) == 0 }
            } ?? false
        default: false
        }
    }

    private func boundsObjection(to text: String, _ primitive: Primitive) -> String? {
        if primitive == .decimal, let value = DecimalText(text) {
            if let digits = facets.totalDigits, value.totalDigits > digits {
                return "The value has more digits than allowed: \(digits)."
            }
            if let digits = facets.fractionDigits, value.fraction.count > digits {
                return "The value has more decimals than allowed: \(digits)."
            }
        }
        func order(_ bound: String, isLower: Bool) -> Int? {
            switch primitive {
            case .decimal:
                guard let left = DecimalText(text), let right = DecimalText(bound) else { return nil }
                return left < right ? -1 : (left == right ? 0 : 1)
            case .float:
                guard let left = Double(text), let right = Double(bound) else { return nil }
                return left < right ? -1 : (left == right ? 0 : 1)
            case .dateTime, .date, .time, .gYear, .gYearMonth:
                guard let left = DateText(text, primitive), let right = DateText(bound, primitive) else { return nil }
                // With a zone on one side only, the order is sure beyond fourteen hours; an unsure one counts as wrong.
                guard let order = left.order(right) else { return isLower ? -1 : 1 }
                return order
            default: return nil
            }
        }
        if let bound = facets.minInclusive, let order = order(bound, isLower: true), order < 0 {
            return "The value is less than the minimum: \(bound)."
        }
        if let bound = facets.maxInclusive, let order = order(bound, isLower: false), order > 0 {
            return "The value is greater than the maximum: \(bound)."
        }
        if let bound = facets.minExclusive, let order = order(bound, isLower: true), order <= 0 {
            return "The value is not greater than the bound: \(bound)."
        }
        if let bound = facets.maxExclusive, let order = order(bound, isLower: false), order >= 0 {
            return "The value is not less than the bound: \(bound)."
        }
        return nil
    }

    private static func length(of text: String, _ primitive: Primitive) -> Int? {
        switch primitive {
        case .hexBinary: text.utf8.count / 2
        case .base64Binary: Lexical.base64Length(text)
        case .string, .anyURI, .anySimple: text.unicodeScalars.count
        default: nil
        }
    }
}

/// How values are checked beside what libxml2 checks of them.
enum ValueCheck: Sendable {
    /// Not at all.
    case nothing
    /// By patterns, which libxml2 does not see.
    case patterns
    /// By everything, as libxml2 does not see the type.
    case everything
}

extension SimpleType {
    /// Why a text as it is written is no value of the type, as far as it is checked.
    @inline(__always)
    func objection(to text: String, by check: ValueCheck) -> String? {
        switch check {
        case .nothing: nil
        case .patterns: hasPatterns ? unmatched(whiteSpace.normalize(text)) : nil
        case .everything: objection(to: whiteSpace.normalize(text))
        }
    }

    /// The objection of the patterns to a text, white space normalised.
    private func unmatched(_ text: String) -> String? {
        switch variety {
        case .atomic: break
        case .list(let item):
            for word in text.xmlWords {
                if let objection = item.objection(to: word, by: .patterns) { return objection }
            }
        // A text that matches no pattern of one member may be a value of another one.
        case .union: return objection(to: text)
        }
        return patternObjection(to: text)
    }
}
