package import HTTPTypes

/// The header of an answer as libcurl hands it over: a status line, then one line for each field.
package enum ResponseHead {
    /// The largest header that is read, in bytes, interim answers included.
    package static let maximumBytes = 64 << 10
    /// The largest number of lines.
    package static let maximumLines = 256

    /// The fields in `head`.
    ///
    /// Names that HTTP does not allow are left out: agencies send them, and nothing here needs them. A folded line
    /// continues the value before it (RFC 9112 §5.2).
    package static func fields(of head: [UInt8]) -> HTTPFields {
        var fields = HTTPFields()
        var pending: (name: HTTPField.Name, value: [UInt8])?
        for line in head.split(separator: UInt8(ascii: "\n")).dropFirst() {
            if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                pending?.value.append(UInt8(ascii: " "))
                pending?.value.append(contentsOf: trimmed(line))
                continue
            }
            if let (name, value) = pending {
                fields.append(HTTPField(name: name, lenientValue: value))
            }
            pending = nil
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
            else { continue }
            pending = (name, Array(trimmed(line[(colon + 1)...])))
        }
        if let (name, value) = pending {
            fields.append(HTTPField(name: name, lenientValue: value))
        }
        return fields
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) {
            line.removeLast()
        }
        return line
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
