internal import CLibXML2

/// An element of a document: a place in the tree, which keeps its document alive.
///
/// In every lookup of elements, a namespace of nil matches any namespace and an empty string matches no namespace.
@safe
public struct XMLElement: Hashable {
    /// The document that the element belongs to.
    public let document: XMLDocument
    let node: xmlNodePtr

    init(_ node: xmlNodePtr, in document: XMLDocument) {
        unsafe self.node = unsafe node
        self.document = document
    }

    /// Whether both are the same element of the same document, not merely equal in content.
    public static func == (left: XMLElement, right: XMLElement) -> Bool {
        unsafe left.node == right.node
    }

    /// Hashes what makes it this element, its place in the tree.
    public func hash(into hasher: inout Hasher) {
        unsafe hasher.combine(node)
    }

    // MARK: Names

    /// The name without its prefix.
    public var localName: String { unsafe LibXML2.string(node.pointee.name) ?? "" }

    /// The namespace name, or nil where the element is in no namespace.
    public var namespaceURI: String? {
        guard let namespace = unsafe node.pointee.ns else { return nil }
        return unsafe LibXML2.string(namespace.pointee.href)
    }

    /// The prefix that the document uses here, or nil.
    public var prefix: String? {
        guard let namespace = unsafe node.pointee.ns else { return nil }
        return unsafe LibXML2.string(namespace.pointee.prefix)
    }

    /// The expanded name.
    public var name: XMLName { XMLName(localName, namespace: namespaceURI) }

    /// Whether the element has this local name, in this namespace.
    public func isNamed(_ localName: String, namespace: String? = nil) -> Bool {
        unsafe Self.matches(node, localName, namespace)
    }

    /// The line of the start tag, counted from 1.
    public var line: Int { unsafe max(1, xmlGetLineNo(node)) }

    /// The namespace that a prefix stands for at this place; the default namespace for an empty prefix.
    public func namespaceURI(forPrefix prefix: String) -> String? {
        let found = unsafe LibXML2.withCharacters(prefix) { text in
            unsafe xmlSearchNs(document.pointer, node, prefix.isEmpty ? nil : text)
        }
        guard let found = unsafe found, let uri = unsafe LibXML2.string(found.pointee.href) else { return nil }
        return uri.isEmpty ? nil : uri
    }

