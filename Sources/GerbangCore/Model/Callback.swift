public import GerbangJSON

/// Where a client wants to be told of its request's changes.
public struct Callback: Sendable, Hashable {
    /// The longest URL, in bytes.
    public static let maximumBytes = 2048

    /// An absolute `https` or `http` URL without user, password and fragment.
    ///
    /// It may hold a token of the client's: never log it.
    public let url: String
    /// Whether the way to it is encrypted.
    public let isEncrypted: Bool
    /// The host's name or address, as written.
    public let host: String

    /// Checks a URL.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` that says what is wrong; the text does not repeat the URL.
    public init(url: String) throws(GerbangError) {
        guard (1...Self.maximumBytes).contains(url.utf8.count) else {
            throw GerbangError(.invalidInput, "must have 1 to \(Self.maximumBytes) bytes")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !url.utf8.contains(UInt8(ascii: "#")),
            !url.utf8.contains(UInt8(ascii: "\\"))
        else {
            throw GerbangError(
                .invalidInput,
                "must be a URL in ASCII without space, backslash and fragment; other characters are percent-encoded"
            )
        }
        do throws(GerbangError) {
            let base = try BaseURL(String(url.prefix { $0 != "?" }))
            isEncrypted = base.scheme == "https"
            host = base.host
        } catch {
            throw GerbangError(
                .invalidInput,
                "must be a URL such as https://host/path, with a host and without user and password"
            )
        }
        self.url = url
    }
}

extension Callback: CustomStringConvertible, CustomReflectable {
    /// A fixed text without the URL.
    public var description: String { "callback" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension CallbackSummary {
    /// The summary as JSON, as it stands in the API.
    public var json: JSONValue {
        [
            "delivered": .number(JSONNumber(delivered)), "pending": .number(JSONNumber(pending)),
            "failed": .number(JSONNumber(failed)),
        ]
    }

    /// Reads what ``json`` wrote; `nil` when it is not a summary.
    public init?(json: JSONValue) {
        guard let delivered = json["delivered"]?.intValue, let pending = json["pending"]?.intValue,
            let failed = json["failed"]?.intValue
        else { return nil }
        self.init(delivered: delivered, pending: pending, failed: failed)
    }
}

/// How far the calls back to a client have come, for one request.
public struct CallbackSummary: Sendable, Hashable {
    /// How many events the client has taken.
    public var delivered: Int
    /// How many are still to be delivered.
    public var pending: Int
    /// How many were given up.
    public var failed: Int

    /// Creates a summary.
    public init(delivered: Int = 0, pending: Int = 0, failed: Int = 0) {
        self.delivered = delivered
        self.pending = pending
        self.failed = failed
    }
}
