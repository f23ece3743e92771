internal import GerbangXML

/// Reads the files of a description, each once, within the limits.
final class DescriptionLoader {
    private let source: FileSource
    private let catalogue: SchemaCatalogue
    private let fetch: WSDL.Fetch?
    let limits: LoadLimits
    private(set) var warnings: [String] = []
    private var documents: [String: XMLDocument] = [:]
    private var bytesRead = 0

    /// A file that a location leads to.
    struct Found {
        /// What the file is called: its path, its URL, or the namespace of a schema of the catalogue.
        let name: String
        let document: XMLDocument
    }

    init(source: FileSource, catalogue: SchemaCatalogue, fetch: WSDL.Fetch?, limits: LoadLimits) {
        self.source = source
        self.catalogue = catalogue
        self.fetch = fetch
        self.limits = limits
    }

    /// The files of the tree that were read.
    var files: [String] {
        documents.keys.filter { !Location.isAbsolute($0) }.sorted()
    }

    func warn(_ text: String) {
        if warnings.count < 200, !warnings.contains(text) { warnings.append(text) }
    }

    /// The file to start from.
    func root(_ path: String) throws(SOAPError) -> Found {
        guard let found = try file(path) else {
            throw SOAPError(.file, "There is no such file.", file: SOAPError.shown(path))
        }
        return found
    }

    /// The file that a location leads to: in the tree, in the catalogue, beside the file or the first one under its last
    /// component, or in the catalogue by namespace, in this order; nil where there is none.
    func find(
        _ location: String?,
        namespace: String?,
        from file: String,
        root: String
    ) throws(SOAPError) -> Found? {
        if let location {
            if !Location.isAbsolute(location) {
                let seen = Location.isAbsolute(file) ? nil : Location.path(of: location, from: file)
                if let path = seen, let found = try self.file(path, namespace: namespace) { return found }
                if let url = Location.join(file, location), let found = try fetched(url) { return found }
            } else {
                if let entry = catalogue.entry(location: location) { return try self.entry(entry) }
                if let found = try fetched(location) { return found }
            }
            for name in Location.storedNames(of: location) {
                for place in [file, root] where !Location.isAbsolute(place) {
                    guard let path = Location.path(of: name, from: place) else { continue }
                    if let found = try self.file(path, namespace: namespace) { return found }
                }
            }
        }
        return try schema(of: namespace)
    }

    /// The catalogue's schema of a namespace.
    func schema(of namespace: String?) throws(SOAPError) -> Found? {
        guard let namespace, let entry = catalogue.entry(namespace: namespace) else { return nil }
        return try self.entry(entry)
    }

    private func entry(_ entry: SchemaCatalogue.Entry) throws(SOAPError) -> Found {
        let name = "catalogue:\(entry.namespace)"
        if let document = documents[name] { return Found(name: name, document: document) }
        return Found(name: name, document: try parse(entry.bytes, name))
    }

    private func file(_ path: String, namespace: String? = nil) throws(SOAPError) -> Found? {
        if let document = documents[path] { return Found(name: path, document: document) }
        guard let bytes = try source.read(path, limit: limits.maximumBytes - bytesRead) else { return nil }
        do throws(SOAPError) {
            return Found(name: path, document: try parse(bytes, path))
        } catch {
            // W3C's own files bring a document type, which is never read; the catalogue has them without.
            guard error.isDocumentType, let found = try schema(of: namespace) else { throw error }
            warn(
                "\(path) has a document type declaration and was replaced by the catalogue's schema of \(namespace ?? "")"
            )
            return found
        }
    }

    private func fetched(_ url: String) throws(SOAPError) -> Found? {
        guard let fetch, Location.isAddress(url) else { return nil }
        if let document = documents[url] { return Found(name: url, document: document) }
        return Found(name: url, document: try parse(try fetch(url), url))
    }

    private func parse(_ bytes: [UInt8], _ name: String) throws(SOAPError) -> XMLDocument {
        bytesRead += bytes.count
        guard documents.count < limits.maximumFiles, bytesRead <= limits.maximumBytes else {
            throw SOAPError(
                .limit,
                "The description has more than \(limits.maximumFiles) files or \(limits.maximumBytes) bytes.",
                file: name
            )
        }
        do throws(XMLError) {
            let file = FileStart.repaired(bytes)
            if let note = file.note { warn("\(SOAPError.shown(name)): \(note)") }
            let document = try XMLDocument(parsing: file.bytes, limits: limits.xml, charset: file.charset)
            if try SchemaDraft.modernize(document) {
                warn(
                    "\(SOAPError.shown(name)): a schema is written in a draft of XML Schema; it is read as one of 2001"
                )
            }
            documents[name] = document
            return document
        } catch {
            var wrapped = SOAPError(
                error.code == .limit ? .limit : .file,
                error.message,
                file: SOAPError.shown(name),
                line: error.line
            )
            wrapped.isDocumentType = error.code == .documentType
            throw wrapped
        }
    }
}
