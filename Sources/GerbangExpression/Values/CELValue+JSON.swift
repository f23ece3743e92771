public import GerbangJSON

extension CELValue {
    /// Takes a JSON value.
    ///
    /// Numbers written without fraction and exponent become `int`, or `uint` above the range of `int`; all others become
    /// the nearest `double`. Objects become maps with text keys.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .list(CELList(elements.map { CELValue($0) }))
        case .object(let members):
            self = .map(CELMap(unique: members.map { (.string($0.key), CELValue($0.value)) }))
        case .number(let number):
            if let value = Int64(number.text) {
                self = .int(value)
            } else if let value = UInt64(number.text) {
                self = .uint(value)
            } else {
                self = .double(number.double)
            }
        }
    }

    /// The value as JSON.
    ///
    /// Bytes become base64 text; moments, durations, types and addresses become text; an empty optional becomes null; keys
    /// become text.
    ///
    /// - Throws: ``CELError/Code/invalidValue`` for infinities, `NaN`, and keys that become equal as text;
    ///   ``CELError/Code/sizeLimit`` when the value is larger than 10,000,000 or deeper than 512.
    public func json() throws(CELError) -> JSONValue {
        guard weight <= 10_000_000, depth <= JSONLimits.deepest else {
            throw CELError(code: .sizeLimit, message: "the value is too large or nests too deeply for JSON")
        }
        return try converted()
    }

    private func converted() throws(CELError) -> JSONValue {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .number(JSONNumber(value))
        case .uint(let value): return .number(JSONNumber(value))
        case .double(let value):
            guard let number = JSONNumber(value) else {
                throw CELError(code: .invalidValue, message: "JSON has no infinities and no NaN; give a finite number")
            }
            return .number(number)
        case .string(let value): return .string(value)
        case .bytes(let value): return .string(Base64.standard.encode(value))
        case .list(let list):
            var elements: [JSONValue] = []
            elements.reserveCapacity(list.elements.count)
            for element in list.elements { elements.append(try element.converted()) }
            return .array(elements)
        case .map(let map):
            var members: [(String, JSONValue)] = []
            members.reserveCapacity(map.count)
            for entry in map.entries { members.append((entry.key.text, try entry.value.converted())) }
            let object = JSONObject(uniqueKeysWithValues: members)
            guard object.count == map.count else {
                throw CELError(code: .invalidValue, message: "two keys of a map are the same text in JSON")
            }
            return .object(object)
        case .optional(let optional): return try optional.value?.converted() ?? .null
        case .timestamp(let value): return .string(value.description)
        case .duration(let value): return .string(value.description)
        case .type(let value): return .string(value.name)
        case .address(let value): return .string(value.description)
        case .network(let value): return .string(value.description)
        }
    }
}

extension CELKey {
    /// The key as text.
    var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .string(let value): value
        }
    }
}
