internal import GerbangCore

/// A content type with its parameters (RFC 9110 §8.3.1), read without complaint.
struct MediaType: Sendable, Hashable {
    /// Type and subtype in lower case.
    let essence: String
    /// The parameters by their names in lower case; the first of a name counts.
    let parameters: [String: String]

    init(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: ";")) else {
            essence = text.lowercased()
            parameters = [:]
            return
        }
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

/// Takes multipart answers apart (RFC 2046 §5.1.1, RFC 2387).
enum MultipartReader {
    /// A part of an answer.
    struct Part {
        var body: [UInt8]
        var charset: String?
    }

    /// More parts than this are not looked at.
    private static let maximumParts = 100

    /// The root part: the one that the content type names as its start, or else the first.
    static func root(of body: [UInt8], type: MediaType) throws(EvaluationFailure) -> Part {
        guard let boundary = type.parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw EvaluationFailure(message: "the multipart answer names no boundary")
        }
        let parts = parts(of: body, boundary: Array(boundary.utf8))
        let start = type.parameters["start"]
        guard let root = parts.first(where: { start != nil && $0.fields["content-id"] == start }) ?? parts.first else {
            throw EvaluationFailure(message: "the multipart answer has no complete part")
        }
        guard let content = decoded(root) else {
            throw EvaluationFailure(message: "the first part has a transfer encoding that is not supported")
        }
        return Part(body: content, charset: MediaType(root.fields["content-type"] ?? "").parameters["charset"])
    }

    private struct RawPart {
        var fields: [String: String]
        var body: ArraySlice<UInt8>
    }

    private static func decoded(_ part: RawPart) -> [UInt8]? {
        switch part.fields["content-transfer-encoding"]?.lowercased() ?? "8bit" {
        case "7bit", "8bit", "binary": Array(part.body)
        case "base64": LenientBase64.decode(Array(part.body))
        default: nil
        }
    }

    /// The parts that end with a delimiter line.
    private static func parts(of body: [UInt8], boundary: [UInt8]) -> [RawPart] {
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

    private static func part(_ bytes: ArraySlice<UInt8>) -> RawPart? {
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
                return RawPart(fields: fields, body: content)
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            fields[name] = String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}
