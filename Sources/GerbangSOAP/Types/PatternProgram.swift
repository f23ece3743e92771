/// A large pattern as a program whose steps are all followed at once (Thompson's construction).
///
/// A repeated character (`[0-9]{1,4000}`) is one step that keeps the positions at which it was entered; anything else that
/// is repeated is written out as often. So the time for a character is bounded by the number of steps, and the memory is in
/// proportion to it.
struct PatternProgram: Sendable {
    private enum Kind: UInt8 {
        /// One character of a set.
        case set
        /// Some characters of a set, of a ``Quantity``.
        case run
        /// On with both of two steps.
        case fork
        case end
    }

    private struct Step {
        var kind: Kind
        /// The number of the set; of a run that of its quantity.
        var number: Int32 = 0
        var next: Int32 = 0
        /// The other step of a fork.
        var other: Int32 = 0
    }

    private struct Quantity {
        let set: Int32
        let minimum: Int
        let maximum: Int?
    }

    private struct Characters {
        let set: CharacterSet
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        init(_ set: CharacterSet) {
            self.set = set
            for value in 0..<UInt32(64) {
                if set.contains(value) { low |= 1 << UInt64(value) }
                if set.contains(value + 64) { high |= 1 << UInt64(value) }
            }
        }

        @inline(__always)
        func contains(_ value: UInt32) -> Bool {
            if value < 64 { return low >> UInt64(value) & 1 == 1 }
            if value < 128 { return high >> UInt64(value - 64) & 1 == 1 }
            return set.contains(value)
        }
    }

    private var steps: [Step] = []
    private var sets: [Characters] = []
    private var quantities: [Quantity] = []
    private var start: Int32 = 0

    /// How many steps a pattern may have.
    private static let maximumSize = 32_768
    /// How many steps matching a text may go through.
    private static let maximumWork = 20_000_000

    /// How many steps there are.
    var size: Int { steps.count }

    /// The program; nil for a pattern with more steps than there may be.
    init?(_ root: Pattern.Node) {
        let root = Self.simplified(root)
        guard Self.size(root) <= Self.maximumSize else { return nil }
        var numbers: [CharacterSet: Int32] = [:]
        let end = add(Step(kind: .end))
        start = build(root, end, &numbers)
    }

    // MARK: Construction

    /// The same with a set for each choice among characters, and without what has no characters at all.
    private static func simplified(_ node: Pattern.Node) -> Pattern.Node {
        switch node {
        case .empty, .set: return node
        case .sequence(let nodes):
            let parts = nodes.map { simplified($0) }.filter {
                if case .empty = $0 { false } else { true }
            }
            return parts.count == 1 ? parts[0] : (parts.isEmpty ? .empty : .sequence(parts))
        case .choice(let nodes):
            var branches: [Pattern.Node] = []
            var ranges: [ClosedRange<UInt32>]?
            var hasEmpty = false
            for node in nodes {
                let branch = simplified(node)
                if case .set(let set) = branch {
                    ranges = (ranges ?? []) + set.ranges
                } else if case .empty = branch {
                    hasEmpty = true
                } else {
                    branches.append(branch)
                }
            }
            if let ranges { branches.append(.set(CharacterSet(ranges))) }
            guard !branches.isEmpty else { return .empty }
            let choice = branches.count == 1 ? branches[0] : .choice(branches)
            return hasEmpty ? .repeated(choice, 0, 1) : choice
        case .repeated(let inner, let minimum, let maximum):
            let part = simplified(inner)
            if case .empty = part { return .empty }
            return maximum == 0 ? .empty : .repeated(part, minimum, maximum)
        }
    }

    /// How many steps a part has, as far as this is not beyond the most that there may be.
    private static func size(_ node: Pattern.Node) -> Int {
        switch node {
        case .empty: 0
        case .set: 1
        case .sequence(let nodes): nodes.reduce(0) { min(maximumSize + 1, $0 + size($1)) }
        case .choice(let nodes): nodes.reduce(0) { min(maximumSize + 1, $0 + size($1) + 1) }
        case .repeated(.set, _, _): 2
        case .repeated(let inner, let minimum, let maximum):
            min(maximumSize + 1, (size(inner) + 1) * min(maximumSize + 1, maximum ?? max(minimum, 1)))
        }
    }

    private mutating func add(_ step: Step) -> Int32 {
        steps.append(step)
        return Int32(steps.count - 1)
    }

    private mutating func number(_ set: CharacterSet, _ numbers: inout [CharacterSet: Int32]) -> Int32 {
        if let known = numbers[set] { return known }
        sets.append(Characters(set))
        let number = Int32(sets.count - 1)
        numbers[set] = number
        return number
    }

