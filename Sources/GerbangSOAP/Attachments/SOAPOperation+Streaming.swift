internal import GerbangCore
public import GerbangJSON
public import GerbangXML

extension SOAPOperation {
    /// Writes a request with attachments that are read while it is sent.
    ///
    /// Where a value of the type base64Binary or swaRef is `{"#attachment": "name"}`, the attachment of that name takes its
    /// place, beside the envelope as ``SOAPPackaging`` has it. The message is validated without the content of files. Where a
    /// type has facets that the content could break, a file of at most 64 MiB is read at once, and where the envelope has to
    /// hold the content, one of at most 7 MiB.
    ///
    /// - Parameters:
    ///   - input: The input by the operation's contract, see ``inputSchema``.
    ///   - attachments: The attachments by name; each must be named in the input.
    /// - Throws: As ``encodeRequest(_:headers:isValidated:addressing:)`` does.
    public func encodeRequest(
        _ input: JSONValue,
        attachments: [String: SOAPAttachment],
        headers: JSONValue = [:],
        isValidated: Bool = true,
        addressing: SOAPAddressing = .automatic,
        packaging: SOAPPackaging = .automatic
    ) throws(SOAPError) -> StreamedSOAPMessage {
        try message(
            shape(inputShape, "input"),
            input,
            headers,
            isValidated,
            packaging,
            attachments,
            Extras(addressing: addressing)
        )
    }

    /// Writes an answer with attachments that are read while it is sent, as the service that offers the operation; see
    /// ``encodeRequest(_:attachments:headers:isValidated:addressing:packaging:)``.
    public func encodeResponse(
        _ output: JSONValue,
        attachments: [String: SOAPAttachment],
        headers: JSONValue = [:],
        isValidated: Bool = true,
        relatesTo messageID: String? = nil,
        packaging: SOAPPackaging = .automatic
    ) throws(SOAPError) -> StreamedSOAPMessage {
        try message(
            shape(outputShape, "output"),
            output,
            headers,
            isValidated,
            packaging,
            attachments,
            Extras(answered: messageID)
        )
    }

    /// Reads an answer of which the attachments are in files.
    ///
    /// The content of an element of the type base64Binary or `xs:anyType` is `{"#attachment": "name"}` in the JSON, with the
    /// name of a ``ReceivedAttachment``. Where more is asked of it (facets, a fixed value, another type), and in faults, it
    /// is base64 as ever; all of that together may have 64 MiB.
    public func decodeResponse(
        _ message: ReceivedSOAPMessage,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits(),
        relatesTo messageID: String? = nil
    ) throws(SOAPError) -> SOAPAnswer {
        let (envelope, parts) = try Self.envelope(message, limits)
        return try answer(envelope, isValidated, relatesTo: messageID, parts)
    }

    /// Reads a request of which the attachments are in files, as the service that offers the operation; see
    /// ``decodeResponse(_:isValidated:limits:relatesTo:)``.
    public func decodeRequest(
        _ message: ReceivedSOAPMessage,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits()
    ) throws(SOAPError) -> Content {
        let (envelope, parts) = try Self.envelope(message, limits)
        return try decode(shape(inputShape, "input"), envelope, isValidated, parts)
    }

    private static func envelope(_ message: ReceivedSOAPMessage, _ limits: XMLLimits) throws(SOAPError)
        -> (SOAPEnvelope, ReceivedParts?)
    {
        let envelope = try envelope(message.envelope, message.charset, limits)
        guard message.isMultipart else { return (envelope, nil) }
        let parts = ReceivedParts(message.parts.map { ($0.identifier, .file($0.file)) })
        try parts.include(in: envelope)
        return (envelope, parts)
    }
}
