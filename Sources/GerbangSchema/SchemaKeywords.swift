internal import GerbangJSON

/// The keywords of draft 7 by what they hold.
enum SchemaKeywords {
    /// One subschema for the value itself.
    static let inPlace = ["not", "if", "then", "else"]
    /// A list of subschemas for the value itself.
    static let inPlaceLists = ["allOf", "anyOf", "oneOf"]
    /// One subschema for what is inside the value, or a list for `items`.
    static let inside = ["items", "additionalItems", "contains", "additionalProperties", "propertyNames"]
    /// Subschemas by name.
    private static let named: Set = ["definitions", "properties", "patternProperties", "dependencies"]
    /// A number that the value is compared with.
    static let numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
    /// A count that the value's size is compared with.
    static let counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]

    private static let unnamed = Set(inPlace + inPlaceLists + inside)

    /// Where the subschemas stand that are directly inside a schema.
    static func subschemas(of schema: JSONValue, at pointer: JSONPointer) -> [JSONPointer] {
        var found: [JSONPointer] = []
        for (keyword, value) in schema.objectValue ?? [:] {
            if unnamed.contains(keyword) {
                let place = pointer.appending(keyword)
                switch value {
                case .array(let list): found += list.indices.map { place.appending($0) }
                case .object, .bool: found.append(place)
                default: break
                }
            } else if named.contains(keyword), let members = value.objectValue {
                let place = pointer.appending(keyword)
                // A dependency may also be a list of names.
                for (name, value) in members where value.arrayValue == nil { found.append(place.appending(name)) }
            }
        }
        return found
    }
}
