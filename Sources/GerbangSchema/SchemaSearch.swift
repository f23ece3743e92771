package import GerbangJSON

/// Looks for members in what a JSON Schema describes.
package struct SchemaSearch {
    package enum Answer: Equatable {
        /// There is such a member, or the schema does not say what there is.
        case found
        /// There is none called `name`, but others.
        case missing(name: String, others: [String])
    }

    private static let maximumDepth = 32

    private let root: JSONValue

    /// Looks in `schema`.
    package init(_ schema: JSONValue) {
        root = schema
    }

    /// Whether there is a member under these names, one below the other.
    package func find(_ names: [String]) -> Answer {
        find(names[...], in: root, depth: 0)
    }

    /// The place with `*` for each key that the schema does not know.
    ///
    /// A pointer into a value repeats the keys of whoever sent it, and a key may be somebody's number that went astray.
    package func masked(_ pointer: JSONPointer) -> JSONPointer {
        var schemas = [root]
        var tokens: [String] = []
        for token in pointer.tokens {
            let parts = schemas.flatMap { all(of: $0, depth: 0) }
            let named = parts.compactMap { $0["properties"]?[token] }
            let items = Int(token) == nil ? [] : parts.compactMap { $0["items"] }.flatMap { $0.arrayValue ?? [$0] }
            tokens.append(named.isEmpty && items.isEmpty ? "*" : token)
            if named.isEmpty {
                schemas =
                    items
                    + parts.flatMap { part in
                        [part["additionalProperties"]].compactMap(\.self)
                            + (part["patternProperties"]?.objectValue?.values ?? [])
                    }
            } else {
                schemas = named
            }
        }
        return JSONPointer(tokens: tokens)
    }

    /// The schema and all that hold beside it for the same value, however open they are.
    private func all(of schema: JSONValue, depth: Int) -> [JSONObject] {
        guard depth < Self.maximumDepth, let object = schema.objectValue else { return [] }
        if let target = target(of: object) { return all(of: target, depth: depth + 1) }
        let beside =
            ["allOf", "anyOf", "oneOf"].flatMap { object[$0]?.arrayValue ?? [] }
            + ["if", "then", "else"].compactMap { object[$0] }
        return [object] + beside.flatMap { all(of: $0, depth: depth + 1) }
    }

    /// What `$ref` leads to within the schema.
    private func target(of object: JSONObject) -> JSONValue? {
        guard let reference = object["$ref"]?.stringValue, reference.hasPrefix("#") else { return nil }
        return JSONPointer(String(reference.dropFirst())).flatMap { root[$0] }
    }

    private func find(_ names: ArraySlice<String>, in schema: JSONValue, depth: Int) -> Answer {
        guard let name = names.first, depth < Self.maximumDepth else { return .found }
        var parts: [JSONObject] = []
        guard collect(schema, into: &parts, depth: depth) else { return .found }
        var others: [String] = []
        var answer: Answer?
        for part in parts {
            for next in Self.steps(to: name, in: part) {
                let found = find(names.dropFirst(), in: next, depth: depth + 1)
                if found == .found { return .found }
                answer = answer ?? found
            }
            others += (part["properties"]?.objectValue?.keys ?? []).filter { !others.contains($0) }
        }
        if let answer { return answer }
        return parts.contains(where: Self.isClosed) ? .missing(name: name, others: others) : .found
    }

    /// The schemas that hold for a value, each as its own part; false where one of them allows anything.
    private func collect(_ schema: JSONValue, into parts: inout [JSONObject], depth: Int) -> Bool {
        guard depth < Self.maximumDepth, let object = schema.objectValue else { return false }
        if object["$ref"] != nil {
            return target(of: object).map { collect($0, into: &parts, depth: depth + 1) } ?? false
        }
        let isOpen =
            object["patternProperties"] != nil || object["additionalProperties"]?.boolValue == true
        if isOpen { return false }
        parts.append(object)
        for key in ["allOf", "anyOf", "oneOf"] {
            for item in object[key]?.arrayValue ?? [] where !collect(item, into: &parts, depth: depth + 1) {
                return false
            }
        }
        for key in ["then", "else"] {
            if let item = object[key], !collect(item, into: &parts, depth: depth + 1) { return false }
        }
        return true
    }

    /// Where a name may lead to: a property, any property, or an item of a list.
    private static func steps(to name: String, in part: JSONObject) -> [JSONValue] {
        if let property = part["properties"]?[name] { return [property] }
        var steps: [JSONValue] = []
        if let others = part["additionalProperties"], others.objectValue != nil { steps.append(others) }
        if Int(name) != nil, let items = part["items"] { steps.append(items.objectValue == nil ? [:] : items) }
        return steps
    }

    /// Whether it tells all that there is.
    private static func isClosed(_ part: JSONObject) -> Bool {
        if part["properties"] != nil || part["additionalProperties"]?.boolValue == false { return true }
        return ["string", "number", "integer", "boolean", "null"].contains(part["type"]?.stringValue ?? "")
    }
}
