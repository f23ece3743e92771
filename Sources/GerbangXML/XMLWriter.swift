/// Writes XML, well-formed and namespace-well-formed or not at all.
///
/// A plain value that appends to bytes. What XML cannot express is refused where it is written: illegal characters,
/// names, undeclared prefixes, unbalanced tags. After a refusal the writer stays unusable, so that half a document
/// never leaves it. Everything is escaped for its position; there is no way to write raw text.
///
///     var writer = XMLWriter()
///     try writer.element("t:vehicle", namespaces: ["t": "urn:example"]) { writer throws(XMLError) in
///         try writer.element("t:plate", text: "B 1234 XYZ")
///     }
///     let bytes = try writer.finish()
public struct XMLWriter: Sendable {
    private var bytes: [UInt8] = []
    private var open: [Open] = []
    private var scope: [Binding] = []
    private var attributes: [String] = []
    private var tagIsOpen = false
    private var rootIsDone = false
    private var failed = false
    /// How many elements the innermost closure found open; it may not close these.
    private var floor = 0

    private struct Open {
        let nameStart: Int
        let nameEnd: Int
        let bindings: Int
    }

    private struct Binding {
        let prefix: String
        let uri: String
    }

    /// A writer for a document in UTF-8.
    ///
    /// - Parameters:
    ///   - declaration: Whether the document begins with an XML declaration.
    ///   - capacity: The size to expect, in bytes.
    public init(declaration: Bool = true, capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
        if declaration { bytes += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".utf8 }
    }

    /// The document.
    ///
    /// - Throws: ``XMLError`` where an element is still open, there is no root element, or something was refused before.
    public func finish() throws(XMLError) -> [UInt8] {
        guard !failed else { throw XMLError(.writing, "Writing was refused before; the document is incomplete.") }
        guard open.isEmpty else { throw XMLError(.writing, "\(open.count) elements are not closed.") }
        guard rootIsDone else { throw XMLError(.writing, "The document has no root element.") }
        return bytes
    }

    // MARK: Elements

    /// Opens an element.
    ///
    /// - Parameters:
    ///   - name: The qualified name: `local` or `prefix:local`.
    ///   - namespaces: Declarations to make here, by prefix; an empty prefix is the default namespace.
    ///   - attributes: Attributes by qualified name.
    public mutating func start(
        _ name: String,
        namespaces: KeyValuePairs<String, String> = [:],
        attributes: KeyValuePairs<String, String> = [:]
    ) throws(XMLError) {
        try closeTag()
        guard !open.isEmpty || !rootIsDone else { throw refuse("A document has one root element only.") }
        guard Self.split(name) != nil else { throw refuse("An element's name is not an XML name.") }
        bytes.append(UInt8(ascii: "<"))
        let nameStart = bytes.count
        bytes += name.utf8
        open.append(Open(nameStart: nameStart, nameEnd: bytes.count, bindings: scope.count))
        rootIsDone = true
        tagIsOpen = true
        for (prefix, uri) in namespaces { try namespace(prefix, uri) }
        for (name, value) in attributes { try attribute(name, value) }
    }

    /// Declares a namespace on the element just opened.
    public mutating func namespace(_ prefix: String, _ uri: String) throws(XMLError) {
        guard tagIsOpen, let current = open.last else {
            throw refuse("A namespace is declared outside of a start tag.")
        }
        guard prefix.isEmpty || (XMLCharacters.isName(prefix) && prefix != "xmlns" && prefix != "xml" && !uri.isEmpty),
            uri != Self.xmlNamespace, uri != "http://www.w3.org/2000/xmlns/"
        else { throw refuse("A prefix is not a name, is reserved, or stands for no namespace.") }
        guard !scope[current.bindings...].contains(where: { $0.prefix == prefix }) else {
            throw refuse("A prefix is declared twice on one element.")
        }
        scope.append(Binding(prefix: prefix, uri: uri))
        bytes += prefix.isEmpty ? " xmlns=\"".utf8 : " xmlns:".utf8
        if !prefix.isEmpty {
            bytes += prefix.utf8
            bytes += "=\"".utf8
        }
        try escape(uri, inAttribute: true)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds an attribute to the element just opened.
    public mutating func attribute(_ name: String, _ value: String) throws(XMLError) {
        guard tagIsOpen else { throw refuse("An attribute is written outside of a start tag.") }
        guard let parts = Self.split(name), parts.prefix != "xmlns", name != "xmlns" else {
            throw refuse("An attribute's name is not an XML name, or declares a namespace.")
        }
        attributes.append(name)
        bytes.append(0x20)
        bytes += name.utf8
        bytes += "=\"".utf8
        try escape(value, inAttribute: true)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes text.
    public mutating func text(_ text: String) throws(XMLError) {
        try closeTag()
        guard !open.isEmpty else { throw refuse("There can be no text outside of the root element.") }
        try escape(text, inAttribute: false)
    }

    /// Closes the element opened last.
    public mutating func end() throws(XMLError) {
        guard open.count > floor, let current = open.last else { throw refuse("There is no element to close.") }
        if tagIsOpen {
            try checkTag()
            bytes += "/>".utf8
        } else {
            bytes += "</".utf8
            bytes += bytes[current.nameStart..<current.nameEnd]
            bytes.append(UInt8(ascii: ">"))
        }
        open.removeLast()
        scope.removeLast(scope.count - current.bindings)
    }

    /// Writes an element with nothing but text in it.
    public mutating func element(
        _ name: String,
        namespaces: KeyValuePairs<String, String> = [:],
        attributes: KeyValuePairs<String, String> = [:],
        text: String
    ) throws(XMLError) {
        try start(name, namespaces: namespaces, attributes: attributes)
        if !text.isEmpty { try self.text(text) }
        try end()
    }

    /// Writes an element whose content a closure writes.
    ///
    /// The closure must leave the elements balanced.
    public mutating func element(
        _ name: String,
        namespaces: KeyValuePairs<String, String> = [:],
        attributes: KeyValuePairs<String, String> = [:],
        content: (inout XMLWriter) throws -> Void
    ) throws {
        try start(name, namespaces: namespaces, attributes: attributes)
        let outer = floor
        floor = open.count
        do {
            try content(&self)
        } catch {
            failed = true
            throw error
        }
        guard open.count == floor else { throw refuse("The content leaves \(open.count - floor) elements open.") }
        floor = outer
        try end()
    }

    // MARK: Checks

    private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    private mutating func refuse(_ message: String) -> XMLError {
        failed = true
        return XMLError(.writing, message)
    }

    private mutating func closeTag() throws(XMLError) {
        guard tagIsOpen else { return }
        try checkTag()
        bytes.append(UInt8(ascii: ">"))
    }

    /// Checks the prefixes of the start tag, which are complete only now.
    private mutating func checkTag() throws(XMLError) {
        tagIsOpen = false
        guard let current = open.last else { return }
        if let colon = bytes[current.nameStart..<current.nameEnd].firstIndex(of: UInt8(ascii: ":")) {
            let prefix = bytes[current.nameStart..<colon]
            guard scope.contains(where: { $0.prefix.utf8.elementsEqual(prefix) }) || prefix.elementsEqual("xml".utf8)
            else {
                throw refuse("An element's prefix is not declared.")
            }
        }
        guard !attributes.isEmpty else { return }
        var seen: Set<XMLName> = []
        for attribute in attributes {
            guard let (prefix, local) = Self.split(attribute) else { continue }
            var uri: String?
            if !prefix.isEmpty {
                uri = prefix == "xml" ? Self.xmlNamespace : scope.last { $0.prefix == prefix }?.uri
                guard uri != nil else { throw refuse("An attribute's prefix is not declared.") }
            }
            guard seen.insert(XMLName(String(local), namespace: uri)).inserted else {
                throw refuse("An element has the same attribute twice.")
            }
        }
        attributes.removeAll(keepingCapacity: true)
    }

    /// The prefix, empty for none, and the local part of a qualified name; nil where it is none.
    private static func split(_ name: String) -> (prefix: Substring, local: Substring)? {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return XMLCharacters.isName(name) ? ("", name[...]) : nil
        }
        let prefix = name[..<colon]
        let local = name[name.utf8.index(after: colon)...]
        return XMLCharacters.isName(prefix) && XMLCharacters.isName(local) ? (prefix, local) : nil
    }

    private mutating func escape(_ text: String, inAttribute: Bool) throws(XMLError) {
        if text.utf8.allSatisfy({ Self.isPlain($0) }) {
            bytes += text.utf8
            return
        }
        // U+FFFE and U+FFFF, the only characters beyond ASCII that XML forbids, end in BE or BF behind EF BF.
        var before: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\"") where inAttribute: bytes += "&quot;".utf8
            case 0x09 where inAttribute: bytes += "&#9;".utf8
            case 0x0A where inAttribute: bytes += "&#10;".utf8
            // Unescaped, a reader would turn it into a line feed.
            case 0x0D: bytes += "&#13;".utf8
            case 0x09, 0x0A: bytes.append(byte)
            case 0..<0x20: throw refuse("A text has a control character, which XML cannot express.")
            case 0xBE where before == (0xEF, 0xBF), 0xBF where before == (0xEF, 0xBF):
                throw refuse("A text has U+FFFE or U+FFFF, which XML cannot express.")
            default: bytes.append(byte)
            }
            before = (before.1, byte)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0xEF: false
        default: true
        }
    }
}
