/// A regular expression of XML Schema (part 2, appendix F), as a tree.
///
/// It is matched by following all possibilities at once, so that no pattern takes more than
/// (length of the pattern × square of the length of the text) steps.
///
/// libxml2 never sees a pattern: it takes some for deterministic that are not, such as `[^a]*[^b]` and `\w?\d`, and then
/// refuses texts that match.
struct Pattern: Sendable {
    indirect enum Node: Sendable, Hashable {
        case empty
        case set(CharacterSet)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, Int, Int?)
    }

    /// The pattern as it is written in the schema.
    let source: String
    let root: Node
    /// The pattern ready to be matched; nil for one that is too large.
    private let automaton: PatternAutomaton?

    init(_ source: String) throws(SOAPError) {
        self.source = source
        var parser = PatternParser(source)
        root = try parser.parse()
        automaton = PatternAutomaton(root)
        // The matchers that read JSON Schema backtrack, and take very long for more.
        guard Self.quantifiers(root) <= 4 else {
            throw SOAPError(.limit, "A pattern repeats something that is repeated itself, more than four times over.")
        }
    }

    /// How many repetitions stand inside each other at most.
    private static func quantifiers(_ node: Node) -> Int {
        switch node {
        case .empty, .set: 0
        case .sequence(let nodes), .choice(let nodes): nodes.map { quantifiers($0) }.max() ?? 0
        case .repeated(let inner, _, let maximum): quantifiers(inner) + (maximum == 1 ? 0 : 1)
        }
    }

    /// Whether the whole text matches; true where finding out would take too many steps.
    func matches(_ text: String) -> Bool {
        automaton?.matches(text) ?? matchesByPositions(text)
    }

    /// The same for patterns of any size.
    func matchesByPositions(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var steps = 0
        guard let ends = Self.ends(root, [0], scalars, &steps) else { return true }
        return ends.contains(scalars.count)
    }

    private static let maximumSteps = 5_000_000

    /// The positions that can be reached from the given ones; nil when there were too many steps.
    private static func ends(_ node: Node, _ starts: Set<Int>, _ text: [Unicode.Scalar], _ steps: inout Int) -> Set<
        Int
    >? {
        steps += max(1, starts.count)
        guard steps < maximumSteps else { return nil }
        switch node {
        case .empty: return starts
        case .set(let set):
            return Set(starts.compactMap { $0 < text.count && set.contains(text[$0].value) ? $0 + 1 : nil })
        case .sequence(let nodes):
            var current = starts
            for node in nodes {
                guard let next = ends(node, current, text, &steps) else { return nil }
                current = next
                if current.isEmpty { break }
            }
            return current
        case .choice(let nodes):
            var result: Set<Int> = []
            for node in nodes {
                guard let next = ends(node, starts, text, &steps) else { return nil }
                result.formUnion(next)
            }
            return result
        case .repeated(.set(let set), let minimum, let maximum):
            return run(of: set, minimum, maximum, starts, text, &steps)
        case .repeated(let inner, let minimum, let maximum):
            var current = starts
            var result: Set<Int> = minimum == 0 ? starts : []
            var count = 0
            while count < maximum ?? Int.max {
                guard let next = ends(inner, current, text, &steps) else { return nil }
                count += 1
                // Beyond the minimum only new positions lead anywhere.
                let fresh = count > minimum ? next.subtracting(result) : next
                if count >= minimum { result.formUnion(next) }
                if fresh.isEmpty { break }
                // Where another turn changes nothing, all further turns are like this one.
                if next == current { return result.union(next) }
                current = fresh
            }
            return result
        }
    }

    /// The positions behind so many characters of a set, in one pass over the text.
    private static func run(
        of set: CharacterSet,
        _ minimum: Int,
        _ maximum: Int?,
        _ starts: Set<Int>,
        _ text: [Unicode.Scalar],
        _ steps: inout Int
    ) -> Set<Int>? {
        var result: Set<Int> = []
        // Where the characters of the set that a start has behind it end; a later start's end no earlier.
        var end = 0
        // The first position that is not known to be reached or out of reach.
        var open = 0
        for start in starts.sorted() {
            end = max(end, start)
            let limit = min(text.count, maximum.map { start + $0 } ?? Int.max)
            let known = end
            while end < limit, set.contains(text[end].value) { end += 1 }
            let first = max(start + minimum, open)
            let last = min(end, limit)
            steps += end - known + max(0, last - first)
            guard steps < maximumSteps else { return nil }
            if first <= last {
                result.formUnion(first...last)
                open = last + 1
            }
        }
        return result
    }
}

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
