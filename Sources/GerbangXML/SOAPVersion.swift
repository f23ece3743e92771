/// A version of SOAP.
public enum SOAPVersion: Sendable, Hashable, CaseIterable {
    /// SOAP 1.1 (W3C Note of 8 May 2000).
    case v11
    /// SOAP 1.2 (W3C Recommendation of 27 April 2007).
    case v12

    /// The namespace of the envelope.
    public var namespace: String {
        switch self {
        case .v11: "http://schemas.xmlsoap.org/soap/envelope/"
        case .v12: "http://www.w3.org/2003/05/soap-envelope"
        }
    }

    /// The HTTP header fields of a message, in the order `Content-Type`, `SOAPAction` (1.1 only).
    ///
    /// SOAP 1.1 has a `SOAPAction` field whose value is always in quotes, empty ones for no action (section 6.1.1);
    /// SOAP 1.2 has an `action` parameter in the content type (RFC 3902).
    ///
    /// - Parameter action: The action's URI; empty for none.
    /// - Throws: ``XMLError`` with code `xml.soap` where the action has characters that no URI has.
    public func httpFields(action: String = "") throws(XMLError) -> [(name: String, value: String)] {
        // Also keeps line breaks and quotes, and with them other header fields, out.
        guard action.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != 0x5C }) else {
            throw XMLError(.soap, "The SOAP action is not a URI: it has a space, quote or other forbidden character.")
        }
        switch self {
        case .v11:
            return [("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", "\"\(action)\"")]
        case .v12:
            let parameter = action.isEmpty ? "" : "; action=\"\(action)\""
            return [("Content-Type", "application/soap+xml; charset=utf-8\(parameter)")]
        }
    }

    /// The attribute that says whom a header block is for.
    package var actorName: String {
        switch self {
        case .v11: "actor"
        case .v12: "role"
        }
    }

    /// The roles (1.1: actors) that the final receiver of a message acts in, apart from an absent one.
    var ownRoles: Set<String> {
        switch self {
        case .v11: ["", "http://schemas.xmlsoap.org/soap/actor/next"]
        case .v12: ["", namespace + "/role/next", namespace + "/role/ultimateReceiver"]
        }
    }
}
