internal import GerbangCore
internal import GerbangXML

/// A SOAP message that came in, as far as it must be looked at before its contract is known.
struct IncomingEnvelope: Sendable {
    let bytes: [UInt8]
    let charset: String?
    let version: SOAPVersion
    /// The name of the element in the body.
    let content: XMLName?
    let token: UsernameToken?

    /// - Throws: A ``Failure`` for what is no SOAP message, or must be understood in another way than it is here.
    init(_ bytes: [UInt8], charset: String?) throws(Failure) {
        let envelope: SOAPEnvelope
        do throws(XMLError) {
            envelope = try SOAPEnvelope(XMLDocument(parsing: bytes, charset: charset))
        } catch {
            throw Failure(.malformedRequest, "the body is no SOAP message: \(error.message)")
        }
        guard envelope.mandatoryHeaders.allSatisfy({ $0.name.namespaceURI == UsernameToken.namespace }) else {
            throw Failure(.invalidInput, "a header block must be understood that is not known here")
        }
        self.bytes = bytes
        self.charset = charset
        version = envelope.version
        content = envelope.content?.name
        token = UsernameToken(envelope)
    }
}

/// The user name and password of a message (WS-Security UsernameToken Profile 1.1, password as text): the client's name
/// and its API key.
struct UsernameToken: Sendable {
    static let namespace =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"

    let user: String
    let password: String

    /// Reads the token of a message; nil where there is none with a password as text.
    init?(_ envelope: SOAPEnvelope) {
        guard let token = envelope.header("Security", namespace: Self.namespace)?.firstChild("UsernameToken"),
            let password = token.firstChild("Password"),
            password.attribute("Type").map({ $0.hasSuffix("#PasswordText") }) ?? true
        else { return nil }
        user = token.firstChild("Username")?.text ?? ""
        self.password = password.text
    }
}
