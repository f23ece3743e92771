internal import GerbangJSON
internal import GerbangXML

/// Derives JSON Schema (draft 7) from the contract's types.
struct ContractSchema {
    private let table: SchemaTable
    /// Whether every element may be nil, as by SOAP encoding.
    private let isEncoded: Bool
    private var definitions = JSONObject()
    private var names: [Int: String] = [:]
    private var taken: Set<String> = []
    private var waiting: [Int] = []

    init(_ table: SchemaTable, isEncoded: Bool) {
        self.table = table
        self.isEncoded = isEncoded
    }

    /// The schema of a message's body.
    mutating func schema(of shape: MessageShape, title: String) -> JSONValue {
        var root: JSONObject = ["$schema": "http://json-schema.org/draft-07/schema#", "title": .string(title)]
        switch shape.body {
        case .empty: root["type"] = ["object", "null"]
        case .element(let element): merge(self.element(element), into: &root)
        case .wrapper(let element): merge(reference(element.type), into: &root)
        case .content(let type): merge(reference(type), into: &root)
        case .parts(let parts):
            merge(object(parts.map { ($0.key, self.element($0.element)) }, required: parts.map(\.key)), into: &root)
        }
        return finish(root)
    }

    /// The schema of a message's header blocks.
    mutating func headers(of shape: MessageShape, title: String) -> JSONValue {
        var root: JSONObject = ["$schema": "http://json-schema.org/draft-07/schema#", "title": .string(title)]
        var schema = object(shape.headers.map { ($0.key, self.element($0.element)) }, required: [])
        schema["additionalProperties"] = true
        merge(schema, into: &root)
        return finish(root)
    }

    private mutating func finish(_ start: JSONObject) -> JSONValue {
        var root = start
        while let number = waiting.popLast() {
            guard let name = names[number] else { continue }
            definitions[name] = .object(type(table.types[number]))
        }
        if !definitions.isEmpty { root["definitions"] = .object(definitions) }
        return .object(root)
    }

    private func merge(_ schema: JSONObject, into root: inout JSONObject) {
        // Beside a reference draft 7 ignores everything else.
        if schema["$ref"] != nil {
            root["allOf"] = [.object(schema)]
        } else {
            for (key, value) in schema { root[key] = value }
        }
    }

    // MARK: Elements and types

    private mutating func element(_ element: ElementNode) -> JSONObject {
        guard element.alternatives.isEmpty else {
            let choices = element.alternatives.map { alternative in
                JSONValue.object(
                    object([(alternative.key, self.element(alternative.element))], required: [alternative.key])
                )
            }
            return ["oneOf": .array(choices)]
        }
        var schema = polymorphic(element.type)
        if element.isNillable || isEncoded { schema = ["anyOf": [.object(schema), .object(["type": "null"])]] }
        if let text = element.documentation { schema = described(schema, text) }
        if case .simple(let simple) = table.types[element.type].content {
            if let fixed = element.fixedValue.flatMap({ simple.json(of: $0) }), !table.types[element.type].hasTextMember
            {
                schema = ["const": fixed]
            } else if let value = element.defaultValue.flatMap({ simple.json(of: $0) }) {
                schema = ["allOf": [.object(schema)], "default": value]
            }
        }
        return schema
    }

    private func described(_ schema: JSONObject, _ text: String) -> JSONObject {
        var result: JSONObject = schema["$ref"] == nil ? schema : ["allOf": [.object(schema)]]
        if result["description"] == nil { result["description"] = .string(text) }
        return result
    }

    /// The schema of a type, or of any type derived from it.
    private mutating func polymorphic(_ number: Int) -> JSONObject {
        let declared = table.types[number]
        if number == BuiltinTypes.anyType || declared.isSimple || declared.name == nil { return reference(number) }
        let derived = table.instances(of: number).filter { $0 != number }
        guard !derived.isEmpty, derived.count <= 200 else { return reference(number) }
        var choices: [JSONValue] = declared.isAbstract ? [] : [.object(reference(number))]
        for other in derived {
            guard let key = table.typeKeys[other] else { continue }
            let mark: JSONObject = ["required": ["#type"], "properties": ["#type": ["const": .string(key)]]]
            choices.append(["allOf": [.object(reference(other)), .object(mark)]])
        }
        return ["anyOf": .array(choices)]
    }

