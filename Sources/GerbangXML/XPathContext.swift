internal import CLibXML2

/// One evaluation of an XPath expression.
@safe
struct XPathContext {
    let document: xmlDocPtr
    let node: xmlNodePtr
    let maximumSteps: Int

    init(document: xmlDocPtr, node: xmlNodePtr, maximumSteps: Int) {
        unsafe self.document = unsafe document
        unsafe self.node = unsafe node
        self.maximumSteps = maximumSteps
    }

    /// Evaluates and reads the result, which lives no longer than the call.
    func evaluate<Value>(
        _ expression: XPathExpression,
        variables: [String: String],
        _ read: (xmlXPathObjectPtr) throws(XMLError) -> Value
    ) throws(XMLError) -> Value {
        guard let context = unsafe xmlXPathNewContext(document) else { throw Self.outOfMemory }
        defer { unsafe xmlXPathFreeContext(context) }
        unsafe context.pointee.opLimit = UInt(max(1, maximumSteps))
        for (prefix, uri) in expression.namespaces {
            unsafe LibXML2.withCharacters(prefix) { prefix in
                unsafe LibXML2.withCharacters(uri) { _ = unsafe xmlXPathRegisterNs(context, prefix, $0) }
            }
        }
        for (name, value) in variables {
            guard !value.utf8.contains(0) else {
                throw XMLError(.xpath, "The variable '\(name)' has a NUL in its value.")
            }
            unsafe LibXML2.withCharacters(name) { name in
                unsafe LibXML2.withCharacters(value) {
                    _ = unsafe xmlXPathRegisterVariable(context, name, xmlXPathNewString($0))
                }
            }
        }
        let (result, problems) = unsafe ProblemList.collect(maximum: 1) { sink -> xmlXPathObjectPtr? in
            unsafe cxml_xpath_report(context, sink)
            let compiled = unsafe LibXML2.withCharacters(expression.text) { unsafe xmlXPathCtxtCompile(context, $0) }
            guard let compiled = unsafe compiled else { return nil }
            defer { unsafe xmlXPathFreeCompExpr(compiled) }
            unsafe context.pointee.node = unsafe node
            return unsafe xmlXPathCompiledEval(compiled, context)
        }
        defer { if let result = unsafe result { unsafe xmlXPathFreeObject(result) } }
        if let problem = problems.first { throw Self.error(problem.code) }
        guard let result = unsafe result else { throw XMLError(.xpath, "The XPath expression has no result.") }
        return unsafe try read(result)
    }

    /// Thrown where the expression uses a variable that was not given.
    static let unsetVariable = XMLError(.xpath, "The XPath expression uses an unset variable.")

    private static let outOfMemory = XMLError(.internal, "There is no memory for XPath.")

    private static func error(_ code: UInt32) -> XMLError {
        switch code {
        case XML_XPATH_UNDEF_PREFIX_ERROR.rawValue: XMLError(.xpath, "The XPath expression uses an undeclared prefix.")
        case XML_XPATH_UNKNOWN_FUNC_ERROR.rawValue: XMLError(.xpath, "The XPath expression uses an unknown function.")
        case XML_XPATH_UNDEF_VARIABLE_ERROR.rawValue: unsetVariable
        case XML_XPATH_INVALID_TYPE.rawValue: XMLError(.xpath, "The XPath expression uses a value of the wrong type.")
        case XML_XPATH_INVALID_ARITY.rawValue: XMLError(.xpath, "An XPath function got the wrong number of arguments.")
        case XML_XPATH_EXPRESSION_OK.rawValue + UInt32(XPATH_OP_LIMIT_EXCEEDED.rawValue):
            XMLError(.xpathLimit, "The XPath expression takes more steps than allowed on this document.")
        case XML_XPATH_EXPRESSION_OK.rawValue + UInt32(XPATH_RECURSION_LIMIT_EXCEEDED.rawValue):
            XMLError(.xpathLimit, "The XPath expression is nested too deeply.")
        default: XMLError(.xpath, "The XPath expression is wrong (libxml2 error \(code)).")
        }
    }

    // MARK: Results

    static func count(_ result: xmlXPathObjectPtr) -> Int {
        guard let set = unsafe result.pointee.nodesetval else { return 0 }
        return unsafe Int(set.pointee.nodeNr)
    }

    static func elements(_ result: xmlXPathObjectPtr, in document: XMLDocument) throws(XMLError) -> [XMLElement] {
        let other = XMLError(.xpath, "The XPath expression selects something else than elements.")
        guard unsafe result.pointee.type == XPATH_NODESET else { throw other }
        var elements: [XMLElement] = []
        unsafe xmlXPathNodeSetSort(result.pointee.nodesetval)
        for index in 0..<(unsafe count(result)) {
            guard let node = unsafe result.pointee.nodesetval?.pointee.nodeTab?[index],
                unsafe XMLElement.isElement(node)
            else { throw other }
            elements.append(unsafe XMLElement(node, in: document))
        }
        return elements
    }

    static func strings(_ result: xmlXPathObjectPtr) throws(XMLError) -> [String] {
        guard unsafe result.pointee.type == XPATH_NODESET else {
            throw XMLError(.xpath, "The XPath expression does not select nodes.")
        }
        unsafe xmlXPathNodeSetSort(result.pointee.nodesetval)
        return unsafe (0..<count(result)).compactMap { index in
            unsafe LibXML2.string(taking: xmlXPathCastNodeToString(result.pointee.nodesetval?.pointee.nodeTab?[index]))
        }
    }
}
