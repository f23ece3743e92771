internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// Content that travels beside the envelope.
extension MessageEncoder {
    /// The name in `{"#attachment": "…"}`, which stands for content that is beside the JSON too.
    static func attachmentName(_ value: JSONValue) -> String? {
        guard case .object(let object) = value, object.count == 1 else { return nil }
        return object["#attachment"]?.stringValue
    }

    /// Lets a value travel beside the envelope, where that is asked for; false where it is written as any other.
    ///
    /// The start tag is open.
    mutating func attach(
        _ simple: SimpleType,
        _ type: TypeNode,
        _ text: JSONValue,
        _ value: JSONValue,
        closing name: [UInt8]
    ) throws(SOAPError) -> Bool {
        guard let threshold = attachments.map(\.threshold) else { return false }
        let isReference = table.isReference(type)
        if let attachment = Self.attachmentName(text) {
            guard isReference || simple.isBase64 else {
                throw Self.error("Only a value of the type xs:base64Binary or swaRef can be an attachment.")
            }
            let type = mediaType(of: value, type)
            if isReference {
                try attach(reference: attachment, type)
            } else {
                try attach(attachment, isChecked: !simple.facets.isEmpty, type)
            }
            close(name)
            return true
        }
        guard case .string(let encoded) = text else { return false }
        if isReference {
            // What has a colon is an address already.
            guard !encoded.isEmpty, !encoded.utf8.contains(UInt8(ascii: ":")) else { return false }
            try write(reference: try add(encoded, type, value))
        } else {
            guard simple.isBase64, let threshold, encoded.utf8.count / 4 * 3 >= threshold else { return false }
            try write(include: try add(encoded, type, value))
        }
        close(name)
        return true
    }

    /// Writes the content of a file as that of the element, beside the envelope or in it; the start tag is open.
    ///
    /// - Parameters:
    ///   - isChecked: Whether the content has to be looked at when the message is validated.
    ///   - type: The content type that the value itself has.
    mutating func attach(_ name: String, isChecked: Bool, _ type: String?) throws(SOAPError) {
        guard let file = try attachments?.attachment(name) else { return }
        guard attachments?.threshold != nil else {
            guard file.count <= AttachmentFile.maximumInlineBytes else {
                throw SOAPError(
                    .limit,
                    "In the envelope a file may have at most \(AttachmentFile.maximumInlineBytes) bytes; send it beside it (MTOM).",
                    pointer: .root
                )
            }
            buffer.markup(">")
            return try buffer.text(Base64.encode(try AttachmentFile.contents(file.path, file.count)))
        }
        if isChecked { try AttachmentFile.check(file.count) }
        let piece: StreamedBody.Piece =
            isChecked
            ? .bytes(try AttachmentFile.contents(file.path, file.count)) : .file(path: file.path, count: file.count)
        try write(include: attachments?.add(piece, type: file.type ?? type ?? Self.unknownType) ?? "")
    }

    private mutating func attach(reference name: String, _ type: String?) throws(SOAPError) {
        guard let file = try attachments?.attachment(name) else { return }
        let piece = StreamedBody.Piece.file(path: file.path, count: file.count)
        try write(reference: attachments?.add(piece, type: file.type ?? type ?? Self.unknownType) ?? "")
    }

    private mutating func write(reference address: String) throws(SOAPError) {
        buffer.markup(">")
        try buffer.text(address)
    }

    private mutating func write(include address: String) throws(SOAPError) {
        buffer.markup("><xop:Include xmlns:xop=\"http://www.w3.org/2004/08/xop/include\" href=\"")
        try buffer.attribute(address)
        buffer.markup("\"/>")
    }

    private mutating func add(_ encoded: String, _ type: TypeNode, _ value: JSONValue) throws(SOAPError) -> String {
        guard let bytes = LenientBase64.decode(encoded.utf8) else {
            throw Self.error("It must be a text in base64.")
        }
        let mediaType = mediaType(of: value, type) ?? Self.unknownType
        return attachments?.add(.bytes(bytes), type: mediaType) ?? ""
    }

    private static let unknownType = "application/octet-stream"

    /// The content type that a value names by `xmime:contentType`, as far as a header field can carry it.
    private func mediaType(of value: JSONValue, _ type: TypeNode) -> String? {
        let named = type.attributes.first {
            $0.tag.name.localName == "contentType" && $0.tag.name.namespaceURI == Namespaces.xmlMime
        }
        let written = named.flatMap { value.objectValue?[$0.key]?.stringValue } ?? ""
        return SOAPAttachment.isWritable(written) ? written : nil
    }
}

extension SchemaTable {
    /// Whether a type is `swaRef` (WS-I Attachments Profile 1.0, section 4.4), or one derived from it.
    func isReference(_ type: TypeNode) -> Bool {
        var current: TypeNode? = type
        while let node = current {
            if node.name?.localName == "swaRef", node.name?.namespaceURI == Namespaces.swaRef { return true }
            current = node.base.map { types[$0] }
        }
        return false
    }
}
