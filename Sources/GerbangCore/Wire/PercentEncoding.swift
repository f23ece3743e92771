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
}
