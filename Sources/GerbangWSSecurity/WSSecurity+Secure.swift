internal import CXMLSec
internal import Crypto
public import GerbangCore
internal import GerbangXML

extension WSSecurity {
    /// Puts the Security header into a message.
    ///
    /// - Parameters:
    ///   - envelope: A SOAP envelope of either version, without a Security header for the same receiver.
    ///   - now: The moment of the timestamp and of the username token.
    /// - Throws: ``WSSecurityError``.
    public func secure(_ envelope: [UInt8], at now: Timestamp) throws(WSSecurityError) -> [UInt8] {
        do {
            return try secured(envelope, at: now)
        } catch let error as WSSecurityError {
            throw error
        } catch {
            throw WSSecurityError(.writing, (error as? XMLError)?.message ?? "The message could not be secured.")
        }
    }

    /// Large messages of our own must not fail here.
    private static var limits: XMLLimits {
        var limits = XMLLimits()
        limits.maximumBytes = 256 << 20
        limits.maximumNodes = 20_000_000
        limits.maximumDepth = 256
        limits.maximumTextLength = 10 << 20
        limits.maximumAttributeLength = 10 << 20
        return limits
    }

    private func secured(_ bytes: [UInt8], at now: Timestamp) throws -> [UInt8] {
        XMLSecurity.prepare()
        let document = try XMLDocument(parsing: bytes, limits: Self.limits)
        let envelope = try SOAPEnvelope(document)
        guard !envelope.headers.contains(where: { isOwnHeader($0, envelope.version) }) else {
            throw WSSecurityError(.writing, "The message has a Security header for this receiver already.")
        }
        var parts = MessageParts(self, at: now)
        if let signature {
            parts.body = try identifier(of: envelope.body)
            if signature.parts.contains(.addressing) {
                for block in envelope.headers where block.namespaceURI == Vocabulary.addressing {
                    parts.addressing.append((try identifier(of: block), block))
                }
            }
        }
        let header =
            try document.root.firstChild("Header", namespace: envelope.version.namespace)
            ?? envelope.body.insertSibling(before: "Header")
        let security = try header.insertFirst(XMLDocument(parsing: try write(parts, envelope.version)))
        if signature != nil { try sign(security, body: envelope.body, parts) }
        return try document.serialized()
    }

    /// Whether a block is a Security header that ours would stand beside.
    private func isOwnHeader(_ block: XMLElement, _ version: SOAPVersion) -> Bool {
        block.isNamed("Security", namespace: Vocabulary.security)
            && (block.attribute(version.actorName, namespace: version.namespace) ?? "") == (actor ?? "")
    }

    /// The `wsu:Id` of an element, a new one where it has none.
    private func identifier(of element: XMLElement) throws -> String {
        if let known = element.attribute("Id", namespace: Vocabulary.utility) { return known }
        let created = "id-" + Hexadecimal.lower(random(16))
        try element.setAttribute("Id", namespace: Vocabulary.utility, prefix: "wsu", to: created)
        return created
    }

    private func sign(_ security: XMLElement, body: XMLElement, _ parts: MessageParts) throws {
        guard let signature, let element = security.firstChild("Signature", namespace: Vocabulary.signature) else {
            return
        }
        let own = security.children.filter { child in
            let identifier = child.attribute("Id", namespace: Vocabulary.utility)
            return identifier != nil && parts.signed.contains(identifier ?? "")
        }
        var targets: [UnsafeMutableRawPointer?] = [body.address]
        targets += parts.addressing.map { $0.element.address } + own.map(\.address)
        guard
            gerbang_xmlsec_sign(element.address, signature.identity.handle.pointer, &targets, targets.count)
                == GERBANG_XMLSEC_VALID
        else { throw WSSecurityError(.writing, "The message could not be signed.") }
    }

    // MARK: The header

