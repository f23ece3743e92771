internal import GerbangCore
internal import GerbangJSON

/// Why a JSON Schema cannot be offered by SOAP.
struct Inexpressible: Error {
    /// Where in the schema.
    var pointer: JSONPointer
    var reason: String
}

/// A value's form, as far as both JSON Schema and XML Schema can say it.
///
/// It is what the XML Schema of the SOAP face is written from, and what takes values from one form to the other. Patterns,
/// lengths, bounds and conditions are left out: the JSON Schema judges every submission all the same.
indirect enum FaceType: Sendable, Hashable {
    /// Named members, and further ones of one form as entries with a name.
    case object([Member], entries: FaceType?)
    case array(FaceType)
    case text(choices: [String])
    /// A text or a number; it is written as text.
    case textOrNumber
    case boolean, integer, number
    /// A form with a name, which may hold itself.
    case reference(String)
    /// A form that may be null.
    case nillable(FaceType)

    struct Member: Sendable, Hashable {
        var name: String
        var type: FaceType
        var isRequired: Bool
    }
}

/// Reads the form of values from a JSON Schema (draft 7).
struct FaceTypeReader {
    private let root: JSONValue
    /// The forms that `$ref` leads to, by the names of their definitions.
    private(set) var named: [String: FaceType] = [:]
    private var underWay: Set<String> = []
    private var nullable: Set<String> = []

    init(_ schema: JSONValue) {
        root = schema
    }

    /// Reads the whole schema.
    ///
    /// - Throws: ``Inexpressible`` with the place in the schema and the reason.
    mutating func read() throws(Inexpressible) -> FaceType {
        try type(root, at: .root)
    }

    private mutating func type(_ schema: JSONValue, at pointer: JSONPointer) throws(Inexpressible) -> FaceType {
        guard pointer.tokens.count < 64 else { throw Inexpressible(pointer: pointer, reason: "it nests too deeply") }
        guard let schema = schema.objectValue else {
            throw Inexpressible(pointer: pointer, reason: "it may be anything; SOAP needs a type")
        }
        if let reference = schema["$ref"]?.stringValue { return try self.reference(reference, at: pointer) }
        if let branches = (schema["allOf"] ?? schema["oneOf"] ?? schema["anyOf"])?.arrayValue,
            let found = try combined(branches, with: schema, at: pointer)
        {
            return found
        }
        return try plain(schema, at: pointer)
    }

    private mutating func reference(_ text: String, at pointer: JSONPointer) throws(Inexpressible) -> FaceType {
        guard
            let name = ["#/definitions/", "#/$defs/"].lazy.filter({ text.hasPrefix($0) })
                .map({ String(text.dropFirst($0.count)) }).first,
            let target = (root["definitions"] ?? root["$defs"])?[name]
        else { throw Inexpressible(pointer: pointer, reason: "it refers to something other than a definition here") }
        guard FaceNames.isElementName(name) else {
            throw Inexpressible(pointer: pointer, reason: "the definition's name cannot be the name of a type")
        }
        if named[name] == nil, underWay.insert(name).inserted {
            named[name] = try type(target, at: JSONPointer(tokens: ["definitions", name]))
        }
        // Elements may be null, types may not.
        if case .nillable(let inner)? = named[name] {
            named[name] = inner
            nullable.insert(name)
        }
        return nullable.contains(name) ? .nillable(.reference(name)) : .reference(name)
    }

    // MARK: Types

    private mutating func plain(_ schema: JSONObject, at pointer: JSONPointer) throws(Inexpressible) -> FaceType {
        var types = Self.types(of: schema)
        let isNillable = types.contains("null")
        types.remove("null")
        let found: FaceType
        switch types {
        case ["object"]: found = try object(schema, at: pointer)
        case ["array"]:
            guard let items = schema["items"], items.objectValue != nil else {
                throw Inexpressible(pointer: pointer, reason: "it is a list without one form for all items ('items')")
            }
            found = .array(try type(items, at: pointer.appending("items")))
        case ["string"]:
            let choices = (schema["enum"]?.arrayValue ?? schema["const"].map { [$0] } ?? []).compactMap(\.stringValue)
            found = .text(choices: choices)
        case ["boolean"]: found = .boolean
        case ["integer"]: found = .integer
        case ["number"], ["integer", "number"]: found = .number
        case ["string", "number"], ["string", "integer"], ["string", "integer", "number"]: found = .textOrNumber
        case []: throw Inexpressible(pointer: pointer, reason: "it has no type")
        default:
            let list = types.sorted().joined(separator: " or ")
            throw Inexpressible(pointer: pointer, reason: "it may be \(list); SOAP needs one type")
        }
        return isNillable ? .nillable(found) : found
    }

