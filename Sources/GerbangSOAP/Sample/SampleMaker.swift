internal import GerbangJSON
internal import GerbangXML

/// Makes JSON that fits the contract: everything that may be there in the outer levels, what must be there below.
struct SampleMaker {
    private let table: SchemaTable
    private let costs: TypeCosts
    private let isEncoded: Bool
    /// How many levels get their optional content.
    private let optionalDepth: Int
    private var stack: [Int] = []
    private var identifiers = 0
    private var size = 0

    private static let maximumSize = 100_000
    private static let maximumNesting = 100

    init(_ table: SchemaTable, isEncoded: Bool = false, optionalDepth: Int = 2) {
        self.table = table
        costs = isEncoded ? table.encodedCosts : table.costs
        self.isEncoded = isEncoded
        self.optionalDepth = optionalDepth
    }

    private static func error(_ message: String) -> SOAPError {
        SOAPError(.sample, message, pointer: .root)
    }

    // MARK: Elements and types

    /// A value for an element.
    mutating func element(_ element: ElementNode, depth: Int = 0) throws(SOAPError) -> JSONValue {
        if !element.alternatives.isEmpty {
            let possible = element.alternatives.filter { costs.element($0.element) != nil }
            let chosen =
                depth < optionalDepth
                ? possible.first : possible.min { (costs.element($0.element) ?? 0) < (costs.element($1.element) ?? 0) }
            guard let chosen else { throw Self.error("No element can stand for '\(element.name.localName)'.") }
            do throws(SOAPError) {
                return .object([chosen.key: try self.element(chosen.element, depth: depth)])
            } catch {
                throw error.below(chosen.key)
            }
        }
        if let given = element.fixedValue ?? element.defaultValue,
            case .simple(let simple) = table.types[element.type].content,
            let value = simple.json(of: given)
        {
            if !table.types[element.type].hasTextMember { return value }
            return try content(table.types[element.type], named: nil, depth: depth, text: value)
        }
        // An element without a type may hold anything, and a fixed value says what; a text is one.
        if let fixed = element.fixedValue, element.type == BuiltinTypes.anyType { return .string(fixed) }
        // Any schema would do for a DataSet's; the shortest one is empty.
        if element.name.namespaceURI == Namespaces.schema { return "" }
        // By SOAP encoding every element may be nil.
        if element.isNillable || isEncoded, costs.type(element.type) == nil || stack.contains(element.type) {
            return .null
        }
        return try value(of: element.type, depth: depth)
    }

    /// A value of a type.
    mutating func value(of number: Int, depth: Int) throws(SOAPError) -> JSONValue {
        let declared = table.types[number]
        guard costs.type(number) != nil else {
            throw Self.error(
                declared.isAbstract
                    ? "The type '\(declared.name?.localName ?? "")' is abstract, and none that could be used is derived from it."
                    : "The type contains itself by necessity, so that no message can be complete."
            )
        }
        guard declared.isAbstract else { return try content(declared, named: nil, depth: depth) }
        let instances = table.instances(of: number).filter { costs.type($0) != nil }
        guard let chosen = instances.min(by: { (costs.type($0) ?? 0) < (costs.type($1) ?? 0) }) else {
            throw Self.error("The type '\(declared.name?.localName ?? "")' is abstract, and none is derived from it.")
        }
        return try content(table.types[chosen], named: table.typeKeys[chosen], depth: depth)
    }

