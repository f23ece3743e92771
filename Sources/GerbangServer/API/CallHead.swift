internal import GerbangCore
internal import HTTPTypes

/// The header fields of a call that mean something here, read in one pass.
struct CallHead: Sendable {
    private(set) var authorization: String?
    /// The value of `Host`.
    private(set) var host: String?
    private(set) var origin: String?
    private(set) var contentType: String?
    private(set) var contentLength: Int?
    private(set) var idempotencyKey: String?
    private(set) var expectsContinue = false
    /// The number of the last event that an interrupted stream brought.
    private(set) var lastEventID: String?
    private var accept: String?
    private var prefer: String?
    private var acceptLanguage: String?
    /// A field that may come once and came twice.
    private(set) var repeated: String?

    init(_ request: HTTPRequest) {
        host = request.authority
        for field in request.headerFields {
            switch field.name.canonicalName {
            case "authorization": set(\.authorization, field)
            case "origin": set(\.origin, field)
            case "content-type": set(\.contentType, field)
            case "content-length": contentLength = Int(field.value)
            case "idempotency-key": set(\.idempotencyKey, field)
            case "expect": expectsContinue = field.value.lowercased() == "100-continue"
            case "last-event-id": set(\.lastEventID, field)
            case "accept": accept = accept.map { "\($0),\(field.value)" } ?? field.value
            case "prefer": prefer = prefer.map { "\($0),\(field.value)" } ?? field.value
            case "accept-language": acceptLanguage = acceptLanguage.map { "\($0),\(field.value)" } ?? field.value
            default: break
            }
        }
    }

    private mutating func set(_ path: WritableKeyPath<CallHead, String?>, _ field: HTTPField) {
        if self[keyPath: path] != nil { repeated = field.name.rawName }
        self[keyPath: path] = field.value
    }

    /// The language of the texts for citizens.
    var language: Language { Language(acceptLanguage: acceptLanguage) }

    /// The seconds of `Prefer: wait=N` (RFC 7240, section 4.3); a preference that is not understood is ignored, as
    /// section 2 asks.
    var preferredWait: Int? {
        guard let prefer else { return nil }
        for preference in prefer.split(separator: ",") {
            let parts = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmed.lowercased() == "wait" else { continue }
            return Int(parts[1].trimmed.filter { $0 != "\"" }).flatMap { $0 >= 0 ? $0 : nil }
        }
        return nil
    }

    /// Whether a stream of events is asked for by name; what takes anything gets JSON.
    var acceptsEventStream: Bool {
        (accept ?? "").split(separator: ",").contains { range in
            let parts = range.split(separator: ";").map(\.trimmed)
            return parts.first?.lowercased() == EventStream.mediaType && !parts.dropFirst().contains { $0 == "q=0" }
        }
    }

    /// Whether the body is announced as JSON.
    var isJSON: Bool {
        let type = (contentType ?? "").prefix { $0 != ";" }.trimmed.lowercased()
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }

    /// Whether the body is announced as a SOAP message of either version.
    var isXML: Bool {
        let type = (contentType ?? "").prefix { $0 != ";" }.trimmed.lowercased()
        return type == "text/xml" || type == "application/soap+xml" || type == "application/xml"
    }

    /// The `charset` parameter of the content type.
    var charset: String? {
        for part in (contentType ?? "").split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == "charset" else { continue }
            return pair[1].trimmed.filter { $0 != "\"" }
        }
        return nil
    }

    /// The bearer token (RFC 6750, section 2.1); `nil` for another scheme.
    var bearerToken: Substring? {
        guard let authorization, let space = authorization.firstIndex(of: " "),
            authorization[..<space].lowercased() == "bearer"
        else { return nil }
        return authorization[space...].trimmed
    }

    /// Whether the call was addressed to this machine, and not sent by a page of another origin in a browser here.
    ///
    /// While the API is open on loopback it is all that keeps a web site from using it through the operator's browser,
    /// directly or by a name that it made resolve to this machine.
    var isFromThisMachine: Bool {
        guard let host else { return false }
        guard GatewayServer.Configuration.isLoopback(Self.name(in: host)) else { return false }
        return origin == nil || origin == "http://\(host)"
    }

    /// The name or address in the value of `Host`, without the port.
    private static func name(in host: String) -> Substring {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return host[...end] }
        return host.prefix { $0 != ":" }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
