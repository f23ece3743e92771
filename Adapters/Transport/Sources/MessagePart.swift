internal import GerbangCore
internal import GerbangXML
internal import HTTPTypes

/// The part of an answer that is the SOAP message.
///
/// This is the body, or the root part of a `multipart/related` body (RFC 2387; SOAP with attachments, MTOM).
/// Attachments are not read.
struct MessagePart: Sendable, Hashable {
    /// The bytes of the message.
    let body: [UInt8]
    /// The charset that its content type names.
    let charset: String?

    /// Finds the message.
    ///
    /// - Throws: ``XMLError`` with code `xml.soap` when a multipart body cannot be taken apart.
    init(_ response: WireResponse) throws(XMLError) {
        let type = MediaType(response.headerFields[.contentType] ?? "")
        guard type.essence.hasPrefix("multipart/") else {
            body = response.body
            charset = type.parameters["charset"]
            return
        }
        guard let boundary = type.parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw XMLError(.soap, "the multipart answer names no boundary")
        }
        let parts = Self.parts(of: response.body, boundary: Array(boundary.utf8))
        let start = type.parameters["start"]
        let root = parts.first { start != nil && $0.fields["content-id"] == start } ?? parts.first
        guard let root else { throw XMLError(.soap, "the multipart answer has no complete part") }
        let encoding = root.fields["content-transfer-encoding"]?.lowercased() ?? "8bit"
        guard ["7bit", "8bit", "binary"].contains(encoding) else {
            throw XMLError(.soap, "the first part has a transfer encoding that is not supported")
        }
        body = Array(root.body)
        charset = MediaType(root.fields["content-type"] ?? "").parameters["charset"]
    }

    private struct Part {
        var fields: [String: String]
        var body: ArraySlice<UInt8>
    }

    /// More parts than this are not looked at.
    private static let maximumParts = 100

    /// The parts that end with a delimiter line (RFC 2046 §5.1.1).
    private static func parts(of body: [UInt8], boundary: [UInt8]) -> [Part] {
        let delimiter = Array("--".utf8) + boundary
        var starts: [(line: Int, next: Int)] = []
        var line = 0
        while line < body.count, starts.count <= maximumParts {
            let end = body[line...].firstIndex(of: 0x0A) ?? body.count
            if body[line..<end].starts(with: delimiter) { starts.append((line, min(end + 1, body.count))) }
            line = end + 1
        }
        return zip(starts, starts.dropFirst()).compactMap { start, end in part(body[start.next..<end.line]) }
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        var fields: [String: String] = [:]
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            var line = rest[..<end]
            if line.last == 0x0D { line = line.dropLast() }
            rest = rest[(end + 1)...]
            guard !line.isEmpty else {
                // The line break before the delimiter belongs to the delimiter.
                var content = rest
                if content.last == 0x0A { content = content.dropLast() }
                if content.last == 0x0D { content = content.dropLast() }
                return Part(fields: fields, body: content)
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            fields[String(decoding: line[..<colon], as: UTF8.self).lowercased()] = String(
                decoding: value,
                as: UTF8.self
            )
        }
        return nil
    }
}

/// A content type with its parameters (RFC 9110 §8.3.1), read without complaint.
struct MediaType: Sendable, Hashable {
    /// Type and subtype in lower case.
    let essence: String
    /// The parameters by their names in lower case; the first of a name counts.
    let parameters: [String: String]

    init(_ text: String) {
        // Bytes, as this is read for every answer: splitting by characters costs as much as parsing the message.
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
