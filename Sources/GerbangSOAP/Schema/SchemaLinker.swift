internal import GerbangXML

/// Turns compiled types into the table that messages are converted by: names become numbers, members get their names,
/// and every content model learns what it can begin with.
final class SchemaLinker {
    private let compiler: SchemaCompiler
    private let limits: LoadLimits
    private var symbols = XMLSymbols()
    private var prefixes = Prefixes()
    private let preferred: [String: String]
    private var nodes: [XMLName: ElementNode] = [:]
    /// The elements that may stand for a head, the head not among them.
    private var members: [XMLName: [XMLName]] = [:]
    private var particleCount = 0

    init(_ compiler: SchemaCompiler, limits: LoadLimits, preferredPrefixes: [String: String]) {
        self.compiler = compiler
        self.limits = limits
        preferred = preferredPrefixes
        for name in InstanceSymbols.names { _ = symbols.number(XMLName(name, namespace: Namespaces.instance)) }
        _ = prefixes.add(Namespaces.instance, preferred: "xsi")
        _ = prefixes.add(Namespaces.schema, preferred: "xs")
        _ = prefixes.add(Namespaces.xml, preferred: "xml")
    }

    func link() throws(SOAPError) -> SchemaTable {
        try collectMembers()
        for name in compiler.elementOrder {
            guard let element = compiler.elements[name] else { continue }
            nodes[name] = node(element)
        }
        var types: [TypeNode] = []
        types.reserveCapacity(compiler.types.count)
        for (number, raw) in compiler.types.enumerated() {
            guard let raw else { throw SOAPError(.schema, "A type was declared but not compiled.") }
            types.append(try type(number, raw))
        }
        let extras = compiler.extras.map { node($0) }
        return SchemaTable(
            types: types,
            elements: nodes,
            extras: extras,
            attributes: compiler.attributeTypes.mapValues(\.type),
            symbols: symbols,
            typesByName: compiler.names,
            typeKeys: typeKeys(),
            prefixes: prefixes
        )
    }

    private func typeKeys() -> [Int: String] {
        var counts: [String: Int] = [:]
        for name in compiler.names.keys where name.namespaceURI != Namespaces.schema {
            counts[name.localName, default: 0] += 1
        }
        var result: [Int: String] = [:]
        for (name, number) in compiler.names {
            if name.namespaceURI == Namespaces.schema {
                result[number] = "xs:\(name.localName)"
            } else {
                result[number] =
                    counts[name.localName] == 1 ? name.localName : "{\(name.namespaceURI ?? "")}\(name.localName)"
            }
        }
        return result
    }

    private func collectMembers() throws(SOAPError) {
        for name in compiler.elementOrder {
            var seen: Set<XMLName> = [name]
            var head = compiler.heads[name]
            while let current = head {
                guard seen.insert(current).inserted else {
                    throw SOAPError(.schema, "The element '\(name.localName)' stands for itself through others.")
                }
                members[current, default: []].append(name)
                head = compiler.heads[current]
            }
        }
    }

    // MARK: Names

    private func tag(_ name: XMLName) -> TagName {
        guard let uri = name.namespaceURI else {
            return TagName(name: name, bytes: Array(name.localName.utf8), prefix: -1)
        }
        let number = prefixes.add(uri, preferred: preferred[uri])
        return TagName(
            name: name,
            bytes: Array("\(prefixes.entries[number].prefix):\(name.localName)".utf8),
            prefix: number
        )
    }

    private func node(_ element: RawElement, alternatives: [ElementNode.Alternative] = []) -> ElementNode {
        ElementNode(
            tag: tag(element.name),
            symbol: symbols.number(element.name),
            type: element.type,
            isNillable: element.isNillable,
            isAbstract: element.isAbstract,
            defaultValue: element.defaultValue?.text(of: compiler.types[element.type]),
            fixedValue: element.fixedValue?.text(of: compiler.types[element.type]),
            alternatives: alternatives,
            documentation: element.documentation
        )
    }

    /// The node of an element in a content model.
    private func use(_ element: RawElement) -> ElementNode {
        guard element.isGlobal else { return node(element) }
        guard !element.blocksSubstitution, let names = members[element.name] else {
            return nodes[element.name] ?? node(element)
        }
        var scope = KeyScope()
        var alternatives: [ElementNode.Alternative] = []
        for name in [element.name] + names {
            guard let raw = compiler.elements[name], !raw.isAbstract, let node = nodes[name] else { continue }
            alternatives.append(ElementNode.Alternative(key: scope.claim(name), element: node))
        }
        return node(element, alternatives: alternatives)
    }

