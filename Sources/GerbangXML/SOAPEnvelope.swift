/// A SOAP message that was read.
///
/// It refers to its document and stays in the task that read it.
public struct SOAPEnvelope {
    /// The version, by the envelope's namespace.
    public let version: SOAPVersion
    /// The header blocks, in document order.
    public let headers: [XMLElement]
    /// The `Body` element.
    public let body: XMLElement

    /// Reads a message.
    ///
    /// Any prefix will do; the namespace and the shape must be right.
    ///
    /// - Throws: ``XMLError``: `xml.soap` where the document is no envelope with at most one Header before exactly one
    ///   Body, `xml.soap-version` for an envelope of another SOAP version.
    public init(_ document: XMLDocument) throws(XMLError) {
        let root = document.root
        guard root.isNamed("Envelope") else {
            throw XMLError(.soap, "The root element is not a SOAP Envelope.", line: root.line)
        }
        guard let version = SOAPVersion.allCases.first(where: { $0.namespace == root.namespaceURI }) else {
            throw XMLError(.soapVersion, "The Envelope is neither of SOAP 1.1 nor of SOAP 1.2.", line: root.line)
        }
        var parts = root.children[...]
        let header = parts.first.flatMap { $0.isNamed("Header", namespace: version.namespace) ? $0 : nil }
        if header != nil { parts = parts.dropFirst() }
        // A second Body, or anything behind it, is refused: two readers might see two different messages.
        guard parts.count == 1, let body = parts.first, body.isNamed("Body", namespace: version.namespace) else {
            throw XMLError(.soap, "The Envelope must have one Header at most and then one Body.", line: root.line)
        }
        self.version = version
        self.headers = header?.children ?? []
        self.body = body
    }

    /// The first element in the body; nil for an empty body.
    public var content: XMLElement? { body.firstChild }

    /// The fault, where the body has one, whatever HTTP status it came with.
    public var fault: SOAPFault? {
        guard let content, content.isNamed("Fault", namespace: version.namespace) else { return nil }
        return SOAPFault(content, version: version)
    }

    /// The first header block with this name.
    public func header(_ localName: String, namespace: String? = nil) -> XMLElement? {
        headers.first { $0.isNamed(localName, namespace: namespace) }
    }

    /// The header blocks that the receiver must understand or refuse the message: those marked `mustUnderstand` that
    /// are meant for the final receiver.
    public var mandatoryHeaders: [XMLElement] {
        headers.filter { block in
            let mark = block.attribute("mustUnderstand", namespace: version.namespace) ?? ""
            return ["1", "true"].contains(XMLCharacters.trim(mark)) && isForFinalReceiver(block)
        }
    }

    /// Whether a header block is meant for the final receiver of the message.
    package func isForFinalReceiver(_ block: XMLElement) -> Bool {
        version.ownRoles.contains(block.attribute(version.actorName, namespace: version.namespace) ?? "")
    }

    /// The document that the message was read from.
    package var document: XMLDocument { body.document }
}

extension SOAPEnvelope {
    /// The prefix that written envelopes use.
    static let prefix = "soap"

    /// Writes a message.
    ///
    /// - Parameters:
    ///   - version: The SOAP version.
    ///   - namespaces: Declarations to make on the envelope, by prefix; `soap` is the envelope's own.
    ///   - header: Writes the header blocks; nil for no Header.
    ///   - body: Writes the content of the Body.
    /// - Throws: ``XMLError``, and whatever the closures throw.
    public static func write(
        _ version: SOAPVersion,
        namespaces: KeyValuePairs<String, String> = [:],
        header: ((inout XMLWriter) throws -> Void)? = nil,
        body: (inout XMLWriter) throws -> Void
    ) throws -> [UInt8] {
        var writer = XMLWriter()
        try writer.start("\(prefix):Envelope", namespaces: [prefix: version.namespace])
        for (prefix, uri) in namespaces { try writer.namespace(prefix, uri) }
        if let header { try writer.element("\(prefix):Header", content: header) }
        try writer.element("\(prefix):Body", content: body)
        try writer.end()
        return try writer.finish()
    }

    /// Writes a message that is a fault.
    public static func write(_ fault: SOAPFault) throws -> [UInt8] {
        try write(fault.version) { writer in try fault.write(to: &writer) }
    }
}
