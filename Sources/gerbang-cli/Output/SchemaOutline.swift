internal import GerbangJSON

/// Tells the fields of a JSON Schema, a line each: name, type, constraint, and `*` behind those that are required.
enum SchemaOutline {
    private static let maximumDepth = 6

    /// The lines for the fields of an object's schema.
    static func lines(_ schema: JSONValue) -> [String] {
        lines(schema, depth: 0)
    }

    private static func lines(_ schema: JSONValue, depth: Int) -> [String] {
        guard depth < maximumDepth, let properties = schema["properties"]?.objectValue else { return [] }
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        let margin = String(repeating: "  ", count: depth)
        return properties.flatMap { name, property in
            let mark = required.contains(name) ? "*" : ""
            let line = "\(margin)\(name)\(mark): \(description(of: property))"
            let inner = property["type"]?.stringValue == "array" ? property["items"] ?? .null : property
            return [Printable.line(line)] + lines(inner, depth: depth + 1)
        }
    }

    private static func description(of property: JSONValue) -> String {
        var parts = [type(of: property)]
        if let format = property["format"]?.stringValue { parts.append(format) }
        if let pattern = property["pattern"]?.stringValue { parts.append(pattern) }
        if let values = property["enum"]?.arrayValue {
            parts.append(values.map { $0.stringValue ?? $0.text() }.joined(separator: " | "))
        }
        return parts.joined(separator: " ")
    }

    private static func type(of property: JSONValue) -> String {
        switch property["type"] {
        case .string(let name): name
        case .array(let names): names.compactMap(\.stringValue).joined(separator: " or ")
        default: property["enum"] == nil ? "any" : "one of"
        }
    }
}