    // MARK: Types

    private func type(_ number: Int, _ raw: RawType) throws(SOAPError) -> TypeNode {
        let content: TypeNode.Content
        switch raw.content {
        case .simple(let simple): content = .simple(simple)
        case .empty: content = .empty
        case .anything: content = .anything
        case .array(let item, let name, let ranks):
            content = .array(ArrayNode(item: item, itemName: name, ranks: ranks))
        case .elements(let particle): content = .elements(try root(particle))
        case .mixed(let particle): content = .mixed(try mixed(particle))
        }
        return TypeNode(
            id: number,
            name: raw.name,
            base: number == BuiltinTypes.anyType ? nil : raw.base ?? BuiltinTypes.anyType,
            isAbstract: raw.isAbstract,
            isSimple: raw.isSimple,
            content: content,
            // The references that encoded values may be are no part of the values.
            attributes: Self.isEncodedValue(raw) ? [] : attributes(raw.attributes),
            anyAttribute: raw.anyAttribute,
            members: raw.members,
            tag: raw.name.map { tag($0) },
            documentation: raw.documentation
        )
    }

    private static func isEncodedValue(_ raw: RawType) -> Bool {
        guard case .simple = raw.content else { return false }
        return [Namespaces.encoding11, Namespaces.encoding12].contains(raw.name?.namespaceURI ?? "")
    }

    private func attributes(_ raw: [RawAttribute]) -> [AttributeNode] {
        var scope = KeyScope()
        // Those without a namespace come first, so that they keep their short names.
        var keys: [XMLName: String] = [:]
        for attribute in raw.filter({ $0.name.namespaceURI == nil }) + raw.filter({ $0.name.namespaceURI != nil }) {
            keys[attribute.name] = "@" + scope.claim(attribute.name)
        }
        return raw.map {
            AttributeNode(
                key: keys[$0.name] ?? "@\($0.name.localName)",
                symbol: symbols.number($0.name),
                tag: tag($0.name),
                type: $0.type,
                isRequired: $0.isRequired,
                defaultValue: $0.defaultValue,
                fixedValue: $0.fixedValue
            )
        }
    }

    // MARK: Content

    private func root(_ particle: RawParticle) throws(SOAPError) -> GroupNode {
        particleCount += particle.size
        guard particleCount <= limits.maximumParticles else {
            throw SOAPError(
                .limit,
                "With base types and groups filled in, the schemas have more than \(limits.maximumParticles) places."
            )
        }
        var scope = KeyScope()
        let linked = try link(particle, &scope)
        if linked.key.isEmpty, linked.minimum == 1, case .group(let group) = linked.term { return group }
        return GroupNode(kind: .sequence, particles: [linked])
    }

    private func mixed(_ particle: RawParticle) throws(SOAPError) -> MixedNode {
        let root = try root(particle)
        var elements: [Int32: ElementNode] = [:]
        var order: [ElementNode] = []
        var hasWildcard = false
        var waiting = root.particles
        while let particle = waiting.popLast() {
            switch particle.term {
            case .element(let element):
                let all = element.alternatives.isEmpty ? [element] : element.alternatives.map(\.element)
                for element in all where elements[element.symbol] == nil {
                    elements[element.symbol] = element
                    order.append(element)
                }
            case .any: hasWildcard = true
            case .group(let group): waiting += group.particles
            }
        }
        var scope = KeyScope()
        var keys: [String: ElementNode] = [:]
        var symbolKeys: [Int32: String] = [:]
        for element in order.reversed() {
            let key = scope.claim(element.name)
            keys[key] = element
            symbolKeys[element.symbol] = key
        }
        return MixedNode(root: root, elements: elements, keys: keys, symbolKeys: symbolKeys, hasWildcard: hasWildcard)
    }