    /// The types that a schema allows, by what it says of them.
    private static func types(of schema: JSONObject) -> Set<String> {
        if let name = schema["type"]?.stringValue { return [name] }
        if let names = schema["type"]?.arrayValue { return Set(names.compactMap(\.stringValue)) }
        if let values = schema["enum"]?.arrayValue ?? schema["const"].map({ [$0] }) {
            return Set(values.map { type(of: $0) })
        }
        if schema["properties"] != nil || schema["required"] != nil { return ["object"] }
        if schema["items"] != nil { return ["array"] }
        if ["pattern", "minLength", "maxLength"].contains(where: { schema[$0] != nil }) { return ["string"] }
        if ["minimum", "maximum", "multipleOf"].contains(where: { schema[$0] != nil }) { return ["number"] }
        return []
    }

    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number(let number): Int64(number.text) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private mutating func object(_ schema: JSONObject, at pointer: JSONPointer) throws(Inexpressible) -> FaceType {
        let required = Set(schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        var members: [FaceType.Member] = []
        for (name, value) in schema["properties"]?.objectValue ?? [:] {
            let place = pointer.appending("properties").appending(name)
            if value == .bool(false) { continue }
            guard FaceNames.isElementName(name) else {
                throw Inexpressible(pointer: place, reason: "the name cannot be the name of an element")
            }
            members.append(
                FaceType.Member(name: name, type: try type(value, at: place), isRequired: required.contains(name))
            )
        }
        var entries: FaceType?
        if let more = schema["additionalProperties"], more.objectValue != nil {
            guard !members.contains(where: { $0.name == FaceNames.entry }) else {
                throw Inexpressible(pointer: pointer, reason: "it has a member 'entry' beside members of any name")
            }
            entries = try type(more, at: pointer.appending("additionalProperties"))
        }
        guard
            !members.isEmpty || entries != nil || schema["additionalProperties"] == .bool(false)
                || schema["maxProperties"] == 0
        else { throw Inexpressible(pointer: pointer, reason: "it is an object that may hold anything") }
        return .object(members, entries: entries)
    }

    // MARK: Combinations

    /// The form of a schema with branches; nil where they only narrow what stands beside them.
    private mutating func combined(
        _ branches: [JSONValue],
        with schema: JSONObject,
        at pointer: JSONPointer
    ) throws(Inexpressible) -> FaceType? {
        let key = ["allOf", "oneOf", "anyOf"].first { schema[$0] != nil } ?? "allOf"
        var forms: [FaceType] = []
        var isNillable = false
        for (index, branch) in branches.enumerated() {
            guard let object = branch.objectValue, Self.hasForm(object) else { continue }
            if object["type"] == "null" {
                isNillable = true
                continue
            }
            forms.append(try type(branch, at: pointer.appending(key).appending(index)))
        }
        var own = schema
        own[key] = nil
        if Self.hasForm(own) { forms.append(try type(.object(own), at: pointer)) }
        guard var found = forms.first else { return nil }
        for form in forms.dropFirst() {
            guard let merged = Self.merged(found, form, requiresBoth: key == "allOf") else {
                throw Inexpressible(pointer: pointer.appending(key), reason: "its alternatives have different types")
            }
            found = merged
        }
        return isNillable ? .nillable(found) : found
    }

    /// Whether a schema says what a value looks like, and does not only narrow it.
    private static func hasForm(_ schema: JSONObject) -> Bool {
        ["$ref", "type", "enum", "const", "properties", "items", "allOf", "oneOf", "anyOf"].contains {
            schema[$0] != nil
        }
    }

    /// One form for both: of objects the members of both.
    private static func merged(_ first: FaceType, _ second: FaceType, requiresBoth: Bool) -> FaceType? {
        if first == second { return first }
        switch (first, second) {
        case (.text, .text): return .text(choices: [])
        case (.integer, .number), (.number, .integer): return .number
        case (.object(let some, let one), .object(let others, let other)):
            guard one == nil || other == nil || one == other else { return nil }
            var members = some
            if !requiresBoth {
                for index in members.indices {
                    let name = members[index].name
                    members[index].isRequired =
                        members[index].isRequired && others.contains { $0.name == name && $0.isRequired }
                }
            }
            for member in others {
                if let index = members.firstIndex(where: { $0.name == member.name }) {
                    guard let type = merged(members[index].type, member.type, requiresBoth: requiresBoth) else {
                        return nil
                    }
                    members[index].type = type
                    if requiresBoth { members[index].isRequired = members[index].isRequired || member.isRequired }
                } else {
                    var member = member
                    if !requiresBoth { member.isRequired = false }
                    members.append(member)
                }
            }
            return .object(members, entries: one ?? other)
        default: return nil
        }
    }
}

/// Names of the SOAP face.
enum FaceNames {
    /// The element for members of any name.
    static let entry = "entry"
    /// The element for items of a list that stands where XML has no name for them.
    static let item = "item"

    /// Whether a name can be that of an element: letters, digits, `_`, `-` and `.`, beginning with a letter or `_`.
    static func isElementName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            scalar == "_" || scalar == "-" || scalar == "." || scalar.properties.isAlphabetic
                || scalar.properties.generalCategory == .decimalNumber
        }
    }

    /// `transport.vehicle.lookup` as `transportVehicleLookup`.
    static func camel(_ service: ServiceID) -> String {
        var name = ""
        for (index, part) in service.text.split(whereSeparator: { $0 == "." || $0 == "-" || $0 == "_" }).enumerated() {
            name += index == 0 ? String(part) : part.prefix(1).uppercased() + part.dropFirst()
        }
        return name.first.map { $0.isNumber ? "_\(name)" : name } ?? "service"
    }
}
