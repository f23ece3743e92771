internal import CLibXML2

/// Builds libxml2's tree while counting, so that nothing forbidden or oversized is ever built.
@safe
struct XMLParser {
    /// First, because libxml2's error callback finds it at the address of the whole.
    private var sink = unsafe cxml_sink()
    private let limits: XMLLimits
    private var depth = 0
    private var nodes = 0
    private var textLength = 0
    private var refusal: XMLError?
    private var problem: Problem?

    private struct Problem {
        let code: UInt32
        let line: Int
        let column: Int
    }

    private init(limits: XMLLimits) {
        self.limits = limits
        unsafe sink.report = { context, problem in
            guard let context = unsafe context, let problem = unsafe problem else { return }
            unsafe XMLParser.at(context).pointee.record(problem.pointee)
        }
    }

    /// Parses a document into a tree that the caller frees.
    ///
    /// No option of libxml2 is set that would load, expand, recover or lift a limit. Comments are left out of the tree,
    /// so that they never split a text in two.
    static func parse(_ input: XMLInput, url: String?, limits: XMLLimits) throws(XMLError) -> xmlDocPtr {
        guard input.attributesWithin(limits.maximumAttributes) else {
            throw tooMany("attributes on one element", limits.maximumAttributes)
        }
        guard let parser = unsafe xmlNewParserCtxt() else { throw outOfMemory }
        defer { unsafe xmlFreeParserCtxt(parser) }
        var state = XMLParser(limits: limits)
        let document: xmlDocPtr? = unsafe withUnsafeMutablePointer(to: &state) { state in
            unsafe install(state, in: parser)
            // IGNORE_ENC: the input is UTF-8 by now, whatever its declaration says.
            let options =
                XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_IGNORE_ENC.rawValue
                | XML_PARSE_BIG_LINES.rawValue
            return unsafe input.bytes.withUnsafeBytes { buffer in
                let text = unsafe UnsafeRawBufferPointer(rebasing: buffer[input.start...])
                return unsafe xmlCtxtReadMemory(
                    parser,
                    text.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(clamping: text.count),
                    url,
                    nil,
                    Int32(bitPattern: options)
                )
            }
        }
        // A document with an undeclared prefix counts as well-formed for libxml2, but its names mean nothing.
        if let document = unsafe document, state.refusal == nil, state.problem == nil {
            return unsafe document
        }
        if let document = unsafe document { unsafe xmlFreeDoc(document) }
        if let refusal = state.refusal { throw refusal }
        guard let problem = state.problem else { throw XMLError(.malformed, "The document is not well-formed XML.") }
        throw error(for: problem)
    }

    private static let outOfMemory = XMLError(.internal, "There is no memory for reading XML.")

    private static func at(_ context: UnsafeMutableRawPointer) -> UnsafeMutablePointer<XMLParser> {
        unsafe context.assumingMemoryBound(to: XMLParser.self)
    }

    private static func install(_ state: UnsafeMutablePointer<XMLParser>, in parser: xmlParserCtxtPtr) {
        unsafe state.pointee.sink.context = UnsafeMutableRawPointer(state)
        let sink = unsafe UnsafeMutableRawPointer(state).assumingMemoryBound(to: cxml_sink.self)
        unsafe cxml_parser_report(parser, sink)
        guard let sax = unsafe parser.pointee.sax else { return }
        unsafe sax.pointee.comment = nil
        unsafe sax.pointee.internalSubset = { context, _, _, _ in
            unsafe XMLParser.refuse(
                context,
                .documentType,
                "A document type declaration (<!DOCTYPE …>) is not accepted, as its entities can attack who reads it; remove it."
            )
        }
        unsafe sax.pointee.startElementNs = {
            context,
            name,
            prefix,
            uri,
            namespaces,
            declared,
            count,
            defaulted,
            values in
            guard unsafe XMLParser.admitElement(context, Int(namespaces), Int(count), values) else { return }
            unsafe xmlSAX2StartElementNs(
                context,
                name,
                prefix,
                uri,
                namespaces,
                declared,
                count,
                defaulted,
                values
            )
            if namespaces > 0 { unsafe XMLParser.unescapeNamespaces(context) }
        }
        unsafe sax.pointee.endElementNs = { context, name, prefix, uri in
            if let state = unsafe XMLParser.state(context) {
                unsafe state.pointee.depth -= 1
                unsafe state.pointee.textLength = 0
            }
            unsafe xmlSAX2EndElementNs(context, name, prefix, uri)
        }
        // The same function for both, or libxml2 would guess which white space is ignorable.
        let characters: charactersSAXFunc = { context, text, length in
            guard unsafe XMLParser.admitText(context, Int(length)) else { return }
            unsafe xmlSAX2Characters(context, text, length)
        }
        unsafe sax.pointee.characters = characters
        unsafe sax.pointee.ignorableWhitespace = characters
        unsafe sax.pointee.processingInstruction = { context, target, data in
            guard unsafe XMLParser.admitText(context, 0) else { return }
            unsafe XMLParser.state(context)?.pointee.textLength = 0
            unsafe xmlSAX2ProcessingInstruction(context, target, data)
        }
    }