    private func link(_ raw: RawParticle, _ scope: inout KeyScope) throws(SOAPError) -> Particle {
        switch raw.term {
        case .element(let element):
            return self.element(element, raw.minimum, raw.maximum, key: scope.claim(element.name))
        case .any(let wildcard):
            let key = scope.claim(special: "#any")
            return any(wildcard, raw.minimum, raw.maximum, key: key)
        case .group(let kind, let children):
            // Around a single element or wildcard the group only says how often it comes.
            if children.count == 1, let child = children.first, Self.isOneRange(raw, child) {
                let minimum = Self.product(raw.minimum, child.minimum)
                let maximum = Self.product(raw.maximum, child.maximum)
                switch child.term {
                case .element(let element):
                    return self.element(element, minimum, maximum, key: scope.claim(element.name))
                case .any(let wildcard): return any(wildcard, minimum, maximum, key: scope.claim(special: "#any"))
                case .group where raw.minimum == 1 && raw.maximum == 1: return try link(child, &scope)
                case .group where child.minimum == 1 && child.maximum == 1:
                    var inner = child
                    inner.minimum = raw.minimum
                    inner.maximum = raw.maximum
                    return try link(inner, &scope)
                case .group: break
                }
            }
            if raw.maximum <= 1 { return try group(kind, children, raw, key: "", &scope) }
            let key = scope.claim(special: kind == .choice ? "#choice" : "#sequence")
            var inner = KeyScope()
            return try group(kind, children, raw, key: key, &inner)
        }
    }

    /// Whether turns of something are a number of it, with nothing missing between the fewest and the most.
    ///
    /// Of 2 in a turn there may be 2 or 4 with one or two turns, but not 3.
    private static func isOneRange(_ outer: RawParticle, _ inner: RawParticle) -> Bool {
        if inner.minimum <= 1 { return true }
        if case .group = inner.term { return false }
        guard outer.minimum > 0, outer.minimum < outer.maximum else { return outer.minimum > 0 }
        return inner.maximum == Int.max
            || product(outer.minimum + 1, inner.minimum) - 1 <= product(outer.minimum, inner.maximum)
    }

    private static func product(_ left: Int, _ right: Int) -> Int {
        if left == 0 || right == 0 { return 0 }
        let (value, isTooLarge) = left.multipliedReportingOverflow(by: right)
        return isTooLarge ? Int.max : value
    }

    private func element(_ raw: RawElement, _ minimum: Int, _ maximum: Int, key: String) -> Particle {
        let element = use(raw)
        var first = FirstSet(isEmptiable: minimum == 0)
        if element.alternatives.isEmpty {
            first.symbols = [element.symbol]
        } else {
            first.symbols = Set(element.alternatives.map(\.element.symbol))
        }
        return Particle(minimum: minimum, maximum: maximum, key: key, term: .element(element), first: first)
    }

    private func any(_ wildcard: Wildcard, _ minimum: Int, _ maximum: Int, key: String) -> Particle {
        let first = FirstSet(wildcards: [wildcard], isEmptiable: minimum == 0)
        return Particle(minimum: minimum, maximum: maximum, key: key, term: .any(wildcard), first: first)
    }

    private func group(
        _ kind: GroupNode.Kind,
        _ children: [RawParticle],
        _ raw: RawParticle,
        key: String,
        _ scope: inout KeyScope
    ) throws(SOAPError) -> Particle {
        var particles: [Particle] = []
        if kind == .choice {
            particles = try scope.branches(children.count) { (index, branch) throws(SOAPError) in
                try link(children[index], &branch)
            }
        } else {
            for child in children { particles.append(try link(child, &scope)) }
        }
        return Particle(
            minimum: raw.minimum,
            maximum: raw.maximum,
            key: key,
            term: .group(GroupNode(kind: kind, particles: particles)),
            first: Self.first(kind, particles, raw.minimum)
        )
    }

    private static func first(_ kind: GroupNode.Kind, _ particles: [Particle], _ minimum: Int) -> FirstSet {
        var result = FirstSet()
        if kind == .choice {
            result.isEmptiable = particles.isEmpty
            for particle in particles {
                result.formUnion(particle.first)
                if particle.first.isEmptiable { result.isEmptiable = true }
            }
        } else {
            result.isEmptiable = true
            for particle in particles {
                if kind == .all || result.isEmptiable { result.formUnion(particle.first) }
                if !particle.first.isEmptiable { result.isEmptiable = false }
            }
        }
        if minimum == 0 { result.isEmptiable = true }
        return result
    }
}
