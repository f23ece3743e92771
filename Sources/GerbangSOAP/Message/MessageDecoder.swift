internal import GerbangJSON
internal import GerbangXML

/// Reads XML as JSON by the contract's types.
///
/// What libxml2 found valid fails here only by its patterns; what was not validated fails with the place of the error.
final class MessageDecoder {
    let table: SchemaTable
    // What is asked for with every element is not guarded against access from two places at once: a decoder belongs to one
    // call, and none of these accesses lasts while another one begins.

    /// How values are checked; by everything within the types that libxml2 does not look into.
    @exclusivity(unchecked) var checks: ValueCheck
    /// The types that libxml2 does not look into.
    private let openTypes: Set<Int>
    /// Whether to read as section 5 of SOAP 1.1 has it: types from `xsi:type`, references, any namespace, any order.
    let isEncoded: Bool
    @exclusivity(unchecked) var walk: XMLWalk
    /// The elements that references lead to, and how often they were followed.
    var references = References()
    /// How elements of wildcards are given.
    var documents = SOAPDocuments.json
    /// The parts that came beside the envelope; nil for none.
    @exclusivity(unchecked) var attachments: ReceivedParts?
    /// The groups around the particle that is being read, outermost first, as far as wildcards stand in them.
    @exclusivity(unchecked) private var places: [Place] = []
    /// Where the groups of the present element's content model begin.
    @exclusivity(unchecked) private var firstPlace = 0

    /// A particle in a group.
    private struct Place {
        let group: GroupNode
        var index = 0
        let isRepeated: Bool
    }

    init(
        _ table: SchemaTable,
        isEncoded: Bool = false,
        checks: ValueCheck = .nothing,
        openTypes: Set<Int> = []
    ) {
        self.table = table
        self.isEncoded = isEncoded
        self.checks = isEncoded ? .nothing : checks
        self.openTypes = openTypes
        walk = XMLWalk(table.symbols)
    }

    func error(_ message: String, at element: XMLElement) -> SOAPError {
        SOAPError(.xml, message, line: element.line, path: path(to: element))
    }

    /// The way to an element; names that the contract does not know are left out.
    func path(to element: XMLElement) -> String {
        var steps: [String] = []
        var current: XMLElement? = element
        while let step = current {
            let name = step.name
            let isKnown =
                table.symbols.find(name) != XMLSymbols.unknown
                || ["Envelope", "Header", "Body", "Fault", "detail", "Detail"].contains(name.localName)
            var text = isKnown ? name.localName : "*"
            if isKnown, let siblings = step.parent?.children(name.localName), siblings.count > 1,
                let index = siblings.firstIndex(of: step)
            {
                text += "[\(index + 1)]"
            }
            steps.append(text)
            current = step.parent
        }
        return "/" + steps.reversed().joined(separator: "/")
    }

    // MARK: Elements

    /// The value of an element that is declared so.
    func element(_ declaration: ElementNode, _ element: XMLElement) throws(SOAPError) -> JSONValue {
        if attachments != nil { try settle(element, declaration) }
        if checks == .everything { try check(declaration, element) }
        return try value(
            of: element,
            declared: declaration.type,
            default: declaration.defaultValue ?? declaration.fixedValue
        )
    }

    /// The value of an element of a type, or of the derived type that `xsi:type` names.
    func value(of element: XMLElement, declared: Int, default text: String? = nil) throws(SOAPError) -> JSONValue {
        if isEncoded, let target = try references.target(of: element, self) {
            defer { references.leave() }
            return try plainValue(of: target, declared: declared, default: text)
        }
        return try plainValue(of: element, declared: declared, default: text)
    }

    private func plainValue(of element: XMLElement, declared: Int, default text: String?) throws(SOAPError) -> JSONValue
    {
        let type = table.types[declared]
        if element.hasNoAttributes {
            // Most elements are leaves of simple types, and nothing else has to be looked at for them.
            if type.isSimple, !isEncoded, attachments == nil, case .simple(let simple) = type.content,
                let written = element.onlyText
            {
                return try self.value(written.isEmpty ? text ?? "" : written, simple, at: element)
            }
            return try content(of: element, type, chosen: nil, [], text)
        }
        let attributes = walk.attributes(of: element)
        guard let named = attributes.first(where: { $0.symbol == InstanceSymbols.type }) else {
            return try content(of: element, type, chosen: nil, attributes, text)
        }
        let chosen = try derived(named.value, declared: declared, at: element)
        return try content(of: element, chosen.map { table.types[$0] } ?? type, chosen: chosen, attributes, text)
    }

