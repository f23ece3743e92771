package import GerbangJSON
internal import GerbangXML

/// Makes JSON that fits the contract and is another one for every seed, for tests that try a description out.
struct RandomSample {
    private let table: SchemaTable
    private let costs: TypeCosts
    private let isEncoded: Bool
    private var generator: SeededGenerator
    private var identifiers = 0
    private var size = 0
    private var depth = 0

    /// From here on only what is required is made, and of that the cheapest.
    private static let maximumDepth = 6
    private static let maximumSize = 400

    init(_ table: SchemaTable, isEncoded: Bool, seed: UInt64) {
        self.table = table
        costs = isEncoded ? table.encodedCosts : table.costs
        self.isEncoded = isEncoded
        generator = SeededGenerator(seed)
    }

    private static func error(_ message: String) -> SOAPError {
        SOAPError(.sample, message, pointer: .root)
    }

    private var isTight: Bool { depth >= Self.maximumDepth || size >= Self.maximumSize }

    private mutating func chance(_ percent: Int) -> Bool { generator.below(100) < percent }

    private mutating func pick<Item>(from items: [Item]) -> Item? {
        items.isEmpty ? nil : items[generator.below(items.count)]
    }

    // MARK: Elements and types

    mutating func element(_ element: ElementNode) throws(SOAPError) -> JSONValue {
        if !element.alternatives.isEmpty {
            let possible = element.alternatives.filter { costs.element($0.element) != nil }
            let cheapest = possible.min { (costs.element($0.element) ?? 0) < (costs.element($1.element) ?? 0) }
            guard let chosen = isTight ? cheapest : pick(from: possible) else {
                throw Self.error("No element can stand for '\(element.name.localName)'.")
            }
            return .object([chosen.key: try self.element(chosen.element)])
        }
        if let fixed = element.fixedValue, element.type == BuiltinTypes.anyType { return .string(fixed) }
        if let fixed = element.fixedValue, case .simple(let simple) = table.types[element.type].content {
            guard let value = simple.json(of: fixed), !table.types[element.type].hasTextMember else {
                return try SampleMaker(table).made(element)
            }
            return value
        }
        if element.name.namespaceURI == Namespaces.schema { return "" }
        // Nil does not spare an element its required attributes.
        let isBare = !table.types[element.type].attributes.contains { $0.isRequired }
        if element.isNillable, isBare, costs.type(element.type) == nil || isTight || chance(15) { return .null }
        // By SOAP encoding every element may be nil.
        if isEncoded, isTight { return .null }
        return try value(of: element.type)
    }

    mutating func value(of number: Int) throws(SOAPError) -> JSONValue {
        let declared = table.types[number]
        guard costs.type(number) != nil else { throw Self.error("A type contains itself by necessity.") }
        guard declared.isAbstract || (!isEncoded && !declared.isBuiltin && chance(25)) else {
            return try content(declared, named: nil)
        }
        let instances = table.instances(of: number).filter { costs.type($0) != nil }
        let cheapest = instances.min { (costs.type($0) ?? 0) < (costs.type($1) ?? 0) }
        guard let chosen = isTight ? cheapest : pick(from: instances) else { return try content(declared, named: nil) }
        return try content(table.types[chosen], named: chosen == number ? nil : table.typeKeys[chosen])
    }

    private mutating func content(_ type: TypeNode, named key: String?) throws(SOAPError) -> JSONValue {
        size += 1
        depth += 1
        defer { depth -= 1 }
        guard size < 20 * Self.maximumSize, depth < 60 else { throw Self.error("The sample would become too large.") }
        var object = JSONObject()
        if let key { object["#type"] = .string(key) }
        for attribute in type.attributes where attribute.isRequired || chance(50) {
            if let fixed = attribute.fixedValue {
                object[attribute.key] = attribute.type.json(of: fixed)
            } else if let value = scalar(attribute.type) {
                object[attribute.key] = value
            } else if attribute.isRequired {
                throw Self.error("No value was found for an attribute.")
            }
        }
        if isEncoded, type.isEncodedArray { return [] }
        switch type.content {
        case .simple(let simple):
            guard let value = scalar(simple) else { throw Self.error("No value was found that keeps to all rules.") }
            if object.isEmpty, !type.hasTextMember { return value }
            object["#text"] = value
        case .anything:
            if object.isEmpty { return "text" }
            object["#text"] = "text"
        case .empty: break
        case .array(let array):
            // Arrays of several dimensions are made by the deterministic maker, whose shapes are regular.
            guard array.ranks == "[]" else {
                return try SampleMaker(table, isEncoded: true).made(type.id)
            }
            guard costs.type(array.item) != nil else { return [] }
            var items: [JSONValue] = []
            for _ in 0..<(isTight ? 0 : generator.below(4)) { items.append(try self.value(of: array.item)) }
            return .array(items)
        case .elements(let group): try self.group(group, into: &object)
        case .mixed: return try SampleMaker(table).made(type.id)
        }
        return .object(object)
    }