    /// Adds the steps of a part that go on with `next`, and gives the first of them.
    private mutating func build(_ node: Pattern.Node, _ next: Int32, _ numbers: inout [CharacterSet: Int32]) -> Int32 {
        switch node {
        case .empty: return next
        case .set(let set): return add(Step(kind: .set, number: number(set, &numbers), next: next))
        case .sequence(let nodes):
            var first = next
            for node in nodes.reversed() { first = build(node, first, &numbers) }
            return first
        case .choice(let nodes):
            var first: Int32?
            for node in nodes.reversed() {
                let branch = build(node, next, &numbers)
                first = first.map { add(Step(kind: .fork, next: branch, other: $0)) } ?? branch
            }
            return first ?? next
        case .repeated(.set(let set), let minimum, let maximum) where maximum ?? minimum > 1:
            quantities.append(
                Quantity(set: number(set, &numbers), minimum: max(minimum, 1), maximum: maximum)
            )
            let run = add(Step(kind: .run, number: Int32(quantities.count - 1), next: next))
            return minimum == 0 ? add(Step(kind: .fork, next: run, other: next)) : run
        case .repeated(let inner, let minimum, let maximum):
            var first = next
            var required = minimum
            if let maximum {
                for _ in minimum..<max(minimum, maximum) {
                    let turn = build(inner, first, &numbers)
                    first = add(Step(kind: .fork, next: turn, other: next))
                }
            } else {
                let again = add(Step(kind: .fork, other: next))
                let turn = build(inner, again, &numbers)
                steps[Int(again)].next = turn
                first = minimum == 0 ? again : turn
                required -= 1
            }
            for _ in 0..<max(0, required) { first = build(inner, first, &numbers) }
            return first
        }
    }

    // MARK: Matching

    /// Whether the whole text matches; nil where finding out takes too many steps.
    func matches(_ text: String) -> Bool? {
        var walk = Walk(self)
        var position = 0
        walk.enter(start, position, self)
        for scalar in text.unicodeScalars {
            guard !walk.active.isEmpty else { return false }
            position += 1
            walk.take(scalar.value, position, self)
            guard walk.work <= Self.maximumWork else { return nil }
        }
        return walk.isAtEnd
    }

    /// Where a text may have got to.
    private struct Walk {
        /// The sets and runs that may take the next character.
        private(set) var active: [Int32] = []
        private(set) var isAtEnd = false
        private(set) var work = 0
        private var next: [Int32] = []
        /// The steps to go on with behind a character.
        private var reached: [Int32] = []
        private var waiting: [Int32] = []
        /// For each step the position, plus one, at which it was entered last.
        private var entered: [Int]
        /// For each quantity where its run was entered.
        private var entries: [Entries]

        init(_ program: PatternProgram) {
            entered = Array(repeating: 0, count: program.steps.count)
            entries = Array(repeating: Entries(), count: program.quantities.count)
        }

        /// Goes on with a step and with everything that it leads to without a character.
        mutating func enter(_ first: Int32, _ position: Int, _ program: PatternProgram) {
            waiting.append(first)
            while let number = waiting.popLast() {
                work += 1
                guard entered[Int(number)] != position + 1 else { continue }
                entered[Int(number)] = position + 1
                let step = program.steps[Int(number)]
                switch step.kind {
                case .end: isAtEnd = true
                case .fork:
                    waiting.append(step.other)
                    waiting.append(step.next)
                case .set: active.append(number)
                case .run:
                    let run = Int(step.number)
                    if entries[run].isEmpty { active.append(number) }
                    // Without a maximum the earliest entry is as good as any later one.
                    if entries[run].isEmpty || program.quantities[run].maximum != nil { entries[run].append(position) }
                }
            }
        }

        /// Takes a character, behind which is the position.
        mutating func take(_ value: UInt32, _ position: Int, _ program: PatternProgram) {
            work += active.count
            for number in active {
                let step = program.steps[Int(number)]
                if step.kind == .set {
                    if program.sets[Int(step.number)].contains(value) { reached.append(step.next) }
                    continue
                }
                let run = Int(step.number)
                let quantity = program.quantities[run]
                guard program.sets[Int(quantity.set)].contains(value) else {
                    entries[run].removeAll()
                    continue
                }
                if let maximum = quantity.maximum { entries[run].remove(before: position - maximum) }
                guard let earliest = entries[run].first else { continue }
                next.append(number)
                if position - earliest >= quantity.minimum { reached.append(step.next) }
            }
            swap(&active, &next)
            next.removeAll(keepingCapacity: true)
            isAtEnd = false
            for number in reached { enter(number, position, program) }
            reached.removeAll(keepingCapacity: true)
        }
    }

    /// Rising positions, as ranges of those that follow each other.
    private struct Entries {
        private var ranges: [ClosedRange<Int>] = []
        private var head = 0

        var isEmpty: Bool { head == ranges.count }

        var first: Int? { isEmpty ? nil : ranges[head].lowerBound }

        mutating func append(_ position: Int) {
            if !isEmpty, let last = ranges.last, last.upperBound + 1 == position {
                ranges[ranges.count - 1] = last.lowerBound...position
            } else {
                ranges.append(position...position)
            }
        }

        mutating func remove(before position: Int) {
            while head < ranges.count, ranges[head].lowerBound < position {
                if ranges[head].upperBound >= position {
                    ranges[head] = position...ranges[head].upperBound
                    break
                }
                head += 1
            }
            // What is over is let go in larger pieces, so that this costs nothing.
            if head > 64, head * 2 > ranges.count {
                ranges.removeFirst(head)
                head = 0
            }
        }

        mutating func removeAll() {
            ranges.removeAll(keepingCapacity: true)
            head = 0
        }
    }
}
