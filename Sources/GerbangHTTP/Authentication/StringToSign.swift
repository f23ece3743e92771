internal import Crypto
public import GerbangCore
public import HTTPTypes

/// What a signature covers: parts of the message, in order, with literal text between them.
///
/// In a configuration it is one text with the parts in braces, such as `{clientID}&{timestamp}`:
///
/// | part | stands for |
/// |---|---|
/// | `{method}` | the HTTP method |
/// | `{path}`, `{target}` | the path as it is sent, percent-encoded; the same with the query |
/// | `{header.NAME}` | the value of a header field of the message |
/// | `{body}`, `{body.minified}` | the body; the JSON body without white space between its tokens |
/// | `{body.sha256}`, `{body.minified.sha256}` | its SHA-256 in lower-case hexadecimal; `SHA256` in upper case |
/// | `{timestamp}` | the moment of signing in the recipe's format |
/// | `{clientID}` | the recipe's client name |
/// | `{token}` | the token of the nearest `bearer` or `oauth2` before the signature |
/// | `{{`, `}}` | a brace |
public struct StringToSign: Sendable, Hashable {
    /// One part.
    public enum Part: Sendable, Hashable {
        /// A fixed text.
        case literal(String)
        /// The HTTP method.
        case method
        /// The path, percent-encoded as it is sent; at least a slash.
        case path
        /// The path with the query, as it is sent.
        case target
        /// The value of a header field, which the message must have.
        case header(HTTPField.Name)
        /// The body as it is sent, or as JSON without white space between its tokens.
        case body(minified: Bool)
        /// The SHA-256 of the body in hexadecimal.
        case bodySHA256(minified: Bool, uppercase: Bool)
        /// The moment of signing.
        case timestamp
        /// The recipe's client name.
        case clientID
        /// The token that the message carries.
        case token
    }

    /// The parts in order.
    public var parts: [Part]

    /// Creates a description from parts.
    public init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Reads a description from one text.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` that tells which part is not known or not closed.
    public init(template: String) throws(GerbangError) {
        parts = []
        var literal = ""
        var rest = Substring(template)
        while let character = rest.popFirst() {
            guard character == "{" || character == "}", rest.first != character else {
                // Two braces stand for one.
                if character == "{" || character == "}" { rest.removeFirst() }
                literal.append(character)
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}") else {
                throw GerbangError(
                    .invalidConfiguration,
                    "has a brace without its partner; write {{ or }} for a brace that belongs to the text"
                )
            }
            let name = rest[..<end]
            guard let part = Self.part(name) else {
                throw GerbangError(
                    .invalidConfiguration,
                    "there is no part {\(name)}; known are: \(Self.names.joined(separator: ", ")), header.NAME"
                )
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(part)
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    private static let fixedParts: [(name: String, part: Part)] = [
        ("method", .method), ("path", .path), ("target", .target), ("body", .body(minified: false)),
        ("body.minified", .body(minified: true)),
        ("body.sha256", .bodySHA256(minified: false, uppercase: false)),
        ("body.SHA256", .bodySHA256(minified: false, uppercase: true)),
        ("body.minified.sha256", .bodySHA256(minified: true, uppercase: false)),
        ("body.minified.SHA256", .bodySHA256(minified: true, uppercase: true)),
        ("timestamp", .timestamp), ("clientID", .clientID), ("token", .token),
    ]

    private static var names: [String] { fixedParts.map(\.name) }

    private static func part(_ name: Substring) -> Part? {
        if let fixed = fixedParts.first(where: { $0.name == name }) { return fixed.part }
        guard name.hasPrefix("header.") else { return nil }
        return HTTPField.Name(String(name.dropFirst("header.".count))).map { .header($0) }
    }
}

extension StringToSign {
    /// The bytes to sign for `message`.
    func bytes(
        of message: OutboundRequest,
        timestamp: String,
        clientID: String?,
        token: String?
    ) throws(WireFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let text): bytes += text.utf8
            case .method: bytes += message.method.rawValue.utf8
            case .path: bytes += message.target.prefix { $0 != UInt8(ascii: "?") }
            case .target: bytes += message.target
            case .header(let name):
                guard let value = message.headerFields[name] else {
                    throw WireFailure(
                        .unsendable,
                        .notSent,
                        detail: "the message has no header field \(name.canonicalName) to sign"
                    )
                }
                bytes += value.utf8
            case .body(let minified): bytes += minified ? Self.minified(message.body) : message.body
            case .bodySHA256(let minified, let uppercase):
                let digest = SHA256.hash(data: minified ? Self.minified(message.body) : message.body)
                let text = Hexadecimal.lower(digest)
                bytes += (uppercase ? text.uppercased() : text).utf8
            case .timestamp: bytes += timestamp.utf8
            case .clientID: bytes += (clientID ?? "").utf8
            case .token: bytes += (token ?? "").utf8
            }
        }
        return bytes
    }

    /// A JSON text without the white space between its tokens (RFC 8259 §2), every other byte as it was.
    static func minified(_ json: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(json.count)
        var (isInString, isEscaped) = (false, false)
        for byte in json {
            if isInString {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d:
                continue
            default:
                isInString = byte == UInt8(ascii: "\"")
                output.append(byte)
            }
        }
        return output
    }
}

extension OutboundRequest {
    /// Path and query as they stand in the request line.
    fileprivate var target: [UInt8] {
        let bytes = Array(url.utf8.prefix { $0 != UInt8(ascii: "#") })
        // "https://host/path": the path begins at the first slash or question mark behind the two of the scheme.
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return [UInt8(ascii: "/")] }
        let rest = bytes[colon...].dropFirst(3)
        guard let start = rest.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }) else {
            return [UInt8(ascii: "/")]
        }
        let target = Array(rest[start...])
        return target.first == UInt8(ascii: "/") ? target : [UInt8(ascii: "/")] + target
    }
}
