/// Bytes of XML that are being written; every text is escaped for its place.
struct MarkupBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
    }

    var count: Int { bytes.count }

    /// Adds markup that is known to be right.
    @inline(__always)
    mutating func markup(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func markup(_ markup: [UInt8]) {
        bytes.append(contentsOf: markup)
    }

    mutating func append(contentsOf markup: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: markup)
    }

    mutating func removeLast() {
        bytes.removeLast()
    }

    /// Adds text between tags.
    @inline(__always)
    mutating func text(_ text: String) throws(SOAPError) {
        var text = text
        guard text.withUTF8({ Self.escape($0, inAttribute: false, into: &bytes) }) else { throw Self.unwritable }
    }

    /// Adds text between the quotes of an attribute.
    mutating func attribute(_ text: String) throws(SOAPError) {
        var text = text
        guard text.withUTF8({ Self.escape($0, inAttribute: true, into: &bytes) }) else { throw Self.unwritable }
    }

    /// Escapes text that is known to have no forbidden characters.
    static func escapeAttribute(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        _ = text.withUTF8 { escape($0, inAttribute: true, into: &bytes) }
    }

    private static let unwritable = SOAPError(
        .json,
        "The text has a control character, U+FFFE or U+FFFF, which XML cannot express."
    )

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
            && byte != UInt8(ascii: "\"") && byte != 0xEF
    }

    /// Appends the text, escaped; false where XML cannot express it.
    private static func escape(_ text: UnsafeBufferPointer<UInt8>, inAttribute: Bool, into bytes: inout [UInt8]) -> Bool
    {
        var start = 0
        var index = 0
        let end = text.count
        while index < end {
            let byte = text[index]
            if isPlain(byte) {
                index += 1
                continue
            }
            let entity: StaticString
            switch byte {
            case UInt8(ascii: "&"): entity = "&amp;"
            case UInt8(ascii: "<"): entity = "&lt;"
            case UInt8(ascii: ">"): entity = "&gt;"
            case UInt8(ascii: "\"") where inAttribute: entity = "&quot;"
            case 0x09 where inAttribute: entity = "&#9;"
            case 0x0A where inAttribute: entity = "&#10;"
            // Unescaped, a reader would turn it into a line feed.
            case 0x0D: entity = "&#13;"
            case 0x09, 0x0A, UInt8(ascii: "\""):
                index += 1
                continue
            case 0xEF:
                // U+FFFE and U+FFFF, the only characters beyond ASCII that XML forbids.
                if index + 2 < end, text[index + 1] == 0xBF, text[index + 2] >= 0xBE { return false }
                index += 1
                continue
            default: return false
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            bytes.append(contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount))
            index += 1
            start = index
        }
        if start == 0 {
            bytes.append(contentsOf: text)
        } else {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
        }
        return true
    }
}