    /// The type that `xsi:type` names; nil for the declared one.
    private func derived(_ name: String, declared: Int, at element: XMLElement) throws(SOAPError) -> Int? {
        guard let number = number(ofType: name, at: element) else {
            if isEncoded { return nil }
            throw error("xsi:type names no type known.", at: element)
        }
        if number == declared { return nil }
        if table.isDerived(number, from: declared) { return number }
        if isEncoded { return nil }
        throw error("xsi:type names a type that is not derived from the element's type.", at: element)
    }

    func number(ofType text: String, at element: XMLElement) -> Int? {
        guard let name = element.resolve(qualifiedName: text) else { return nil }
        if let number = table.typesByName[name] { return number }
        guard let uri = name.namespaceURI,
            SchemaDraft.namespaces.contains(uri) || uri == Namespaces.encoding11 || uri == Namespaces.encoding12
        else { return nil }
        return table.typesByName[XMLName(name.localName, namespace: Namespaces.schema)]
    }

    private func content(
        of element: XMLElement,
        _ type: TypeNode,
        chosen: Int?,
        _ attributes: [XMLWalk.NumberedAttribute],
        _ text: String?
    ) throws(SOAPError) -> JSONValue {
        if isEncoded, type.isEncodedArray { return try untypedArray(element) }
        var object = JSONObject()
        let isNil = attributes.contains {
            ($0.symbol == InstanceSymbols.nil || (isEncoded && $0.symbol == InstanceSymbols.null))
                && ["true", "1"].contains($0.value.trimmingXMLSpace)
        }
        // In encoded messages the type on the wire is the rule, so it says something only where it is another one.
        if let chosen, !isEncoded || !table.types[chosen].isBuiltin, let key = table.typeKeys[chosen] {
            object.append(new: "#type", .string(key))
        }
        if attachments != nil { try settle(element, type, isNil: isNil) }
        if case .anything = type.content {
            return try anything(element, isNil: isNil, object)
        }
        if checks == .everything { try check(type, element, attributes) }
        if !attributes.isEmpty { try read(attributes, of: type, element, into: &object) }
        if isNil {
            if object.isEmpty { return .null }
            object.append(new: "#nil", true)
            return .object(object)
        }
        let outer = checks
        defer { checks = outer }
        if checks == .patterns, openTypes.contains(type.id) { checks = .everything }
        switch type.content {
        case .simple(let simple):
            guard let written = element.onlyText else {
                throw error("Child elements are not allowed here.", at: element)
            }
            let value: JSONValue
            if let content = try attached(written, type, element) {
                value = content
            } else {
                value = try self.value(written.isEmpty ? text ?? "" : written, simple, at: element)
            }
            if object.isEmpty, !type.hasTextMember { return value }
            object.append(new: "#text", value)
            return .object(object)
        case .array(let array): return try self.array(array, element)
        case .empty:
            guard element.firstChild == nil else { throw error("The element must be empty.", at: element) }
        case .elements(let group):
            object.reserveCapacity(object.count + group.particles.count)
            if isEncoded {
                try encodedMembers(of: group, element, into: &object)
            } else {
                try members(of: group, element, into: &object)
            }
        case .mixed(let mixed):
            let items = try self.mixed(mixed, element)
            if !items.isEmpty { object.append(new: "#content", .array(items)) }
        case .anything: break
        }
        return .object(object)
    }

    // MARK: Content

    /// Reads the children of an element by its content model.
    private func members(of group: GroupNode, _ element: XMLElement, into object: inout JSONObject) throws(SOAPError) {
        let outer = firstPlace
        firstPlace = places.count
        defer { firstPlace = outer }
        var cursor = ChildCursor(element)
        if cursor.isAtEnd, cursor.strayText == false, group.particles.allSatisfy(\.first.isEmptiable) { return }
        if group.kind == .all {
            try all(group, &cursor, into: &object)
        } else {
            try self.group(group, &cursor, into: &object)
        }
        if let rest = cursor.current { throw error("This element is not expected here.", at: rest) }
        if cursor.strayText { throw error("Text is not allowed between the child elements.", at: element) }
    }