    /// The expanded name that a qualified name in content stands for here, as in `xsi:type` or a SOAP fault code.
    ///
    /// - Returns: nil where the text is no qualified name or its prefix is not declared.
    public func resolve(qualifiedName text: String) -> XMLName? {
        let parts = XMLCharacters.trim(text).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ XMLCharacters.isName($0) }), let local = parts.last else {
            return nil
        }
        guard parts.count == 2 else { return XMLName(String(local), namespace: namespaceURI(forPrefix: "")) }
        guard let uri = namespaceURI(forPrefix: String(parts[0])) else { return nil }
        return XMLName(String(local), namespace: uri)
    }

    // MARK: Attributes

    /// The value of an attribute; an empty namespace, the default, means an attribute without a prefix.
    public func attribute(_ localName: String, namespace: String = "") -> String? {
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            unsafe next = unsafe attribute.pointee.next
            guard unsafe LibXML2.equal(attribute.pointee.name, localName) else { continue }
            let uri = unsafe attribute.pointee.ns?.pointee.href
            if unsafe namespace.isEmpty ? uri == nil : LibXML2.equal(uri, namespace) {
                return unsafe Self.value(of: attribute)
            }
        }
        return nil
    }

    /// All attributes in document order, namespace declarations not among them.
    public var attributes: [XMLAttribute] {
        var result: [XMLAttribute] = []
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            let prefix = unsafe LibXML2.string(attribute.pointee.ns?.pointee.prefix)
            let name = unsafe Self.name(of: attribute)
            result.append(unsafe XMLAttribute(name: name, prefix: prefix, value: Self.value(of: attribute)))
            unsafe next = unsafe attribute.pointee.next
        }
        return result
    }

    static func name(of attribute: xmlAttrPtr) -> XMLName {
        let uri = unsafe LibXML2.string(attribute.pointee.ns?.pointee.href)
        return unsafe XMLName(LibXML2.string(attribute.pointee.name) ?? "", namespace: uri)
    }

    static func value(of attribute: xmlAttrPtr) -> String {
        guard let text = unsafe attribute.pointee.children else { return "" }
        guard unsafe text.pointee.next == nil else {
            let node = unsafe UnsafeMutableRawPointer(attribute).assumingMemoryBound(to: xmlNode.self)
            return unsafe LibXML2.string(taking: xmlNodeGetContent(node)) ?? ""
        }
        return unsafe LibXML2.string(text.pointee.content) ?? ""
    }

    // MARK: Neighbours

    /// The element that contains this one; nil at the root.
    public var parent: XMLElement? {
        guard let parent = unsafe node.pointee.parent, unsafe Self.isElement(parent) else { return nil }
        return unsafe XMLElement(parent, in: document)
    }

    /// The child elements in document order.
    public var children: [XMLElement] {
        var result: [XMLElement] = []
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.isElement(child) { result.append(unsafe XMLElement(child, in: document)) }
            unsafe next = unsafe child.pointee.next
        }
        return result
    }

    /// The child elements with this name.
    public func children(_ localName: String, namespace: String? = nil) -> [XMLElement] {
        var result: [XMLElement] = []
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.matches(child, localName, namespace) {
                result.append(unsafe XMLElement(child, in: document))
            }
            unsafe next = unsafe child.pointee.next
        }
        return result
    }

    /// The first child element, whatever its name.
    public var firstChild: XMLElement? {
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.isElement(child) { return unsafe XMLElement(child, in: document) }
            unsafe next = unsafe child.pointee.next
        }
        return nil
    }

    /// The first child element with this name.
    public func firstChild(_ localName: String, namespace: String? = nil) -> XMLElement? {
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.matches(child, localName, namespace) { return unsafe XMLElement(child, in: document) }
            unsafe next = unsafe child.pointee.next
        }
        return nil
    }

    /// The next element behind this one, with the same parent.
    public var nextSibling: XMLElement? {
        var next = unsafe node.pointee.next
        while let sibling = unsafe next {
            if unsafe Self.isElement(sibling) { return unsafe XMLElement(sibling, in: document) }
            unsafe next = unsafe sibling.pointee.next
        }
        return nil
    }

    /// The element reached by taking the first child of each name in turn.
    ///
    ///     let plate = response.descendant("vehicle", "plate")?.text
    public func descendant(_ path: String..., namespace: String? = nil) -> XMLElement? {
        var current = self
        for name in path {
            guard let next = current.firstChild(name, namespace: namespace) else { return nil }
            current = next
        }
        return current
    }

    // MARK: Text

    /// The text directly in this element, not that of its children.
    public var text: String {
        var result = ""
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.isText(child), let content = unsafe LibXML2.string(child.pointee.content) {
                if result.isEmpty { result = content } else { result += content }
            }
            unsafe next = unsafe child.pointee.next
        }
        return result
    }

    /// All text in this element and the elements within it, as XPath's `string()` gives it.
    public var stringValue: String {
        guard let only = unsafe node.pointee.children else { return "" }
        if unsafe only.pointee.next == nil && Self.isText(only) {
            return unsafe LibXML2.string(only.pointee.content) ?? ""
        }
        return unsafe LibXML2.string(taking: xmlNodeGetContent(node)) ?? ""
    }

    // MARK: Nodes

    static func isElement(_ node: xmlNodePtr) -> Bool {
        unsafe node.pointee.type == XML_ELEMENT_NODE
    }

    private static func isText(_ node: xmlNodePtr) -> Bool {
        unsafe node.pointee.type == XML_TEXT_NODE || node.pointee.type == XML_CDATA_SECTION_NODE
    }

    private static func matches(_ node: xmlNodePtr, _ localName: String, _ namespace: String?) -> Bool {
        guard unsafe isElement(node), unsafe LibXML2.equal(node.pointee.name, localName) else { return false }
        guard let namespace else { return true }
        let uri = unsafe node.pointee.ns?.pointee.href
        return unsafe namespace.isEmpty ? uri == nil : LibXML2.equal(uri, namespace)
    }
}
