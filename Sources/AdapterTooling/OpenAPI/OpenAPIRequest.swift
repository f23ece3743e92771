internal import GerbangJSON

/// The message of an operation: the manifest's `request`, and the input that it is made from.
struct OpenAPIRequest {
    private(set) var request = JSONObject()
    /// The JSON Schema of the input.
    private(set) var input: JSONValue = [:]
    /// The header field that carries the key by which the agency recognises a repetition.
    private(set) var keyHeader: String?
    /// The members of the input that stand in the path or the query.
    private(set) var targets: [String] = []
    private(set) var notes: [ImportNote] = []

    private let document: OpenAPIDocument
    private let operation: OpenAPIDocument.Operation
    private var properties = JSONObject()
    private var required: [String] = []
    private var query = JSONObject()
    private var headers = JSONObject()

    /// - Parameters:
    ///   - key: The element that carries the request's key, if one was told.
    ///   - checksInput: Whether the manifest says the input's schema, because its service does not.
    init(
        _ document: OpenAPIDocument,
        _ operation: OpenAPIDocument.Operation,
        key: String?,
        secretQuery: JSONObject,
        checksInput: Bool
    ) {
        self.document = document
        self.operation = operation
        var path = operation.path
        for (place, parameter) in operation.parameters { add(parameter, at: place, key: key, path: &path) }
        let body = body(key: key)
        for (name, value) in secretQuery { query[name] = value }
        request["method"] = .string(operation.method.uppercased())
        request["path"] = .string(path.replacing("$${", with: "${"))
        if !query.isEmpty { request["query"] = .object(query) }
        if headers["Accept"] == nil { headers["Accept"] = "application/json" }
        request["headers"] = .object(headers)
        var schema: JSONObject = ["type": "object"]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        schema["additionalProperties"] = false
        schema["properties"] = .object(properties)
        input = .object(schema)
        if checksInput { request["input"] = input }
        for (name, value) in body { request[name] = value }
    }

    // MARK: Parameters

    private mutating func add(_ parameter: JSONValue, at place: JSONPointer, key: String?, path: inout String) {
        guard let name = parameter["name"]?.stringValue, let kind = parameter["in"]?.stringValue else {
            return note(place, "the parameter has no 'name' or no 'in'")
        }
        let isRequired = parameter["required"]?.boolValue == true || kind == "path"
        let value: JSONValue = name == key ? "${request.key}" : MemberExpression.value(name, isOptional: !isRequired)
        switch kind {
        case "path":
            if name != key {
                take(name, parameter, at: place, isRequired: true)
                targets.append(name)
            }
            if let style = parameter["style"]?.stringValue, style != "simple" {
                note(place, "the style '\(style)' is not translated; the value stands as it is")
            }
            path = path.replacing("{\(name)}", with: value.stringValue ?? "")
        case "query":
            if name != key {
                take(name, parameter, at: place, isRequired: isRequired)
                targets.append(name)
            }
            if let style = parameter["style"]?.stringValue, style != "form" {
                note(place, "the style '\(style)' is not translated; write the parameters by hand")
            } else if parameter["explode"]?.boolValue == false {
                note(place, "a list in one parameter is not translated; join it by an expression: input.x.join(\",\")")
            }
            query[name] = value
        case "header":
            guard !["accept", "content-type", "authorization"].contains(name.lowercased()) else { return }
            if name == key || name.lowercased() == "idempotency-key" {
                keyHeader = name
                headers[name] = "${request.key}"
                return
            }
            take(name, parameter, at: place, isRequired: isRequired)
            headers[name] = value
        default:
            note(place, "a parameter in a cookie is not translated; ask the agency for another way")
        }
    }

    private mutating func take(_ name: String, _ parameter: JSONValue, at place: JSONPointer, isRequired: Bool) {
        var schema = parameter["schema"] ?? [:]
        var schemaPlace = place.appending("schema")
        if parameter["schema"] == nil, let content = parameter["content"]?.objectValue, let first = content.keys.first {
            schema = content[first]?["schema"] ?? [:]
            schemaPlace = place.appending("content").appending(first).appending("schema")
            note(place, "a parameter with 'content' is not encoded; its value stands as it is")
        }
        var translated = translate(schema, at: schemaPlace)
        if let example = parameter["example"], case .object(var object) = translated {
            object["examples"] = .array([example])
            translated = .object(object)
        }
        addProperty(name, translated, isRequired: isRequired, at: place)
    }

