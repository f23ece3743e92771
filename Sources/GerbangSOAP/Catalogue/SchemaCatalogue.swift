/// Schemas that are commonly imported from the net, kept here because nothing is ever fetched by itself.
public struct SchemaCatalogue: Sendable {
    /// A schema with the names under which it is asked for.
    public struct Entry: Sendable {
        /// The schema's target namespace.
        public let namespace: String
        /// The locations that stand for it; its namespace always does.
        public let locations: [String]
        /// The schema itself.
        public let bytes: [UInt8]

        /// An entry of a catalogue.
        public init(namespace: String, locations: [String], bytes: [UInt8]) {
            self.namespace = namespace
            self.locations = locations
            self.bytes = bytes
        }
    }

    private var byLocation: [String: Entry] = [:]
    private var byNamespace: [String: Entry] = [:]

    /// A catalogue of own entries; a later one replaces an earlier one with the same namespace or location.
    public init(_ entries: [Entry] = []) {
        for entry in entries { add(entry) }
    }

    /// The schemas of SOAP's envelopes and encoding, WS-Addressing, XML Signature, X-Road and others, in short form: their types and
    /// elements, without explanations.
    public static let builtin = SchemaCatalogue(builtinEntries)

    static let builtinEntries =
        BasicSchemas.entries + EnvelopeSchemas.entries + AddressingSchemas.entries + SignatureSchema.entries
        + EncryptionSchema.entries + SecuritySchemas.entries + XRoadSchemas.entries

    /// Adds an entry.
    public mutating func add(_ entry: Entry) {
        byNamespace[entry.namespace] = entry
        for location in entry.locations { byLocation[Self.normalized(location)] = entry }
    }

    /// The entry for a location such as `http://www.w3.org/2001/xml.xsd`.
    func entry(location: String) -> Entry? {
        byLocation[Self.normalized(location)]
    }

    /// The entry for a namespace.
    func entry(namespace: String) -> Entry? {
        byNamespace[namespace]
    }

    /// The scheme makes no difference, nor does a slash at the end.
    private static func normalized(_ location: String) -> String {
        var text = location.trimmingXMLSpace[...]
        for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) {
            text = text.dropFirst(scheme.count)
        }
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}

extension SchemaCatalogue.Entry {
    /// An entry of the built-in catalogue: the body of the schema, with the prefixes that it uses declared.
    init(
        _ namespace: String,
        at locations: [String],
        qualified: Bool = true,
        prefixes: [String: String] = [:],
        _ body: String
    ) {
        var head = "<xs:schema xmlns:xs=\"\(Namespaces.schema)\" targetNamespace=\"\(namespace)\""
        // The prefix xml is bound already, and no other may be bound to its namespace.
        if namespace != Namespaces.xml { head += " xmlns:t=\"\(namespace)\"" }
        if qualified { head += " elementFormDefault=\"qualified\"" }
        var imports = ""
        for (prefix, uri) in prefixes.sorted(by: { $0.key < $1.key }) {
            if prefix != "xml" { head += " xmlns:\(prefix)=\"\(uri)\"" }
            imports += "<xs:import namespace=\"\(uri)\"/>"
        }
        self.init(
            namespace: namespace,
            locations: locations,
            bytes: Array("\(head)>\(imports)\(body)</xs:schema>".utf8)
        )
    }
}
