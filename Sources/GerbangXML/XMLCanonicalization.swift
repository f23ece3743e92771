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