    private mutating func content(_ type: TypeNode, named key: String?, depth: Int, text given: JSONValue? = nil)
        throws(SOAPError) -> JSONValue
    {
        size += 1
        guard size <= Self.maximumSize, stack.count < Self.maximumNesting else {
            throw Self.error(
                "The sample would have more than \(Self.maximumSize) elements or \(Self.maximumNesting) levels."
            )
        }
        if isEncoded, type.isEncodedArray { return [] }
        stack.append(type.id)
        defer { stack.removeLast() }
        var object = JSONObject()
        if let key { object["#type"] = .string(key) }
        try attributes(type, depth: depth, into: &object)
        switch type.content {
        case .simple(let simple):
            let value: JSONValue
            if let given { value = given } else { value = try scalar(simple) }
            if object.isEmpty, !type.hasTextMember { return value }
            object["#text"] = value
        case .anything:
            if object.isEmpty { return "text" }
            object["#text"] = "text"
        case .empty: break
        case .array(let array): return try self.array(array, depth: depth)
        case .elements(let group): try self.group(group, depth: depth, into: &object)
        case .mixed(let mixed):
            var items: [JSONValue] = ["text"]
            try ordered(mixed.root, mixed, depth: depth, into: &items)
            object["#content"] = .array(items)
        }
        return .object(object)
    }

    private mutating func scalar(_ type: SimpleType) throws(SOAPError) -> JSONValue {
        if type.builtin == "ID", type.facets.patterns.isEmpty, type.facets.enumeration == nil {
            identifiers += 1
            return .string("id\(identifiers)")
        }
        guard let text = SimpleSample.text(type) else {
            throw Self.error("No value was found that keeps to all rules of its type.")
        }
        guard let value = type.json(of: text) else {
            throw Self.error("No value was found that keeps to all rules of its type.")
        }
        return value
    }

    private mutating func attributes(_ type: TypeNode, depth: Int, into object: inout JSONObject) throws(SOAPError) {
        for attribute in type.attributes where attribute.isRequired || depth < optionalDepth {
            do throws(SOAPError) {
                if let given = attribute.fixedValue ?? attribute.defaultValue,
                    let value = attribute.type.json(of: given)
                {
                    object[attribute.key] = value
                } else {
                    object[attribute.key] = try scalar(attribute.type)
                }
            } catch {
                if attribute.isRequired { throw error.below(attribute.key) }
            }
        }
    }

    private mutating func array(_ array: ArrayNode, depth: Int) throws(SOAPError) -> JSONValue {
        guard costs.type(array.item) != nil, !stack.contains(array.item) || depth < optionalDepth else { return [] }
        var value = try self.value(of: array.item, depth: depth + 1)
        for character in array.ranks where character != "]" { value = [value] }
        return value
    }

    // MARK: Content

    private mutating func group(_ group: GroupNode, depth: Int, into object: inout JSONObject) throws(SOAPError) {
        guard group.kind == .choice else {
            for particle in group.particles { try self.particle(particle, depth: depth, into: &object) }
            return
        }
        guard let branch = branch(of: group, depth: depth) else {
            throw Self.error("No branch of a choice can be filled.")
        }
        try particle(branch, depth: depth, into: &object, isWanted: true)
    }

    /// The first branch that can be filled, the cheapest one in the inner levels.
    private func branch(of group: GroupNode, depth: Int) -> Particle? {
        let possible = group.particles.filter { costs.content($0) != nil }
        let fresh = possible.filter { !isRecursive($0) }
        if depth < optionalDepth, let first = fresh.first { return first }
        return possible.min { (costs.content($0) ?? 0) < (costs.content($1) ?? 0) }
    }

    private func isRecursive(_ particle: Particle) -> Bool {
        switch particle.term {
        case .element(let element): stack.contains(element.type)
        case .any: false
        case .group(let group): group.particles.contains { $0.minimum > 0 && isRecursive($0) }
        }
    }

    private func isIncluded(_ particle: Particle, depth: Int) -> Bool {
        guard particle.minimum == 0 else { return true }
        if case .any = particle.term { return false }
        return depth < optionalDepth && costs.content(particle) != nil && !isRecursive(particle)
    }

    private mutating func particle(
        _ particle: Particle,
        depth: Int,
        into object: inout JSONObject,
        isWanted: Bool = false
    ) throws(SOAPError) {
        guard isWanted && costs.content(particle) != nil || isIncluded(particle, depth: depth) else { return }
        if particle.key.isEmpty {
            if case .group(let group) = particle.term { try self.group(group, depth: depth, into: &object) }
            return
        }
        do throws(SOAPError) {
            guard particle.isRepeated else {
                object[particle.key] = try item(particle, depth: depth)
                return
            }
            object[particle.key] = .array(try items(particle, depth: depth))
        } catch {
            // What may be left out and cannot be made, such as a number whose pattern allows none, is left out.
            guard particle.minimum == 0, error.code == .sample, !isWanted else { throw error.below(particle.key) }
        }
    }

