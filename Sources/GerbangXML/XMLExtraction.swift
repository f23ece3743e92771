internal import CLibXML2

extension XMLElement {
    /// The element as the text of a document of its own, in UTF-8 and without declaration.
    ///
    /// It has its own namespace declarations, and of those around it the ones that it uses: for names of elements and
    /// attributes, in `xsi:type`, and by the prefixes that a signature names. So a signature over it stays what it is in
    /// exclusive canonical form, and in the inclusive one where it was signed as a document. Comments are not there, as
    /// they are in no tree that was read.
    package func extracted() throws(XMLError) -> [UInt8] {
        guard unsafe XMLDocument.isWritable(node) else { throw XMLError(.writing, XMLDocument.unwritable) }
        let prefixes = prefixesInContent
        return try LibXML2.run { () throws(XMLError) in
            guard let copied = unsafe xmlNewDoc(nil) else { throw Self.noMemory }
            defer { unsafe xmlFreeDoc(copied) }
            guard let root = unsafe xmlDocCopyNode(node, copied, 1) else { throw Self.noMemory }
            unsafe xmlDocSetRootElement(copied, root)
            for prefix in prefixes.sorted() {
                guard let uri = namespaceURI(forPrefix: prefix) else { continue }
                unsafe LibXML2.withCharacters(prefix) { name in
                    let name = unsafe prefix.isEmpty ? nil : name
                    guard unsafe xmlSearchNs(copied, root, name) == nil else { return }
                    unsafe LibXML2.withCharacters(uri) { _ = unsafe xmlNewNs(root, $0, name) }
                }
            }
            var text: UnsafeMutablePointer<xmlChar>? = nil
            var size: Int32 = 0
            unsafe xmlDocDumpMemoryEnc(copied, &text, &size, "UTF-8")
            guard let text = unsafe text else { throw Self.noMemory }
            defer { unsafe cxml_free(text) }
            let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(size))
            // The declaration is the first line, and a line feed comes last.
            guard let start = unsafe bytes.firstIndex(of: 0x0A) else { throw Self.noMemory }
            return unsafe Array(bytes[(start + 1)...].dropLast())
        }
    }

    private static let noMemory = XMLError(.internal, "There is no memory for a copy of the element.")

    /// The prefixes that are used in the element otherwise than in names.
    private var prefixesInContent: Set<String> {
        var result: Set<String> = []
        var waiting = [self]
        while let element = waiting.popLast() {
            waiting += element.children
            if let type = element.attribute("type", namespace: "http://www.w3.org/2001/XMLSchema-instance") {
                let parts = XMLCharacters.trim(type).split(separator: ":", omittingEmptySubsequences: false)
                result.insert(parts.count == 2 ? String(parts[0]) : "")
            }
            if element.isNamed("InclusiveNamespaces", namespace: "http://www.w3.org/2001/10/xml-exc-c14n#"),
                let list = element.attribute("PrefixList")
            {
                let names = list.split { [" ", "\t", "\n", "\r"].contains($0) }
                result.formUnion(names.map { $0 == "#default" ? "" : String($0) })
            }
        }
        return result
    }
}
