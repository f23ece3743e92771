package import GerbangJSON

/// Makes a value that a JSON Schema (draft 7) allows, of invented people and things.
package enum SchemaSample {
    private static let maximumDepth = 12
    /// The NIK of the invented person.
    package static let nik = "3174014101900001"

    /// A value for `schema`: its example, default or first choice if it has one, or one that is made of its parts.
    ///
    /// It need not fit where a schema asks for more than its types, patterns and bounds tell.
    package static func value(for schema: JSONValue) -> JSONValue {
        value(for: schema, named: "", in: schema, depth: 0)
    }

    private static func value(for schema: JSONValue, named name: String, in root: JSONValue, depth: Int) -> JSONValue {
        guard depth < maximumDepth else { return .null }
        if let reference = schema["$ref"]?.stringValue, reference.hasPrefix("#"),
            let target = JSONPointer(String(reference.dropFirst())).flatMap({ root[$0] })
        {
            return value(for: target, named: name, in: root, depth: depth + 1)
        }
        if let example = schema["examples"]?[0] ?? schema["example"] ?? schema["default"] ?? schema["const"] {
            return example
        }
        if let choice = schema["enum"]?[0] { return choice }
        if schema["allOf"] != nil || !isTyped(schema) && (schema["oneOf"] ?? schema["anyOf"])?[0] != nil {
            return value(for: joined(schema, in: root), named: name, in: root, depth: depth + 1)
        }
        switch type(of: schema) {
        case "object": return object(for: schema, in: root, depth: depth)
        case "array":
            let count = max(1, schema["minItems"]?.intValue ?? 1)
            let item = schema["items"].map { value(for: $0, named: name, in: root, depth: depth + 1) } ?? "contoh"
            return .array(Array(repeating: item, count: min(count, 100)))
        case "integer", "number": return number(for: schema)
        case "boolean": return true
        case "null": return .null
        default: return .string(text(for: schema, named: name))
        }
    }

    /// Whether the schema itself says what kind of value it is for.
    private static func isTyped(_ schema: JSONValue) -> Bool {
        ["type", "properties", "required", "items"].contains { schema[$0] != nil }
    }

    /// The schema with all parts of `allOf` in it; with the first of the alternatives too when it says no type itself.
    private static func joined(_ schema: JSONValue, in root: JSONValue) -> JSONValue {
        var result = schema.objectValue ?? [:]
        var parts = result["allOf"]?.arrayValue ?? []
        result["allOf"] = nil
        if parts.isEmpty, !isTyped(schema) {
            for key in ["oneOf", "anyOf"] {
                if let first = result[key]?[0] { parts.append(first) }
                result[key] = nil
            }
        }
        for part in parts {
            var part = part
            if let reference = part["$ref"]?.stringValue, reference.hasPrefix("#") {
                part = JSONPointer(String(reference.dropFirst())).flatMap { root[$0] } ?? part
            }
            for (key, value) in part.objectValue ?? [:] {
                switch (key, result[key], value) {
                case ("properties", .object(var known)?, .object(let more)):
                    for (name, property) in more where known[name] == nil { known[name] = property }
                    result[key] = .object(known)
                case ("required", .array(let known)?, .array(let more)): result[key] = .array(known + more)
                case ("allOf", .array(let known)?, .array(let more)): result[key] = .array(known + more)
                case (_, nil, _): result[key] = value
                default: break
                }
            }
        }
        return .object(result)
    }

    private static func type(of schema: JSONValue) -> String {
        if let type = schema["type"]?.stringValue ?? schema["type"]?[0]?.stringValue { return type }
        if schema["properties"] != nil || schema["required"] != nil { return "object" }
        return schema["items"] != nil ? "array" : "string"
    }

    /// Required members, those of the first alternative among them, and as many more as the schema wants.
    private static func object(for schema: JSONValue, in root: JSONValue, depth: Int) -> JSONValue {
        let properties = schema["properties"]?.objectValue ?? [:]
        var names = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        for key in ["oneOf", "anyOf"] {
            names += (schema[key]?[0]?["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        let minimum = schema["minProperties"]?.intValue ?? 0
        for name in properties.keys where names.count < minimum && !names.contains(name) { names.append(name) }
        var object = JSONObject()
        for name in names {
            object[name] = value(for: properties[name] ?? [:], named: name, in: root, depth: depth + 1)
        }
        return .object(object)
    }

    private static func number(for schema: JSONValue) -> JSONValue {
        let minimum =
            schema["minimum"]?.numberValue?.double ?? schema["exclusiveMinimum"]?.numberValue.map { $0.double + 1 }
        let maximum =
            schema["maximum"]?.numberValue?.double ?? schema["exclusiveMaximum"]?.numberValue.map { $0.double - 1 }
        var number = minimum ?? min(1, maximum ?? 1)
        if let step = schema["multipleOf"]?.numberValue?.double, step > 0 {
            number = (number / step).rounded(.up) * step
        }
        guard number.magnitude < 1e15 else { return 1 }
        return number == number.rounded() ? .number(JSONNumber(Int(number))) : .number(JSONNumber(number) ?? 1)
    }

    /// The first of some usual texts that the schema allows.
    private static func text(for schema: JSONValue, named name: String) -> String {
        let length = max(schema["minLength"]?.intValue ?? 0, 1)
        var candidates = byName(name)
        switch schema["format"]?.stringValue {
        case "date": candidates.insert("2026-01-20", at: 0)
        case "date-time": candidates.insert("2026-01-20T08:00:00+07:00", at: 0)
        case "email": candidates.insert("kenari.uji@contoh.example", at: 0)
        case "uri": candidates.insert("https://contoh.example/berkas", at: 0)
        case "uuid": candidates.insert("0193a6f0-5b00-7000-8000-000000000001", at: 0)
        default: break
        }
        candidates += [
            "contoh", "CONTOH-1", "1", "2026-01-20", "2026-01-20T08:00:00+07:00", nik, "1234567890123",
            "012345678901234", "022000000001", "B 1234 XYZ", "31.74", "10", "100", "1000", "31", "3174", "12345",
            "https://contoh.example/berkas", "08:00", "10s", "081200000000", "C", "c", "true",
            String(repeating: "contoh ", count: min(length, 1000)), String(repeating: "0", count: min(length, 1000)),
        ]
        guard let compiled = try? JSONSchema(schema) else { return candidates[0] }
        return candidates.first { compiled.validate(.string($0)).isEmpty } ?? candidates[0]
    }

    private static func byName(_ name: String) -> [String] {
        let name = name.lowercased()
        let texts: [(String, String)] = [
            ("nik", nik), ("birthdate", "1990-01-01"), ("name", "Kenari Uji"), ("plate", "B 1234 XYZ"),
            ("station", "JKT-PULOGADUNG"), ("date", "2026-01-20"), ("on", "2026-01-20"),
            ("start", "2026-01-20T08:00:00+07:00"),
            ("email", "kenari.uji@contoh.example"), ("phone", "081200000000"), ("address", "Jalan Contoh 1"),
        ]
        return texts.filter { name == $0.0 || name.hasSuffix($0.0) }.map(\.1)
    }
}