    private mutating func addProperty(_ name: String, _ schema: JSONValue, isRequired: Bool, at place: JSONPointer) {
        if let other = properties[name], other != schema {
            note(place, "the input has two values called '\(name)'; both places get the same one")
        }
        properties[name] = schema
        if isRequired, !required.contains(name) { required.append(name) }
    }

    private mutating func translate(_ schema: JSONValue, at place: JSONPointer) -> JSONValue {
        var translation = OpenAPISchema(document)
        let result = translation.translated(schema, at: place, isSent: true)
        notes += translation.notes
        return result
    }

    // MARK: The body

    private mutating func body(key: String?) -> JSONObject {
        guard let raw = operation.value["requestBody"] else { return [:] }
        let (body, place) = document.resolved(raw, at: operation.pointer.appending("requestBody"))
        let content = body["content"]?.objectValue ?? [:]
        let isRequired = body["required"]?.boolValue == true
        for (type, media) in content {
            let mediaPlace = place.appending("content").appending(type)
            guard let kind = Self.kind(of: type) else { continue }
            if content.count > 1 { note(place, "of the body's \(content.count) forms, \(type) is taken") }
            let schema = translate(media["schema"] ?? [:], at: mediaPlace.appending("schema"))
            let example = Self.example(in: media)
            return write(schema, example, as: kind, isRequired: isRequired, key: key, at: mediaPlace)
        }
        if !content.isEmpty {
            note(
                place,
                "a body of \(content.keys.joined(separator: ", ")) is not translated; write 'body' by hand, see "
                    + "Docs/Manifest.md"
            )
        }
        return [:]
    }

    private static func kind(of type: String) -> String? {
        let type = type.split(separator: ";").first.map { $0.lowercased() } ?? ""
        switch type {
        case "application/x-www-form-urlencoded": return "form"
        case "multipart/form-data": return "multipart"
        case "text/plain": return "text"
        default: return type == "application/json" || type.hasSuffix("+json") ? "json" : nil
        }
    }

    /// The example of a body or an answer, wherever it is written.
    static func example(in media: JSONValue) -> JSONValue? {
        media["example"] ?? media["examples"]?.objectValue?.values.first?["value"]
    }

    private mutating func write(
        _ schema: JSONValue,
        _ example: JSONValue?,
        as kind: String,
        isRequired: Bool,
        key: String?,
        at place: JSONPointer
    ) -> JSONObject {
        guard kind != "text", let members = SchemaMembers(schema), schema["oneOf"] == nil, schema["anyOf"] == nil else {
            if kind == "form" || kind == "multipart" {
                note(place, "the body's fields are not named by its schema; write 'body' by hand")
                return [:]
            }
            if kind == "json" {
                note(place, "the body has no fixed members; it is the input's member 'body' as a whole")
            }
            var schema = schema
            if let example, case .object(var object) = schema {
                object["examples"] = .array([example])
                schema = .object(object)
            }
            addProperty("body", schema, isRequired: isRequired, at: place)
            return ["body": [kind: MemberExpression.value("body", isOptional: !isRequired)]]
        }
        var fields = JSONObject()
        for (name, property) in members.properties {
            if name == key {
                fields[name] = "${request.key}"
                continue
            }
            var property = property
            if let example = example?[name], case .object(var object) = property {
                object["examples"] = .array([example])
                property = .object(object)
            }
            let needs = isRequired && members.required.contains(name)
            addProperty(name, property, isRequired: needs, at: place)
            fields[name] = MemberExpression.value(name, isOptional: !needs)
        }
        guard kind == "multipart" else { return ["body": [kind: .object(fields)]] }
        let parts = fields.map { name, value -> JSONValue in
            if members.properties[name]?["format"]?.stringValue == "binary" {
                note(
                    place,
                    "the part '\(name)' is a file; the input has it as text, and 'filename' and 'type' are to be said"
                )
            }
            return ["name": .string(name), "value": value]
        }
        return ["body": ["multipart": .array(parts)]]
    }

    private mutating func note(_ place: JSONPointer, _ reason: String) {
        notes.append(ImportNote(place: place.description, reason: reason))
    }
}
