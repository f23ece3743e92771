internal import CLibXML2

/// A parsed XML document.
///
/// Reading is strict and closed: no document type declaration, so no entities; no network, no files, no XInclude; no
/// recovery from errors; everything within ``XMLLimits``. A document belongs to one task at a time, as libxml2 demands:
/// take out the values that are needed and let the document go.
@safe
public final class XMLDocument {
    let pointer: xmlDocPtr
    private let rootPointer: xmlNodePtr
    let maximumXPathSteps: Int

    /// Parses a document.
    ///
    /// - Parameters:
    ///   - bytes: The document in UTF-8, UTF-16, one of the ISO-8859 or windows-125x family, or KOI8. A byte order mark
    ///     decides, then `charset`, then the document's own declaration (RFC 7303 section 3).
    ///   - limits: What is accepted at most.
    ///   - charset: The charset parameter of the HTTP content type, where there was one.
    /// - Throws: ``XMLError`` with the line and column, and without document content.
    public convenience init(
        parsing bytes: [UInt8],
        limits: XMLLimits = XMLLimits(),
        charset: String? = nil
    ) throws(XMLError) {
        try self.init(parsing: bytes, url: nil, limits: limits, charset: charset)
    }

    convenience init(parsing bytes: [UInt8], url: String?, limits: XMLLimits, charset: String?) throws(XMLError) {
        guard bytes.count <= min(limits.maximumBytes, Int(Int32.max) / 3) else {
            throw XMLError(.limit, "The document is larger than the \(limits.maximumBytes) bytes allowed.")
        }
        try self.init(input: try XMLInput(bytes, charset: charset), url: url, limits: limits)
    }

    init(input: XMLInput, url: String?, limits: XMLLimits) throws(XMLError) {
        let document = unsafe try LibXML2.run { () throws(XMLError) in
            unsafe try XMLParser.parse(input, url: url, limits: limits)
        }
        guard let root = unsafe xmlDocGetRootElement(document) else {
            unsafe xmlFreeDoc(document)
            throw XMLError(.malformed, "The document has no root element.")
        }
        unsafe pointer = unsafe document
        unsafe rootPointer = unsafe root
        maximumXPathSteps = limits.maximumXPathSteps
    }

    deinit {
        unsafe xmlFreeDoc(pointer)
    }

    /// The root element.
    public var root: XMLElement { unsafe XMLElement(rootPointer, in: self) }
}
