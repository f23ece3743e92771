/// A pattern as an automaton whose states are the places of its characters (Glushkov's construction).
///
/// With at most 64 places all states that it may be in are the bits of a number, so that a character costs a few
/// instructions, whatever the pattern.
struct PatternAutomaton: Sendable {
    private typealias Places = UInt64

    /// The characters of each place.
    private var sets: [CharacterSet] = []
    /// The places that may come behind each one.
    private var following: [Places] = []
    /// For each character of ASCII the places that it may stand at.
    private var ascii: [Places] = []
    private var first: Places = 0
    private var last: Places = 0
    private var allowsNothing = false

    private static let maximumPlaces = 64

    /// What a part of the pattern begins and ends with.
    private struct Part {
        var first: Places = 0
        var last: Places = 0
        var allowsNothing = true
    }

    /// The automaton; nil for a pattern with more places, which is for ``PatternProgram``.
    init?(_ root: Pattern.Node) {
        guard Self.places(root) <= Self.maximumPlaces else { return nil }
        let whole = add(root)
        first = whole.first
        last = whole.last
        allowsNothing = whole.allowsNothing
        ascii = Array(repeating: 0, count: 128)
        for (number, set) in sets.enumerated() {
            for range in set.ranges.prefix(while: { $0.lowerBound < 128 }) {
                for value in range.lowerBound...min(range.upperBound, 127) { ascii[Int(value)] |= 1 << Places(number) }
            }
        }
    }

    func matches(_ text: String) -> Bool {
        var scalars = text.unicodeScalars.makeIterator()
        guard let start = scalars.next() else { return allowsNothing }
        var current = first & places(taking: start.value)
        while current != 0, let scalar = scalars.next() {
            var next: Places = 0
            var rest = current
            while rest != 0 {
                next |= following[rest.trailingZeroBitCount]
                rest &= rest - 1
            }
            current = next & places(taking: scalar.value)
        }
        return current & last != 0
    }

    @inline(__always)
    private func places(taking value: UInt32) -> Places {
        value < 128 ? ascii[Int(value)] : places(of: value)
    }

    private func places(of value: UInt32) -> Places {
        var result: Places = 0
        for (number, set) in sets.enumerated() where set.contains(value) { result |= 1 << Places(number) }
        return result
    }

    // MARK: Construction

    /// How many places a part has, or a number beyond the most that there may be.
    private static func places(_ node: Pattern.Node) -> Int {
        switch node {
        case .empty: 0
        case .set: 1
        case .sequence(let nodes), .choice(let nodes):
            nodes.reduce(0) { min(1_000, $0 + places($1)) }
        case .repeated(let inner, let minimum, let maximum):
            min(1_000, places(inner) * min(1_000, maximum ?? max(minimum, 1)))
        }
    }

    private mutating func add(_ node: Pattern.Node) -> Part {
        switch node {
        case .empty: return Part()
        case .set(let set):
            let place = Places(1) << Places(sets.count)
            sets.append(set)
            following.append(0)
            return Part(first: place, last: place, allowsNothing: false)
        case .sequence(let nodes):
            var whole = Part()
            for node in nodes { append(add(node), to: &whole) }
            return whole
        case .choice(let nodes):
            var whole = Part(allowsNothing: nodes.isEmpty)
            for node in nodes {
                let branch = add(node)
                whole.first |= branch.first
                whole.last |= branch.last
                whole.allowsNothing = whole.allowsNothing || branch.allowsNothing
            }
            return whole
        case .repeated(let inner, let minimum, let maximum):
            // A part of no place would be copied as often as the quantity says, for nothing.
            guard Self.places(inner) > 0 else { return Part() }
            var whole = Part()
            for number in 0..<(maximum ?? max(minimum, 1)) {
                var turn = add(inner)
                turn.allowsNothing = turn.allowsNothing || number >= minimum
                if maximum == nil { connect(turn.last, turn.first) }
                append(turn, to: &whole)
            }
            return whole
        }
    }

    private mutating func append(_ part: Part, to whole: inout Part) {
        connect(whole.last, part.first)
        if whole.allowsNothing { whole.first |= part.first }
        whole.last = part.allowsNothing ? whole.last | part.last : part.last
        whole.allowsNothing = whole.allowsNothing && part.allowsNothing
    }

    private mutating func connect(_ places: Places, _ next: Places) {
        var rest = places
        while rest != 0 {
            following[rest.trailingZeroBitCount] |= next
            rest &= rest - 1
        }
    }
}
