extension String {
    /// Whether the bytes of `other` stand in it, one after the other.
    ///
    /// `contains` compares characters, which takes many times as long and finds the same in texts of a machine.
    func hasBytes(of other: String) -> Bool {
        var (text, wanted) = (self, other)
        return text.withUTF8 { text in
            wanted.withUTF8 { wanted in
                guard let first = wanted.first else { return true }
                guard text.count >= wanted.count else { return false }
                return (0...text.count - wanted.count).contains { start in
                    text[start] == first && text[start..<start + wanted.count].elementsEqual(wanted)
                }
            }
        }
    }
}
