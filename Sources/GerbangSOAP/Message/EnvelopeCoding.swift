internal import GerbangJSON
internal import GerbangXML

extension MessageEncoder {
    /// What every envelope begins with.
    static let declaration: StaticString = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

    /// The envelope around what was written: header blocks up to `headerEnd`, then the body's content.
    func envelope(headerEnd: Int, bodyTag: [UInt8] = Array("<soap:Body>".utf8), bodyEnd: StaticString = "</soap:Body>")
        -> [UInt8]
    {
        var result = MarkupBuffer(capacity: buffer.count + 1024)
        result.markup(Self.declaration)
        result.markup("<soap:Envelope xmlns:soap=\"")
        result.markup(Array(version.namespace.utf8))
        result.markup("\"")
        for (number, isUsed) in used.enumerated() where isUsed {
            result.markup(table.prefixes.entries[number].declaration)
        }
        result.markup(">")
        if headerEnd > 0 {
            result.markup("<soap:Header>")
            result.append(buffer, 0..<headerEnd)
            result.markup("</soap:Header>")
        }
        result.markup(bodyTag)
        result.append(buffer, headerEnd..<buffer.count)
        result.markup(bodyEnd)
        result.markup("</soap:Envelope>")
        return result.bytes
    }
}

extension MarkupBuffer {
    mutating func append(_ other: MarkupBuffer, _ range: Range<Int>) {
        other.bytes.withUnsafeBufferPointer { append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    }
}

extension SOAPOperation {
    /// What is accepted of messages that were written here.
    static var ownLimits: XMLLimits {
        var limits = XMLLimits()
        limits.maximumBytes = 256 << 20
        limits.maximumNodes = 20_000_000
        limits.maximumDepth = 256
        limits.maximumTextLength = 10 << 20
        limits.maximumAttributeLength = 10 << 20
        return limits
    }

    // MARK: Writing

    /// What is written besides the message itself.
    struct Extras {
        /// How a request is addressed.
        var addressing = SOAPAddressing.none
        /// The message that an answer is one to.
        var answered: String?
        /// Gets what travels beside the envelope; nil where everything stands in it.
        var attachments: AttachmentCollector?
    }

    func encode(
        _ shape: MessageShape,
        _ body: JSONValue,
        _ headers: JSONValue,
        _ isValidated: Bool,
        _ extras: inout Extras
    ) throws(SOAPError) -> [UInt8] {
        var encoder = MessageEncoder(
            table,
            style: shape.isEncoded ? .encoded : .literal,
            version: version,
            checks: isValidated ? .patterns : .nothing
        )
        encoder.attachments = extras.attachments
        try encoder.address(self, extras.addressing, given: headers)
        if let answered = extras.answered {
            try encoder.address(answerOf: self, to: answered, given: headers)
        }
        try writeHeaders(headers, shape, to: &encoder)
        let headerEnd = encoder.buffer.count
        var bytes: [UInt8]
        switch shape.body {
        case .content(let type):
            // The body itself is the element whose content the type describes.
            try encoder.element(Array("soap:Body".utf8), declared: type, isNillable: false, body)
            bytes = encoder.envelope(headerEnd: headerEnd, bodyTag: [], bodyEnd: "")
        default:
            try writeBody(body, shape, to: &encoder)
            bytes = encoder.envelope(headerEnd: headerEnd)
        }
        extras.attachments = encoder.attachments
        let isRead = shape.needsReading || (encoder.hasDocuments && !shape.isEncoded)
        if isValidated, shape.validator != nil || isRead {
            let envelope = try Self.envelope(bytes, nil, Self.ownLimits)
            try extras.attachments?.restore(in: envelope)
            if isRead {
                _ = try decode(shape, envelope, true)
            } else {
                try validate(envelope, shape)
            }
        }
        return bytes
    }

