internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema

/// The output of a service that the document describes: what any of its successes may hold.
struct OpenAPIOutput {
    private var properties = JSONObject()
    private var required: Set<String>?

    /// Adds the output of one success.
    ///
    /// - Parameter required: The members that are always there; one that may be null is left out when it is.
    mutating func add(_ members: JSONObject, required names: [String]) {
        for (name, schema) in members {
            guard let known = properties[name], known != schema else {
                properties[name] = schema
                continue
            }
            let choices = known["anyOf"]?.arrayValue ?? [known]
            if !choices.contains(schema) { properties[name] = ["anyOf": .array(choices + [schema])] }
        }
        let present = Set(names.filter { members[$0].map { !Self.mayBeNull($0) } ?? false })
        required = required.map { $0.intersection(present) } ?? present
    }

    /// The JSON Schema; an object of anything where no success is described.
    var schema: JSONValue {
        guard !properties.isEmpty else { return ["type": "object"] }
        var schema: JSONObject = ["type": "object"]
        let names = properties.keys.filter { required?.contains($0) ?? false }
        if !names.isEmpty { schema["required"] = .array(names.map { .string($0) }) }
        schema["properties"] = .object(properties)
        return .object(schema)
    }

    private static func mayBeNull(_ schema: JSONValue) -> Bool {
        guard let compiled = try? JSONSchema(schema) else { return true }
        return compiled.validate(.null).isEmpty
    }
}

extension SchemaSample {
    /// The first of these values that a schema allows: the document's example, what is made with the examples in the schema,
    /// what is made without them; and whether there is one.
    static func fitting(_ schema: JSONValue, example: JSONValue?, made: (JSONValue) -> JSONValue) -> (JSONValue, Bool) {
        guard let compiled = try? JSONSchema(schema) else { return (example ?? made(schema), false) }
        let candidates = [example, made(schema), made(withoutExamples(schema))].compactMap(\.self)
        if let found = candidates.first(where: { compiled.validate($0).isEmpty }) { return (found, true) }
        return (candidates.last ?? .null, false)
    }

    private static func withoutExamples(_ schema: JSONValue) -> JSONValue {
        if let items = schema.arrayValue { return .array(items.map { withoutExamples($0) }) }
        guard let object = schema.objectValue else { return schema }
        var result = JSONObject()
        for (key, value) in object {
            switch key {
            case "examples", "default": continue
            // Here the keys are names, and may be these words.
            case "properties", "patternProperties":
                result[key] = .object(
                    JSONObject(
                        uniqueKeysWithValues: (value.objectValue ?? [:]).map { ($0.key, withoutExamples($0.value)) }
                    )
                )
            case "enum", "const": result[key] = value
            default: result[key] = withoutExamples(value)
            }
        }
        return .object(result)
    }
}

/// The service that an operation provides when the catalogue has none for it.
struct OpenAPIService {
    let id: ServiceID
    let operation: OpenAPIDocument.Operation
    let input: JSONValue
    let output: JSONValue

    /// The service in the form of the catalogue.
    var json: JSONValue {
        let title = Self.line(operation.value["summary"]) ?? operation.operationID ?? operation.name
        let call = "\(operation.method.uppercased()) \(operation.path)"
        let summary = Self.line(operation.value["description"])
        return [
            "id": .string(id.text),
            "title": ["id": .string(title), "en": .string(title)],
            "summary": [
                "id": .string(summary ?? "Memanggil \(call)."), "en": .string(summary ?? "Calls \(call)."),
            ],
            "standardTime": "1m",
            "legalBasis": "to be named by the agency",
            "input": input,
            "output": output,
        ]
    }

    private static func line(_ value: JSONValue?) -> String? {
        let words = (value?.stringValue ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(400))
    }
}
