internal import Glibc

extension XMLInput {
    /// The encodings that are accepted.
    enum Encoding {
        case utf8
        case utf16LittleEndian
        case utf16BigEndian
        case latin1
        case windows1252
        /// Another one of one byte for each character, as glibc's iconv calls it.
        case singleByte(String)

        static let supported = "Use UTF-8, UTF-16, ISO-8859-1 to -16, windows-1250 to -1258 or KOI8."
        static let declarationStart = Array("<?xml".utf8)

        /// The encoding named by a byte order mark, and the mark's length.
        static func byteOrderMark(_ bytes: [UInt8]) -> (Encoding, Int)? {
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
            if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
            if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
            return nil
        }

        /// The encoding of a document without a byte order mark.
        static func unmarked(_ bytes: [UInt8], charset: String?) throws(XMLError) -> Encoding {
            let guess = bytes.starts(with: [0x00, 0x3C]) ? utf16BigEndian : utf16LittleEndian
            if let charset {
                switch charset.lowercased() {
                case "utf-16": return bytes.starts(with: [0x3C, 0x00]) ? .utf16LittleEndian : .utf16BigEndian
                case "utf-16le": return .utf16LittleEndian
                case "utf-16be": return .utf16BigEndian
                default: return try singleUnit(charset, from: "the transport")
                }
            }
            if bytes.starts(with: [0x00, 0x3C, 0x00])
                || (bytes.starts(with: [0x3C, 0x00]) && bytes.dropFirst(2).first != 0)
            {
                return guess
            }
            guard let declared = declared(bytes) else { return .utf8 }
            return try singleUnit(declared, from: "the document")
        }

        private static func singleUnit(_ label: String, from source: String) throws(XMLError) -> Encoding {
            switch label.lowercased() {
            case "utf-8", "utf8", "us-ascii", "ascii": return .utf8
            case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1": return .latin1
            case "windows-1252", "cp1252", "cp-1252": return .windows1252
            case "utf-16", "utf-16le", "utf-16be":
                throw XMLError(.encoding, "UTF-16 is declared by \(source), but the bytes are not UTF-16.", line: 1)
            default:
                if let name = singleByte(label.lowercased()) { return .singleByte(name) }
                throw XMLError(.encoding, "The encoding declared by \(source) is not supported. \(supported)", line: 1)
            }
        }

        /// iconv's name of an encoding of one byte for each character; nil for one that is not supported.
        ///
        /// Only these are asked of iconv: those with shifts between tables, or with several bytes for a character, are where
        /// converters have had their holes, and no description was seen in one.
        private static func singleByte(_ label: String) -> String? {
            func number(behind prefixes: [String]) -> Int? {
                prefixes.lazy.compactMap { label.hasPrefix($0) ? Int(label.dropFirst($0.utf8.count)) : nil }.first
            }
            if let number = number(behind: ["windows-", "cp", "cp-"]), (1250...1258).contains(number) {
                return "CP\(number)"
            }
            if let number = number(behind: ["iso-8859-", "iso8859-", "iso_8859-"]), (2...16).contains(number),
                number != 12
            {
                return "ISO-8859-\(number)"
            }
            return ["koi8-r": "KOI8-R", "koi8-u": "KOI8-U"][label]
        }

        /// The `encoding` of the XML declaration.
        private static func declared(_ bytes: [UInt8]) -> String? {
            guard bytes.starts(with: declarationStart) else { return nil }
            let head = bytes.prefix(256)
            guard let end = head.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let words = head[..<end].split { $0 <= 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "?") }
            guard let name = words.firstIndex(where: { $0.elementsEqual("encoding".utf8) }) else { return nil }
            guard let value = words[name...].dropFirst().first else { return nil }
            let quotes: Set = [UInt8(ascii: "\""), UInt8(ascii: "'")]
            return String(decoding: value.filter { !quotes.contains($0) }, as: UTF8.self)
        }
    }

    static func fromSingleBytes(_ bytes: [UInt8], encoding: Encoding) throws(XMLError) -> [UInt8] {
        if case .singleByte(let name) = encoding { return try convert(bytes, from: name) }
        let isWindows = if case .windows1252 = encoding { true } else { false }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
                continue
            }
            var scalar = Unicode.Scalar(byte)
            if isWindows && byte < 0xA0 {
                guard let mapped = Unicode.Scalar(windows1252[Int(byte) - 0x80]), mapped.value != 0 else {
                    throw XMLError(.encoding, "A byte has no meaning in windows-1252, the document's encoding.")
                }
                scalar = mapped
            }
            result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return result
    }

    private static func convert(_ bytes: [UInt8], from name: String) throws(XMLError) -> [UInt8] {
        let failed = unsafe iconv_t(bitPattern: -1)
        let descriptor = unsafe iconv_open("UTF-8", name)
        guard unsafe descriptor != failed, let descriptor = unsafe descriptor else {
            throw XMLError(.encoding, "This system cannot convert from \(name), the document's encoding.")
        }
        defer { unsafe iconv_close(descriptor) }
        var input = bytes
        // No character of these encodings is further than the basic plane, so none takes more than three bytes.
        var count = 0
        let output = unsafe [UInt8](unsafeUninitializedCapacity: 3 * bytes.count + 8) { output, written in
            unsafe input.withUnsafeMutableBytes { buffer in
                var source = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                var rest = buffer.count
                var target = unsafe UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self)
                var room = output.count
                count = unsafe iconv(descriptor, &source, &rest, &target, &room)
                written = output.count - room
            }
        }
        // -1 is (size_t)(-1): a byte without meaning.
        guard count != -1 else {
            throw XMLError(.encoding, "A byte has no meaning in \(name), the document's encoding.")
        }
        return output
    }

    static func fromUTF16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) throws(XMLError) -> [UInt8] {
        let broken = XMLError(.encoding, "The document is not proper UTF-16, its encoding.")
        guard bytes.count.isMultiple(of: 2) else { throw broken }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
            let (high, low) = bigEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            units.append(UInt16(high) << 8 | UInt16(low))
        }
        var result: [UInt8] = []
        result.reserveCapacity(units.count)
        let failed = transcode(
            units.makeIterator(),
            from: UTF16.self,
            to: UTF8.self,
            stoppingOnError: true,
            into: { result.append($0) }
        )
        guard !failed else { throw broken }
        return result
    }

    /// The characters of the bytes 0x80 to 0x9F; 0 where windows-1252 has none.
    private static let windows1252: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]
}
