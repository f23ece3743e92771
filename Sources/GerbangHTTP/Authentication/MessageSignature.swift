public import GerbangCore
public import HTTPTypes

/// A recipe for signatures: what is signed, with which key, and where the signature goes.
public struct MessageSignature: Sendable, Hashable {
    /// How the signature's bytes are written.
    public enum Encoding: Sendable, Hashable {
        /// Base64 with padding (RFC 4648 §4).
        case base64
        /// Hexadecimal in lower case.
        case lowerHexadecimal
        /// Hexadecimal in upper case.
        case upperHexadecimal
    }

    /// How the moment of signing is written.
    public enum TimestampFormat: Sendable, Hashable {
        /// Seconds since 1970 in UTC.
        case seconds
        /// Milliseconds since 1970 in UTC.
        case milliseconds
        /// ISO 8601 to the second, with the offset of a zone, such as `2026-01-31T15:04:05+07:00`.
        case iso8601(Zone)
        /// The same with three digits of milliseconds.
        case iso8601Milliseconds(Zone)
    }

    /// The key, which also decides the algorithm.
    public var key: SigningKey
    /// What is signed.
    public var stringToSign: StringToSign
    /// What stands for `{clientID}` in the string to sign.
    public var clientID: String?
    /// The header field that carries the signature.
    public var header: HTTPField.Name
    /// A text directly in front of the signature.
    public var prefix: String
    /// How the signature is written.
    public var encoding: Encoding
    /// How `{timestamp}` is written.
    public var timestampFormat: TimestampFormat
    /// The header fields that carry the same timestamp.
    ///
    /// Every attempt has one timestamp. If the message already carries one of these fields, that value is used instead
    /// of the present moment, for the string and for the other fields: where an answer can only be decrypted with the
    /// time of its request, the adapter writes the field and so knows it.
    public var timestampHeaders: [HTTPField.Name]

    /// Creates a recipe.
    public init(
        key: SigningKey,
        stringToSign: StringToSign,
        clientID: String? = nil,
        header: HTTPField.Name,
        prefix: String = "",
        encoding: Encoding = .base64,
        timestampFormat: TimestampFormat = .iso8601(.wib),
        timestampHeaders: [HTTPField.Name] = []
    ) {
        self.key = key
        self.stringToSign = stringToSign
        self.clientID = clientID
        self.header = header
        self.prefix = prefix
        self.encoding = encoding
        self.timestampFormat = timestampFormat
        self.timestampHeaders = timestampHeaders
    }
}

extension MessageSignature: CustomStringConvertible, CustomReflectable {
    /// The algorithm's family.
    public var description: String { key.name }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}

extension MessageSignature {
    func check() throws(GerbangError) {
        try key.check()
        guard !stringToSign.parts.isEmpty else {
            throw Authentication.refuse("must not be empty", at: "stringToSign")
        }
        if stringToSign.parts.contains(.clientID), clientID == nil {
            throw Authentication.refuse("is required for {clientID}", at: "clientID")
        }
        guard stringToSign.parts.contains(.timestamp) || timestampHeaders.isEmpty else {
            throw Authentication.refuse("has headers, but the string to sign has no {timestamp}", at: "timestamp")
        }
        for case .header(let name) in stringToSign.parts
        where PreparedRequest.reservedNames.contains(name.canonicalName) {
            throw Authentication.refuse(
                "the header field \(name.canonicalName) is written later, by the transport",
                at: "stringToSign"
            )
        }
        guard AuthenticationScheme.hasNoControls(prefix), prefix.utf8.first != 0x20 else {
            throw Authentication.refuse("must not have control characters or begin with a space", at: "prefix")
        }
    }

    /// Signs `message`, whose token is `token`, at `now`.
    func sign(_ message: inout OutboundRequest, token: String?, at now: Timestamp) throws(WireFailure) {
        let carried = timestampHeaders.compactMap { message.headerFields[$0] }.first { !$0.isEmpty }
        let timestamp = carried ?? timestampFormat.text(of: now)
        for name in timestampHeaders { message.headerFields[name] = timestamp }
        let text = try stringToSign.bytes(of: message, timestamp: timestamp, clientID: clientID, token: token)
        message.headerFields[header] = prefix + encoding.text(of: try key.sign(text))
    }
}

extension MessageSignature.TimestampFormat {
    func text(of moment: Timestamp) -> String {
        switch self {
        case .seconds:
            // Rounded down, as every clock shows it.
            return "\((moment.milliseconds - (moment.milliseconds % 1000 + 1000) % 1000) / 1000)"
        case .milliseconds:
            return "\(moment.milliseconds)"
        case .iso8601Milliseconds(let zone):
            return moment.text(in: zone)
        case .iso8601(let zone):
            let text = moment.text(in: zone)
            guard let point = text.firstIndex(of: "."),
                let end = text.index(point, offsetBy: 4, limitedBy: text.endIndex)
            else { return text }
            return String(text[..<point] + text[end...])
        }
    }
}

extension MessageSignature.Encoding {
    func text(of bytes: [UInt8]) -> String {
        switch self {
        case .base64: Base64.encode(bytes)
        case .lowerHexadecimal: Hexadecimal.lower(bytes)
        case .upperHexadecimal: Hexadecimal.lower(bytes).uppercased()
        }
    }
}
