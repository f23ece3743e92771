internal import GerbangJSON
internal import GerbangXML

extension MessageEncoder {
    /// Writes the header blocks of a request, apart from those that the caller gives.
    mutating func address(_ operation: SOAPOperation, _ addressing: SOAPAddressing, given: JSONValue) throws(SOAPError)
    {
        switch addressing.use {
        case .never: return
        case .whenDescribed: guard operation.usesAddressing else { return }
        case .always: break
        }
        let given = Self.addressingBlocks(of: given)
        try addressBlock("Action", operation.addressing.input, given)
        try addressBlock("MessageID", addressing.messageID ?? Self.randomIdentifier(), given)
        if let to = addressing.to ?? operation.address { try addressBlock("To", to, given) }
        guard !operation.isOneWay, !given.contains("ReplyTo") else { return }
        buffer.markup("<wsa:ReplyTo xmlns:wsa=\"http://www.w3.org/2005/08/addressing\"><wsa:Address>")
        buffer.markup("http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>")
    }

    /// Writes the header blocks of an answer to a message.
    mutating func address(answerOf operation: SOAPOperation, to messageID: String, given: JSONValue) throws(SOAPError) {
        let given = Self.addressingBlocks(of: given)
        try addressBlock("Action", operation.addressing.output, given)
        try addressBlock("RelatesTo", messageID, given)
    }

    private mutating func addressBlock(_ name: StaticString, _ text: String, _ given: Set<String>) throws(SOAPError) {
        guard !given.contains("\(name)") else { return }
        buffer.markup("<wsa:")
        buffer.markup(name)
        buffer.markup(" xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">")
        try buffer.text(text)
        buffer.markup("</wsa:")
        buffer.markup(name)
        buffer.markup(">")
    }

    /// The local names of the blocks of WS-Addressing among header blocks in JSON.
    private static func addressingBlocks(of headers: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for key in headers.objectValue?.keys ?? [] {
            guard let name = JSONName(key)?.name, [SOAPAddressing.namespace, nil].contains(name.namespaceURI) else {
                continue
            }
            names.insert(name.localName)
        }
        return names
    }

    /// A random UUID (RFC 9562 §5.4) as an IRI.
    private static func randomIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        var digits = (0..<32).map { _ in Array("0123456789abcdef")[Int.random(in: 0..<16, using: &generator)] }
        digits[12] = "4"
        digits[16] = Array("89ab")[Int.random(in: 0..<4, using: &generator)]
        for place in [20, 16, 12, 8] { digits.insert("-", at: place) }
        return "urn:uuid:" + String(digits)
    }
}

extension SOAPOperation {
    /// Whether the description says that this operation's messages are addressed by WS-Addressing.
    public var usesAddressing: Bool { addressing.isDescribed }

    /// The action of the request in WS-Addressing: as described, or by the default pattern.
    public var requestAction: String { addressing.input }

    /// The action of the answer in WS-Addressing.
    public var responseAction: String { addressing.output }

    /// Refuses an answer that says it is one to another message; one that says nothing may be the right one.
    static func checkRelation(_ envelope: SOAPEnvelope, to messageID: String?) throws(SOAPError) {
        guard let messageID else { return }
        let relations = envelope.headers.filter {
            $0.isNamed("RelatesTo", namespace: SOAPAddressing.namespace)
                && ["", "\(SOAPAddressing.namespace)/reply"].contains($0.attribute("RelationshipType") ?? "")
        }
        guard !relations.isEmpty else { return }
        guard relations.count == 1, relations[0].text.trimmingXMLSpace == messageID else {
            throw SOAPError(.envelope, "The answer is one to another message (wsa:RelatesTo).", line: relations[0].line)
        }
    }
}
