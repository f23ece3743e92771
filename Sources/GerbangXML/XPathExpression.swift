internal import CLibXML2

/// An XPath 1.0 expression with the prefixes it uses.
///
/// Make it once, when configuration is read: that is when a mistake in it is found. It is a plain value, because
/// libxml2 writes into its compiled form while evaluating; compiling it anew is a small part of an evaluation.
///
/// An expression belongs to the code or the configuration. Values from outside go in as variables (`$plate`), never
/// into the text.
public struct XPathExpression: Sendable, Hashable {
    /// The expression's text.
    public let text: String
    /// The namespace of each prefix in the text.
    public let namespaces: [String: String]

    /// The longest expression accepted, in UTF-8 bytes.
    public static let maximumLength = 4096

    /// Checks an expression, by evaluating it on an empty document.
    ///
    /// - Throws: ``XMLError`` with code `xml.xpath` for a wrong syntax, an undeclared prefix or an unknown function.
    public init(_ text: String, namespaces: [String: String] = [:]) throws(XMLError) {
        guard text.utf8.count <= Self.maximumLength, !text.utf8.contains(0) else {
            throw XMLError(
                .xpath,
                "The XPath expression is longer than \(Self.maximumLength) bytes or has a NUL in it."
            )
        }
        for (prefix, uri) in namespaces where !XMLCharacters.isName(prefix) || uri.isEmpty {
            throw XMLError(.xpath, "The XPath prefix '\(prefix)' is not a name or has no namespace.")
        }
        self.text = text
        self.namespaces = namespaces
        try LibXML2.run { () throws(XMLError) in
            guard let empty = unsafe xmlNewDoc(nil) else { throw XMLError(.internal, "There is no memory for XPath.") }
            defer { unsafe xmlFreeDoc(empty) }
            let start = unsafe UnsafeMutableRawPointer(empty).assumingMemoryBound(to: xmlNode.self)
            let context = unsafe XPathContext(document: empty, node: start, maximumSteps: 100_000)
            do throws(XMLError) {
                try unsafe context.evaluate(self, variables: [:]) { _ throws(XMLError) in }
            } catch {
                // Variables get their values when the expression is used.
                guard error == XPathContext.unsetVariable else { throw error }
            }
        }
    }
}

extension XMLElement {
    /// The elements that an expression selects, in document order, this element being the context node.
    ///
    /// - Throws: ``XMLError`` with code `xml.xpath` where the result is not a set of elements, or `xml.xpath-limit`.
    public func select(_ expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError)
        -> [XMLElement]
    {
        try unsafe document.evaluate(expression, at: node, variables) { result throws(XMLError) in
            unsafe try XPathContext.elements(result, in: document)
        }
    }

    /// The elements that an expression selects, the expression being checked anew on every call.
    public func select(_ expression: String, namespaces: [String: String] = [:]) throws(XMLError) -> [XMLElement] {
        try select(XPathExpression(expression, namespaces: namespaces))
    }

    /// The string values of the nodes (elements, attributes or texts) that an expression selects, in document order.
    public func strings(at expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError) -> [String]
    {
        try unsafe document.evaluate(expression, at: node, variables) { result throws(XMLError) in
            unsafe try XPathContext.strings(result)
        }
    }

    /// The result of an expression as a string: that of the first node, or nil where no node is selected.
    public func string(at expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError) -> String? {
        try unsafe document.evaluate(expression, at: node, variables) { result in
            if unsafe result.pointee.type == XPATH_NODESET && XPathContext.count(result) == 0 { return nil }
            return unsafe LibXML2.string(taking: xmlXPathCastToString(result))
        }
    }

    /// The result of an expression as a number, NaN where it is none.
    ///
    /// Binary floating point: not for amounts or ids.
    public func number(at expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError) -> Double {
        try unsafe document.evaluate(expression, at: node, variables) { result in
            unsafe xmlXPathCastToNumber(result)
        }
    }

    /// The result of an expression as a truth value; for a set of nodes, whether it has any.
    public func boolean(at expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError) -> Bool {
        try unsafe document.evaluate(expression, at: node, variables) { result in
            unsafe xmlXPathCastToBoolean(result) == 1
        }
    }
}

extension XMLDocument {
    /// The elements that an expression selects, in document order, the document itself being the context node.
    public func select(_ expression: XPathExpression, variables: [String: String] = [:]) throws(XMLError)
        -> [XMLElement]
    {
        try unsafe evaluate(expression, at: selfNode, variables) { result throws(XMLError) in
            unsafe try XPathContext.elements(result, in: self)
        }
    }

    /// The elements that an expression selects, the expression being checked anew on every call.
    public func select(_ expression: String, namespaces: [String: String] = [:]) throws(XMLError) -> [XMLElement] {
        try select(XPathExpression(expression, namespaces: namespaces))
    }

    private var selfNode: xmlNodePtr {
        unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: xmlNode.self)
    }

    func evaluate<Value>(
        _ expression: XPathExpression,
        at node: xmlNodePtr,
        _ variables: [String: String],
        _ read: (xmlXPathObjectPtr) throws(XMLError) -> Value
    ) throws(XMLError) -> Value {
        try LibXML2.run { () throws(XMLError) in
            let context = unsafe XPathContext(document: pointer, node: node, maximumSteps: maximumXPathSteps)
            return try unsafe context.evaluate(expression, variables: variables, read)
        }
    }
}