    private mutating func scalar(_ type: SimpleType) -> JSONValue? {
        if type.builtin == "ID" || type.builtin == "IDREF" || type.builtin == "IDREFS" {
            identifiers += 1
            guard type.builtin == "ID", type.facets.patterns.isEmpty, type.facets.enumeration == nil else { return nil }
            return .string("id\(identifiers)")
        }
        guard let text = RandomText.text(type, &generator) else { return nil }
        return type.json(of: text)
    }

    // MARK: Content

    private mutating func group(_ group: GroupNode, into object: inout JSONObject) throws(SOAPError) {
        guard group.kind == .choice else {
            for particle in group.particles { try self.particle(particle, into: &object) }
            return
        }
        let possible = group.particles.filter { particle in
            if case .any = particle.term, particle.minimum == 0 { return false }
            return costs.content(particle) != nil
        }
        let cheapest = possible.min { (costs.content($0) ?? 0) < (costs.content($1) ?? 0) }
        guard let branch = isTight ? cheapest : pick(from: possible) else {
            throw Self.error("No branch of a choice can be filled.")
        }
        try particle(branch, into: &object, isWanted: true)
    }

    private mutating func particle(_ particle: Particle, into object: inout JSONObject, isWanted: Bool = false)
        throws(SOAPError)
    {
        if particle.minimum == 0, !isWanted {
            if case .any = particle.term { return }
            guard !isTight, costs.content(particle) != nil, chance(60) else { return }
        }
        guard !particle.key.isEmpty else {
            if case .group(let group) = particle.term { try self.group(group, into: &object) }
            return
        }
        do throws(SOAPError) {
            guard particle.isRepeated else {
                object[particle.key] = try item(particle)
                return
            }
            guard particle.minimum <= 1_000 else { throw Self.error("Too many elements are required.") }
            let least = max(particle.minimum, isWanted ? 1 : 0)
            let count = min(particle.maximum, least + (isTight ? 0 : generator.below(4)))
            var items: [JSONValue] = []
            for _ in 0..<count { items.append(try item(particle)) }
            // No member and an empty array mean the same; reading gives the former.
            if !items.isEmpty { object[particle.key] = .array(items) }
        } catch {
            guard particle.minimum == 0, error.code == .sample, !isWanted else { throw error.below(particle.key) }
        }
    }

    private mutating func item(_ particle: Particle) throws(SOAPError) -> JSONValue {
        switch particle.term {
        case .element(let element): return try self.element(element)
        case .any(let wildcard):
            var maker = SampleMaker(table)
            return try maker.free(wildcard)
        case .group(let group):
            var object = JSONObject()
            try self.group(group, into: &object)
            return .object(object)
        }
    }
}

extension SampleMaker {
    /// The sample of an element by a maker of its own.
    fileprivate func made(_ element: ElementNode) throws(SOAPError) -> JSONValue {
        var maker = self
        return try maker.element(element, depth: 2)
    }

    fileprivate func made(_ type: Int) throws(SOAPError) -> JSONValue {
        var maker = self
        return try maker.value(of: type, depth: 2)
    }
}

extension SOAPOperation {
    /// A message's body that fits the contract, another one for every seed.
    ///
    /// - Throws: ``SOAPError`` with code `soap.sample` where none was found.
    package func randomSample(_ kind: MessageKind, seed: UInt64) throws(SOAPError) -> JSONValue {
        let shape = try self.shape(of: kind)
        var maker = RandomSample(table, isEncoded: shape.isEncoded, seed: seed)
        switch shape.body {
        case .empty: return .object([:])
        case .element(let element): return try maker.element(element)
        case .wrapper(let element): return try maker.value(of: element.type)
        case .content(let type): return try maker.value(of: type)
        case .parts(let parts):
            if case .fault = kind, let first = parts.first { return try maker.element(first.element) }
            var object = JSONObject()
            for part in parts { object[part.key] = try maker.element(part.element) }
            return .object(object)
        }
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than `count`.
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}
