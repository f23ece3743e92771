internal import CValijson
internal import GerbangJSON

/// Says what would be right, in words made of the schema alone.
struct SchemaMessage {
    /// How many names or values are listed before the rest is counted.
    private static let listLimit = 20
    /// How many bytes of one value are shown.
    private static let valueLimit = 80

    let text: String

    init(_ issue: gerbang_schema_issue, schema: JSONValue) {
        let keyword = String(cString: issue.keyword)
        let limit = schema[keyword]?.numberValue?.text ?? ""
        text =
            switch keyword {
            case "type": "must be \(SchemaMessage.types(schema[keyword]))"
            case "enum": "must be one of \(SchemaMessage.values(schema[keyword]?.arrayValue ?? []))"
            case "const": "must be \(SchemaMessage.values([schema[keyword] ?? .null]))"
            case "pattern": "must match \(schema[keyword]?.stringValue ?? "")"
            case "format": SchemaMessage.format(schema[keyword]?.stringValue ?? "")
            case "minimum": "must be at least \(limit)"
            case "maximum": "must be at most \(limit)"
            case "exclusiveMinimum": "must be more than \(limit)"
            case "exclusiveMaximum": "must be less than \(limit)"
            case "multipleOf": "must be a multiple of \(limit)"
            case "minLength": "must have at least \(SchemaMessage.count(limit, "character", "characters"))"
            case "maxLength": "must have at most \(SchemaMessage.count(limit, "character", "characters"))"
            case "minItems": "must have at least \(SchemaMessage.count(limit, "element", "elements"))"
            case "maxItems": "must have at most \(SchemaMessage.count(limit, "element", "elements"))"
            case "minProperties": "must have at least \(SchemaMessage.count(limit, "field", "fields"))"
            case "maxProperties": "must have at most \(SchemaMessage.count(limit, "field", "fields"))"
            case "required": "must have the field \(SchemaMessage.name(issue.missing, issue.missing_length))"
            case "dependencies":
                "must have the field \(SchemaMessage.name(issue.missing, issue.missing_length)) "
                    + "because it has \(SchemaMessage.name(issue.trigger, issue.trigger_length))"
            case "additionalProperties": SchemaMessage.unknownField(schema)
            case "additionalItems":
                "is too much; the array must have at most "
                    + SchemaMessage.count(String(schema["items"]?.arrayValue?.count ?? 0), "element", "elements")
            case "uniqueItems": "must differ from the elements before it"
            case "contains": "must have at least one element of the required form"
            case "not": "must not have the form that is excluded here"
            case "anyOf": "must have one of the allowed forms"
            case "oneOf" where issue.matches > 1:
                "must have exactly one of the allowed forms, but has \(issue.matches) of them"
            case "oneOf": "must have exactly one of the allowed forms"
            default: "is not allowed here"
            }
    }

    private static func types(_ type: JSONValue?) -> String {
        let names = (type?.arrayValue ?? [type ?? .null]).compactMap(\.stringValue)
        return names.map { name in
            switch name {
            case "array": "an array"
            case "object": "an object"
            case "boolean": "true or false"
            case "integer": "a whole number"
            case "null": "null"
            default: "a \(name)"
            }
        }.joined(separator: " or ")
    }

    private static func format(_ name: String) -> String {
        switch name {
        case "date": "must be a date that exists, such as 2024-02-29"
        case "time": "must be a time with its offset, such as 09:30:00+07:00"
        default: "must be a date and time with its offset, such as 2024-02-29T09:30:00+07:00"
        }
    }

    private static func unknownField(_ schema: JSONValue) -> String {
        var allowed: [String] = []
        let names = schema["properties"]?.objectValue?.keys ?? []
        if !names.isEmpty { allowed.append(list(names)) }
        let patterns = schema["patternProperties"]?.objectValue?.keys ?? []
        if !patterns.isEmpty { allowed.append("names that match \(list(patterns))") }
        guard !allowed.isEmpty else { return "is an unknown field; none are allowed" }
        return "is an unknown field; allowed are \(allowed.joined(separator: " and "))"
    }

    private static func values(_ values: [JSONValue]) -> String {
        list(
            values.map { value in
                let bytes = value.encoded()
                guard bytes.count > valueLimit else { return String(decoding: bytes, as: UTF8.self) }
                return value.objectValue == nil ? value.arrayValue == nil ? "a long value" : "an array" : "an object"
            }
        )
    }

    private static func list(_ items: [String]) -> String {
        guard items.count > listLimit else { return items.joined(separator: ", ") }
        return items.prefix(listLimit).joined(separator: ", ") + " and \(items.count - listLimit) more"
    }

    private static func count(_ number: String, _ one: String, _ many: String) -> String {
        number == "1" ? "1 \(one)" : "\(number) \(many)"
    }

    private static func name(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        return String(decoding: bytes, as: UTF8.self)
    }
}