    private mutating func reference(_ number: Int) -> JSONObject {
        let type = table.types[number]
        switch type.content {
        case .anything: return [:]
        case .simple(let simple) where type.isSimple && type.name.map({ $0.namespaceURI == Namespaces.schema }) ?? true:
            return self.simple(simple)
        default: break
        }
        if let name = names[number] { return ["$ref": .string("#/definitions/" + Self.escaped(name))] }
        var name = type.name?.localName ?? "type"
        var count = 2
        while !taken.insert(name).inserted {
            name = "\(type.name?.localName ?? "type")\(count)"
            count += 1
        }
        names[number] = name
        waiting.append(number)
        return ["$ref": .string("#/definitions/" + Self.escaped(name))]
    }

    /// A name as a step of a JSON Pointer within a URI.
    private static func escaped(_ name: String) -> String {
        var result = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    private mutating func type(_ type: TypeNode) -> JSONObject {
        var schema: JSONObject
        switch type.content {
        case .anything: schema = [:]
        case .array(let array): schema = self.array(array)
        case .simple(let simple):
            schema = self.simple(simple)
            guard type.hasTextMember || !type.isSimple && type.anyAttribute != nil else { break }
            var members = attributes(type)
            members.append(("#text", self.simple(simple)))
            var object = object(members, required: type.attributes.filter { Self.isNeeded($0) }.map(\.key))
            allowAttributes(type, in: &object)
            schema =
                type.attributes.contains { Self.isNeeded($0) } ? object : ["anyOf": [.object(object), .object(schema)]]
        case .empty:
            schema = object(attributes(type), required: type.attributes.filter { Self.isNeeded($0) }.map(\.key))
            allowAttributes(type, in: &schema)
        case .mixed(let mixed):
            var choices: [JSONValue] = [["type": "string"]]
            for (key, element) in mixed.keys.sorted(by: { $0.key < $1.key }) {
                choices.append(.object(object([(key, self.element(element))], required: [key])))
            }
            if mixed.hasWildcard { choices.append(.object(Self.free)) }
            let items: JSONObject = ["type": "array", "items": ["anyOf": .array(choices)]]
            schema = object(
                attributes(type) + [("#content", items)],
                required: type.attributes.filter { Self.isNeeded($0) }.map(\.key)
            )
            allowAttributes(type, in: &schema)
        case .elements(let group):
            var members = attributes(type)
            var required = type.attributes.filter { Self.isNeeded($0) }.map(\.key)
            var rules: [JSONValue] = []
            collect(group, isRequired: true, &members, &required, &rules)
            schema = object(members, required: required)
            allowAttributes(type, in: &schema)
            if !rules.isEmpty { schema["allOf"] = .array(rules) }
            // The array itself is one only by SOAP encoding.
            if type.isEncodedArray { schema = ["anyOf": [.object(schema), ["type": "array"]]] }
        }
        if let text = type.documentation { schema["description"] = .string(text) }
        return schema
    }

    private static func isNeeded(_ attribute: AttributeNode) -> Bool {
        attribute.isRequired && attribute.fixedValue == nil && attribute.defaultValue == nil
    }

    private mutating func attributes(_ type: TypeNode) -> [(String, JSONObject)] {
        type.attributes.map { attribute in
            if let fixed = attribute.fixedValue.flatMap({ attribute.type.json(of: $0) }) {
                return (attribute.key, ["const": fixed])
            }
            var schema = simple(attribute.type)
            if let value = attribute.defaultValue.flatMap({ attribute.type.json(of: $0) }) { schema["default"] = value }
            return (attribute.key, schema)
        }
    }

    private func allowAttributes(_ type: TypeNode, in schema: inout JSONObject) {
        guard type.anyAttribute != nil else { return }
        // The rule holds for the declared attributes too, which may be lists.
        let hasLists = type.attributes.contains { if case .atomic = $0.type.variety { false } else { true } }
        let types: JSONValue =
            hasLists ? ["string", "number", "boolean", "array"] : ["string", "number", "boolean"]
        schema["patternProperties"] = ["^@": ["type": types]]
    }

    private func object(_ members: [(String, JSONObject)], required: [String]) -> JSONObject {
        var properties = JSONObject()
        for (key, schema) in members { properties[key] = .object(schema) }
        if properties["#type"] == nil { properties["#type"] = ["type": "string"] }
        if properties["#nil"] == nil { properties["#nil"] = ["type": "boolean"] }
        var schema: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        return schema
    }

    // MARK: Content

    /// The members of a group that stand in the object around it.
    private mutating func collect(
        _ group: GroupNode,
        isRequired: Bool,
        _ members: inout [(String, JSONObject)],
        _ required: inout [String],
        _ rules: inout [JSONValue]
    ) {
        if group.kind == .choice { rules += choice(group, isRequired: isRequired) }
        for particle in group.particles {
            let isNeeded = isRequired && group.kind != .choice && particle.minimum > 0
            if particle.key.isEmpty {
                if case .group(let inner) = particle.term {
                    collect(inner, isRequired: isNeeded, &members, &required, &rules)
                }
                continue
            }
            if isNeeded, !particle.first.isEmptiable, !Self.hasOwnValue(particle) { required.append(particle.key) }
            // Branches of a choice may share a member.
            guard !members.contains(where: { $0.0 == particle.key }) else { continue }
            members.append((particle.key, schema(of: particle)))
        }
    }

    private static func hasOwnValue(_ particle: Particle) -> Bool {
        guard case .element(let element) = particle.term, !particle.isRepeated else { return false }
        return element.fixedValue != nil || element.defaultValue != nil
    }

    /// At least one branch of a choice must be there, unless none needs to be.
    private func choice(_ group: GroupNode, isRequired: Bool) -> [JSONValue] {
        guard isRequired, !group.particles.isEmpty, !group.particles.contains(where: \.first.isEmptiable) else {
            return []
        }
        let branches = group.particles.map { particle -> JSONValue in
            guard particle.key.isEmpty, case .group(let inner) = particle.term else {
                return ["required": [.string(particle.key)]]
            }
            return ["anyOf": .array(inner.keys.sorted().map { ["required": [.string($0)]] })]
        }
        return [["anyOf": .array(branches)]]
    }

    private mutating func schema(of particle: Particle) -> JSONObject {
        var one: JSONObject
        switch particle.term {
        case .element(let element): one = self.element(element)
        case .any: one = Self.free
        case .group(let group):
            var members: [(String, JSONObject)] = []
            var required: [String] = []
            var rules: [JSONValue] = []
            collect(group, isRequired: true, &members, &required, &rules)
            one = object(members, required: required)
            if !rules.isEmpty { one["allOf"] = .array(rules) }
        }
        guard particle.isRepeated else {
            // A null for what may be left out means that it is.
            if particle.minimum == 0, case .element(let element) = particle.term, !element.isNillable {
                one = ["anyOf": [.object(one), ["type": "null"]]]
            }
            return one
        }
        var array: JSONObject = ["type": "array", "items": .object(one)]
        if particle.minimum > 0 { array["minItems"] = .number(JSONNumber(particle.minimum)) }
        if particle.maximum != Int.max { array["maxItems"] = .number(JSONNumber(particle.maximum)) }
        return array
    }

    /// An element that stands for a wildcard: by its name, or as its text.
    private static let free: JSONObject = [
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "properties": [
            "#xml": [
                "type": "string",
                "description":
                    "The element as its text, with all namespace declarations that it needs, in place of a member {namespace}local.",
            ]
        ],
    ]

    private mutating func array(_ array: ArrayNode) -> JSONObject {
        var schema: JSONObject = ["anyOf": [.object(polymorphic(array.item)), ["type": "null"]]]
        for character in array.ranks where character != "]" { schema = ["type": "array", "items": .object(schema)] }
        return schema
    }
}
