/// Percent-encoding of URL parts (RFC 3986 §2.1).
package enum PercentEncoding {
    /// Appends `text` to `output` with every byte outside the unreserved set (RFC 3986 §2.3) encoded.
    ///
    /// The segments `.` and `..` are encoded as a whole, since a server or proxy would otherwise resolve them.
    package static func append(_ text: String, to output: inout String) {
        if text == "." || text == ".." {
            output.append(text == "." ? "%2E" : "%2E%2E")
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                output.append("%")
                output.append(Hexadecimal.upper(byte >> 4))
                output.append(Hexadecimal.upper(byte & 15))
            }
        }
    }

    /// The text with every `%XX` as the byte it stands for; nil where two digits do not follow a `%`, and where the bytes are
    /// no UTF-8.
    package static func decode(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) })
            else { return nil }
            result.append(high << 4 | low)
        }
        return String(validating: result, as: UTF8.self)
    }
}
