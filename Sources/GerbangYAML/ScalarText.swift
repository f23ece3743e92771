/// A scalar as it is written, to find the place of one of its characters.
struct ScalarText {
    enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    struct Start: Sendable {
        var place: YAMLDocument.Place
        var style: Style
    }

    private let start: Start
    private let lines: [Substring.UnicodeScalarView]

    init(start: Start, in text: String) {
        self.start = start
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        lines = all.dropFirst(start.place.line - 1).map(\.unicodeScalars)
    }

    /// The place of the scalar at `offset` of the value.
    func place(at offset: Int) -> YAMLDocument.Place {
        switch start.style {
        case .literal: block(offset, isFolded: false)
        case .folded: block(offset, isFolded: true)
        case .plain, .singleQuoted, .doubleQuoted: flow(offset)
        }
    }

    /// In a block every line begins with the indentation of the first, and each line break is one character, except
    /// that folding swallows the one in front of empty lines.
    private func block(_ offset: Int, isFolded: Bool) -> YAMLDocument.Place {
        let body = lines.dropFirst()
        let indent = body.first { !Self.isBlank($0) }?.prefix { $0 == " " }.count ?? 0
        var rest = offset
        for (number, line) in body.enumerated() {
            let content = max(0, line.count - indent)
            if rest <= content, !Self.isBlank(line) || rest < content || number == body.count - 1 {
                return YAMLDocument.Place(line: start.place.line + 1 + number, column: indent + rest + 1)
            }
            let next = body.dropFirst(number + 1).first
            let isSwallowed = isFolded && Self.isBlank(line) == false && next.map(Self.isBlank) == true
            rest -= content + (isSwallowed ? 0 : 1)
            if rest < 0 { rest = 0 }
        }
        return start.place
    }

    /// Outside of blocks a line break and the spaces around it are one space, and quotes have escapes.
    private func flow(_ offset: Int) -> YAMLDocument.Place {
        var rest = offset
        for (number, line) in lines.enumerated() {
            let isFirst = number == 0
            var column =
                isFirst ? start.place.column - 1 + (start.style == .plain ? 0 : 1) : line.prefix { $0 == " " }.count
            let scalars = Array(line)
            while column < scalars.count {
                if rest <= 0 { return YAMLDocument.Place(line: start.place.line + number, column: column + 1) }
                column += width(of: scalars, at: column)
                rest -= 1
            }
            if rest <= 0 { return YAMLDocument.Place(line: start.place.line + number, column: column + 1) }
            rest -= 1
        }
        return start.place
    }

    /// How many characters the source has for the one of the value at `column`.
    private func width(of line: [Unicode.Scalar], at column: Int) -> Int {
        let next = column + 1 < line.count ? line[column + 1] : " "
        switch start.style {
        case .singleQuoted: return line[column] == "'" && next == "'" ? 2 : 1
        case .doubleQuoted where line[column] == "\\":
            return next == "x" ? 4 : next == "u" ? 6 : next == "U" ? 10 : 2
        default: return 1
        }
    }

    private static func isBlank(_ line: Substring.UnicodeScalarView) -> Bool {
        line.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" }
    }
}