    private func writeHeaders(_ headers: JSONValue, _ shape: MessageShape, to encoder: inout MessageEncoder)
        throws(SOAPError)
    {
        guard case .object(let blocks) = headers else { throw MessageEncoder.error("The headers must be an object.") }
        var count = 0
        let style = encoder.style
        defer { encoder.style = style }
        for header in shape.headers {
            guard let value = blocks[header.key] else { continue }
            count += 1
            encoder.style = header.isEncoded ? .encoded : .literal
            do throws(SOAPError) { try encoder.block(header.element, value) } catch { throw error.below(header.key) }
        }
        encoder.style = .literal
        guard count < blocks.count else { return }
        let known = Set(shape.headers.map(\.key))
        for (key, value) in blocks where !known.contains(key) {
            do throws(SOAPError) {
                // A block beyond the contract needs its namespace, as WS-Addressing's and others have.
                guard JSONName(key)?.name.namespaceURI != nil else {
                    throw MessageEncoder.error(
                        "The contract knows no such header; expected: \(MessageEncoder.list(known.sorted()))."
                    )
                }
                try encoder.freeElement(key, value, processing: .lax)
            } catch {
                throw error.below(key)
            }
        }
    }

    private func writeBody(_ body: JSONValue, _ shape: MessageShape, to encoder: inout MessageEncoder) throws(SOAPError)
    {
        switch shape.body {
        case .empty:
            let isEmpty = body.isNull || body.objectValue?.isEmpty == true
            guard isEmpty else { throw MessageEncoder.error("The message is empty: give {} or null.") }
        case .element(let element): try encoder.block(element, body)
        case .parts(let parts):
            guard case .object(let object) = body else {
                throw MessageEncoder.error("It must be an object with a member for each part.")
            }
            var members = MemberReader(object)
            for part in parts {
                guard let value = members.take(part.key) else {
                    throw MessageEncoder.error("The member '\(part.key)' is missing.")
                }
                do throws(SOAPError) { try encoder.block(part.element, value) } catch { throw error.below(part.key) }
            }
            if members.found != object.count {
                try MessageEncoder.refuseUnknown(object, known: Set(parts.map(\.key)))
            }
        case .wrapper(let element):
            guard shape.isEncoded else { return try encoder.element(element, body) }
            try encoder.encodedWrapper(element, body)
        case .content: break
        }
    }

    // MARK: Reading

    func decode(
        _ shape: MessageShape,
        _ envelope: SOAPEnvelope,
        _ isValidated: Bool,
        _ attachments: ReceivedParts? = nil
    ) throws(SOAPError) -> Content {
        let hasFiles = attachments?.hasFiles == true
        if isValidated, !hasFiles { try validate(envelope, shape) }
        let decoder = reader(of: shape, isValidated ? .patterns : .nothing)
        decoder.attachments = attachments
        var headers = JSONObject()
        for block in envelope.headers {
            if let declared = shape.headers.first(where: { $0.element.name == block.name }) {
                let reader =
                    declared.isEncoded == shape.isEncoded
                    ? decoder
                    : MessageDecoder(
                        table,
                        isEncoded: declared.isEncoded,
                        checks: isValidated ? .patterns : .nothing,
                        openTypes: shape.validator?.openTypes ?? []
                    )
                reader.attachments = attachments
                headers[declared.key] = try reader.element(declared.element, block)
            } else {
                guard case .object(let member) = try decoder.freeElement(block, processing: .skip) else { continue }
                for (key, value) in member { headers[key] = value }
            }
        }
        // Header blocks have attributes of SOAP's besides those of their types.
        if isValidated, !shape.isEncoded { decoder.checks = shape.checks }
        let body = try body(shape, envelope, decoder)
        // Only reading tells which elements may stay empty.
        try attachments?.checkAllRead()
        if isValidated, hasFiles { try validate(envelope, shape) }
        return Content(body: body, headers: .object(headers))
    }

    /// A reader of a message's elements.
    func reader(of shape: MessageShape, _ checks: ValueCheck) -> MessageDecoder {
        let reader = MessageDecoder(
            table,
            isEncoded: shape.isEncoded,
            checks: checks,
            openTypes: shape.validator?.openTypes ?? []
        )
        if !shape.isEncoded { reader.documents = documents }
        return reader
    }

