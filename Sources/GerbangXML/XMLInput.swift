internal import Glibc

/// The bytes of a document, brought to UTF-8.
///
/// Deciding on the encoding here means that libxml2 only ever sees UTF-8: its own detection and its converters stay out
/// of play, and what was checked is what is parsed.
struct XMLInput {
    /// The document in UTF-8, behind a possible byte order mark.
    let bytes: [UInt8]
    /// Where the document begins.
    let start: Int

    /// Decodes a document.
    ///
    /// The order is that of RFC 7303 section 3: a byte order mark is authoritative, then the transport's charset, then
    /// the document's own declaration.
    init(_ bytes: [UInt8], charset: String?) throws(XMLError) {
        let encoding: Encoding
        let start: Int
        if let mark = Encoding.byteOrderMark(bytes) {
            (encoding, start) = mark
        } else {
            encoding = try Encoding.unmarked(bytes, charset: charset)
            start = 0
        }
        switch encoding {
        case .utf8:
            self.bytes = bytes
            self.start = start
        case .latin1, .windows1252, .singleByte:
            self.bytes = try Self.fromSingleBytes(bytes, encoding: encoding)
            self.start = 0
        case .utf16LittleEndian, .utf16BigEndian:
            let isBigEndian = if case .utf16BigEndian = encoding { true } else { false }
            self.bytes = try Self.fromUTF16(bytes[start...], bigEndian: isBigEndian)
            self.start = 0
        }
        // Rules out what libxml2 would take for UCS-4 or EBCDIC.
        guard self.bytes.count > self.start else { throw XMLError(.malformed, "The document is empty.") }
        let first = self.bytes[self.start]
        guard first == UInt8(ascii: "<") || first == 0x20 || (0x09...0x0D).contains(first) else {
            throw XMLError(.malformed, "The document does not begin with '<'; it is not XML.", line: 1, column: 1)
        }
        guard !self.bytes[self.start...].prefix(4).contains(0) else {
            throw XMLError(.encoding, "The document is in no supported encoding. \(Encoding.supported)")
        }
    }

    /// The document with its XML declaration, which may name the former encoding, replaced by blanks.
    var withoutDeclaration: [UInt8] {
        var result = Array(bytes[start...])
        guard result.starts(with: Encoding.declarationStart) else { return result }
        var index = 0
        while index < result.count {
            let byte = result[index]
            if byte != 0x0A && byte != 0x0D { result[index] = 0x20 }
            index += 1
            if byte == UInt8(ascii: ">") { break }
        }
        return result
    }

    /// Whether no element has more than `limit` attributes.
    ///
    /// libxml2 compares each attribute of an element with all others before it reports the element, so a single element
    /// of a few megabytes would keep it busy for minutes. Hence this count comes before the parser. It needs no
    /// exactness in malformed documents, which the parser refuses at the latest at the same place.
    func attributesWithin(_ limit: Int) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { unsafe TagScanner($0).attributesWithin(limit, from: start) }
    }
}

/// Looks at the tags of a document, and at nothing else of it.
@safe
private struct TagScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let count: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.bytes = unsafe bytes
        count = bytes.count
    }

    private static let commentStart: StaticString = "!--"
    private static let commentEnd: StaticString = "-->"
    private static let sectionStart: StaticString = "![CDATA["
    private static let sectionEnd: StaticString = "]]>"
    private static let instructionEnd: StaticString = "?>"

    func attributesWithin(_ limit: Int, from start: Int) -> Bool {
        var index = start
        while let tag = next(UInt8(ascii: "<"), from: index), tag + 1 < count {
            index = tag + 1
            switch unsafe bytes[index] {
            case UInt8(ascii: "/"):
                break
            case UInt8(ascii: "?"):
                index = skip(from: index, past: Self.instructionEnd)
            case UInt8(ascii: "!"):
                if begins(Self.commentStart, at: index) {
                    index = skip(from: index + 3, past: Self.commentEnd)
                } else if begins(Self.sectionStart, at: index) {
                    index = skip(from: index, past: Self.sectionEnd)
                } else {
                    return true
                }
            default:
                guard let next = skipTag(from: index, limit: limit) else { return false }
                index = next
            }
        }
        return true
    }

    private func next(_ byte: UInt8, from start: Int) -> Int? {
        guard start < count, let base = unsafe bytes.baseAddress,
            let found = unsafe memchr(base + start, Int32(byte), count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private func begins(_ text: StaticString, at index: Int) -> Bool {
        let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return unsafe bytes[index...].starts(with: expected)
    }

    private func skip(from start: Int, past terminator: StaticString) -> Int {
        var index = start
        let first = unsafe terminator.utf8Start.pointee
        while let found = next(first, from: index) {
            if begins(terminator, at: found) { return found + terminator.utf8CodeUnitCount }
            index = found + 1
        }
        return count
    }

    private func skipTag(from start: Int, limit: Int) -> Int? {
        var index = start
        var attributes = 0
        while index < count {
            let byte = unsafe bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                attributes += 1
                if attributes > limit { return nil }
                guard let end = next(byte, from: index) else { return count }
                index = end + 1
            } else if byte == UInt8(ascii: ">") {
                return index
            }
        }
        return index
    }
}
