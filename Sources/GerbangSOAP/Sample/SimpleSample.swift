/// Makes values of simple types that keep to all facets.
enum SimpleSample {
    /// A text of the type; nil where none was found.
    static func text(_ type: SimpleType) -> String? {
        switch type.variety {
        case .union(let members):
            if let listed = listed(type) { return listed }
            return members.lazy.compactMap { text($0) }.first { type.objection(to: $0) == nil }
                ?? patterned(type)
        case .list(let item):
            if let listed = listed(type) { return listed }
            guard let word = text(item), !word.isEmpty else { return nil }
            let count = type.facets.length ?? max(type.facets.minLength ?? 1, 1)
            guard count <= 10_000 else { return nil }
            let words = Array(repeating: word, count: count).joined(separator: " ")
            return type.objection(to: words) == nil ? words : patterned(type)
        case .atomic(let primitive):
            if let listed = listed(type) { return listed }
            return candidates(type, primitive).first { type.objection(to: $0) == nil } ?? patterned(type)
        }
    }

    private static func listed(_ type: SimpleType) -> String? {
        type.facets.enumeration?.first { type.objection(to: type.whiteSpace.normalize($0)) == nil }
    }

    private static func patterned(_ type: SimpleType) -> String? {
        // Every group must match; a text of the last one, the narrowest, is tried against all.
        for group in type.facets.patterns.reversed() {
            for attempt in 0..<240 {
                for pattern in group.prefix(8) {
                    var sampler = PatternSampler(attempt: attempt)
                    guard let text = sampler.text(pattern.root) else { continue }
                    let normal = type.whiteSpace.normalize(text)
                    if type.objection(to: normal) == nil { return normal }
                }
            }
        }
        return nil
    }

    // MARK: Candidates

    private static func candidates(_ type: SimpleType, _ primitive: Primitive) -> [String] {
        let facets = type.facets
        let bounds = [facets.minInclusive, facets.maxInclusive].compactMap { $0 }
        switch primitive {
        case .boolean: return ["true", "false", "1", "0"]
        case .decimal, .float: return numbers(type, bounds)
        case .string, .anySimple: return texts(type)
        case .anyURI: return ["http://example.org/", "urn:example"] + texts(type)
        case .qName: return ["{\(Namespaces.schema)}string"]
        case .hexBinary, .base64Binary: return binaries(facets, primitive)
        case .duration: return bounds + durations(facets) + (forms[primitive] ?? [])
        default: return (forms[primitive] ?? []) + bounds + near(facets)
        }
    }

    private static func texts(_ type: SimpleType) -> [String] {
        let facets = type.facets
        switch type.form {
        case .language: return ["id", "en", "id-ID"]
        case .name, .ncName, .nmtoken, .any: break
        }
        var length = facets.length ?? 4
        if facets.length == nil {
            length = max(length, facets.minLength ?? 0)
            length = min(length, facets.maxLength ?? length)
        }
        guard length <= 100_000 else { return [] }
        func stretched(_ word: String) -> String {
            String(String(repeating: word, count: length / word.utf8.count + 1).prefix(length))
        }
        return [stretched("text"), stretched("1"), stretched("A1"), "1", "A", "01", "0000000001"]
    }

    private static func binaries(_ facets: Facets, _ primitive: Primitive) -> [String] {
        let length = facets.length ?? min(max(facets.minLength ?? 3, 3), facets.maxLength ?? Int.max)
        guard length <= 100_000 else { return [] }
        if primitive == .hexBinary { return [String(repeating: "0A", count: length)] }
        let rest = length % 3
        let whole = String(repeating: "QUJD", count: length / 3)
        return [whole + (rest == 1 ? "QQ==" : (rest == 2 ? "QUI=" : ""))]
    }

    private static func numbers(_ type: SimpleType, _ bounds: [String]) -> [String] {
        var result = ["1"] + bounds + ["0", "10", "100", "1000", "-1", "0.5", "1.5", "1.00", "0.01", "-0.5"]
        for bound in [type.facets.minExclusive, type.facets.maxExclusive].compactMap({ $0 }) {
            guard let value = Double(bound), abs(value) < 1e15 else { continue }
            let whole = Int(value.rounded(.down))
            result += [
                String(whole + 1), String(whole), String(whole - 1), "\(value + 0.5)", "\(value - 0.5)",
                "\(value + 0.01)", "\(value - 0.01)",
            ]
        }
        if let low = type.facets.minInclusive ?? type.facets.minExclusive,
            let high = type.facets.maxInclusive ?? type.facets.maxExclusive,
            let first = Double(low), let second = Double(high)
        {
            result.append("\((first + second) / 2)")
        }
        return result
    }

    private static let forms: [Primitive: [String]] = [
        .dateTime: [
            "2026-01-31T08:30:00+07:00", "2026-01-31T08:30:00Z", "2026-01-31T08:30:00", "2026-01-31T08:30:00.000+07:00",
            "2026-01-31T08:30:00.000Z", "2026-01-31T08:30:00.000", "2026-01-31T00:00:00", "2026-01-31T00:00:00Z",
            "2026-01-31T08:30:00.123456Z", "2026-01-31T08:30:00.000000", "2026-01-31T08:30:00.1Z",
            "2026-01-31T08:30:00+00:00",
        ],
        .date: ["2026-01-31", "2026-01-31Z", "2026-01-31+07:00", "2000-01-01", "1999-12-31"],
        .time: ["08:30:00", "08:30:00Z", "08:30:00+07:00", "08:30:00.000", "08:30:00.000Z", "00:00:00"],
        .gYear: ["2026", "2026Z"], .gYearMonth: ["2026-01", "2026-01Z"], .gMonth: ["--01", "--01Z"],
        .gDay: ["---31", "---31Z"],
        .gMonthDay: ["--01-31", "--01-31Z"],
        .duration: ["P1D", "PT1H", "P1Y", "P1M", "P1Y2M3DT4H5M6S", "PT0S", "PT30M", "P1DT1H", "PT1S", "PT1.5S"],
    ]

    /// Durations on the right side of an exclusive bound; which of two is longer is not known here.
    private static func durations(_ facets: Facets) -> [String] {
        (facets.minExclusive == nil ? [] : ["P9999Y"]) + (facets.maxExclusive == nil ? [] : ["PT0S"])
    }

    /// Moments beside exclusive bounds.
    private static func near(_ facets: Facets) -> [String] {
        [facets.minExclusive, facets.maxExclusive].compactMap { $0 }.flatMap { bound -> [String] in
            guard let year = Int(bound.prefix(4)) else { return [] }
            return [year + 1, year - 1].map { "\($0)".count == 4 ? "\($0)\(bound.dropFirst(4))" : bound }
        }
    }
}
