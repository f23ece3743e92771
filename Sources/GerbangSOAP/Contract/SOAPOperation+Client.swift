public import GerbangJSON
public import GerbangXML

/// What an answer says.
public enum SOAPAnswer: Sendable, Hashable {
    /// The operation's output, with the header blocks by name.
    case output(JSONValue, headers: JSONValue)
    /// A fault, declared or not.
    case fault(SOAPFaultAnswer)
}

/// A fault that a service answered with.
public struct SOAPFaultAnswer: Sendable, Hashable {
    /// Code, reason and actor.
    public let fault: SOAPFault
    /// The name of the declared fault that the detail is of; nil for any other.
    public let name: String?
    /// The detail by the contract; for a fault that is not declared an array of objects with one member each.
    public let detail: JSONValue?
}

extension SOAPOperation {
    /// The header fields that a request of this operation needs, in the order `Content-Type`, `SOAPAction`.
    public func httpFields() throws(SOAPError) -> [(name: String, value: String)] {
        do throws(XMLError) {
            return try version.httpFields(action: action)
        } catch {
            throw SOAPError(.wsdl, error.message)
        }
    }

    /// Writes a request.
    ///
    /// - Parameters:
    ///   - input: The input by the operation's contract, see ``inputSchema``.
    ///   - headers: An object with the header blocks to send; those left out are not sent.
    ///   - isValidated: Whether the message is validated by the schema before it is given out.
    ///   - addressing: How the message is addressed, where it is.
    /// - Throws: ``SOAPError`` with the place in the JSON, or in the XML where the schema was broken.
    public func encodeRequest(
        _ input: JSONValue,
        headers: JSONValue = [:],
        isValidated: Bool = true,
        addressing: SOAPAddressing = .automatic
    ) throws(SOAPError) -> [UInt8] {
        var extras = Extras(addressing: addressing)
        return try encode(shape(inputShape, "input"), input, headers, isValidated, &extras)
    }

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - bytes: The envelope.
    ///   - charset: The charset parameter of the content type, where there was one.
    ///   - isValidated: Whether the message is validated by the schema before it is read.
    ///   - limits: What is accepted at most.
    ///   - messageID: The identifier of the request in WS-Addressing: an answer to another one is refused.
    /// - Throws: ``SOAPError`` with the place in the XML.
    public func decodeResponse(
        _ bytes: [UInt8],
        charset: String? = nil,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits(),
        relatesTo messageID: String? = nil
    ) throws(SOAPError) -> SOAPAnswer {
        try answer(Self.envelope(bytes, charset, limits), isValidated, relatesTo: messageID)
    }

    func answer(
        _ envelope: SOAPEnvelope,
        _ isValidated: Bool,
        relatesTo messageID: String?,
        _ attachments: ReceivedParts? = nil
    ) throws(SOAPError) -> SOAPAnswer {
        try Self.checkRelation(envelope, to: messageID)
        if let fault = envelope.fault { return .fault(try decode(fault, envelope, isValidated, attachments)) }
        let message = try decode(shape(outputShape, "output"), envelope, isValidated, attachments)
        return .output(message.body, headers: message.headers)
    }

    func shape(_ shape: MessageShape?, _ what: String) throws(SOAPError) -> MessageShape {
        guard let shape else { throw SOAPError(.unsupported, "The operation '\(name)' has no \(what).") }
        return shape
    }

    static func envelope(_ bytes: [UInt8], _ charset: String?, _ limits: XMLLimits) throws(SOAPError) -> SOAPEnvelope {
        do throws(XMLError) {
            return try SOAPEnvelope(XMLDocument(parsing: bytes, limits: limits, charset: charset))
        } catch {
            throw SOAPError(.envelope, error.message, line: error.line)
        }
    }

    // MARK: Faults

    private func decode(
        _ fault: SOAPFault,
        _ envelope: SOAPEnvelope,
        _ isValidated: Bool,
        _ attachments: ReceivedParts?
    ) throws(SOAPError) -> SOAPFaultAnswer {
        // A fault must be readable by whatever is true of it, so that its attachments come back into it before.
        try attachments?.restoreAll(in: envelope.document.root)
        let element = envelope.content.flatMap { $0.firstChild(fault.version == .v11 ? "detail" : "Detail") }
        guard let element, !element.children.isEmpty else {
            return SOAPFaultAnswer(fault: fault, name: nil, detail: nil)
        }
        let details = element.children
        let decoder = MessageDecoder(table)
        decoder.attachments = attachments
        for (name, shape) in faultShapes {
            guard let declared = Self.faultElement(shape),
                let found = details.first(where: {
                    $0.name == declared.name || (shape.isEncoded && $0.localName == declared.name.localName)
                })
            else { continue }
            // A fault must be readable even where the service does not keep to its own schema.
            // One that is made of a type is declared nowhere.
            if isValidated, let validator = shape.validator, table.elements[declared.name] != nil,
                (try? validator.check(found)) == nil
            {
                continue
            }
            let reader = self.reader(of: shape, isValidated ? .patterns : .nothing)
            reader.attachments = attachments
            guard let value = try? reader.element(declared, found) else { continue }
            return SOAPFaultAnswer(fault: fault, name: name, detail: value)
        }
        var items: [JSONValue] = []
        for detail in details { items.append(try decoder.freeElement(detail, processing: .skip)) }
        return SOAPFaultAnswer(fault: fault, name: nil, detail: .array(items))
    }

    static func faultElement(_ shape: MessageShape) -> ElementNode? {
        switch shape.body {
        case .element(let element): element
        case .parts(let parts): parts.first?.element
        case .empty, .wrapper, .content: nil
        }
    }
}