    private func group(
        _ group: GroupNode,
        _ cursor: inout ChildCursor,
        isRepeated: Bool = false,
        into object: inout JSONObject
    ) throws(SOAPError) {
        if group.hasWildcard { places.append(Place(group: group, isRepeated: isRepeated)) }
        defer { if group.hasWildcard { places.removeLast() } }
        switch group.kind {
        case .sequence:
            for (index, particle) in group.particles.enumerated() {
                if group.hasWildcard { places[places.count - 1].index = index }
                try self.particle(particle, &cursor, into: &object)
            }
        case .all: try all(group, &cursor, into: &object)
        case .choice:
            guard let particle = branch(of: group, cursor.current) else {
                if group.particles.isEmpty || group.particles.contains(where: \.first.isEmptiable) { return }
                throw unexpected(
                    cursor,
                    Particle(minimum: 1, maximum: 1, key: "", term: .group(group), first: FirstSet())
                )
            }
            try self.particle(particle, &cursor, into: &object)
        }
    }

    private func branch(of group: GroupNode, _ element: XMLElement?) -> Particle? {
        guard let element else { return nil }
        let symbol = walk.symbol(element)
        if symbol != XMLSymbols.unknown, let index = group.branches[symbol] { return group.particles[index] }
        return group.particles.first { begins($0, element, symbol) }
    }

    /// Whether an element is the beginning of a particle.
    private func begins(_ particle: Particle, _ element: XMLElement, _ symbol: Int32) -> Bool {
        switch particle.term {
        case .element(let declaration) where declaration.alternatives.isEmpty: return declaration.symbol == symbol
        default:
            if symbol != XMLSymbols.unknown, particle.first.symbols.contains(symbol) { return true }
            guard !particle.first.wildcards.isEmpty else { return false }
            let namespace = element.namespaceURI
            return particle.first.wildcards.contains { $0.allows(namespace) }
        }
    }

    /// Whether an element, for which the present particle has but a wildcard, is declared for what may come next.
    ///
    /// Such content models break the rule of unique particle attribution, but they are there, and the declaration says more.
    private func isDeclaredBehind(_ particle: Particle, _ symbol: Int32) -> Bool {
        guard symbol != XMLSymbols.unknown, !particle.first.wildcards.isEmpty, !particle.first.symbols.contains(symbol)
        else { return false }
        for place in places[firstPlace...].reversed() {
            if place.group.kind == .sequence {
                for next in place.group.particles[(place.index + 1)...] {
                    if next.first.symbols.contains(symbol) { return true }
                    guard next.first.isEmptiable else { return false }
                }
            }
            if place.isRepeated, place.group.begins(with: symbol) { return true }
        }
        return false
    }

    /// Whether all children that are left are needed for what must come behind the present wildcard in its sequence.
    private func isNeededBehind(_ particle: Particle, _ cursor: ChildCursor) -> Bool {
        guard !particle.first.wildcards.isEmpty, places.count > firstPlace, let place = places.last,
            place.group.kind == .sequence
        else { return false }
        var needed = 0
        for next in place.group.particles[(place.index + 1)...] where !next.first.isEmptiable { needed += next.minimum }
        guard (1...1_000).contains(needed) else { return false }
        var rest = cursor
        for _ in 0..<needed {
            rest.advance()
            if rest.isAtEnd { return true }
        }
        return false
    }

    private func all(_ group: GroupNode, _ cursor: inout ChildCursor, into object: inout JSONObject) throws(SOAPError) {
        var missing = Set(group.particles.indices)
        // What may come more than once may do so with others in between.
        var more: [Int: [JSONValue]] = [:]
        while let element = cursor.current {
            guard let index = member(of: group, element) else { break }
            let particle = group.particles[index]
            if missing.remove(index) != nil {
                try self.particle(particle, &cursor, into: &object)
            } else if particle.isRepeated, !particle.key.isEmpty {
                more[index, default: []].append(try item(particle, &cursor))
            } else {
                break
            }
        }
        for (index, items) in more {
            let particle = group.particles[index]
            let all = (object[particle.key]?.arrayValue ?? []) + items
            guard all.count <= particle.maximum else { throw error("An element comes too often.", at: cursor.parent) }
            object[particle.key] = .array(all)
        }
        if let index = missing.sorted().first(where: { !group.particles[$0].first.isEmptiable }) {
            throw unexpected(cursor, group.particles[index])
        }
    }

    /// The particle of an `xs:all` that an element belongs to.
    private func member(of group: GroupNode, _ element: XMLElement) -> Int? {
        let symbol = walk.symbol(element)
        if let index = group.branches[symbol] { return index }
        return group.hasWildcard ? group.particles.firstIndex { begins($0, element, symbol) } : nil
    }

