internal import CLibXML2

// Changes to a tree that was read, for what puts something into a finished message and must sign the very tree that is
// sent. Whoever changes a document owns it; what others hold of it stays valid unless it is removed.

/// libxml2 for other C libraries that work on its trees.
package enum XMLLibrary {
    /// Initialises libxml2 if nothing has done so yet.
    package static func prepare() { LibXML2.run {} }
}

extension XMLDocument {
    /// The document as text in UTF-8, with its declaration.
    package func serialized() throws(XMLError) -> [UInt8] {
        guard unsafe Self.isWritable(root.node) else { throw XMLError(.writing, Self.unwritable) }
        return try LibXML2.run { () throws(XMLError) in
            var text: UnsafeMutablePointer<xmlChar>? = nil
            var size: Int32 = 0
            unsafe xmlDocDumpMemoryEnc(pointer, &text, &size, "UTF-8")
            guard let text = unsafe text else { throw XMLError(.internal, "There is no memory for the document.") }
            defer { unsafe cxml_free(text) }
            return unsafe Array(UnsafeBufferPointer(start: text, count: Int(size)))
        }
    }
}

extension XMLDocument {
    /// Gives namespaces another name, wherever they are declared.
    package func renameNamespaces(_ old: Set<String>, to name: String) throws(XMLError) {
        var waiting = [root]
        while let element = waiting.popLast() {
            waiting += element.children
            var next = unsafe element.node.pointee.nsDef
            while let declaration = unsafe next {
                unsafe next = unsafe declaration.pointee.next
                guard let known = unsafe LibXML2.string(declaration.pointee.href), old.contains(known) else { continue }
                let copy = unsafe LibXML2.withCharacters(name) { unsafe xmlStrdup($0) }
                guard let copy = unsafe copy else { throw XMLElement.noMemory }
                unsafe cxml_free(UnsafeMutableRawPointer(mutating: declaration.pointee.href))
                unsafe declaration.pointee.href = unsafe UnsafePointer(copy)
            }
        }
    }
}

