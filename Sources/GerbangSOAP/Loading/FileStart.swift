/// What stands in front of a document and is no part of it, or says something untrue of it.
enum FileStart {
    private static let declaration = Array("<?xml".utf8)
    private static let declarationEnd = Array("?>".utf8)
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The bytes of a file as they must be for XML, the encoding where the document's own word for it is wrong, and what was
    /// wrong.
    static func repaired(_ bytes: [UInt8]) -> (bytes: [UInt8], charset: String?, note: String?) {
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
        let rest = text[start...]
        guard rest.starts(with: declaration), let end = rest.firstRange(of: declarationEnd)?.upperBound else {
            return (bytes, nil, nil)
        }
        // Programs that make an XML text in memory call it UTF-16, and then save it otherwise.
        let says = String(decoding: rest[..<end], as: UTF8.self).lowercased()
        let charset = says.contains("utf-16") ? "utf-8" : nil
        guard start > text.startIndex else {
            return (bytes, charset, charset == nil ? nil : "UTF-16 is declared, but it is not; it was read as UTF-8")
        }
        // Behind the declaration the white space does no harm, and lines keep their numbers.
        return (
            Array(rest[..<end] + text[..<start] + rest[end...]), charset,
            "white space stands in front of the XML declaration"
        )
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
