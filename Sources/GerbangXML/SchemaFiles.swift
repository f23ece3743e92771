internal import CLibXML2

/// The files that one schema is built from, and nothing else.
struct SchemaFiles: Sendable {
    /// The files whose schema is being built on this thread; libxml2's loader serves from them alone.
    @TaskLocal static var building: SchemaFiles?

    /// What XML Schema calls itself.
    static let namespace = "http://www.w3.org/2001/XMLSchema"

    /// The URI that libxml2 knows the root file by.
    let root: String
    /// What the schema declares, for telling its names from document content.
    private(set) var vocabulary = SchemaVocabulary()
    private var given: [String: (name: String, bytes: [UInt8])] = [:]
    /// The reachable files in UTF-8 without their XML declaration, so that libxml2 has no encoding to guess.
    private var served: [String: [UInt8]] = [:]

    private static let scheme = "gerbang-schema:///"

    /// Follows every import, include and redefinition from the root, so that a location that leads elsewhere is
    /// found, and named, before libxml2 asks for it.
    init(_ files: [String: [UInt8]], root: String, limits: XMLLimits) throws(XMLError) {
        for (name, bytes) in files {
            given[Self.uri(of: name)] = (name, bytes)
        }
        self.root = Self.uri(of: root)
        guard files[root] != nil else {
            throw XMLError(.schemaLocation, "The root schema is not among the files given.", file: root)
        }
        var waiting = [self.root]
        var total = 0
        while let uri = waiting.popLast() {
            guard served[uri] == nil, let file = given[uri] else { continue }
            total += file.bytes.count
            guard total <= limits.maximumBytes else {
                throw XMLError(
                    .limit,
                    "The schema's files are larger than \(limits.maximumBytes) bytes.",
                    file: file.name
                )
            }
            do {
                waiting += try admit(file.name, file.bytes, uri: uri, limits: limits)
            } catch {
                let name = error.file ?? file.name
                throw XMLError(error.code, error.message, line: error.line, column: error.column, file: name)
            }
        }
    }

    /// The name that a file was given by.
    func name(of uri: String) -> String? {
        given[uri]?.name
    }

    /// What libxml2's loader answers with: a copy of the file, or nothing.
    func open(_ uri: String, for parser: xmlParserCtxtPtr?) -> xmlParserInputPtr? {
        guard let bytes = served[uri] else { return nil }
        let buffer = unsafe bytes.withUnsafeBytes { bytes in
            unsafe xmlParserInputBufferCreateMem(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count),
                XML_CHAR_ENCODING_NONE
            )
        }
        guard let buffer = unsafe buffer else { return nil }
        guard let input = unsafe xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE) else {
            unsafe xmlFreeParserInputBuffer(buffer)
            return nil
        }
        // The base for the locations within; freed with the input.
        unsafe input.pointee.filename = unsafe UnsafePointer(cxml_copy(uri))
        return unsafe input
    }

    private mutating func admit(
        _ name: String,
        _ bytes: [UInt8],
        uri: String,
        limits: XMLLimits
    ) throws(XMLError) -> [String] {
        let input = try XMLInput(bytes, charset: nil)
        let document = try XMLDocument(input: input, url: uri, limits: limits)
        guard document.root.isNamed("schema", namespace: Self.namespace) else {
            throw XMLError(.schema, "The root element is not an XML Schema's.", line: document.root.line)
        }
        served[uri] = input.withoutDeclaration
        vocabulary.learn(from: document.root)
        var targets: [String] = []
        for child in document.root.children where ["import", "include", "redefine"].contains(child.localName) {
            guard child.namespaceURI == Self.namespace, let location = child.attribute("schemaLocation") else {
                continue
            }
            let target = Self.target(of: location, from: child)
            guard let target, given[target] != nil else {
                let shown = String(location.unicodeScalars.prefix(200).filter { $0.value >= 0x20 })
                throw XMLError(
                    .schemaLocation,
                    "The schema location '\(shown)' is none of the files given; nothing is loaded from elsewhere.",
                    line: child.line
                )
            }
            targets.append(target)
        }
        return targets
    }

    /// Where libxml2 will look for a location: by its own rules, `xml:base` included.
    private static func target(of location: String, from element: XMLElement) -> String? {
        LibXML2.run {
            let base = unsafe LibXML2.string(taking: xmlNodeGetBase(element.document.pointer, element.node)) ?? ""
            return unsafe LibXML2.withCharacters(location) { location in
                unsafe LibXML2.withCharacters(base) { unsafe LibXML2.string(taking: xmlBuildURI(location, $0)) }
            }
        }
    }

    private static func uri(of name: String) -> String {
        if name.contains("://") || name.hasPrefix("urn:") { return name }
        let path = name.drop { $0 == "/" }
        let escaped = LibXML2.run {
            unsafe LibXML2.withCharacters(String(path)) { path in
                unsafe LibXML2.withCharacters("/-_.!~*'()+,@") {
                    unsafe LibXML2.string(taking: xmlURIEscapeStr(path, $0))
                }
            }
        }
        // Joined with the empty reference, so that "a/../b" and "./b" mean the same file.
        let joined = LibXML2.run {
            unsafe LibXML2.withCharacters(escaped ?? "") { path in
                unsafe LibXML2.withCharacters(scheme) { unsafe LibXML2.string(taking: xmlBuildURI(path, $0)) }
            }
        }
        return joined ?? scheme
    }
}
