public import GerbangCore
public import GerbangJSON
public import GerbangXML

/// A message with the header fields that it needs, alone or with attachments.
public struct SOAPMessage: Sendable {
    /// The header fields, the content type first.
    public let fields: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]
}

/// A message with the header fields that it needs, and with a body that is read while it is sent.
public struct StreamedSOAPMessage: Sendable {
    /// The header fields, the content type first.
    public let fields: [(name: String, value: String)]
    /// The body.
    public let body: StreamedBody
}

/// How the binary content of a message travels.
public enum SOAPPackaging: Sendable, Hashable {
    /// Within the envelope, in base64.
    case inline
    /// Beside the envelope, values of at least so many bytes (MTOM).
    case mtom(threshold: Int = 1024)
    /// As the description has it: MTOM where a policy asks for it, and the attachments of references (swaRef).
    case automatic
}

extension SOAPOperation {
    /// Whether a policy asks for MTOM.
    public var usesMTOM: Bool {
        (policies + portPolicies).contains {
            $0.assertions.contains("OptimizedMimeSerialization") || $0.assertions.contains("MTOM")
        }
    }

    /// Writes a request with its attachments.
    ///
    /// Binary content is base64 in the JSON, in whatever way it travels. A value of the type swaRef is base64 too, and
    /// becomes an attachment, unless it is an address.
    ///
    /// - Throws: As ``encodeRequest(_:headers:isValidated:addressing:)`` does.
    public func encodeRequestMessage(
        _ input: JSONValue,
        headers: JSONValue = [:],
        isValidated: Bool = true,
        addressing: SOAPAddressing = .automatic,
        packaging: SOAPPackaging = .automatic
    ) throws(SOAPError) -> SOAPMessage {
        try whole(
            encodeRequest(
                input,
                attachments: [:],
                headers: headers,
                isValidated: isValidated,
                addressing: addressing,
                packaging: packaging
            )
        )
    }

    /// Writes an answer with its attachments, as the service that offers the operation.
    public func encodeResponseMessage(
        _ output: JSONValue,
        headers: JSONValue = [:],
        isValidated: Bool = true,
        relatesTo messageID: String? = nil,
        packaging: SOAPPackaging = .automatic
    ) throws(SOAPError) -> SOAPMessage {
        try whole(
            encodeResponse(
                output,
                attachments: [:],
                headers: headers,
                isValidated: isValidated,
                relatesTo: messageID,
                packaging: packaging
            )
        )
    }

    /// Reads an answer with its attachments.
    ///
    /// - Parameters:
    ///   - body: The whole body of the HTTP answer.
    ///   - contentType: Its content type, with its parameters.
    public func decodeResponse(
        _ body: [UInt8],
        contentType: String,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits(),
        relatesTo messageID: String? = nil
    ) throws(SOAPError) -> SOAPAnswer {
        let (envelope, attachments) = try Self.envelope(body, contentType: contentType, limits)
        return try answer(envelope, isValidated, relatesTo: messageID, attachments)
    }

    /// Reads a request with its attachments, as the service that offers the operation.
    public func decodeRequest(
        _ body: [UInt8],
        contentType: String,
        isValidated: Bool = true,
        limits: XMLLimits = XMLLimits()
    ) throws(SOAPError) -> Content {
        let (envelope, attachments) = try Self.envelope(body, contentType: contentType, limits)
        return try decode(shape(inputShape, "input"), envelope, isValidated, attachments)
    }

    // MARK: Packages

    /// A message without files.
    private func whole(_ message: StreamedSOAPMessage) -> SOAPMessage {
        SOAPMessage(fields: message.fields, body: message.body.bytesInMemory ?? [])
    }

    func message(
        _ shape: MessageShape,
        _ value: JSONValue,
        _ headers: JSONValue,
        _ isValidated: Bool,
        _ packaging: SOAPPackaging,
        _ attachments: [String: SOAPAttachment],
        _ extras: Extras
    ) throws(SOAPError) -> StreamedSOAPMessage {
        var extras = extras
        var threshold: Int?
        switch packaging {
        case .inline: break
        case .mtom(let least): threshold = max(0, least)
        case .automatic: threshold = usesMTOM ? 1024 : nil
        }
        if packaging != .inline || !attachments.isEmpty {
            extras.attachments = AttachmentCollector(threshold: threshold, given: attachments)
        }
        let bytes = try encode(shape, value, headers, isValidated, &extras)
        try extras.attachments?.checkNames()
        var fields = try httpFields()
        let parts = extras.attachments?.parts ?? []
        guard threshold != nil || !parts.isEmpty else {
            var body = StreamedBody()
            body.append(.bytes(bytes))
            return StreamedSOAPMessage(fields: fields, body: body)
        }
        let plain = fields[0].value
        let essence = MediaType(plain).essence
        // RFC 2387 and XOP 1.0, section 4.1: the root says what it would be without its packaging.
        var parameters: [(name: String, value: String)] = []
        if threshold != nil { parameters.append(("start-info", essence)) }
        if version == .v12, !action.isEmpty { parameters.append(("action", action)) }
        let (type, body) = MultipartMessage.related(
            root: MultipartMessage.Content(
                type: threshold == nil ? plain : "application/xop+xml; charset=UTF-8; type=\"\(essence)\"",
                identifier: AttachmentCollector.rootIdentifier,
                // The part's content type names the charset already, and some services stumble over a declaration.
                bytes: Array(bytes.dropFirst(MessageEncoder.declaration.utf8CodeUnitCount))
            ),
            parts: parts,
            parameters: parameters
        )
        fields[0].value = type
        return StreamedSOAPMessage(fields: fields, body: body)
    }

    private static func envelope(_ body: [UInt8], contentType: String, _ limits: XMLLimits) throws(SOAPError)
        -> (SOAPEnvelope, ReceivedParts?)
    {
        let type = MediaType(contentType)
        guard type.essence.hasPrefix("multipart/") else {
            return (try envelope(body, charset(of: type), limits), nil)
        }
        let message: MultipartMessage
        let root: [UInt8]
        do throws(MultipartError) {
            message = try MultipartMessage(parsing: body, type: type)
            root = try message.root.content()
        } catch {
            throw SOAPError(error)
        }
        let envelope = try envelope(root, charset(of: message.root.type), limits)
        let parts = ReceivedParts(message.parts.map { ($0.contentID, .part($0)) })
        try parts.include(in: envelope)
        return (envelope, parts)
    }

    /// The charset that a content type names; some services put it in single quotes.
    static func charset(of type: MediaType) -> String? {
        type.parameters["charset"]?.filter { $0 != "'" }
    }
}