    private func write(_ parts: MessageParts, _ version: SOAPVersion) throws(XMLError) -> [UInt8] {
        var writer = XMLWriter(declaration: false, capacity: 4096)
        try writer.start(
            "wsse:Security",
            namespaces: ["wsse": Vocabulary.security, "wsu": Vocabulary.utility, "soap": version.namespace]
        )
        if isMandatory { try writer.attribute("soap:mustUnderstand", "1") }
        if let actor { try writer.attribute("soap:\(version.actorName)", actor) }
        if let (identifier, expires) = parts.timestamp {
            try writer.start("wsu:Timestamp", attributes: ["wsu:Id": identifier])
            try writer.element("wsu:Created", text: "\(parts.now)")
            try writer.element("wsu:Expires", text: "\(expires)")
            try writer.end()
        }
        if let signature {
            try writer.element(
                "wsse:BinarySecurityToken",
                attributes: [
                    "wsu:Id": parts.token, "EncodingType": Vocabulary.base64, "ValueType": Vocabulary.x509,
                ],
                text: Base64.encode(signature.identity.certificate.der)
            )
        }
        if let usernameToken { try write(usernameToken, parts, to: &writer) }
        if let signature { try write(signature, parts, to: &writer) }
        try writer.end()
        return try writer.finish()
    }

    private func write(_ token: UsernameToken, _ parts: MessageParts, to writer: inout XMLWriter) throws(XMLError) {
        try writer.start("wsse:UsernameToken", attributes: ["wsu:Id": parts.usernameToken])
        try writer.element("wsse:Username", text: token.user)
        let created = "\(parts.now)"
        let nonce = random(16)
        switch token.passwordType {
        case .text:
            let type: KeyValuePairs = ["Type": Vocabulary.passwordText]
            try writer.element("wsse:Password", attributes: type, text: token.password.revealed)
        case .digest:
            let type: KeyValuePairs = ["Type": Vocabulary.passwordDigest]
            let secret = nonce + Array(created.utf8) + Array(token.password.revealed.utf8)
            let digest = Base64.encode(Array(Insecure.SHA1.hash(data: secret)))
            try writer.element("wsse:Password", attributes: type, text: digest)
        }
        let encoding: KeyValuePairs = ["EncodingType": Vocabulary.base64]
        try writer.element("wsse:Nonce", attributes: encoding, text: Base64.encode(nonce))
        try writer.element("wsu:Created", text: created)
        try writer.end()
    }

    private func write(_ signature: Signature, _ parts: MessageParts, to writer: inout XMLWriter) throws(XMLError) {
        try writer.start("ds:Signature", namespaces: ["ds": Vocabulary.signature])
        try writer.start("ds:SignedInfo")
        try writer.element("ds:CanonicalizationMethod", attributes: ["Algorithm": Vocabulary.exclusive], text: "")
        try writer.element("ds:SignatureMethod", attributes: ["Algorithm": signature.identity.algorithm], text: "")
        for identifier in parts.signed {
            try writer.start("ds:Reference", attributes: ["URI": "#\(identifier)"])
            try writer.start("ds:Transforms")
            try writer.element("ds:Transform", attributes: ["Algorithm": Vocabulary.exclusive], text: "")
            try writer.end()
            try writer.element("ds:DigestMethod", attributes: ["Algorithm": Vocabulary.sha256], text: "")
            try writer.element("ds:DigestValue", text: "")
            try writer.end()
        }
        try writer.end()
        try writer.element("ds:SignatureValue", text: "")
        try writer.start("ds:KeyInfo")
        try writer.start("wsse:SecurityTokenReference")
        let reference: KeyValuePairs = ["URI": "#\(parts.token)", "ValueType": Vocabulary.x509]
        try writer.element("wsse:Reference", attributes: reference, text: "")
        for _ in 0..<3 { try writer.end() }
    }
}

/// The identifiers of one message's parts.
private struct MessageParts {
    let now: Timestamp
    let token: String
    let usernameToken: String
    let timestamp: (identifier: String, expires: Timestamp)?
    var body = ""
    var addressing: [(identifier: String, element: XMLElement)] = []
    private let signsTimestamp: Bool
    private let signsUsernameToken: Bool

    init(_ security: WSSecurity, at now: Timestamp) {
        self.now = now
        let word = Hexadecimal.lower(security.random(16))
        token = "X509-\(word)"
        usernameToken = "UT-\(word)"
        timestamp = security.validity.map { ("TS-\(word)", now + $0) }
        let parts = security.signature?.parts ?? []
        signsTimestamp = parts.contains(.timestamp) && timestamp != nil
        signsUsernameToken = parts.contains(.usernameToken) && security.usernameToken != nil
    }

    /// What the signature covers, in the order of its references.
    var signed: [String] {
        [body] + (signsTimestamp ? [timestamp?.identifier ?? ""] : []) + (signsUsernameToken ? [usernameToken] : [])
            + addressing.map(\.identifier)
    }
}
