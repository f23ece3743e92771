internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// What travels beside an envelope that is being written.
struct AttachmentCollector {
    /// Values of base64 with at least so many bytes travel as parts (MTOM); nil for those of swaRef only.
    let threshold: Int?
    /// What the JSON may name by `#attachment`.
    let given: [String: SOAPAttachment]
    private(set) var parts: [MultipartMessage.Content] = []
    private var named: Set<String> = []

    init(threshold: Int?, given: [String: SOAPAttachment] = [:]) {
        self.threshold = threshold
        self.given = given
    }

    static let rootIdentifier = "message@gerbang"

    /// Adds a part and gives its address.
    mutating func add(_ piece: StreamedBody.Piece, type: String) -> String {
        let identifier = "part\(parts.count + 1)@gerbang"
        parts.append(MultipartMessage.Content(type: type, identifier: identifier, piece: piece))
        return "cid:" + identifier
    }

    /// The attachment that the JSON names.
    mutating func attachment(_ name: String) throws(SOAPError) -> SOAPAttachment {
        guard let attachment = given[name] else { throw MessageEncoder.error("No attachment of this name is given.") }
        named.insert(name)
        return attachment
    }

    /// Refuses attachments that the message does not name: whoever gave them expects that they are sent.
    func checkNames() throws(SOAPError) {
        guard let name = given.keys.filter({ !named.contains($0) }).min() else { return }
        throw SOAPError(.json, "The message names the attachment '\(SOAPError.shown(name))' nowhere.")
    }

    /// Puts what stands beside the envelope back into it, so that it is validated as it is meant.
    ///
    /// A file is left out: its type has no facet that its content could break.
    func restore(in envelope: SOAPEnvelope) throws(SOAPError) {
        guard threshold != nil, !parts.isEmpty else { return }
        let sources = parts.map { part -> (String?, ReceivedParts.Source) in
            switch part.piece {
            case .bytes(let bytes): (part.identifier, .part(MultipartMessage.Part(body: bytes[...])))
            case .file: (part.identifier, .part(MultipartMessage.Part(body: [])))
            }
        }
        try ReceivedParts(sources).include(in: envelope)
    }
}

extension MessageEncoder {
    /// The name in `{"#attachment": "…"}`, which stands for content that travels beside the JSON too.
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
        guard let attachments else { return false }
        if let attachment = Self.attachmentName(text) {
            try attach(named: attachment, simple, type)
            close(name)
            return true
        }
        guard case .string(let encoded) = text else { return false }
        if table.isReference(type) {
            // What has a colon is an address already.
            guard !encoded.isEmpty, !encoded.utf8.contains(UInt8(ascii: ":")) else { return false }
            try write(reference: try add(encoded, type, value))
        } else {
            guard case .atomic(.base64Binary) = simple.variety, let threshold = attachments.threshold,
                encoded.utf8.count / 4 * 3 >= threshold
            else { return false }
            try write(include: try add(encoded, type, value))
        }
        close(name)
        return true
    }

    private mutating func attach(named name: String, _ simple: SimpleType, _ type: TypeNode) throws(SOAPError) {
        let isReference = table.isReference(type)
        guard isReference || simple.isBase64 else {
            throw Self.error("Only a value of the type xs:base64Binary or swaRef can be an attachment.")
        }
        guard var collector = attachments else { return }
        let attachment = try collector.attachment(name)
        if isReference {
            let address = collector.add(.file(path: attachment.path, count: attachment.count), type: attachment.type)
            try write(reference: address)
        } else if collector.threshold == nil {
            buffer.markup(">")
            try buffer.text(Base64.encode(try AttachmentFile.contents(attachment.path, count: attachment.count)))
        } else {
            let isChecked = !simple.facets.isEmpty
            let piece: StreamedBody.Piece =
                isChecked
                ? .bytes(try AttachmentFile.contents(attachment.path, count: attachment.count))
                : .file(path: attachment.path, count: attachment.count)
            try write(include: collector.add(piece, type: attachment.type))
        }
        attachments = collector
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
        let named = type.attributes.first {
            $0.tag.name.localName == "contentType" && $0.tag.name.namespaceURI == Namespaces.xmlMime
        }
        let written = named.flatMap { value.objectValue?[$0.key]?.stringValue } ?? ""
        // A header field can carry printable ASCII only.
        let isWritable = !written.isEmpty && written.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return attachments?.add(.bytes(bytes), type: isWritable ? written : "application/octet-stream") ?? ""
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
