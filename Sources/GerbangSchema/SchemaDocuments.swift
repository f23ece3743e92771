internal import GerbangJSON

/// Where a subschema stands.
struct SchemaLocation: Hashable {
    /// The index of its document.
    let document: Int
    let pointer: JSONPointer
}

/// The documents that references may lead to, and what is known of the subschemas in them.
struct SchemaDocuments {
    private var documents: [(uri: String, value: JSONValue)] = []
    /// Where the URI of a document or of a subschema with `$id` leads, also with a name as its fragment.
    private var places: [String: SchemaLocation] = [:]
    /// The subschemas seen so far, each with the base of the references in it.
    private var bases: [SchemaLocation: URIReference] = [:]

    /// Takes a schema that is known to be well-formed.
    init(trusted schema: JSONValue, uri: String) {
        add(schema, uri: uri)
    }

    /// Takes a schema as document 0 and those that it may refer to, all checked.
    init(_ schema: JSONValue, resolving others: [String: JSONValue]) throws(SchemaError) {
        try addChecked(schema, uri: "")
        for (uri, other) in others.sorted(by: { $0.key < $1.key }) {
            try addChecked(other, uri: uri)
        }
    }

    /// The value at a location; nil if there is none.
    subscript(location: SchemaLocation) -> JSONValue? {
        documents[location.document].value[location.pointer]
    }

    /// An error at a location.
    func error(_ code: SchemaError.Code, _ message: String, at location: SchemaLocation) -> SchemaError {
        SchemaError(code: code, message: message, document: documents[location.document].uri, pointer: location.pointer)
    }

    /// Where a reference leads that stands in the subschema at a location.
    mutating func resolve(_ reference: String, from location: SchemaLocation) throws(SchemaError) -> SchemaLocation {
        let place = SchemaLocation(document: location.document, pointer: location.pointer.appending("$ref"))
        let target = URIReference(reference).resolved(against: base(of: location))
        let uri = target.withoutFragment
        if uri == Draft7.uri, places[uri] == nil { add(try Draft7.document.get(), uri: uri) }
        guard let resource = places[uri] else {
            throw error(
                .unresolvedReference,
                "the reference needs the document \(uri), which was not given; documents are never fetched",
                at: place
            )
        }
        guard let fragment = target.decodedFragment else {
            throw error(.unresolvedReference, "the fragment of the reference is not valid percent-encoding", at: place)
        }
        guard !fragment.isEmpty else { return resource }
        guard fragment.hasPrefix("/") else {
            guard let named = places[uri + "#" + fragment] else {
                throw error(.unresolvedReference, "no subschema has the $id #\(fragment) there", at: place)
            }
            return named
        }
        guard let pointer = JSONPointer(fragment) else {
            throw error(.unresolvedReference, "the fragment of the reference is not a JSON pointer", at: place)
        }
        let found = SchemaLocation(
            document: resource.document,
            pointer: JSONPointer(tokens: resource.pointer.tokens + pointer.tokens)
        )
        guard let value = self[found] else {
            throw error(
                .unresolvedReference,
                "the reference leads to nothing: there is no \(fragment) there",
                at: place
            )
        }
        if bases[found] == nil {
            // Not where keywords of draft 7 keep subschemas, so nobody has looked at it yet.
            try check(value, at: found)
            scan(found, base: base(of: found))
        }
        return found
    }

    private mutating func addChecked(_ schema: JSONValue, uri: String) throws(SchemaError) {
        let location = SchemaLocation(document: documents.count, pointer: .root)
        documents.append((uri, schema))
        if let draft = schema["$schema"]?.stringValue, URIReference(draft).withoutFragment != Draft7.uri {
            throw error(
                .unsupportedDraft,
                "only draft 7 is known; write it as \(Draft7.uri)#",
                at: SchemaLocation(document: location.document, pointer: location.pointer.appending("$schema"))
            )
        }
        try check(schema, at: location)
        register(location, uri: uri)
    }

    private mutating func add(_ schema: JSONValue, uri: String) {
        documents.append((uri, schema))
        register(SchemaLocation(document: documents.count - 1, pointer: .root), uri: uri)
    }

    private mutating func register(_ location: SchemaLocation, uri: String) {
        let base = URIReference(uri)
        if places[base.withoutFragment] == nil { places[base.withoutFragment] = location }
        scan(location, base: base)
    }

    /// Checks a schema against the schema of schemas.
    private func check(_ schema: JSONValue, at location: SchemaLocation) throws(SchemaError) {
        guard let issue = try Draft7.metaschema.get().validate(schema).first else { return }
        let pointer = JSONPointer(tokens: location.pointer.tokens + issue.pointer.tokens)
        throw error(
            .illFormed,
            "this \(issue.message)",
            at: SchemaLocation(document: location.document, pointer: pointer)
        )
    }

    private func base(of location: SchemaLocation) -> URIReference {
        var tokens = location.pointer.tokens
        while true {
            let ancestor = SchemaLocation(document: location.document, pointer: JSONPointer(tokens: tokens))
            if let base = bases[ancestor] { return base }
            guard tokens.popLast() != nil else { return URIReference(documents[location.document].uri) }
        }
    }

    /// Finds the subschemas at and below a location, and what `$id` says about them.
    private mutating func scan(_ location: SchemaLocation, base: URIReference) {
        var waiting = [(location, base)]
        while let (location, outerBase) = waiting.popLast() {
            guard bases[location] == nil, let schema = self[location] else { continue }
            var base = outerBase
            // Draft 7 ignores whatever stands beside $ref.
            if schema["$ref"] == nil, let text = schema["$id"]?.stringValue {
                let id = URIReference(text).resolved(against: outerBase)
                let uri = id.withoutFragment
                if let name = id.fragment, !name.isEmpty {
                    let named = uri + "#" + name
                    if places[named] == nil { places[named] = location }
                }
                if !text.hasPrefix("#") {
                    base = id
                    if places[uri] == nil { places[uri] = location }
                }
            }
            bases[location] = base
            for pointer in SchemaKeywords.subschemas(of: schema, at: location.pointer) {
                waiting.append((SchemaLocation(document: location.document, pointer: pointer), base))
            }
        }
    }
}