    private func body(_ shape: MessageShape, _ envelope: SOAPEnvelope, _ decoder: MessageDecoder) throws(SOAPError)
        -> JSONValue
    {
        let body = envelope.body
        let children = body.children
        switch shape.body {
        case .empty:
            guard children.isEmpty else { throw decoder.error("The message must be empty.", at: body) }
            return .object([:])
        case .content(let type): return try decoder.value(of: body, declared: type)
        case .element(let element):
            let found = try only(element, children, body, decoder)
            return try decoder.element(element, found)
        case .wrapper(let element):
            guard shape.isEncoded else {
                return try decoder.element(element, try only(element, children, body, decoder))
            }
            // Services name the wrapper of an encoded message as they like; the first element that is no part is it.
            guard let first = children.first else { throw decoder.error("The body is empty.", at: body) }
            return try decoder.encodedWrapper(element, first)
        case .parts(let parts):
            var object = JSONObject()
            for part in parts {
                guard
                    let found = children.first(where: {
                        $0.name == part.element.name || (shape.isEncoded && $0.localName == part.element.name.localName)
                    })
                else { throw decoder.error("The element '\(part.element.name.localName)' is missing.", at: body) }
                object[part.key] = try decoder.element(part.element, found)
            }
            return .object(object)
        }
    }

    private func only(
        _ element: ElementNode,
        _ children: [XMLElement],
        _ body: XMLElement,
        _ decoder: MessageDecoder
    ) throws(SOAPError) -> XMLElement {
        guard let found = children.first, children.count == 1, found.name == element.name else {
            throw decoder.error("The body must hold one element '\(element.name)'.", at: body)
        }
        return found
    }

    private func validate(_ envelope: SOAPEnvelope, _ shape: MessageShape) throws(SOAPError) {
        guard let validator = shape.validator else { return }
        for block in envelope.headers
        where shape.headers.contains(where: {
            !$0.isEncoded && $0.element.name == block.name && table.elements[block.name] != nil
        }) {
            try validator.check(block)
        }
        switch shape.body {
        case .empty, .content: break
        case .element(let element), .wrapper(let element):
            // Another element is told apart with better words when it is read.
            for child in envelope.body.children where child.name == element.name { try validator.check(child) }
        case .parts(let parts):
            for child in envelope.body.children
            where parts.contains(where: { $0.element.name == child.name }) && table.elements[child.name] != nil {
                try validator.check(child)
            }
        }
    }
}

extension MessageEncoder {
    /// Writes the wrapper of an encoded rpc message with its parts.
    mutating func encodedWrapper(_ element: ElementNode, _ body: JSONValue) throws(SOAPError) {
        guard case .object(let object) = body else {
            throw Self.error("It must be an object with a member for each part.")
        }
        mark(element.tag.prefix)
        buffer.markup("<")
        buffer.markup(element.tag.bytes)
        buffer.markup(encodingStyle)
        buffer.markup(">")
        var members = MemberReader(object)
        if case .elements(let group) = table.types[element.type].content {
            try self.group(group, &members)
            if members.found != object.count { try Self.refuseUnknown(object, known: group.keys) }
        } else if !object.isEmpty {
            throw Self.error("The message has no parts.")
        }
        close(element.tag.bytes)
    }
}

extension MessageDecoder {
    /// Reads the parts of an encoded rpc message.
    func encodedWrapper(_ element: ElementNode, _ wrapper: XMLElement) throws(SOAPError) -> JSONValue {
        var object = JSONObject()
        guard case .elements(let group) = table.types[element.type].content else { return .object(object) }
        try encodedMembers(of: group, wrapper, into: &object)
        // The result may be called otherwise than the description says ("return" for "getNameReturn").
        if object.isEmpty, group.particles.count == 1, case .element(let part) = group.particles[0].term,
            let only = wrapper.children.first, wrapper.children.count == 1
        {
            object[group.particles[0].key] = try self.element(part, only)
        }
        return .object(object)
    }
}
