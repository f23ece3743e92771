internal import GerbangExpression
internal import GerbangXML

/// Values picked out of an XML document by XPath.
struct XMLPick: Sendable {
    /// How much of what a path selects is taken.
    indirect enum Value: Sendable {
        /// The text of the first node, without white space around it; nothing for an empty one.
        case text(XMLPath)
        /// The texts of all nodes.
        case texts(XMLPath)
        /// Whether there is such a node, or what a comparison says.
        case exists(XMLPath)
        /// The name of the first element, without its prefix.
        case name(XMLPath)
        /// Values of the first element.
        case one(XMLPath, [(name: String, value: Value)])
        /// Values of every element, as a list.
        case each(XMLPath, [(name: String, value: Value)])
    }

    /// What is picked, each under a name of its own.
    private let values: [(name: String, value: Value)]
    /// Whether the document must be a SOAP message; then `fault` tells its fault.
    private let isSOAP: Bool
    /// Whether a value that is picked has that name.
    private let hasOwnFault: Bool

    /// - Parameter values: Of several with one name the last one counts.
    init(values: [(name: String, value: Value)], isSOAP: Bool) {
        var distinct: [(name: String, value: Value)] = []
        for (name, value) in values {
            distinct.removeAll { $0.name == name }
            distinct.append((name, value))
        }
        self.values = distinct
        self.isSOAP = isSOAP
        hasOwnFault = distinct.contains { $0.name == "fault" }
    }

    /// Parses a document and takes the values from it.
    func value(parsing bytes: [UInt8], charset: String?) throws(EvaluationFailure) -> CELValue {
        do throws(XMLError) {
            let document = try XMLDocument(parsing: bytes, charset: charset)
            var entries: [(CELKey, CELValue)] = []
            if isSOAP {
                let envelope = try SOAPEnvelope(document)
                if !hasOwnFault, let fault = envelope.fault {
                    entries.append((.string("fault"), Self.value(of: fault)))
                }
            }
            entries += try Self.pick(values, from: document.root)
            return .map(CELMap(unique: entries))
        } catch {
            throw EvaluationFailure(
                message: "not \(isSOAP ? "a SOAP message" : "XML of the expected form"): \(error.message)"
            )
        }
    }

    private static func value(of fault: SOAPFault) -> CELValue {
        [
            "code": .string(fault.code), "path": .list(CELList(fault.codePath.map { .string($0) })),
            "blamesSender": .bool(fault.blamesSender),
        ]
    }

    private static func pick(
        _ values: [(name: String, value: Value)],
        from element: XMLElement
    ) throws(XMLError) -> [(CELKey, CELValue)] {
        var entries: [(CELKey, CELValue)] = []
        entries.reserveCapacity(values.count)
        for (name, value) in values {
            if let picked = try pick(value, from: element) { entries.append((.string(name), picked)) }
        }
        return entries
    }

    private static func pick(_ value: Value, from element: XMLElement) throws(XMLError) -> CELValue? {
        switch value {
        case .text(let path):
            guard let text = try path.text(in: element) else { return nil }
            let trimmed = XMLText.trimmed(text)
            return trimmed.isEmpty ? nil : .string(trimmed)
        case .texts(let path):
            return .list(CELList(try path.texts(in: element).map { .string(XMLText.trimmed($0)) }))
        case .exists(let path): return .bool(try path.exists(in: element))
        case .name(let path): return try path.first(in: element).map { .string($0.localName) }
        case .one(let path, let values):
            guard let first = try path.first(in: element) else { return nil }
            return .map(CELMap(unique: try pick(values, from: first)))
        case .each(let path, let values):
            var list: [CELValue] = []
            for inner in try path.elements(in: element) {
                list.append(.map(CELMap(unique: try pick(values, from: inner))))
            }
            return .list(CELList(list))
        }
    }
}

/// Texts of XML.
enum XMLText {
    /// The text without XML's white space around it: agencies pad and indent.
    static func trimmed(_ text: String) -> String {
        guard text.utf8.first.map({ $0 <= 0x20 }) ?? false || text.utf8.last.map({ $0 <= 0x20 }) ?? false else {
            return text
        }
        let body = text.utf8.drop { $0 <= 0x20 }
        guard let last = body.lastIndex(where: { $0 > 0x20 }) else { return "" }
        return String(text[body.startIndex...last])
    }
}
