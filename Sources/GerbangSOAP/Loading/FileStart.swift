/// What stands in front of a document and is no part of it, or says something untrue of it.
enum FileStart {
    private static let declaration = Array("<?xml".utf8)
    private static let declarationEnd = Array("?>".utf8)
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The bytes of a file as they must be for XML, the encoding where the document's own word for it is wrong, and what was
    /// wrong.
    static func repaired(_ bytes: [UInt8]) -> (bytes: [UInt8], charset: String?, note: String?) {
        let isMarked = bytes.starts(with: mark)
        let text = isMarked ? bytes.dropFirst(mark.count) : bytes[...]
        let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
        let rest = text[start...]
        guard rest.starts(with: declaration), let end = rest.firstRange(of: declarationEnd)?.upperBound else {
            return (bytes, nil, nil)
        }
        let says = String(decoding: rest[..<end], as: UTF8.self).lowercased()
        var charset: String?
        var notes: [String] = []
        if says.contains("utf-16") {
            // Programs that make an XML text in memory call it UTF-16, and then save it otherwise.
            charset = "utf-8"
            notes.append("UTF-16 is declared, but it is not; it was read as UTF-8")
        } else if isMarked {
            charset = "utf-8"
            if says.contains("encoding"), !says.contains("utf-8"), !says.contains("ascii") {
                notes.append("the XML declaration names another encoding than the mark of UTF-8 in front of it")
            }
        }
        guard start > text.startIndex else {
            return (Array(text), charset, notes.first)
        }
        notes.append("white space stands in front of the XML declaration")
        // Behind the declaration the white space does no harm, and lines keep their numbers.
        return (Array(rest[..<end] + text[..<start] + rest[end...]), charset, notes.joined(separator: "; "))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
