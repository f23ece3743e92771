internal import GerbangJSON
internal import GerbangSchema

/// Turns the schemas of a document into JSON Schema draft 7 without references.
struct OpenAPISchema {
    private static let maximumDepth = 16
    private static let dropped: Set<String> = [
        "xml", "discriminator", "externalDocs", "deprecated", "readOnly", "writeOnly", "nullable", "example",
        "$comment",
        "$id", "$schema", "$anchor", "$dynamicAnchor", "$defs", "definitions",
    ]
    /// Keywords of later drafts, without which the schema allows more.
    private static let unknown: Set<String> = [
        "unevaluatedProperties", "unevaluatedItems", "prefixItems", "dependentRequired", "dependentSchemas",
        "minContains", "maxContains", "$dynamicRef", "contentSchema",
    ]

    let document: OpenAPIDocument
    private(set) var notes: [ImportNote] = []

    init(_ document: OpenAPIDocument) {
        self.document = document
    }

    /// The schema at `place`; members that only answers have are left out of what is sent.
    mutating func translated(_ schema: JSONValue, at place: JSONPointer, isSent: Bool) -> JSONValue {
        translated(schema, at: place, isSent: isSent, within: [])
    }

    private mutating func translated(
        _ schema: JSONValue,
        at place: JSONPointer,
        isSent: Bool,
        within outer: [JSONPointer]
    ) -> JSONValue {
        var (schema, place) = (schema, place)
        var outer = outer
        while let reference = schema["$ref"]?.stringValue {
            guard let target = OpenAPIDocument.pointer(reference), let next = document.root[target] else {
                note(place, "'\(reference)' is not in this document; anything is allowed in its place")
                return [:]
            }
            guard !outer.contains(target), outer.count < Self.maximumDepth else {
                note(place, "a schema that contains itself cannot be written out; anything is allowed below it")
                return [:]
            }
            outer.append(target)
            (schema, place) = (next, target)
        }
        guard let object = schema.objectValue else { return schema }
        var result = JSONObject()
        for (key, value) in object where !Self.dropped.contains(key) && !key.hasPrefix("x-") {
            let inner = place.appending(key)
            switch key {
            case "properties", "patternProperties":
                var properties = JSONObject()
                for (name, property) in value.objectValue ?? [:] {
                    if isSent, document.resolved(property, at: inner).value["readOnly"]?.boolValue == true { continue }
                    properties[name] = translated(
                        property,
                        at: inner.appending(name),
                        isSent: isSent,
                        within: outer
                    )
                }
                result[key] = .object(properties)
            case "items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else":
                result[key] = translated(value, at: inner, isSent: isSent, within: outer)
            case "allOf", "anyOf", "oneOf":
                result[key] = .array(
                    (value.arrayValue ?? []).enumerated().map { index, item in
                        translated(item, at: inner.appending(index), isSent: isSent, within: outer)
                    }
                )
            case "exclusiveMinimum", "exclusiveMaximum":
                // In version 3.0 it says whether the bound beside it counts.
                let bound = key == "exclusiveMinimum" ? "minimum" : "maximum"
                if let isExclusive = value.boolValue {
                    if isExclusive { result[key] = object[bound] }
                } else {
                    result[key] = value
                }
            case "pattern" where (try? JSONSchema(["pattern": value])) == nil:
                note(inner, "the pattern is not understood; the schema allows more")
            default:
                if Self.unknown.contains(key) {
                    note(inner, "'\(key)' is not in JSON Schema draft 7; the schema allows more")
                } else {
                    result[key] = value
                }
            }
        }
        if object["exclusiveMinimum"]?.boolValue == true { result["minimum"] = nil }
        if object["exclusiveMaximum"]?.boolValue == true { result["maximum"] = nil }
        if let example = object["example"], result["examples"] == nil { result["examples"] = .array([example]) }
        if object["nullable"]?.boolValue == true, let type = object["type"]?.stringValue {
            result["type"] = .array([.string(type), "null"])
        }
        if let required = result["required"]?.arrayValue, let properties = result["properties"]?.objectValue {
            result["required"] = .array(required.filter { $0.stringValue.map { properties[$0] != nil } ?? false })
        }
        return .object(result)
    }

    private mutating func note(_ place: JSONPointer, _ reason: String) {
        let note = ImportNote(place: place.description, reason: reason)
        if !notes.contains(note) { notes.append(note) }
    }
}

/// The members of an object as a schema tells them, those of `allOf` among them.
struct SchemaMembers {
    private(set) var properties = JSONObject()
    private(set) var required: [String] = []

    /// `nil` when the schema is not one of an object with named members.
    init?(_ schema: JSONValue) {
        add(schema)
        guard !properties.isEmpty else { return nil }
    }

    private mutating func add(_ schema: JSONValue) {
        for (name, property) in schema["properties"]?.objectValue ?? [:] { properties[name] = property }
        required += (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        for part in schema["allOf"]?.arrayValue ?? [] { add(part) }
    }
}

/// Expressions that read members whatever they are called.
enum MemberExpression {
    /// `input.name`, or `input["na-me"]`; with `?` when it may be absent.
    static func read(_ name: String, of object: String, isOptional: Bool) -> String {
        if isIdentifier(name) { return "\(object).\(isOptional ? "?" : "")\(name)" }
        return "\(object)[\(isOptional ? "?" : "")\(JSONValue.string(name).text())]"
    }

    /// Whether the member is there.
    static func has(_ name: String, of object: String) -> String {
        isIdentifier(name) ? "has(\(object).\(name))" : "\(JSONValue.string(name).text()) in \(object)"
    }

    /// The value of a field: the expression alone.
    static func value(_ name: String, isOptional: Bool) -> JSONValue {
        .string("${\(read(name, of: "input", isOptional: isOptional))}")
    }

    private static let reserved: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_", !reserved.contains(name) else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
