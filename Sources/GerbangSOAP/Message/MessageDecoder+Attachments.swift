internal import GerbangJSON
internal import GerbangXML

/// Content that came beside the envelope.
extension MessageDecoder {
    /// Brings content back that the element's declaration asks something of: to be the fixed value, or not to be there.
    func settle(_ element: XMLElement, _ declaration: ElementNode) throws(SOAPError) {
        guard let attachments, attachments.isEmptied(element) else { return }
        let mayBeNil = element.attribute("nil", namespace: Namespaces.instance) != nil
        if declaration.fixedValue != nil || mayBeNil { try attachments.restore(element) }
    }

    /// Decides what becomes of an element whose content is in a file.
    ///
    /// It is given as a file where its type asks nothing of it but that it is base64. Anywhere else the content comes back
    /// into the tree first, and is read and validated as any other.
    func settle(_ element: XMLElement, _ type: TypeNode, isNil: Bool) throws(SOAPError) {
        guard let attachments, attachments.isEmptied(element) else { return }
        switch type.content {
        case .simple(let simple) where simple.isBase64 && simple.facets.isEmpty && !isNil: return
        case .anything where !isNil: return
        default: try attachments.restore(element)
        }
    }

    /// The content that came beside the envelope; nil where the element has its own.
    func attached(_ text: String, _ type: TypeNode, _ element: XMLElement) throws(SOAPError) -> JSONValue? {
        guard let attachments else { return nil }
        if let content = attachments.give(element) { return content }
        guard table.isReference(type) else { return nil }
        let address = text.trimmingXMLSpace
        guard address.lowercased().hasPrefix("cid:") else { return nil }
        return try attachments.content(at: address, line: element.line)
    }
}
