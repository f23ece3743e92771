internal import CLibXML2

/// A canonical form of XML: the bytes that an XML signature signs.
///
/// Comments are always left out.
public enum XMLCanonicalization: Sendable, Hashable {
    /// Canonical XML 1.0, `http://www.w3.org/TR/2001/REC-xml-c14n-20010315`.
    case inclusive
    /// Exclusive canonical XML 1.0, `http://www.w3.org/2001/10/xml-exc-c14n#`. The prefixes are those of the
    /// `InclusiveNamespaces` list, which are treated as in the inclusive form; empty for the default namespace.
    case exclusive(inclusivePrefixes: [String] = [])
}

extension XMLDocument {
    /// The document in canonical form.
    public func canonical(_ method: XMLCanonicalization) throws(XMLError) -> [UInt8] {
        unsafe try canonicalize(method, subtree: nil)
    }

    func canonicalize(_ method: XMLCanonicalization, subtree: xmlNodePtr?) throws(XMLError) -> [UInt8] {
        guard unsafe Self.isWritable(subtree ?? root.node) else {
            throw XMLError(.canonicalization, Self.unwritable)
        }
        let failure = XMLError(
            .canonicalization,
            "The document has no canonical form: it uses a relative namespace name."
        )
        return try LibXML2.run { () throws(XMLError) in
            guard let output = unsafe xmlAllocOutputBuffer(nil) else {
                throw XMLError(.internal, "There is no memory for the canonical form.")
            }
            defer { unsafe xmlOutputBufferClose(output) }
            var mode = XML_C14N_1_0
            var prefixes: [UnsafeMutablePointer<xmlChar>?] = unsafe []
            if case .exclusive(let inclusive) = method {
                mode = XML_C14N_EXCLUSIVE_1_0
                for prefix in inclusive {
                    let name = prefix.isEmpty ? "#default" : prefix
                    unsafe prefixes.append(LibXML2.withCharacters(name) { unsafe xmlStrdup($0) })
                }
            }
            defer { for index in unsafe prefixes.indices { unsafe cxml_free(prefixes[index]) } }
            unsafe prefixes.append(nil)
            let isVisible: xmlC14NIsVisibleCallback = { target, node, parent in
                unsafe XMLDocument.isVisible(node, parent, within: target)
            }
            let result = unsafe prefixes.withUnsafeMutableBufferPointer { list in
                unsafe xmlC14NExecute(
                    pointer,
                    subtree == nil ? nil : isVisible,
                    subtree,
                    Int32(mode.rawValue),
                    list.count > 1 ? list.baseAddress : nil,
                    0,
                    output
                )
            }
            guard result >= 0, let content = unsafe xmlOutputBufferGetContent(output) else { throw failure }
            return unsafe Array(UnsafeBufferPointer(start: content, count: xmlOutputBufferGetSize(output)))
        }
    }

    /// The namespace names with these characters must be escaped, which libxml2 does not do.
    private static let escaped: [UInt8] = [UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: "\""), 0x09, 0x0A, 0x0D]

    static let unwritable = "A namespace name has a character in it that must be escaped, so that it cannot be written."

    /// Whether libxml2 writes the namespace names in a subtree, and those around it, as they are.
    static func isWritable(_ root: xmlNodePtr) -> Bool {
        var outer = unsafe root.pointee.parent
        while let element = unsafe outer, unsafe XMLElement.isElement(element) {
            guard unsafe declaresWritable(element) else { return false }
            unsafe outer = unsafe element.pointee.parent
        }
        var current = unsafe root
        while true {
            if unsafe XMLElement.isElement(current), unsafe !declaresWritable(current) { return false }
            if unsafe XMLElement.isElement(current), let child = unsafe current.pointee.children {
                unsafe current = unsafe child
                continue
            }
            while unsafe current != root, unsafe current.pointee.next == nil {
                guard let parent = unsafe current.pointee.parent else { return true }
                unsafe current = unsafe parent
            }
            guard unsafe current != root, let next = unsafe current.pointee.next else { return true }
            unsafe current = unsafe next
        }
    }

    private static func declaresWritable(_ element: xmlNodePtr) -> Bool {
        var next = unsafe element.pointee.nsDef
        while let declaration = unsafe next {
            unsafe next = unsafe declaration.pointee.next
            guard let name = unsafe declaration.pointee.href else { continue }
            if escaped.contains(where: { unsafe xmlStrchr(name, $0) != nil }) { return false }
        }
        return true
    }

    /// Whether a node lies in the subtree.
    ///
    /// Namespace nodes have no parent of their own, so theirs is given.
    private static func isVisible(_ node: xmlNodePtr?, _ parent: xmlNodePtr?, within target: UnsafeMutableRawPointer?)
        -> Int32
    {
        guard let node = unsafe node else { return 0 }
        var next = unsafe XMLElement.isElement(node) ? node : parent
        while let current = unsafe next {
            if unsafe UnsafeMutableRawPointer(current) == target { return 1 }
            guard unsafe XMLElement.isElement(current) else { return 0 }
            unsafe next = unsafe current.pointee.parent
        }
        return 0
    }
}

extension XMLElement {
    /// The element, with everything in it, in canonical form.
    ///
    /// Taken from the tree that was read, never from a document written anew, as a signature demands.
    public func canonical(_ method: XMLCanonicalization) throws(XMLError) -> [UInt8] {
        unsafe try document.canonicalize(method, subtree: node)
    }
}
