internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// The parts that came beside an envelope.
final class ReceivedParts {
    /// Where the content of a part is.
    enum Source {
        case part(MultipartMessage.Part)
        case file(ReceivedAttachment)
    }

    private var sources: [String: Source] = [:]
    /// Every part stands for one value, so that a message cannot become much larger by being read.
    private var taken: Set<String> = []
    /// The elements that have their content in a file; they are empty in the tree.
    private var emptied: [UnsafeMutableRawPointer: ReceivedAttachment] = [:]
    /// Those of them that cannot be validated without it.
    private var checked: [(XMLElement, ReceivedAttachment, SimpleType)] = []

    /// The first part of an identifier counts.
    init(_ parts: [(identifier: String?, source: Source)]) {
        for part in parts {
            guard let identifier = part.identifier, sources[identifier] == nil else { continue }
            sources[identifier] = part.source
        }
    }

    /// Whether elements have their content in files, so that a message can be validated only after ``complete()``.
    var hasFiles: Bool { !emptied.isEmpty }

    /// Replaces every `xop:Include` by the content that it names (XOP 1.0, section 3.2), and by nothing where that is in a file.
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
            switch try take(first.attribute("href") ?? "", line: first.line) {
            case .part(let part):
                try Self.replaceContent(of: element, with: try Self.text(of: part, line: element.line))
            case .file(let file):
                try Self.replaceContent(of: element, with: "")
                emptied[element.address] = file
            }
        }
    }

    /// Puts the content of the files that a facet must be checked with where it belongs.
    func complete() throws(SOAPError) {
        for (element, file, simple) in checked {
            let text = Base64.encode(try AttachmentFile.contents(file.path, count: file.count))
            if let objection = simple.objection(to: text) { throw SOAPError(.xml, objection, line: element.line) }
            try Self.replaceContent(of: element, with: text)
        }
    }

    /// The JSON of the content that an element was emptied of, by its type where it has one; nil for any other element.
    func content(of element: XMLElement, _ simple: SimpleType?) -> JSONValue? {
        guard !emptied.isEmpty, let file = emptied[element.address] else { return nil }
        if let simple, !simple.facets.isEmpty { checked.append((element, file, simple)) }
        return Self.json(file)
    }

    /// The JSON of the content of the part at an address.
    func content(at address: String, line: Int) throws(SOAPError) -> JSONValue {
        switch try take(address, line: line) {
        case .part(let part): .string(try Self.text(of: part, line: line))
        case .file(let file): Self.json(file)
        }
    }

    private static func json(_ file: ReceivedAttachment) -> JSONValue { ["#attachment": .string(file.name)] }

    private func take(_ address: String, line: Int) throws(SOAPError) -> Source {
        guard address.lowercased().hasPrefix("cid:"),
            let identifier = PercentDecoding.decode(String(address.dropFirst(4))), let source = sources[identifier]
        else {
            throw SOAPError(.envelope, "The message refers to a part that did not come with it.", line: line)
        }
        guard taken.insert(identifier).inserted else {
            throw SOAPError(.envelope, "The message refers to a part twice.", line: line)
        }
        return source
    }

    /// The content of a part, in base64.
    private static func text(of part: MultipartMessage.Part, line: Int) throws(SOAPError) -> String {
        do throws(MultipartError) {
            return Base64.encode(try part.content())
        } catch {
            throw SOAPError(.envelope, error.message, line: line)
        }
    }

    private static func replaceContent(of element: XMLElement, with text: String) throws(SOAPError) {
        do throws(XMLError) {
            try element.replaceContent(with: text)
        } catch {
            throw SOAPError(.envelope, error.message)
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

extension MessageDecoder {
    /// The content that came beside the envelope; nil where the element has its own.
    func attached(_ text: String, _ simple: SimpleType, _ type: TypeNode, _ element: XMLElement) throws(SOAPError)
        -> JSONValue?
    {
        guard let attachments else { return nil }
        if let content = attachments.content(of: element, simple) { return content }
        guard table.isReference(type) else { return nil }
        let address = text.trimmingXMLSpace
        guard address.lowercased().hasPrefix("cid:") else { return nil }
        return try attachments.content(at: address, line: element.line)
    }
}
