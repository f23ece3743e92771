/// `matches`, and the regex extension.
enum PatternFunctions {
    static let functions: [Function] = [
        .binary("matches", .core, [Signature([.string, .string], .bool)], matches),
        .binary("matches", .core, member: true, [Signature([.string, .string], .bool)], matches),
        .binary("regex.extract", .regularExpressions, [Signature([.string, .string], .optional(.string))]) {
            text,
            pattern,
            frame throws(Failure) in
            let (text, pattern) = try prepare(text, pattern, &frame)
            try requireOneGroup(pattern)
            try pattern.charge(text, &frame)
            guard let spans = pattern.find(in: text, from: 0, groups: 1), let span = extracted(spans, pattern) else {
                return .optional(.none)
            }
            return try frame.optional(.string(part(of: text, span)))
        },
        .binary("regex.extractAll", .regularExpressions, [Signature([.string, .string], .list(.string))]) {
            text,
            pattern,
            frame throws(Failure) in
            let (text, pattern) = try prepare(text, pattern, &frame)
            try requireOneGroup(pattern)
            var parts: [CELValue] = []
            try forEachMatch(of: pattern, in: text, groups: 1, &frame) { spans in
                if let span = extracted(spans, pattern) { parts.append(.string(part(of: text, span))) }
                return true
            }
            return try frame.list(parts)
        },
        .variadic(
            "regex.replace",
            .regularExpressions,
            [Signature([.string, .string, .string], .string), Signature([.string, .string, .string, .int], .string)],
            replace
        ),
    ]

    @Sendable
    private static func matches(
        _ text: CELValue,
        _ pattern: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        let (text, pattern) = try prepare(text, pattern, &frame)
        try pattern.charge(text, &frame)
        return .bool(pattern.matches(text))
    }

    private static func prepare(
        _ text: CELValue,
        _ pattern: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> (String, Pattern) {
        guard case .string(let text) = text, case .string(let expression) = pattern else { throw .noSuchOverload }
        return (text, try Pattern.compile(expression, &frame))
    }

    private static func requireOneGroup(_ pattern: Pattern) throws(Failure) {
        guard pattern.groupCount <= 1 else {
            throw Failure(.invalidValue, "the regular expression may have one capturing group; write others as (?:…)")
        }
    }

    /// The group if there is one, otherwise the whole match.
    private static func extracted(_ spans: [Range<Int>?], _ pattern: Pattern) -> Range<Int>? {
        pattern.groupCount == 1 ? spans[1] : spans[0]
    }

    private static func part(of text: String, _ span: Range<Int>) -> String {
        text.withBytes { String(decoding: UnsafeBufferPointer(rebasing: $0[span]), as: UTF8.self) }
    }

    /// Looks at one match after the other, until the body says that it is enough.
    private static func forEachMatch(
        of pattern: Pattern,
        in text: String,
        groups: Int,
        _ frame: inout Frame,
        _ body: ([Range<Int>?]) -> Bool
    ) throws(Failure) {
        let length = text.utf8.count
        var start = 0
        while start <= length {
            try pattern.charge(text, from: start, &frame)
            guard let spans = pattern.find(in: text, from: start, groups: groups), let match = spans[0], body(spans)
            else {
                return
            }
            start = match.upperBound
            // An empty match moves on by a code point.
            if match.isEmpty {
                start = text.withBytes { bytes in
                    var next = match.upperBound + 1
                    while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
                    return next
                }
            }
        }
    }

    @Sendable
    private static func replace(_ arguments: [CELValue], _ frame: inout Frame) throws(Failure) -> CELValue {
        guard arguments.count >= 3, case .string(let new) = arguments[2] else { throw .noSuchOverload }
        let (text, pattern) = try prepare(arguments[0], arguments[1], &frame)
        var limit = Int64.max
        if arguments.count == 4 {
            guard case .int(let given) = arguments[3] else { throw .noSuchOverload }
            if given >= 0 { limit = given }
        }
        let pieces = try template(new, groups: pattern.groupCount)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        var count: Int64 = 0
        let room = frame.limits.maximumSize * 16
        guard limit > 0 else { return .string(text) }
        try forEachMatch(of: pattern, in: text, groups: pattern.groupCount, &frame) { spans in
            guard let match = spans[0], result.count <= room else { return false }
            result += bytes[position..<match.lowerBound]
            for piece in pieces {
                switch piece {
                case .text(let text): result += text
                case .group(let index): if let span = spans[index] { result += bytes[span] }
                }
            }
            position = match.upperBound
            count += 1
            return count < limit
        }
        guard result.count <= room else { throw .tooLarge }
        result += bytes[position...]
        try frame.charge(bytes: result.count)
        return .string(String(decoding: result, as: UTF8.self))
    }

    private enum Piece {
        case text([UInt8])
        case group(Int)
    }

    /// A replacement taken apart: `\0` to `\9` stand for groups, `\\` for a backslash.
    private static func template(_ text: String, groups: Int) throws(Failure) -> [Piece] {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var bytes = text.utf8[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                literal.append(byte)
                continue
            }
            guard let next = bytes.popFirst() else { throw wrongReplacement }
            if next == byte {
                literal.append(byte)
            } else if next &- 48 < 10, Int(next - 48) <= groups {
                pieces += [.text(literal), .group(Int(next - 48))]
                literal = []
            } else {
                throw wrongReplacement
            }
        }
        return pieces + [.text(literal)]
    }

    private static let wrongReplacement = Failure(
        .invalidValue,
        "in a replacement a backslash stands before the number of a group that exists, or another backslash"
    )
}