    private mutating func items(_ particle: Particle, depth: Int) throws(SOAPError) -> [JSONValue] {
        guard particle.minimum <= 10_000 else {
            throw Self.error("At least \(particle.minimum) elements are required, too many for a sample.")
        }
        var items: [JSONValue] = []
        if case .group(let group) = particle.term, group.kind == .choice, depth < optionalDepth {
            for branch in group.particles
            where items.count < particle.maximum && costs.content(branch) != nil && !isRecursive(branch) {
                if case .any = branch.term { continue }
                var object = JSONObject()
                try self.particle(branch, depth: depth, into: &object, isWanted: true)
                if !object.isEmpty { items.append(.object(object)) }
            }
        }
        while items.count < max(particle.minimum, items.isEmpty ? 1 : 0) {
            items.append(try item(particle, depth: items.isEmpty ? depth : optionalDepth))
        }
        return items
    }

    private mutating func item(_ particle: Particle, depth: Int) throws(SOAPError) -> JSONValue {
        switch particle.term {
        case .element(let element): return try self.element(element, depth: depth + 1)
        case .any(let wildcard): return try free(wildcard)
        case .group(let group):
            var object = JSONObject()
            try self.group(group, depth: depth, into: &object)
            return .object(object)
        }
    }

    private mutating func ordered(_ group: GroupNode, _ mixed: MixedNode, depth: Int, into items: inout [JSONValue])
        throws(SOAPError)
    {
        var particles = group.particles
        if group.kind == .choice {
            guard let branch = branch(of: group, depth: depth) else {
                throw Self.error("No branch of a choice can be filled.")
            }
            particles = [branch]
        }
        for particle in particles where group.kind == .choice || isIncluded(particle, depth: depth) {
            guard particle.minimum <= 10_000 else { throw Self.error("Too many elements are required for a sample.") }
            for _ in 0..<max(particle.minimum, 1) {
                switch particle.term {
                case .group(let inner): try ordered(inner, mixed, depth: depth, into: &items)
                case .any(let wildcard):
                    if particle.minimum > 0 { items.append(try free(wildcard)) }
                case .element(let element):
                    guard costs.content(particle) != nil else { continue }
                    let chosen = element.alternatives.first { costs.element($0.element) != nil }?.element ?? element
                    guard let key = mixed.symbolKeys[chosen.symbol] else { continue }
                    items.append(.object([key: try self.element(chosen, depth: depth + 1)]))
                }
            }
        }
    }

    /// An element for a wildcard: one that the contract declares where one should be declared and there is one, any
    /// other one elsewhere.
    mutating func free(_ wildcard: Wildcard) throws(SOAPError) -> JSONValue {
        if wildcard.processing == .strict {
            // The wildcard may itself stand in such an element.
            let declared = table.elements.values.filter {
                !$0.isAbstract && wildcard.allows($0.name.namespaceURI) && costs.element($0) != nil
                    && !stack.contains($0.type)
            }
            let best = declared.min {
                (costs.element($0) ?? 0, $0.name.description) < (costs.element($1) ?? 0, $1.name.description)
            }
            if let best { return .object([JSONName.text(best.name): try element(best, depth: optionalDepth)]) }
        }
        let namespace: String
        switch wildcard.namespaces {
        case .any, .other: namespace = "urn:example"
        case .list(let list): namespace = list.sorted().first ?? ""
        }
        let name = XMLName("example", namespace: namespace)
        if let known = table.elements[name] {
            return .object([JSONName.text(name): try element(known, depth: optionalDepth)])
        }
        return .object([JSONName.text(name): "text"])
    }
}
