internal import GerbangXML

/// Random texts of simple types that keep to all facets.
enum RandomText {
    /// A text of the type, in normal form; nil where none was found.
    static func text(_ type: SimpleType, _ generator: inout SeededGenerator) -> String? {
        if let listed = type.facets.enumeration, !listed.isEmpty {
            let allowed = listed.map { type.whiteSpace.normalize($0) }.filter { type.objection(to: $0) == nil }
            return allowed.isEmpty ? nil : allowed[generator.below(allowed.count)]
        }
        for _ in 0..<24 {
            guard let candidate = candidate(type, &generator) else { continue }
            let normal = type.whiteSpace.normalize(candidate)
            if type.objection(to: normal) == nil { return normal }
        }
        return SimpleSample.text(type)
    }

    private static func candidate(_ type: SimpleType, _ generator: inout SeededGenerator) -> String? {
        switch type.variety {
        case .union(let members): return text(members[generator.below(members.count)], &generator)
        case .list(let item):
            let least = type.facets.length ?? type.facets.minLength ?? 0
            let count = type.facets.length ?? min(least + generator.below(4), type.facets.maxLength ?? Int.max)
            guard count <= 100 else { return nil }
            var words: [String] = []
            for _ in 0..<count { words.append(text(item, &generator) ?? "") }
            return words.joined(separator: " ")
        case .atomic(let primitive):
            if let pattern = type.facets.patterns.last?.first {
                var sampler = PatternSampler(attempt: generator.below(100_000))
                return sampler.text(pattern.root)
            }
            return atomic(type, primitive, &generator)
        }
    }

    private static func atomic(_ type: SimpleType, _ primitive: Primitive, _ generator: inout SeededGenerator)
        -> String?
    {
        func number(_ range: ClosedRange<Int>) -> String {
            let text = String(range.lowerBound + generator.below(range.count))
            return text.count == 1 ? "0" + text : text
        }
        switch primitive {
        case .boolean: return generator.below(2) == 0 ? "true" : "false"
        case .decimal: return decimal(type, &generator)
        case .float: return ["0", "1.5", "-2.25", "1000000", "0.001", "123.456"][generator.below(6)]
        case .string, .anySimple: return word(type, &generator)
        case .date: return "20\(number(10...40))-\(number(1...12))-\(number(1...28))"
        case .time: return "\(number(0...23)):\(number(0...59)):\(number(0...59))"
        case .dateTime:
            let zone = ["", "Z", "+07:00", "-03:30"][generator.below(4)]
            return "20\(number(10...40))-\(number(1...12))-\(number(1...28))T\(number(0...23)):\(number(0...59)):"
                + "\(number(0...59))\(zone)"
        case .base64Binary:
            let count = type.facets.length ?? (type.facets.minLength ?? 0) + generator.below(12)
            guard count <= 1_000 else { return nil }
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
            let rest = count % 3
            var text = ""
            for _ in 0..<(count / 3 * 4) { text.append(alphabet[generator.below(64)]) }
            // The last digit before the padding has bits that must be zero.
            return text + (rest == 1 ? "Qw==" : (rest == 2 ? "QUI=" : ""))
        case .hexBinary:
            let count = type.facets.length ?? (type.facets.minLength ?? 0) + generator.below(12)
            guard count <= 1_000 else { return nil }
            let digits = Array("0123456789ABCDEF")
            return String((0..<(2 * count)).map { _ in digits[generator.below(16)] })
        default: return nil
        }
    }

    private static func decimal(_ type: SimpleType, _ generator: inout SeededGenerator) -> String {
        let bounds = [type.facets.minInclusive, type.facets.maxInclusive].compactMap { $0 }
        if !bounds.isEmpty, generator.below(8) == 0 { return bounds[generator.below(bounds.count)] }
        let digits = 1 + generator.below(min(type.facets.totalDigits ?? 9, 9))
        var text = String(1 + generator.below(9))
        for _ in 1..<max(digits, 1) { text += String(generator.below(10)) }
        if !type.isInteger, generator.below(2) == 0 {
            let places = generator.below(1 + min(type.facets.fractionDigits ?? 4, 6))
            if places > 0 {
                text += "."
                for _ in 1..<max(places, 1) { text += String(generator.below(10)) }
                text += String(1 + generator.below(9))
            }
        }
        return generator.below(4) == 0 ? "-" + text : text
    }

    private static let letters: [String] = [
        "a", "b", "Z", "0", "7", "é", "ß", "ह", "日", "😀", "&", "<", ">", "\"", "'", " ", "-", ".", "_", "\u{A0}",
    ]

    private static func word(_ type: SimpleType, _ generator: inout SeededGenerator) -> String {
        let least = type.facets.length ?? type.facets.minLength ?? 1
        let count = type.facets.length ?? min(max(least, 1) + generator.below(12), type.facets.maxLength ?? Int.max)
        // White space at the ends, and two in a row, are another matter; see the tests of marshalling.
        let plain = type.form == .any ? letters.count : 5
        var text = ""
        for place in 0..<min(count, 10_000) {
            var letter = letters[generator.below(plain)]
            if letter == " ", place == 0 || place == count - 1 || text.hasSuffix(" ") { letter = "x" }
            text += letter
        }
        return text
    }
}
