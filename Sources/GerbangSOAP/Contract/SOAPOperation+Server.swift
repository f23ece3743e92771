public import GerbangJSON
public import GerbangXML

extension SOAPOperation {
    /// A message as JSON.
    public struct Content: Sendable, Hashable {
        /// The body by the contract.
        public let body: JSONValue
        /// The header blocks by name; those that the contract does not know under `{namespace}local`.
        public let headers: JSONValue
    }

    /// Reads a request, as the service that offers the operation.
    ///
    /// - Throws: ``SOAPError`` with the place in the XML.
    public func decodeRequest(
        _ bytes: [UInt8],
        charset: String? = nil,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits()
    ) throws(SOAPError) -> Content {
        try decode(shape(inputShape, "input"), Self.envelope(bytes, charset, limits), isValidated)
    }

    /// Writes an answer, as the service that offers the operation.
    ///
    /// With `messageID`, that of an addressed request, it gets the header blocks of WS-Addressing.
    ///
    /// - Throws: ``SOAPError`` with the place in the JSON, or in the XML where the schema was broken.
    public func encodeResponse(
        _ output: JSONValue,
        headers: JSONValue = [:],
        isValidated: Bool = true,
        relatesTo messageID: String? = nil
    ) throws(SOAPError) -> [UInt8] {
        var extras = Extras(answered: messageID)
        return try encode(shape(outputShape, "output"), output, headers, isValidated, &extras)
    }

    /// Writes a declared fault, as the service that offers the operation.
    ///
    /// - Parameters:
    ///   - name: The fault's name.
    ///   - detail: The detail by the contract.
    ///   - blamesSender: Whether the request was wrong.
    ///   - reason: The explanation for people.
    public func encodeFault(
        _ name: String,
        detail: JSONValue,
        blamesSender: Bool,
        reason: String,
        isValidated: Bool = true
    ) throws(SOAPError) -> [UInt8] {
        guard let found = faultShapes.first(where: { $0.name == name }) else {
            throw SOAPError(.notFound, "The operation declares no fault '\(SOAPError.shown(name))'.")
        }
        var encoder = MessageEncoder(
            table,
            style: found.shape.isEncoded ? .encoded : .literal,
            version: version,
            checks: isValidated ? .patterns : .nothing
        )
        switch version {
        case .v11:
            encoder.buffer.markup("<soap:Fault><faultcode>soap:")
            encoder.buffer.markup(blamesSender ? "Client" : "Server")
            encoder.buffer.markup("</faultcode><faultstring>")
            try encoder.buffer.text(reason)
            encoder.buffer.markup("</faultstring>")
        case .v12:
            encoder.buffer.markup("<soap:Fault><soap:Code><soap:Value>soap:")
            encoder.buffer.markup(blamesSender ? "Sender" : "Receiver")
            encoder.buffer.markup("</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">")
            try encoder.buffer.text(reason)
            encoder.buffer.markup("</soap:Text></soap:Reason>")
        }
        let element = Self.faultElement(found.shape)
        if let element {
            encoder.buffer.markup(version == .v11 ? "<detail>" : "<soap:Detail>")
            try encoder.block(element, detail)
            encoder.buffer.markup(version == .v11 ? "</detail>" : "</soap:Detail>")
        } else if detail.objectValue?.isEmpty != true, !detail.isNull {
            throw MessageEncoder.error("The fault has no detail: give {} or null.")
        }
        encoder.buffer.markup("</soap:Fault>")
        let bytes = encoder.envelope(headerEnd: 0)
        if isValidated, let validator = found.shape.validator, let element, table.elements[element.name] != nil {
            let envelope = try Self.envelope(bytes, nil, Self.ownLimits)
            let detail = envelope.content?.firstChild(version == .v11 ? "detail" : "Detail")?.firstChild
            if let detail {
                try validator.check(detail)
                if found.shape.needsReading || encoder.hasDocuments {
                    _ = try reader(of: found.shape, .patterns).element(element, detail)
                }
            }
        }
        return bytes
    }
}
