public import GerbangCore
public import GerbangXML

extension WSSecurity {
    /// Judges an answer by the verification, and gives what may be believed of it.
    ///
    /// That is the canonical form of the very tree that was verified, without the Security header that was for us: what
    /// is read later cannot be anything else. Without a verification the bytes are given back.
    ///
    /// - Parameters:
    ///   - bytes: The envelope.
    ///   - charset: The charset parameter of the content type, where there was one.
    ///   - limits: What is accepted at most.
    ///   - now: Now, for the timestamp.
    /// - Throws: ``WSSecurityError``.
    public func open(
        _ bytes: [UInt8],
        charset: String? = nil,
        limits: XMLLimits = XMLLimits(),
        at now: Timestamp
    ) throws(WSSecurityError) -> [UInt8] {
        guard let verification else { return bytes }
        return try opened(bytes, charset, limits, verification, at: now).bytes
    }

    func opened(
        _ bytes: [UInt8],
        _ charset: String?,
        _ limits: XMLLimits,
        _ verification: Verification,
        at now: Timestamp
    ) throws(WSSecurityError) -> (bytes: [UInt8], version: SOAPVersion) {
        XMLSecurity.prepare()
        let document = try Self.reading { () throws(XMLError) in
            try XMLDocument(parsing: bytes, limits: limits, charset: charset)
        }
        let envelope = try Self.reading { () throws(XMLError) in try SOAPEnvelope(document) }
        let security = try Self.securityHeader(of: envelope)
        let covered = try SignedElements(in: security, of: envelope)
        try Self.check(covered, envelope, security, verification, at: now)
        // Last, as it is what costs most.
        try covered.verify(with: verification.certificates)
        security.remove()
        let verified = try Self.reading { () throws(XMLError) in try document.canonical(.inclusive) }
        return (verified, envelope.version)
    }

    private static func reading<Value>(_ body: () throws(XMLError) -> Value) throws(WSSecurityError) -> Value {
        do throws(XMLError) { return try body() } catch { throw WSSecurityError(.envelope, error.message) }
    }

    /// The Security header that is for us; those for other actors are none of our business.
    private static func securityHeader(of envelope: SOAPEnvelope) throws(WSSecurityError) -> XMLElement {
        let own = envelope.headers.filter {
            $0.isNamed("Security", namespace: Vocabulary.security) && envelope.isForFinalReceiver($0)
        }
        guard let first = own.first else {
            throw WSSecurityError(.unsigned, "The answer has no Security header for us.")
        }
        guard own.count == 1 else {
            throw WSSecurityError(.form, "The answer has several Security headers for us.")
        }
        return first
    }

    private static func check(
        _ covered: SignedElements,
        _ envelope: SOAPEnvelope,
        _ security: XMLElement,
        _ verification: Verification,
        at now: Timestamp
    ) throws(WSSecurityError) {
        guard covered.contains(envelope.body) else {
            throw WSSecurityError(.unsigned, "The signature does not cover the body.")
        }
        if verification.parts.contains(.addressing) {
            for block in envelope.headers where block.namespaceURI == Vocabulary.addressing {
                guard covered.contains(block) else {
                    throw WSSecurityError(.unsigned, "The signature does not cover all blocks of WS-Addressing.")
                }
            }
        }
        if verification.parts.contains(.usernameToken) {
            let tokens = security.children("UsernameToken", namespace: Vocabulary.security)
            guard tokens.count == 1, covered.contains(tokens[0]) else {
                throw WSSecurityError(.unsigned, "The signature covers no username token.")
            }
        }
        let timestamps = security.children("Timestamp", namespace: Vocabulary.utility)
        guard timestamps.count <= 1 else { throw WSSecurityError(.timestamp, "There are several timestamps.") }
        guard let timestamp = timestamps.first else {
            guard !verification.parts.contains(.timestamp) else {
                throw WSSecurityError(.timestamp, "There is no timestamp.")
            }
            return
        }
        // One that is not signed proves nothing, so that it is not looked at unless it is demanded.
        guard covered.contains(timestamp) else {
            guard !verification.parts.contains(.timestamp) else {
                throw WSSecurityError(.unsigned, "The signature does not cover the timestamp.")
            }
            return
        }
        try check(timestamp, verification.clockSkew, at: now)
    }

    private static func check(_ timestamp: XMLElement, _ skew: Duration, at now: Timestamp) throws(WSSecurityError) {
        let created = timestamp.children("Created", namespace: Vocabulary.utility)
        let expires = timestamp.children("Expires", namespace: Vocabulary.utility)
        guard created.count == 1, expires.count <= 1, let begin = moment(created[0]) else {
            throw WSSecurityError(.timestamp, "The timestamp does not say when it was made.")
        }
        var end = begin + .seconds(300)
        if let element = expires.first {
            guard let moment = moment(element) else {
                throw WSSecurityError(.timestamp, "The timestamp does not say until when it holds.")
            }
            end = moment
        }
        guard begin <= now + skew else { throw WSSecurityError(.timestamp, "The timestamp lies in the future.") }
        guard now < end + skew else { throw WSSecurityError(.timestamp, "The timestamp has passed.") }
    }

    /// A moment; without a zone it is in UTC (WS-Security 1.1, section 10).
    private static func moment(_ element: XMLElement) -> Timestamp? {
        let text = String(element.text.filter { !$0.isWhitespace })
        return Timestamp(text) ?? Timestamp(text + "Z")
    }
}