    private static func state(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLParser>? {
        guard let parser = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self) else { return nil }
        return unsafe parser.pointee._private.map { unsafe at($0) }
    }

    private static func admitElement(
        _ context: UnsafeMutableRawPointer?,
        _ namespaces: Int,
        _ attributes: Int,
        _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) -> Bool {
        guard let state = unsafe state(context),
            let parser = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self)
        else { return false }
        let limits = unsafe state.pointee.limits
        unsafe state.pointee.depth += 1
        // An attribute is two nodes: itself and its text.
        unsafe state.pointee.nodes += 1 + namespaces + 2 * attributes
        unsafe state.pointee.textLength = 0
        guard unsafe state.pointee.depth <= limits.maximumDepth else {
            return unsafe refuse(context, tooMany("nested elements", limits.maximumDepth))
        }
        guard unsafe state.pointee.nodes <= limits.maximumNodes else {
            return unsafe refuse(context, tooMany("nodes", limits.maximumNodes))
        }
        guard unsafe Int(parser.pointee.nsNr) / 2 <= limits.maximumNamespaces else {
            return unsafe refuse(context, tooMany("namespace declarations", limits.maximumNamespaces))
        }
        if let values = unsafe values {
            // Five pointers for each attribute: local name, prefix, namespace, and the value's begin and end.
            for index in 0..<attributes {
                guard let begin = unsafe values[5 * index + 3], let end = unsafe values[5 * index + 4] else { continue }
                guard unsafe end - begin <= limits.maximumAttributeLength else {
                    let message =
                        "An attribute value is longer than the \(limits.maximumAttributeLength) bytes allowed."
                    return unsafe refuse(context, XMLError(.limit, message))
                }
            }
        }
        return true
    }

    /// Writes the ampersands in the namespace names that the newest element declares as what they are.
    ///
    /// libxml2 leaves each as `&#38;`, so that names would not compare equal to what they are; it looks names up by their
    /// prefixes while parsing, so that nothing has used them so far.
    private static func unescapeNamespaces(_ context: UnsafeMutableRawPointer?) {
        guard let parser = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self),
            let element = unsafe parser.pointee.node
        else { return }
        var next = unsafe element.pointee.nsDef
        while let declaration = unsafe next {
            unsafe next = unsafe declaration.pointee.next
            guard let name = unsafe declaration.pointee.href, unsafe xmlStrchr(name, UInt8(ascii: "&")) != nil,
                let plain = unsafe LibXML2.string(name)?.replacing("&#38;", with: "&")
            else { continue }
            let copy = unsafe LibXML2.withCharacters(plain) { unsafe xmlStrdup($0) }
            guard let copy = unsafe copy else { continue }
            unsafe cxml_free(UnsafeMutableRawPointer(mutating: name))
            unsafe declaration.pointee.href = unsafe UnsafePointer(copy)
        }
    }

    private static func admitText(_ context: UnsafeMutableRawPointer?, _ length: Int) -> Bool {
        guard let state = unsafe state(context) else { return false }
        let limits = unsafe state.pointee.limits
        if unsafe state.pointee.textLength == 0 { unsafe state.pointee.nodes += 1 }
        unsafe state.pointee.textLength += length
        guard unsafe state.pointee.textLength <= limits.maximumTextLength else {
            let message = "A text is longer than the \(limits.maximumTextLength) bytes allowed."
            return unsafe refuse(context, XMLError(.limit, message))
        }
        guard unsafe state.pointee.nodes <= limits.maximumNodes else {
            return unsafe refuse(context, tooMany("nodes", limits.maximumNodes))
        }
        return true
    }

    private static func tooMany(_ what: String, _ limit: Int) -> XMLError {
        XMLError(.limit, "The document has more \(what) than the \(limit) allowed.")
    }

    private static func refuse(_ context: UnsafeMutableRawPointer?, _ code: XMLError.Code, _ message: String) {
        _ = unsafe refuse(context, XMLError(code, message))
    }

    /// Stops the parser; always false, so that it can end a guard.
    private static func refuse(_ context: UnsafeMutableRawPointer?, _ error: XMLError) -> Bool {
        guard let state = unsafe state(context) else { return false }
        let line = unsafe Int(xmlSAX2GetLineNumber(context))
        let column = unsafe Int(xmlSAX2GetColumnNumber(context))
        unsafe state.pointee.refusal = XMLError(error.code, error.message, line: line, column: column)
        unsafe xmlStopParser(context?.assumingMemoryBound(to: xmlParserCtxt.self))
        return false
    }

    /// Keeps the first error; the later ones only follow from it.
    ///
    /// A namespace name that is no URI is an error for libxml2 only, and validity (an `xml:id` that is doubtful) is
    /// not asked for.
    private mutating func record(_ reported: cxml_problem) {
        let code = unsafe UInt32(bitPattern: reported.code)
        guard problem == nil, unsafe reported.level >= Int32(XML_ERR_ERROR.rawValue) else { return }
        guard code != XML_WAR_NS_URI.rawValue, !(500..<600).contains(code) else { return }
        problem = unsafe Problem(code: code, line: Int(reported.line), column: Int(reported.column))
    }

    /// libxml2's own texts quote the document, so only its number is used.
    private static func error(for problem: Problem) -> XMLError {
        let entry = explanations[problem.code]
        return XMLError(
            entry?.0 ?? .malformed,
            entry?.1 ?? "The document is not well-formed XML (libxml2 error \(problem.code)).",
            line: problem.line > 0 ? problem.line : nil,
            column: problem.column > 0 ? problem.column : nil
        )
    }

    private static let explanations: [UInt32: (XMLError.Code, String)] = [
        XML_ERR_NO_MEMORY.rawValue: (.internal, "There is no memory for reading XML."),
        XML_ERR_DOCUMENT_EMPTY.rawValue: (.malformed, "The document has no root element."),
        XML_ERR_DOCUMENT_END.rawValue: (.malformed, "There is something behind the root element, or no root element."),
        XML_ERR_INVALID_CHARREF.rawValue: (.malformed, "A character reference names no character that XML allows."),
        XML_ERR_INVALID_CHAR.rawValue: (
            .malformed, "There is a character that XML does not allow, or bytes that are not UTF-8."
        ),
        XML_ERR_INVALID_ENCODING.rawValue: (.encoding, "There are bytes that are not in the document's encoding."),
        XML_ERR_UNDECLARED_ENTITY.rawValue: (.malformed, "There is an entity other than amp, lt, gt, apos and quot."),
        XML_ERR_ENTITYREF_SEMICOL_MISSING.rawValue: (
            .malformed, "There is an '&' that begins no entity; write &amp; for the character."
        ),
        XML_ERR_COMMENT_NOT_FINISHED.rawValue: (.malformed, "A comment has no end."),
        XML_ERR_CDATA_NOT_FINISHED.rawValue: (.malformed, "A CDATA section has no end."),
        XML_ERR_LT_IN_ATTRIBUTE.rawValue: (.malformed, "There is an unescaped '<' in an attribute value."),
        XML_ERR_ATTRIBUTE_NOT_STARTED.rawValue: (.malformed, "An attribute value is not in quotes."),
        XML_ERR_ATTRIBUTE_NOT_FINISHED.rawValue: (.malformed, "An attribute value has no closing quote."),
        XML_ERR_ATTRIBUTE_REDEFINED.rawValue: (.malformed, "An element has the same attribute twice."),
        XML_ERR_SPACE_REQUIRED.rawValue: (.malformed, "White space is missing between attributes."),
        XML_ERR_NAME_REQUIRED.rawValue: (.malformed, "A name is missing or has a character that names cannot have."),
        XML_ERR_GT_REQUIRED.rawValue: (.malformed, "A tag has no closing '>'."),
        XML_ERR_TAG_NAME_MISMATCH.rawValue: (.malformed, "An end tag does not match its start tag."),
        XML_ERR_TAG_NOT_FINISHED.rawValue: (.malformed, "The document ends before an element is closed."),
        XML_ERR_NAME_TOO_LONG.rawValue: (.limit, "A name is too long."),
        XML_NS_ERR_UNDEFINED_NAMESPACE.rawValue: (.malformed, "A prefix is used that no namespace declaration binds."),
        XML_NS_ERR_ATTRIBUTE_REDEFINED.rawValue: (.malformed, "An element has the same attribute twice."),
    ]
}
