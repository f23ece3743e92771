/// The names whose values are hidden, arranged so that asking costs one table look-up per byte and no allocation.
final class SensitiveNames: Sendable {
    /// A run of bytes in ``pool``, lower-case and without separators.
    private struct Entry: Sendable {
        var start: Int
        var count: Int
        /// A word has to stand alone within the name; a fragment may stand anywhere.
        var isWord: Bool
    }

    /// The letters, and one for every other byte.
    private static let classCount = 27
    private let pool: [UInt8]
    private let entries: [Entry]
    /// Where the entries of each pair of first letters begin; one more at the end.
    private let firstEntry: [Int]

    /// Names of fewer than two letters are ignored.
    init(fragments: [String], words: [String]) {
        var buckets = [[(bytes: [UInt8], isWord: Bool)]](repeating: [], count: Self.classCount * Self.classCount)
        for (names, isWord) in [(fragments, false), (words, true)] {
            for name in names {
                let bytes = name.utf8.filter { !isSeparator($0) }.map(lowercased)
                guard bytes.count > 1 else { continue }
                buckets[Self.bucket(bytes[0], bytes[1])].append((bytes, isWord))
            }
        }
        var pool: [UInt8] = []
        var entries: [Entry] = []
        var firstEntry: [Int] = []
        for bucket in buckets {
            firstEntry.append(entries.count)
            for (bytes, isWord) in bucket {
                entries.append(Entry(start: pool.count, count: bytes.count, isWord: isWord))
                pool += bytes
            }
        }
        self.pool = pool
        self.entries = entries
        self.firstEntry = firstEntry + [entries.count]
    }

    /// Whether the name in this part of a text is sensitive.
    func match(_ text: Span<UInt8>, _ name: Range<Int>) -> Bool {
        var index = name.lowerBound
        while index + 1 < name.upperBound {
            let bucket = Self.bucket(text[index], text[index + 1])
            var entry = firstEntry[bucket]
            let end = firstEntry[bucket + 1]
            while entry < end {
                if match(entries[entry], text, at: index, in: name) { return true }
                entry += 1
            }
            index += 1
        }
        return false
    }

    private func match(_ entry: Entry, _ text: Span<UInt8>, at start: Int, in name: Range<Int>) -> Bool {
        var index = start
        var matched = 0
        while matched < entry.count {
            guard index < name.upperBound else { return false }
            let byte = text[index]
            index += 1
            if !entry.isWord, matched > 0, isSeparator(byte) { continue }
            guard lowercased(byte) == pool[entry.start + matched] else { return false }
            matched += 1
        }
        return !entry.isWord || (startsWord(text, start, in: name) && endsWord(text, index, in: name))
    }

    /// `nik`, `no_nik` and `noNik` each have a word `nik`; `teknik` has none.
    private func startsWord(_ text: Span<UInt8>, _ index: Int, in name: Range<Int>) -> Bool {
        guard index > name.lowerBound, isLetter(text[index - 1]) else { return true }
        return isLowercase(text[index - 1]) && isUppercase(text[index])
    }

    private func endsWord(_ text: Span<UInt8>, _ index: Int, in name: Range<Int>) -> Bool {
        guard index < name.upperBound, isLetter(text[index]) else { return true }
        guard isUppercase(text[index]) else { return false }
        return isLowercase(text[index - 1]) || (index + 1 < name.upperBound && isLowercase(text[index + 1]))
    }

    @inline(__always)
    private static func bucket(_ first: UInt8, _ second: UInt8) -> Int {
        letterClass(first) * classCount + letterClass(second)
    }

    @inline(__always)
    private static func letterClass(_ byte: UInt8) -> Int {
        Int(min((byte | 0x20) &- UInt8(ascii: "a"), UInt8(classCount - 1)))
    }
}

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
@inline(__always) func isLowercase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
@inline(__always) func isUppercase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
@inline(__always) func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }
@inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
@inline(__always) func lowercased(_ byte: UInt8) -> UInt8 { isUppercase(byte) ? byte | 0x20 : byte }
@inline(__always) func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ")
}