extension XMLElement {
    /// Where the element is, for another C library that works on trees of libxml2.
    package var address: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(node) }

    /// Puts a copy of another document's root in front of this element's children.
    ///
    /// The copy brings all namespace declarations that it needs.
    package func insertFirst(_ other: XMLDocument) throws(XMLError) -> XMLElement {
        try LibXML2.run { () throws(XMLError) in
            guard let copy = unsafe xmlDocCopyNode(other.root.node, document.pointer, 1) else { throw Self.noMemory }
            if let first = unsafe node.pointee.children {
                unsafe xmlAddPrevSibling(first, copy)
            } else {
                unsafe xmlAddChild(node, copy)
            }
            return unsafe XMLElement(copy, in: document)
        }
    }

    /// Puts a new element of the same namespace and prefix in front of this one.
    package func insertSibling(before localName: String) throws(XMLError) -> XMLElement {
        try LibXML2.run { () throws(XMLError) in
            let created = unsafe LibXML2.withCharacters(localName) { name in
                unsafe xmlNewDocNode(document.pointer, node.pointee.ns, name, nil)
            }
            guard let created = unsafe created else { throw Self.noMemory }
            unsafe xmlAddPrevSibling(node, created)
            return unsafe XMLElement(created, in: document)
        }
    }

    /// Puts children of this element into a new one of the same namespace and prefix, where the first of them is.
    package func wrap(_ children: [XMLElement], in localName: String) throws(XMLError) {
        guard let first = children.first else { return }
        let wrapper = try first.insertSibling(before: localName)
        LibXML2.run {
            for child in children {
                unsafe xmlUnlinkNode(child.node)
                unsafe xmlAddChild(wrapper.node, child.node)
            }
        }
    }

    /// Sets an attribute of a namespace, which is declared here under the prefix, or a similar one, where it is not in scope.
    package func setAttribute(_ localName: String, namespace: String, prefix: String, to value: String)
        throws(XMLError)
    {
        try LibXML2.run { () throws(XMLError) in
            guard let declaration = unsafe declaration(of: namespace, prefix: prefix) else { throw Self.noMemory }
            let attribute = unsafe LibXML2.withCharacters(localName) { name in
                unsafe LibXML2.withCharacters(value) { unsafe xmlSetNsProp(node, declaration, name, $0) }
            }
            guard unsafe attribute != nil else { throw Self.noMemory }
        }
    }

    /// Replaces everything in the element by a text in UTF-8, however long; elements in it must not be used any more.
    package func replaceContent(with text: String) throws(XMLError) {
        try LibXML2.run { () throws(XMLError) in
            while let child = unsafe node.pointee.children {
                unsafe xmlUnlinkNode(child)
                unsafe xmlFreeNode(child)
            }
            var text = text
            let created = text.withUTF8 { bytes in
                unsafe xmlNewDocTextLen(document.pointer, bytes.baseAddress, Int32(clamping: bytes.count))
            }
            guard let created = unsafe created, unsafe xmlAddChild(node, created) != nil else { throw Self.noMemory }
        }
    }

    /// Takes the element out of its document; it, and everything within it, must not be used any more.
    package func remove() {
        LibXML2.run {
            unsafe xmlUnlinkNode(node)
            unsafe xmlFreeNode(node)
        }
    }

    fileprivate static let noMemory = XMLError(.internal, "There is no memory for changing the document.")

    /// Sets an attribute without namespace.
    package func setAttribute(_ localName: String, to value: String) throws(XMLError) {
        try LibXML2.run { () throws(XMLError) in
            let attribute = unsafe LibXML2.withCharacters(localName) { name in
                unsafe LibXML2.withCharacters(value) { unsafe xmlSetNsProp(node, nil, name, $0) }
            }
            guard unsafe attribute != nil else { throw Self.noMemory }
        }
    }

    /// Removes an attribute without namespace.
    package func removeAttribute(_ localName: String) {
        LibXML2.run {
            unsafe LibXML2.withCharacters(localName) { name in
                if let attribute = unsafe xmlHasNsProp(node, name, nil) { unsafe xmlRemoveProp(attribute) }
            }
        }
    }

    /// Lets names without prefix in this element's attributes and below it stand for another namespace; empty for none.
    ///
    /// Where the element itself declares a default namespace, elements within it that are in that one move to the new one.
    package func declareDefaultNamespace(_ namespace: String) throws(XMLError) {
        try LibXML2.run { () throws(XMLError) in
            var next = unsafe node.pointee.nsDef
            while let declaration = unsafe next {
                guard unsafe declaration.pointee.prefix == nil else {
                    unsafe next = unsafe declaration.pointee.next
                    continue
                }
                let copy = unsafe LibXML2.withCharacters(namespace) { unsafe xmlStrdup($0) }
                guard let copy = unsafe copy else { throw Self.noMemory }
                unsafe cxml_free(UnsafeMutableRawPointer(mutating: declaration.pointee.href))
                unsafe declaration.pointee.href = unsafe UnsafePointer(copy)
                return
            }
            let created = unsafe LibXML2.withCharacters(namespace) { unsafe xmlNewNs(node, $0, nil) }
            guard unsafe created != nil else { throw Self.noMemory }
        }
    }

    /// A declaration with a prefix, as attributes need one.
    private func declaration(of namespace: String, prefix: String) -> xmlNsPtr? {
        let known = unsafe LibXML2.withCharacters(namespace) { uri in
            unsafe xmlSearchNsByHref(document.pointer, node, uri)
        }
        if let known = unsafe known, unsafe known.pointee.prefix != nil { return unsafe known }
        var candidate = prefix
        for number in 1..<100 where namespaceURI(forPrefix: candidate) != nil { candidate = "\(prefix)\(number)" }
        return unsafe LibXML2.withCharacters(namespace) { uri in
            unsafe LibXML2.withCharacters(candidate) { unsafe xmlNewNs(node, uri, $0) }
        }
    }
}
