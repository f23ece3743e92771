public import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// How the messages of one connection prove who sends them: schemes that are applied one after the other.
///
/// Several may stand side by side, such as two tokens in two header fields. A signature comes after what it covers. The
/// scheme with a certificate of our own (mutual TLS) is not in this list: it belongs to how the connection is made, see
/// ``TransportProfile/clientCertificate``, and goes together with any of these.
public struct Authentication: Sendable, Hashable {
    /// No scheme at all.
    public static let none = Authentication()

    /// The schemes in the order in which they are applied.
    public private(set) var schemes: [AuthenticationScheme] = []

    /// Whether messages stay as they are.
    public var isEmpty: Bool { schemes.isEmpty }

    /// Creates an empty list.
    public init() {}

    /// Creates a list.
    ///
    /// - Throws: What ``append(_:)`` throws for the first scheme that does not fit.
    public init(_ schemes: [AuthenticationScheme]) throws(GerbangError) {
        for scheme in schemes { try append(scheme) }
    }

    /// Adds a scheme behind those that are there.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration``, with the scheme's setting at fault as its field: a value
    ///   that no header field can carry, a field that two schemes would write or that belongs to the transport, a token
    ///   address that is none, a signature over a token that nothing provides.
    public mutating func append(_ scheme: AuthenticationScheme) throws(GerbangError) {
        try scheme.check()
        try checkFields(of: scheme)
        if case .signature(let signature) = scheme, signature.stringToSign.parts.contains(.token), !hasToken {
            throw Self.refuse("signs a {token}, but no bearer or oauth2 stands before it", at: "stringToSign")
        }
        schemes.append(scheme)
    }

    /// A mistake in a scheme's setting called `field`.
    static func refuse(_ message: String, at field: String) -> GerbangError {
        GerbangError(.invalidConfiguration, message, field: JSONPointer.root.appending(field))
    }

    private var hasToken: Bool {
        schemes.contains { scheme in
            switch scheme {
            case .bearer, .oauth2: true
            case .apiKey, .basic, .signature, .message: false
            }
        }
    }

    private func checkFields(of scheme: AuthenticationScheme) throws(GerbangError) {
        guard let header = scheme.header else { return }
        guard !PreparedRequest.reservedNames.contains(header.canonicalName) else {
            throw Self.refuse("the header field \(header.canonicalName) belongs to the transport", at: "header")
        }
        // Signatures may share the field of their time, since the first one's time then holds for the others.
        guard !schemes.contains(where: { $0.header == header || $0.timestampHeaders.contains(header) }) else {
            throw Self.refuse("another scheme already writes the header field \(header.canonicalName)", at: "header")
        }
        for name in scheme.timestampHeaders {
            guard !PreparedRequest.reservedNames.contains(name.canonicalName) else {
                throw Self.refuse("the header field \(name.canonicalName) belongs to the transport", at: "timestamp")
            }
            guard name != header, !schemes.contains(where: { $0.header == name }) else {
                throw Self.refuse("the header field \(name.canonicalName) is already written", at: "timestamp")
            }
        }
    }
}

extension Authentication: CustomStringConvertible, CustomReflectable {
    /// The names of the schemes, without any of their settings.
    public var description: String {
        isEmpty ? "no authentication" : schemes.map(\.name).joined(separator: ", ")
    }

    /// Shows what ``description`` shows, so that dumping does not reveal more.
    public var customMirror: Mirror {
        Mirror(self, children: ["summary": description])
    }
}
