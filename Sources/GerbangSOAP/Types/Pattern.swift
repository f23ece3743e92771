/// A regular expression of XML Schema (part 2, appendix F), as a tree.
///
/// It is matched by following all possibilities at once, so that a text takes no more than (number of the pattern's places,
/// its repetitions written out × length of the text) steps, and a character of a usual pattern a few instructions.
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
    private let matcher: Matcher
    /// Whether it escapes characters that need it not, which XML Schema does not allow.
    let hasNeedlessEscapes: Bool

    /// The pattern ready to be matched.
    private enum Matcher: Sendable {
        case automaton(PatternAutomaton)
        /// For what an automaton has not enough places for.
        case program(PatternProgram)
    }

    /// Whether a text matches.
    enum Verdict: Sendable {
        case matches
        case differs
        /// Finding out takes too many steps.
        case undecided
    }

    init(_ source: String) throws(SOAPError) {
        self.source = source
        var parser = PatternParser(source)
        root = try parser.parse()
        hasNeedlessEscapes = parser.hasNeedlessEscapes
        // The matchers that read JSON Schema backtrack, and take very long for more.
        guard Self.quantifiers(root) <= 4 else {
            throw SOAPError(.limit, "A pattern repeats something that is repeated itself, more than four times over.")
        }
        if let automaton = PatternAutomaton(root) {
            matcher = .automaton(automaton)
        } else if let program = PatternProgram(root) {
            matcher = .program(program)
        } else {
            throw SOAPError(.limit, "A pattern is too large with its repetitions written out.")
        }
    }

    /// How many steps it has that take memory, beyond what a usual pattern has.
    var weight: Int {
        if case .program(let program) = matcher { program.size } else { 0 }
    }

    /// How many repetitions stand inside each other at most.
    private static func quantifiers(_ node: Node) -> Int {
        switch node {
        case .empty, .set: 0
        case .sequence(let nodes), .choice(let nodes): nodes.map { quantifiers($0) }.max() ?? 0
        case .repeated(let inner, _, let maximum): quantifiers(inner) + (maximum == 1 ? 0 : 1)
        }
    }

    /// Whether the whole text matches.
    func verdict(on text: String) -> Verdict {
        switch matcher {
        case .automaton(let automaton): automaton.matches(text) ? .matches : .differs
        case .program(let program): program.matches(text).map { $0 ? .matches : .differs } ?? .undecided
        }
    }
}
