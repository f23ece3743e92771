internal import GerbangXML

/// A set of code points as sorted ranges without overlap.
struct CharacterSet: Sendable, Hashable {
    let ranges: [ClosedRange<UInt32>]

    static let highest: UInt32 = 0x10_FFFF

    init(_ ranges: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    init(_ scalar: Unicode.Scalar) {
        ranges = [scalar.value...scalar.value]
    }

    func contains(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= value
    }

    func union(_ other: CharacterSet) -> CharacterSet {
        CharacterSet(ranges + other.ranges)
    }

    var inverted: CharacterSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.highest { result.append(next...Self.highest) }
        return CharacterSet(result)
    }

    func subtracting(_ other: CharacterSet) -> CharacterSet {
        // a without b is what is neither outside of a nor in b.
        inverted.union(other).inverted
    }

    /// The members that XML can carry and a person can read, most usual first: digits, capitals, small letters, others.
    var preferred: [Unicode.Scalar] {
        let usual: [ClosedRange<UInt32>] = [
            0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E,
        ]
        var result: [Unicode.Scalar] = []
        for wanted in usual {
            for value in wanted where contains(value) {
                if let scalar = Unicode.Scalar(value) { result.append(scalar) }
            }
        }
        if contains(0x20) { result.append(" ") }
        guard result.isEmpty else { return result }
        for range in ranges {
            let first = max(range.lowerBound, 0x09)
            for value in first...max(first, min(range.upperBound, first &+ 64)) where range.contains(value) {
                guard let scalar = Unicode.Scalar(value), value >= 0x20 || [0x09, 0x0A].contains(value) else {
                    continue
                }
                guard value != 0xFFFE, value != 0xFFFF else { continue }
                result.append(scalar)
            }
            if result.count > 32 { break }
        }
        return result
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
