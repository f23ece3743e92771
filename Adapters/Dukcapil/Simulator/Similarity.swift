/// How alike two texts are.
enum Similarity {
    /// Longer texts are compared by their beginnings, which bounds the work.
    private static let maximumLength = 300

    /// Percent: 100 for texts that differ at most in case and spaces, 0 for nothing in common.
    ///
    /// It is the edit distance (Levenshtein) in proportion to the longer text.
    static func percent(_ left: String, _ right: String) -> Int {
        let left = normalised(left)
        let right = normalised(right)
        let longer = max(left.count, right.count)
        guard left != right, longer > 0 else { return 100 }
        return (longer - distance(left, right)) * 100 / longer
    }

    static func normalised(_ text: String) -> [Unicode.Scalar] {
        let words = text.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return Array(words.unicodeScalars.prefix(maximumLength))
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substitution = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
