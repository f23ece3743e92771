internal import GerbangJSON

extension ContractSchema {
    /// The schema of a simple type.
    func simple(_ type: SimpleType) -> JSONObject {
        switch type.variety {
        case .list(let item):
            var schema: JSONObject = ["type": "array", "items": .object(simple(item))]
            schema["minItems"] = (type.facets.length ?? type.facets.minLength).map { .number(JSONNumber($0)) }
            schema["maxItems"] = (type.facets.length ?? type.facets.maxLength).map { .number(JSONNumber($0)) }
            return schema
        case .union(let members): return ["anyOf": .array(members.map { .object(simple($0)) })]
        case .atomic(let primitive): return atomic(type, primitive)
        }
    }

    private func atomic(_ type: SimpleType, _ primitive: Primitive) -> JSONObject {
        let facets = type.facets
        if let values = facets.enumeration?.compactMap({ type.json(of: $0) }), !values.isEmpty {
            return ["enum": .array(values)]
        }
        var schema = JSONObject()
        switch primitive.shape {
        case .boolean: schema["type"] = facets.patterns.isEmpty ? "boolean" : ["boolean", "string"]
        case .number:
            if primitive == .float {
                schema["type"] = ["number", "string"]
            } else if !facets.patterns.isEmpty {
                // A form that JSON's numbers do not have is a string.
                schema["type"] = [type.isInteger ? "integer" : "number", "string"]
            } else {
                schema["type"] = type.isInteger ? "integer" : "number"
            }
            bound("minimum", facets.minInclusive, in: &schema)
            bound("maximum", facets.maxInclusive, in: &schema)
            bound("exclusiveMinimum", facets.minExclusive, in: &schema)
            bound("exclusiveMaximum", facets.maxExclusive, in: &schema)
        case .string:
            schema["type"] = primitive == .anySimple ? ["string", "number", "boolean"] : "string"
            if primitive == .string || primitive == .anyURI {
                schema["minLength"] = (facets.length ?? facets.minLength).map { .number(JSONNumber($0)) }
                schema["maxLength"] = (facets.length ?? facets.maxLength).map { .number(JSONNumber($0)) }
            }
            // In JSON a name has its namespace instead of the prefix that a pattern is about.
            if !type.hasNames { patterns(type, in: &schema) }
        }
        if schema["format"] == nil, primitive == .base64Binary { schema["contentEncoding"] = "base64" }
        return schema
    }

    private func bound(_ key: String, _ value: String?, in schema: inout JSONObject) {
        guard let value, let text = DecimalText.json(value), let number = JSONNumber(text) else { return }
        schema[key] = .number(number)
    }

    private func patterns(_ type: SimpleType, in schema: inout JSONObject) {
        var rules: [JSONValue] = []
        for group in type.facets.patterns {
            let written = group.map { ECMAPatternText.text($0) }
            guard written.allSatisfy({ $0 != nil }) else { continue }
            let branches = written.compactMap { $0 }
            rules.append(["pattern": .string("^(?:\(branches.joined(separator: "|")))$")])
        }
        if rules.count == 1, let rule = rules.first?["pattern"] { schema["pattern"] = rule }
        if rules.count > 1 { schema["allOf"] = .array(rules) }
    }
}

/// Writes a pattern as a regular expression of ECMA-262.
enum ECMAPatternText {
    /// The text; nil for a pattern with characters that need more than sixteen bits, or that would become too long.
    static func text(_ pattern: Pattern) -> String? {
        guard let text = text(pattern.root), text.utf8.count <= 4_000 else { return nil }
        return text
    }

    private static func text(_ node: Pattern.Node) -> String? {
        switch node {
        case .empty: return ""
        case .set(let set): return text(set)
        case .sequence(let nodes):
            var result = ""
            for node in nodes {
                guard let part = text(node) else { return nil }
                if case .choice = node { result += "(?:\(part))" } else { result += part }
            }
            return result
        case .choice(let nodes):
            var parts: [String] = []
            for node in nodes {
                guard let part = text(node) else { return nil }
                parts.append(part)
            }
            return parts.joined(separator: "|")
        case .repeated(let inner, let minimum, let maximum):
            guard let part = text(inner), maximum ?? minimum <= 1_000 else { return nil }
            var atom = "(?:\(part))"
            if case .set = inner { atom = part }
            switch (minimum, maximum) {
            case (0, 1): return atom + "?"
            case (0, nil): return atom + "*"
            case (1, nil): return atom + "+"
            case (1, 1): return atom
            case (_, nil): return atom + "{\(minimum),}"
            case (_, let maximum?): return atom + (minimum == maximum ? "{\(minimum)}" : "{\(minimum),\(maximum)}")
            }
        }
    }

    private static func text(_ set: CharacterSet) -> String? {
        if set == CharacterSet.digits { return "[0-9]" }
        if set.ranges == [0x0A...0x0A, 0x0D...0x0D] { return nil }
        if let only = set.ranges.first, set.ranges.count == 1, only.count == 1 { return escaped(only.lowerBound) }
        let inverted = set.inverted
        let isNegative = (set.ranges.last?.upperBound ?? 0) == CharacterSet.highest
        let ranges = isNegative ? inverted.ranges : set.ranges
        guard ranges.count <= 64, ranges.allSatisfy({ $0.upperBound <= 0xFFFF }) else { return nil }
        var parts = ""
        for range in ranges {
            guard let low = escaped(range.lowerBound), let high = escaped(range.upperBound) else { return nil }
            parts += range.count == 1 ? low : "\(low)-\(high)"
        }
        return isNegative ? "[^\(parts)]" : "[\(parts)]"
    }

    private static func escaped(_ value: UInt32) -> String? {
        guard value <= 0xFFFF, let scalar = Unicode.Scalar(value) else { return nil }
        switch value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20: return String(scalar)
        default:
            let digits = String(value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
    }
}
