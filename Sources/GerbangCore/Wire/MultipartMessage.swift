/// A message of several parts (RFC 2046 §5.1.1), with a root and parts that it refers to (`multipart/related`, RFC 2387).
///
/// Reading takes time in proportion to the size, copies no content, and looks at no part that no delimiter ends.
public struct MultipartMessage: Sendable {
    /// A part: its header fields and its content, as they were sent.
    public struct Part: Sendable, Hashable {
        /// The header fields by their names in lower case; the first of a name counts.
        public var fields: [String: String]
        /// The content in its transfer encoding.
        public var body: ArraySlice<UInt8>

        /// Creates a part.
        public init(fields: [String: String] = [:], body: ArraySlice<UInt8>) {
            self.fields = fields
            self.body = body
        }

        /// The content type; `text/plain` where there is none (RFC 2046 §5.1).
        public var type: MediaType { MediaType(fields["content-type"] ?? "text/plain") }

        /// The identifier without its angle brackets (RFC 2392).
        public var contentID: String? { fields["content-id"].map(MultipartMessage.identifier) }

        /// The content without its transfer encoding.
        ///
        /// - Throws: ``MultipartError`` for an encoding that is not known, or content that is not in it.
        public func content() throws(MultipartError) -> [UInt8] {
            switch fields["content-transfer-encoding"]?.lowercased() ?? "7bit" {
            case "7bit", "8bit", "binary": return Array(body)
            case "base64":
                guard let content = LenientBase64.decode(body) else {
                    throw MultipartError(.encoding, "a part is not in base64, as it says")
                }
                return content
            case "quoted-printable": return try MultipartMessage.unquoted(body)
            default: throw MultipartError(.encoding, "a part has a transfer encoding that is not supported")
            }
        }
    }

    /// How much is accepted.
    public struct Limits: Sendable, Hashable {
        /// The number of parts.
        public var maximumParts = 100
        /// The size of the header fields of one part, in bytes.
        public var maximumHeaderBytes = 16 << 10

        /// The default limits.
        public init() {}
    }

    /// The parts in order; there is at least one.
    public let parts: [Part]
    private let start: String?

    /// Reads a message.
    ///
    /// - Parameters:
    ///   - body: The whole message.
    ///   - type: Its content type, which names the boundary.
    ///   - limits: What is accepted at most.
    /// - Throws: ``MultipartError``.
    public init(parsing body: [UInt8], type: MediaType, limits: Limits = Limits()) throws(MultipartError) {
        guard let boundary = type.parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw MultipartError(.form, "the multipart answer names no boundary")
        }
        let delimiters = try Self.delimiters(of: body, boundary: Array(boundary.utf8), limits)
        var parts: [Part] = []
        for (begin, end) in zip(delimiters, delimiters.dropFirst()) {
            if let part = try Self.part(body[begin.next..<end.line], limits) { parts.append(part) }
        }
        guard !parts.isEmpty else { throw MultipartError(.form, "the multipart answer has no complete part") }
        self.parts = parts
        start = type.parameters["start"].map(Self.identifier)
    }

    /// The root part: the one that the content type names as its start, or else the first.
    public var root: Part { parts.first { start != nil && $0.contentID == start } ?? parts[0] }

    /// An identifier without its angle brackets and the white space around it.
    static func identifier(_ text: String) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        if bytes.first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">"), bytes.count >= 2 {
            bytes = bytes.dropFirst().dropLast()
        }
        return String(Substring(bytes))
    }

    // MARK: Reading

    private struct Delimiter {
        let line: Int
        let next: Int
    }

    /// The lines that are delimiters, up to the closing one.
    private static func delimiters(of body: [UInt8], boundary: [UInt8], _ limits: Limits) throws(MultipartError)
        -> [Delimiter]
    {
        let delimiter = Array("--".utf8) + boundary
        var result: [Delimiter] = []
        var line = 0
        let end = body.count
        try body.withUnsafeBufferPointer { (body) throws(MultipartError) in
            while line < end {
                // A line that begins otherwise is only run through for its end.
                let isDelimiter = body[line...].starts(with: delimiter)
                var next = isDelimiter ? line + delimiter.count : line
                while next < end, body[next] != 0x0A { next += 1 }
                if isDelimiter {
                    var rest = body[(line + delimiter.count)..<next]
                    let closes = rest.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")])
                    if closes { rest = rest.dropFirst(2) }
                    // Another boundary may begin with this one.
                    if rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                        result.append(Delimiter(line: line, next: min(next + 1, end)))
                        guard result.count <= limits.maximumParts + 1 else {
                            throw MultipartError(
                                .limit,
                                "the multipart answer has more than \(limits.maximumParts) parts"
                            )
                        }
                        if closes { return }
                    }
                }
                line = next + 1
            }
        }
        return result
    }

    /// A part with the fields before its first empty line; nil where there is no such line.
    private static func part(_ bytes: ArraySlice<UInt8>, _ limits: Limits) throws(MultipartError) -> Part? {
        var fields: [String: String] = [:]
        var rest = bytes
        var last: String?
        while let end = rest.firstIndex(of: 0x0A) {
            guard end - bytes.startIndex <= limits.maximumHeaderBytes else {
                throw MultipartError(
                    .limit,
                    "a part has more than \(limits.maximumHeaderBytes) bytes of header fields"
                )
            }
            var line = rest[rest.startIndex..<end]
            if line.last == 0x0D { line = line.dropLast() }
            rest = rest[(end + 1)...]
            guard let first = line.first else {
                // The line break before the delimiter belongs to the delimiter.
                var content = rest
                if content.last == 0x0A { content = content.dropLast() }
                if content.last == 0x0D { content = content.dropLast() }
                return Part(fields: fields, body: content)
            }
            if first == 0x20 || first == 0x09 {
                if let last { fields[last, default: ""] += " " + text(line) }
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = text(line[..<colon]).lowercased()
            last = fields[name] == nil ? name : nil
            if last != nil { fields[name] = text(line[(colon + 1)...]) }
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Content without quoted-printable (RFC 2045 §6.7).
    private static func unquoted(_ body: ArraySlice<UInt8>) throws(MultipartError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var index = body.startIndex
        while index < body.endIndex {
            let byte = body[index]
            index += 1
            guard byte == UInt8(ascii: "=") else {
                result.append(byte)
                continue
            }
            let rest = body[index...].prefix(2)
            if rest.first == 0x0A {
                index += 1
            } else if rest.count == 2, rest.first == 0x0D, rest.last == 0x0A {
                index += 2
            } else if rest.count == 2, let high = rest.first.flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.last.flatMap({ Hexadecimal.value(of: $0) })
            {
                result.append(UInt8(high << 4 | low))
                index += 2
            } else {
                throw MultipartError(.encoding, "a part is not quoted-printable, as it says")
            }
        }
        return result
    }
}

/// Why a multipart message cannot be taken apart; never with content in it.
public struct MultipartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    public struct Code: Sendable, Hashable {
        let rawValue: String
        /// No boundary, or no complete part.
        public static let form = Code(rawValue: "form")
        /// More than a limit allows.
        public static let limit = Code(rawValue: "limit")
        /// A transfer encoding that is not known, or content that is not in it.
        public static let encoding = Code(rawValue: "encoding")
    }

    /// The kind.
    public let code: Code
    /// What is wrong, as the end of a sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
