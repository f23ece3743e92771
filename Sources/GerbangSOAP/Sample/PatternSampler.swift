/// Makes texts that match a pattern.
struct PatternSampler {
    private var state: UInt64
    /// How much is added to the least number of repetitions.
    private let growth: Int
    private let isFirst: Bool
    private var length = 0
    private var steps = 0

    /// - Parameter attempt: The first attempt gives the shortest usual text; later ones vary.
    init(attempt: Int) {
        state = UInt64(attempt) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
        let steps = [0, 1, 2, 3, 5, 8, 13, 21, 34, 64, 128, 256]
        growth = steps[attempt % steps.count]
        isFirst = attempt == 0
    }

    /// A text, or nil where it would become longer than ten thousand characters or a class is empty.
    mutating func text(_ node: Pattern.Node) -> String? {
        var result = String.UnicodeScalarView()
        guard write(node, &result) else { return nil }
        return String(result)
    }

    private mutating func random(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, count)))
    }

    private mutating func write(_ node: Pattern.Node, _ result: inout String.UnicodeScalarView) -> Bool {
        steps += 1
        guard steps < 50_000 else { return false }
        switch node {
        case .empty: return true
        case .set(let set):
            let choices = set.preferred
            guard !choices.isEmpty, length < 10_000 else { return false }
            length += 1
            // Digits and capitals come first in the list; a mixture of both reads best.
            result.append(choices[isFirst ? min(length, choices.count - 1) : random(choices.count)])
            return true
        case .sequence(let nodes):
            for node in nodes { guard write(node, &result) else { return false } }
            return true
        case .choice(let nodes): return write(nodes[isFirst ? 0 : random(nodes.count)], &result)
        case .repeated(let inner, let minimum, let maximum):
            let wanted = isFirst ? max(minimum, 1) : minimum + random(growth + 1) + (growth > 4 ? growth / 2 : 0)
            let count = min(wanted, maximum ?? wanted)
            for _ in 0..<count { guard write(inner, &result) else { return false } }
            return true
        }
    }
}
