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
