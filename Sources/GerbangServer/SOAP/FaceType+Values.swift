internal import GerbangJSON

// Values of services, from the form that the contract gives them and back.
extension FaceType {
    /// The value of a service that a value by the contract stands for.
    func decoded(_ value: JSONValue, _ named: [String: FaceType]) -> JSONValue {
        switch self {
        case .nillable(let type): return value.isNull ? .null : type.decoded(value, named)
        case .reference(let name): return named[name]?.decoded(value, named) ?? value
        case .array(let item):
            // A list that stands alone has its items below an element.
            let items = value[FaceNames.item]?.arrayValue ?? []
            return .array(items.map { item.decoded($0, named) })
        case .object(let members, let entries):
            var object = JSONObject()
            for member in members {
                if case .array(let item) = member.type {
                    let items = value[member.name]?.arrayValue
                    // XML cannot tell an empty list from none.
                    if items != nil || member.isRequired {
                        object[member.name] = .array((items ?? []).map { item.decoded($0, named) })
                    }
                } else if let inner = value[member.name] {
                    object[member.name] = member.type.decoded(inner, named)
                }
            }
            if let entries {
                for entry in value[FaceNames.entry]?.arrayValue ?? [] {
                    guard let name = entry["@name"]?.stringValue else { continue }
                    object[name] = entries.decoded(entries.unwrapped(entry), named)
                }
            }
            return .object(object)
        case .text, .textOrNumber, .boolean, .integer, .number: return value
        }
    }

    /// The value by the contract for a value of a service; what the service's schema does not describe is left out.
    func encoded(_ value: JSONValue, _ named: [String: FaceType]) -> JSONValue {
        switch self {
        case .nillable(let type): return value.isNull ? .null : type.encoded(value, named)
        case .reference(let name): return named[name]?.encoded(value, named) ?? value
        case .array(let item):
            let items = (value.arrayValue ?? []).map { item.encoded($0, named) }
            return items.isEmpty ? [:] : .object([FaceNames.item: .array(items)])
        case .object(let members, let entries):
            var object = JSONObject()
            for member in members {
                guard let inner = value[member.name] else { continue }
                if case .array(let item) = member.type {
                    let items = (inner.arrayValue ?? []).map { item.encoded($0, named) }
                    if !items.isEmpty { object[member.name] = .array(items) }
                } else if !inner.isNull || member.type.allowsNull {
                    object[member.name] = member.type.encoded(inner, named)
                }
            }
            if let entries {
                let known = Set(members.map(\.name))
                let more = (value.objectValue ?? [:]).filter { !known.contains($0.key) }.map { name, inner in
                    entries.wrapped(entries.encoded(inner, named), name: name)
                }
                if !more.isEmpty { object[FaceNames.entry] = .array(more) }
            }
            return .object(object)
        case .textOrNumber: return value.numberValue.map { .string($0.text) } ?? value
        case .text, .boolean, .integer, .number: return value
        }
    }

    private var allowsNull: Bool { if case .nillable = self { true } else { false } }

    /// Whether values are texts in XML, which then stand beside an entry's name and not below it.
    var isSimple: Bool {
        switch self {
        case .text, .textOrNumber, .boolean, .integer, .number: true
        default: false
        }
    }

    private func wrapped(_ value: JSONValue, name: String) -> JSONValue {
        isSimple ? ["@name": .string(name), "#text": value] : ["@name": .string(name), "value": value]
    }

    private func unwrapped(_ entry: JSONValue) -> JSONValue {
        (isSimple ? entry["#text"] : entry["value"]) ?? .null
    }
}
