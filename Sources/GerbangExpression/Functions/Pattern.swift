internal import CRE2
internal import Synchronization

/// A compiled regular expression in RE2 syntax; it matches in linear time.
///
/// It may be shared although the compiler cannot see it: the expression is never changed, and RE2 guards its own cache.
final class Pattern: @unchecked Sendable {
    /// What a compiled expression may take up, in bytes.
    private static let memoryLimit: Int64 = 1 << 20

    private let expression: OpaquePointer
    /// How many capturing groups there are.
    let groupCount: Int
    /// What matching a text of sixteen bytes costs.
    private let weight: Int

    /// Compiles an expression; nil if it is not valid or too large.
    init?(_ text: String) {
        let created = text.withBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { gerbang_re2_create($0.baseAddress, $0.count, Self.memoryLimit) }
        }
        guard let created else { return nil }
        expression = created
        groupCount = Int(gerbang_re2_group_count(created))
        weight = 1 + text.utf8.count / 64
    }

    deinit {
        gerbang_re2_destroy(expression)
    }

    /// Pays for looking at a text from a byte on.
    func charge(_ text: String, from start: Int = 0, _ frame: inout Frame) throws(Failure) {
        try frame.charge((1 + (text.utf8.count - start) / 16) * weight)
    }

    /// Whether the expression matches somewhere; faster than finding out where.
    func matches(_ text: String) -> Bool {
        find(in: text, from: 0, count: 0) != nil
    }

    /// The bytes of the first match that begins at `start` or later, and of so many groups, where they took part.
    func find(in text: String, from start: Int, groups: Int) -> [Range<Int>?]? {
        find(in: text, from: start, count: groups + 1)
    }

    private func find(in text: String, from start: Int, count: Int) -> [Range<Int>?]? {
        var spans = [gerbang_re2_span](repeating: gerbang_re2_span(start: -1, end: -1), count: count)
        let isFound = text.withBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                gerbang_re2_find(expression, characters.baseAddress, characters.count, start, &spans, Int32(count))
            }
        }
        guard isFound else { return nil }
        return spans.map { $0.start >= 0 && $0.start <= $0.end ? $0.start..<$0.end : nil }
    }

    static let invalid = Failure(
        .invalidValue,
        "the regular expression is not valid in RE2 syntax, which has no look-around and no back-references"
    )

    /// Compiles an expression that is only known now, and pays for that.
    static func compile(_ text: String, _ frame: inout Frame) throws(Failure) -> Pattern {
        try frame.charge(500 + text.utf8.count)
        if let known = recent.withLock({ $0[text] }) { return known }
        guard let pattern = Pattern(text) else { throw invalid }
        recent.withLock { patterns in
            if patterns.count >= 64 { patterns.removeAll() }
            patterns[text] = pattern
        }
        return pattern
    }

    /// Expressions compiled lately: most evaluations use the same few again and again.
    private static let recent = Mutex<[String: Pattern]>([:])
}

/// `matches` with an expression that is known and so compiled once.
final class MatchNode: Node {
    let text: any Node
    let pattern: Pattern
    let offset: Int

    /// Nil if the expression is not known or not valid; then it is a call like any other.
    init?(_ text: any Node, _ pattern: any Node, offset: Int) {
        guard let constant = pattern as? ConstantNode, case .string(let expression) = constant.value,
            let pattern = Pattern(expression)
        else { return nil }
        self.text = text
        self.pattern = pattern
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        guard case .string(let text) = try text.evaluate(&frame) else { throw Failure.noSuchOverload.at(offset) }
        try pattern.charge(text, &frame)
        return .bool(pattern.matches(text))
    }
}
