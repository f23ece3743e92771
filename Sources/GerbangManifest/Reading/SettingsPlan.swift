internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangSchema

/// The settings that a connection of the adapter has, from a JSON Schema.
///
/// A property with `secret: true` is a secret; `expects` says in words what would be right.
struct SettingsPlan: Sendable {
    /// One setting.
    struct Property: Sendable {
        let name: String
        let isSecret: Bool
        let isRequired: Bool
        let fallback: JSONValue?
        /// What would be right, in words.
        let expectation: String?
        let summary: String?
        let type: CELType

        /// The variable that holds it.
        var variable: String { "\(isSecret ? "secret" : "config").\(name)" }
        /// Whether it may be absent.
        var isOptional: Bool { !isRequired && fallback == nil }
    }

    let properties: [Property]
    let schema: JSONSchema?
    /// The JSON Schema as it is written.
    let json: JSONValue

    /// The variables that hold the settings.
    var variables: [String: CELType] {
        Dictionary(uniqueKeysWithValues: properties.map { ($0.variable, $0.isOptional ? .optional($0.type) : $0.type) })
    }

    /// The values of the settings that were given or have a default; for what is known before there is a connection.
    var defaults: [String: CELValue] {
        values(
            JSONObject(uniqueKeysWithValues: properties.compactMap { item in item.fallback.map { (item.name, $0) } })
        )
    }

    /// Reads a connection's settings; `nil` after an issue was reported.
    func read(_ reader: inout SettingsReader) -> [String: CELValue]? {
        var settings = JSONObject()
        let before = reader.issues.count
        for property in properties {
            let value: JSONValue?
            if property.isSecret {
                value = reader.optionalSecret(property.name).map { .string($0.revealed) }
            } else {
                value = reader.optionalJSON(property.name).flatMap { $0.isNull ? nil : $0 }
            }
            settings[property.name] = value ?? property.fallback
            if value == nil, property.isRequired, !reader.has(property.name) {
                reader.report("is required", at: property.name)
            }
        }
        guard reader.issues.count == before else { return nil }
        for issue in schema?.validate(.object(settings)) ?? [] {
            let property = properties.first { $0.name == issue.pointer.tokens.first }
            let message = issue.pointer.tokens.count == 1 ? property?.expectation.map { "must be \($0)" } : nil
            Self.report(message ?? issue.message, at: issue.pointer.tokens[...], &reader)
        }
        return reader.issues.count == before ? values(settings) : nil
    }

    private func values(_ settings: JSONObject) -> [String: CELValue] {
        var values: [String: CELValue] = [:]
        for property in properties {
            let value = settings[property.name].map { CELValue($0) }
            if property.isOptional {
                values[property.variable] = .optional(value.map { CELOptional($0) } ?? .none)
            } else {
                values[property.variable] = value
            }
        }
        return values
    }

    /// Reports an issue at its place inside of a setting.
    private static func report(_ message: String, at tokens: ArraySlice<String>, _ reader: inout SettingsReader) {
        guard let key = tokens.first else { return reader.report(message) }
        guard tokens.count > 1, let names = reader.optionalJSON(key)?.objectValue?.keys else {
            return reader.report(message, at: key)
        }
        _ = reader.object(key) { inner -> Bool? in
            // Otherwise all of them would be reported as unknown.
            for name in names { _ = inner.optionalJSON(name) }
            report(message, at: tokens.dropFirst(), &inner)
            return true
        }
    }
}

extension SettingsPlan {
    /// Reads the schema; what is wrong is reported.
    init(_ value: JSONValue?, at pointer: JSONPointer, _ compilation: Compilation) {
        guard let value, !value.isNull else {
            self.init(properties: [], schema: nil, json: ["type": "object"])
            return
        }
        var properties: [Property] = []
        guard let object = value.objectValue, let members = object["properties"]?.objectValue else {
            compilation.report(
                "must be a JSON Schema of an object: {required: […], properties: {…}}",
                at: pointer
            )
            self.init(properties: [], schema: nil, json: value)
            return
        }
        let required = Set(object["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        for name in required.sorted() where members[name] == nil {
            compilation.report("names a property that is not described: \(name)", at: pointer.appending("required"))
        }
        for (name, property) in members {
            let place = pointer.appending("properties").appending(name)
            guard Self.isName(name) else {
                compilation.report(
                    "must be a name of letters, digits and '_', so that expressions can name it",
                    at: place
                )
                continue
            }
            let isSecret = property["secret"]?.boolValue ?? false
            if isSecret, let type = property["type"]?.stringValue, type != "string" {
                compilation.report("a secret is a text: its type must be string", at: place.appending("type"))
            }
            properties.append(
                Property(
                    name: name,
                    isSecret: isSecret,
                    isRequired: required.contains(name),
                    fallback: property["default"],
                    expectation: property["expects"]?.stringValue,
                    summary: property["description"]?.stringValue,
                    type: isSecret ? .string : Self.type(property["type"]?.stringValue)
                )
            )
        }
        var schema: JSONSchema?
        do throws(SchemaError) {
            var complete = object
            if complete["type"] == nil { complete["type"] = "object" }
            schema = try JSONSchema(.object(complete))
        } catch {
            compilation.report(
                "is not a JSON Schema: \(error.message)",
                at: pointer.appending(contentsOf: error.pointer)
            )
        }
        self.init(properties: properties, schema: schema, json: value)
        checkDefaults(at: pointer, compilation)
    }

    private func checkDefaults(at pointer: JSONPointer, _ compilation: Compilation) {
        for property in properties {
            guard let fallback = property.fallback, let schema else { continue }
            let issues = schema.validate(.object([property.name: fallback]))
            guard let issue = issues.first(where: { $0.pointer.tokens.first == property.name }) else { continue }
            let place = pointer.appending("properties").appending(property.name).appending("default")
            compilation.report("the default breaks its own schema: it \(issue.message)", at: place)
        }
    }

    private static func type(_ name: String?) -> CELType {
        switch name {
        case "string": .string
        case "integer": .int
        case "boolean": .bool
        default: .dyn
        }
    }

    /// Whether expressions can name it.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "_") || isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
