internal import GerbangJSON
internal import GerbangXML

/// Reading of SOAP encoding, as leniently as services of that time are different: members by local name and in any order,
/// members that the contract does not know are passed over.
extension MessageDecoder {
    func encodedMembers(of group: GroupNode, _ element: XMLElement, into object: inout JSONObject) throws(SOAPError) {
        var declared: [String: Particle] = [:]
        var order: [String] = []
        Self.collect(group, &declared, &order)
        let wildcard = Self.wildcard(of: group)
        var values: [String: [JSONValue]] = [:]
        for child in element.children {
            if let particle = declared[child.localName], case .element(let declaration) = particle.term {
                values[child.localName, default: []].append(try self.element(declaration, child))
            } else if let wildcard, case .any(let any) = wildcard.term, any.allows(child.namespaceURI) {
                let value = try freeElement(child, processing: any.processing)
                values[wildcard.key, default: []].append(value)
            }
        }
        if let wildcard {
            declared[wildcard.key] = wildcard
            order.append(wildcard.key)
        }
        for name in order {
            guard let found = values[name], let particle = declared[name] else { continue }
            object[particle.key] = particle.isRepeated ? .array(found) : found[0]
        }
    }

    private static func collect(_ group: GroupNode, _ declared: inout [String: Particle], _ order: inout [String]) {
        for particle in group.particles {
            switch particle.term {
            case .element(let element):
                let name = element.name.localName
                if declared[name] == nil {
                    declared[name] = particle
                    order.append(name)
                }
            case .group(let inner): collect(inner, &declared, &order)
            case .any: continue
            }
        }
    }

    private static func wildcard(of group: GroupNode) -> Particle? {
        guard group.hasWildcard else { return nil }
        for particle in group.particles {
            switch particle.term {
            case .any: return particle
            case .group(let inner): if let found = wildcard(of: inner) { return found }
            case .element: continue
            }
        }
        return nil
    }

    /// The items of an array, of whatever names.
    func array(_ array: ArrayNode, _ element: XMLElement) throws(SOAPError) -> JSONValue {
        let size = element.attribute("arrayType", namespace: Namespaces.encoding11) ?? ""
        let ranks = size.isEmpty ? array.ranks : String(size[(size.firstIndex(of: "[") ?? size.endIndex)...])
        let inner = ranks.lastIndex(of: "[").map { String(ranks[..<$0]) } ?? ""
        var items: [JSONValue] = []
        for child in element.children {
            if inner.isEmpty {
                items.append(try value(of: child, declared: array.item))
            } else {
                items.append(try nested(ArrayNode(item: array.item, itemName: array.itemName, ranks: inner), child))
            }
        }
        let own = ranks.lastIndex(of: "[").map { ranks[$0...].filter { $0.isNumber || $0 == "," } } ?? ""
        return .array(Self.rows(items, own.split(separator: ",").compactMap { Int($0) }))
    }

    /// The items of an array that the contract knows nothing about; the message names their type.
    func untypedArray(_ element: XMLElement) throws(SOAPError) -> JSONValue {
        let declared =
            element.attribute("arrayType", namespace: Namespaces.encoding11).map { String($0.prefix { $0 != "[" }) }
            ?? element.attribute("itemType", namespace: Namespaces.encoding12)
        let item = declared.flatMap { number(ofType: $0, at: element) } ?? BuiltinTypes.anyType
        return try array(ArrayNode(item: item, itemName: "item", ranks: "[]"), element)
    }

    private func nested(_ array: ArrayNode, _ element: XMLElement) throws(SOAPError) -> JSONValue {
        guard let target = try references.target(of: element, self) else { return try self.array(array, element) }
        defer { references.leave() }
        return try self.array(array, target)
    }

    /// Splits the row of an array of several dimensions into arrays of arrays.
    private static func rows(_ items: [JSONValue], _ sizes: [Int]) -> [JSONValue] {
        guard sizes.count > 1, sizes.count <= 8, let last = sizes.last, last > 0, items.count.isMultiple(of: last)
        else { return items }
        let rows = stride(from: 0, to: items.count, by: last).map { JSONValue.array(Array(items[$0..<$0 + last])) }
        return Self.rows(rows, Array(sizes.dropLast()))
    }
}
