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
    /// The elements that have their content in a file and are empty in the tree, by their addresses.
    private var emptied: [UnsafeMutableRawPointer: (element: XMLElement, file: ReceivedAttachment)] = [:]
    /// Those of them that are given as files.
    private var given: Set<UnsafeMutableRawPointer> = []
    private var restoredBytes = 0

    /// The first part of an identifier counts.
    init(_ parts: [(identifier: String?, source: Source)]) {
        for part in parts {
            guard let identifier = part.identifier, sources[identifier] == nil else { continue }
            sources[identifier] = part.source
        }
    }

    /// Whether elements have their content in files, so that a message can be validated only after it was read.
    var hasFiles: Bool { !emptied.isEmpty }

    /// Replaces every `xop:Include` by the content that it names (XOP 1.0, section 3.2), and by nothing where that is in a file.
    func include(in envelope: SOAPEnvelope) throws(SOAPError) {
        var waiting = [envelope.document.root]
        while let element = waiting.popLast() {
            let children = element.children
            guard let include = children.first(where: { $0.isInclude }) else {
                waiting += children
                continue
            }
            guard children.count == 1, element.text.trimmingXMLSpace.isEmpty else {
                throw SOAPError(.envelope, "xop:Include does not stand alone in its element.", line: include.line)
            }
            switch try take(include.attribute("href") ?? "", line: include.line) {
            case .part(let part):
                try Self.replaceContent(of: element, with: try Self.text(of: part, line: element.line))
            case .file(let file):
                try Self.replaceContent(of: element, with: "")
                emptied[element.address] = (element, file)
            }
        }
    }

    // MARK: Files

    /// Whether an element was emptied, its content being in a file.
    func isEmptied(_ element: XMLElement) -> Bool { !emptied.isEmpty && emptied[element.address] != nil }

    /// The JSON of an emptied element, which stays empty for whoever validates it: nothing but being base64 may be asked of
    /// its content.
    func give(_ element: XMLElement) -> JSONValue? {
        guard let file = emptied[element.address]?.file else { return nil }
        given.insert(element.address)
        return Self.json(file)
    }

    /// Puts the content of an emptied element where it belongs, in base64.
    func restore(_ element: XMLElement) throws(SOAPError) {
        guard let file = emptied.removeValue(forKey: element.address)?.file else { return }
        restoredBytes += file.count
        try AttachmentFile.check(restoredBytes)
        try Self.replaceContent(of: element, with: Base64.encode(try AttachmentFile.contents(file.path, file.count)))
    }

    /// The same for every emptied element within one.
    func restoreAll(in ancestor: XMLElement) throws(SOAPError) {
        for (element, _) in emptied.values {
            var current: XMLElement? = element
            while let step = current, step != ancestor { current = step.parent }
            if current != nil { try restore(element) }
        }
    }

    /// Refuses a message of which content was read nowhere.
    func checkAllRead() throws(SOAPError) {
        for (address, place) in emptied where !given.contains(address) {
            throw SOAPError(.envelope, "An attachment stands where nothing is read.", line: place.element.line)
        }
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
            let identifier = PercentEncoding.decode(String(address.dropFirst(4))), let source = sources[identifier]
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
            throw SOAPError(error, line: line)
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

extension XMLElement {
    /// Whether it is an `xop:Include`.
    var isInclude: Bool { isNamed("Include", namespace: Namespaces.xop) }
}

extension SOAPError {
    /// A message of which the packaging is wrong.
    init(_ error: MultipartError, line: Int? = nil) {
        self.init(.envelope, "The message cannot be taken apart: \(error.message).", line: line)
    }
}
