package import GerbangJSON

/// Looks for members in what a JSON Schema describes.
package struct SchemaSearch {
    package enum Answer: Equatable {
        /// There is such a member, or the schema does not say what there is.
        case found
        /// There is none called `name`, but others.
        case missing(name: String, others: [String])
    }

    private let root: JSONValue

    /// Looks in `schema`.
    package init(_ schema: JSONValue) {
        root = schema
    }

    /// Whether there is a member under these names, one below the other.
    package func find(_ names: [String]) -> Answer {
        var schemas = [root]
        for name in names {
            guard let parts = parts(of: schemas, whereOpen: nil) else { return .found }
            let next = parts.flatMap { Self.steps(to: name, in: $0) }
            guard next.isEmpty else {
                schemas = next
                continue
            }
            guard parts.contains(where: Self.isClosed) else { return .found }
            var others: [String] = []
            for part in parts {
                others += (part["properties"]?.objectValue?.keys ?? []).filter { !others.contains($0) }
            }
            return .missing(name: name, others: others)
        }
        return .found
    }

    /// The place with `*` for each key that the schema does not know.
    ///
    /// A pointer into a value repeats the keys of whoever sent it, and a key may be somebody's number that went astray.
    package func masked(_ pointer: JSONPointer) -> JSONPointer {
        var schemas = [root]
        var tokens: [String] = []
        for token in pointer.tokens {
            let parts = parts(of: schemas, whereOpen: []) ?? []
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

    /// The schemas that hold for one value, with all that hold beside them, each as its own part.
    ///
    /// Each reference is followed once, so that a schema that refers to itself many times costs no more than its size.
    ///
    /// - Parameter instead: What stands for a schema that allows anything; nil where there are no parts to tell of then.
    private func parts(of schemas: [JSONValue], whereOpen instead: [JSONObject]?) -> [JSONObject]? {
        var parts: [JSONObject] = []
        var followed: Set<String> = []
        var waiting = Array(schemas.reversed())
        while let schema = waiting.popLast() {
            guard let object = schema.objectValue else {
                guard let instead else { return nil }
                parts += instead
                continue
            }
            if let reference = object["$ref"]?.stringValue {
                guard followed.insert(reference).inserted else { continue }
                let target =
                    reference.hasPrefix("#") ? JSONPointer(String(reference.dropFirst())).flatMap { root[$0] } : nil
                waiting.append(target ?? true)
                continue
            }
            let isOpen = object["patternProperties"] != nil || object["additionalProperties"]?.boolValue == true
            if isOpen, instead == nil { return nil }
            parts.append(object)
            let beside =
                ["allOf", "anyOf", "oneOf"].flatMap { object[$0]?.arrayValue ?? [] }
                + ["then", "else"].compactMap { object[$0] }
            waiting += beside.reversed()
        }
        return parts
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
