/// A content type with its parameters (RFC 9110 §8.3.1), read without complaint.
public struct MediaType: Sendable, Hashable {
    /// Type and subtype in lower case.
    public let essence: String
    /// The parameters by their names in lower case; the first of a name counts.
    public let parameters: [String: String]

    /// Reads the value of a `Content-Type` field.
    public init(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: ";")) else {
            essence = Self.lowercase(text.utf8.filter { $0 != 0x20 && $0 != 0x09 })
            parameters = [:]
            return
        }
        // Bytes, as this is read for every answer: splitting by characters costs as much as parsing a message.
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        var isEscaped = false
        for byte in text.utf8 {
            switch byte {
            case _ where isEscaped:
                parts[parts.count - 1].append(byte)
                isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted: parts.append([])
            case UInt8(ascii: " ") where !isQuoted, UInt8(ascii: "\t") where !isQuoted: continue
            default: parts[parts.count - 1].append(byte)
            }
        }
        essence = Self.lowercase(parts[0])
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = Self.lowercase(part[..<equals])
            if parameters[name] == nil { parameters[name] = String(decoding: part[(equals + 1)...], as: UTF8.self) }
        }
        self.parameters = parameters
    }

    private static func lowercase(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