    private func particle(_ particle: Particle, _ cursor: inout ChildCursor, into object: inout JSONObject)
        throws(SOAPError)
    {
        guard let start = cursor.current else {
            guard particle.first.isEmptiable else { throw unexpected(cursor, particle) }
            return
        }
        let symbol = walk.symbol(start)
        guard begins(particle, start, symbol) else {
            guard particle.first.isEmptiable else { throw unexpected(cursor, particle) }
            return
        }
        if particle.first.isEmptiable, isDeclaredBehind(particle, symbol) || isNeededBehind(particle, cursor) { return }
        if particle.key.isEmpty {
            guard case .group(let group) = particle.term else { return }
            return try self.group(group, &cursor, into: &object)
        }
        guard particle.isRepeated else {
            object.append(new: particle.key, try item(particle, &cursor))
            return
        }
        var items: [JSONValue] = []
        while let next = cursor.current, items.count < particle.maximum {
            let symbol = walk.symbol(next)
            guard begins(particle, next, symbol) else { break }
            if items.count >= particle.minimum, isDeclaredBehind(particle, symbol) || isNeededBehind(particle, cursor) {
                break
            }
            items.append(try item(particle, &cursor))
            // A turn that took nothing would be taken for ever.
            if cursor.current == next { break }
        }
        guard items.count >= particle.minimum || particle.first.isEmptiable else { throw unexpected(cursor, particle) }
        object.append(new: particle.key, .array(items))
    }

    private func item(_ particle: Particle, _ cursor: inout ChildCursor) throws(SOAPError) -> JSONValue {
        guard let element = cursor.current else { return .null }
        switch particle.term {
        case .element(let declaration):
            let value: JSONValue
            if declaration.alternatives.isEmpty {
                value = try self.element(declaration, element)
            } else {
                let symbol = walk.symbol(element)
                guard let alternative = declaration.alternatives.first(where: { $0.element.symbol == symbol }) else {
                    throw error("This element is not expected here.", at: element)
                }
                value = .object([alternative.key: try self.element(alternative.element, element)])
            }
            cursor.advance()
            return value
        case .any(let wildcard):
            let value = try wildcardItem(element, processing: wildcard.processing)
            cursor.advance()
            return value
        case .group(let group):
            var object = JSONObject()
            try self.group(group, &cursor, isRepeated: particle.isRepeated, into: &object)
            return .object(object)
        }
    }

    private func unexpected(_ cursor: ChildCursor, _ wanted: Particle) -> SOAPError {
        var names: [String] = []
        func collect(_ particle: Particle) {
            guard names.count < 20 else { return }
            switch particle.term {
            case .element(let element): names.append(element.name.localName)
            case .any: names.append("any element")
            case .group(let group): for inner in group.particles { collect(inner) }
            }
        }
        collect(wanted)
        let list = MessageEncoder.list(names)
        guard let current = cursor.current else {
            return error("A child element is missing; expected: \(list).", at: cursor.parent)
        }
        return error("This element is not expected here; expected: \(list).", at: current)
    }

    // MARK: Mixed content

    private func mixed(_ mixed: MixedNode, _ element: XMLElement) throws(SOAPError) -> [JSONValue] {
        var items: [JSONValue] = []
        for piece in element.pieces {
            switch piece {
            case .text(let text): items.append(.string(text))
            case .element(let child):
                let symbol = walk.symbol(child)
                if let declaration = mixed.elements[symbol], let key = mixed.symbolKeys[symbol] {
                    items.append(.object([key: try self.element(declaration, child)]))
                } else if mixed.hasWildcard || isEncoded {
                    items.append(try wildcardItem(child, processing: .lax))
                } else {
                    throw error("This element is not expected here.", at: child)
                }
            }
        }
        return items
    }
}

extension GroupNode {
    /// Whether an element of this name is declared for its beginning.
    fileprivate func begins(with symbol: Int32) -> Bool {
        guard kind == .sequence else { return branches[symbol] != nil }
        for particle in particles {
            if particle.first.symbols.contains(symbol) { return true }
            guard particle.first.isEmptiable else { return false }
        }
        return false
    }
}

extension TypeNode {
    /// Whether it is one of XML Schema's own types.
    var isBuiltin: Bool { name?.namespaceURI == Namespaces.schema }

    /// Whether it is the array of SOAP encoding itself, whose items only the message describes.
    var isEncodedArray: Bool {
        name?.localName == "Array" && [Namespaces.encoding11, Namespaces.encoding12].contains(name?.namespaceURI ?? "")
    }
}
