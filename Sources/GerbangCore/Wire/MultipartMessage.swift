/// A message of several parts (RFC 2046 §5.1.1), with a root and parts that it refers to (`multipart/related`, RFC 2387).
///
/// Reading takes time in proportion to the size, copies next to no content, and gives no part that no delimiter ends.
/// ``MultipartReader`` reads a message that is too large for memory.
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
            var decoder = try TransferDecoder(fields: fields)
            let content = try decoder.decode(body)
            try decoder.finish()
            return Array(content)
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
        var reader = try MultipartReader(type: type, limits: limits)
        var parts: [Part] = []
        var part = Part(body: [])
        for event in try reader.read(body) + reader.finish() {
            switch event {
            case .part(let fields): part = Part(fields: fields, body: [])
            // Of bytes that are read at once, a part's content is one piece.
            case .content(let content): part.body = part.body.isEmpty ? content : part.body + content
            case .partEnd: parts.append(part)
            }
        }
        guard !parts.isEmpty else { throw MultipartError(.form, "the multipart message has no complete part") }
        self.parts = parts
        start = type.parameters["start"].map(Self.identifier)
    }

    /// The root part: the one that the content type names as its start, or else the first.
    public var root: Part { parts.first { start != nil && $0.contentID == start } ?? parts[0] }

    /// An identifier without its angle brackets and the white space around it.
    package static func identifier(_ text: String) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        if bytes.first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">"), bytes.count >= 2 {
            bytes = bytes.dropFirst().dropLast()
        }
        return String(Substring(bytes))
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
