internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// What travels beside an envelope that is being written.
struct AttachmentCollector {
    /// Values of base64 with at least so many bytes travel as parts (MTOM); nil for those of swaRef only.
    let threshold: Int?
    private(set) var parts: [MultipartMessage.Content] = []

    init(threshold: Int?) {
        self.threshold = threshold
    }

    static let rootIdentifier = "message@gerbang"

    /// Adds a part and gives its address.
    mutating func add(_ bytes: [UInt8], type: String) -> String {
        let identifier = "part\(parts.count + 1)@gerbang"
        parts.append(MultipartMessage.Content(type: type, identifier: identifier, bytes: bytes))
        return "cid:" + identifier
    }

    /// Puts what stands beside the envelope back into it, so that it is validated as it is meant.
    func restore(in envelope: SOAPEnvelope) throws(SOAPError) {
        guard threshold != nil, !parts.isEmpty else { return }
        let attachments = Attachments(
            parts.map { MultipartMessage.Part(fields: ["content-id": "<\($0.identifier)>"], body: $0.bytes[...]) }
        )
        try attachments.include(in: envelope)
    }
}

/// The parts that came beside an envelope.
final class Attachments {
    private var parts: [String: MultipartMessage.Part] = [:]
    /// Every part stands for one value, so that a message cannot become much larger by being read.
    private var taken: Set<String> = []

    init(_ parts: [MultipartMessage.Part]) {
        for part in parts {
            guard let identifier = part.contentID, self.parts[identifier] == nil else { continue }
            self.parts[identifier] = part
        }
    }

    /// Replaces every `xop:Include` by the content that it names (XOP 1.0, section 3.2).
    func include(in envelope: SOAPEnvelope) throws(SOAPError) {
        var waiting = [envelope.document.root]
        while let element = waiting.popLast() {
            let children = element.children
            guard let first = children.first, first.isNamed("Include", namespace: Namespaces.xop) else {
                waiting += children
                continue
            }
            guard children.count == 1, element.text.trimmingXMLSpace.isEmpty else {
                throw SOAPError(.envelope, "xop:Include does not stand alone in its element.", line: first.line)
            }
            let text = try text(of: first.attribute("href") ?? "", line: first.line)
            do throws(XMLError) {
                try element.replaceContent(with: text)
            } catch {
                throw SOAPError(.envelope, error.message)
            }
        }
    }

    /// The content of the part at an address, in base64.
    func text(of address: String, line: Int) throws(SOAPError) -> String {
        guard address.lowercased().hasPrefix("cid:"),
            let identifier = PercentDecoding.decode(String(address.dropFirst(4))), let part = parts[identifier]
        else {
            throw SOAPError(.envelope, "The message refers to a part that did not come with it.", line: line)
        }
        guard taken.insert(identifier).inserted else {
            throw SOAPError(.envelope, "The message refers to a part twice.", line: line)
        }
        do throws(MultipartError) {
            return Base64.encode(try part.content())
        } catch {
            throw SOAPError(.envelope, error.message, line: line)
        }
    }
}

/// `%XX` in the address of a part (RFC 2392).
private enum PercentDecoding {
    static func decode(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
                let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) })
            else { return nil }
            result.append(high << 4 | low)
        }
        return String(validating: result, as: UTF8.self)
    }
}

extension MessageEncoder {
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
        guard let attachments, case .string(let encoded) = text else { return false }
        if table.isReference(type) {
            // What has a colon is an address already.
            guard !encoded.isEmpty, !encoded.utf8.contains(UInt8(ascii: ":")) else { return false }
            let address = try add(encoded, type, value)
            buffer.markup(">")
            try buffer.text(address)
        } else {
            guard case .atomic(.base64Binary) = simple.variety, let threshold = attachments.threshold,
                encoded.utf8.count / 4 * 3 >= threshold
            else { return false }
            let address = try add(encoded, type, value)
            buffer.markup("><xop:Include xmlns:xop=\"http://www.w3.org/2004/08/xop/include\" href=\"")
            try buffer.attribute(address)
            buffer.markup("\"/>")
        }
        close(name)
        return true
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
        return attachments?.add(bytes, type: isWritable ? written : "application/octet-stream") ?? ""
    }
}

extension MessageDecoder {
    /// The content of the part that a reference of swaRef names, in base64; nil where it is no such reference.
    func attached(_ text: String, _ type: TypeNode, _ element: XMLElement) throws(SOAPError) -> JSONValue? {
        guard let attachments, table.isReference(type) else { return nil }
        let address = text.trimmingXMLSpace
        guard address.lowercased().hasPrefix("cid:") else { return nil }
        return .string(try attachments.text(of: address, line: element.line))
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
