internal import GerbangJSON
internal import GerbangXML

extension MessageEncoder {
    /// Writes the content that members describe.
    mutating func group(_ group: GroupNode, _ members: inout MemberReader) throws(SOAPError) {
        guard group.kind == .choice else {
            for particle in group.particles { try self.particle(particle, &members) }
            return
        }
        guard let branch = try branch(of: group, members) else { return }
        try particle(branch, &members)
    }

    /// The branch of a choice whose members are there; nil where none is and none needs to be.
    private func branch(of group: GroupNode, _ members: MemberReader) throws(SOAPError) -> Particle? {
        var present: [Particle] = []
        for particle in group.particles where members.hasAny(of: particle) { present.append(particle) }
        if present.count == 1 { return present[0] }
        if present.isEmpty {
            if group.particles.isEmpty || group.particles.contains(where: \.first.isEmptiable) { return nil }
            throw Self.error("One of these members is missing: \(Self.list(group.keys.sorted())).")
        }
        let given = group.keys.filter { members.has($0) }
        let fitting = present.filter { particle in
            guard particle.key.isEmpty, case .group(let inner) = particle.term else { return given == [particle.key] }
            return given.isSubset(of: inner.keys) && Self.isComplete(inner, members)
        }
        guard let first = fitting.first else {
            throw Self.error(
                "Only one of these members may be there, or the rest of its branch is missing: \(Self.list(given.sorted()))."
            )
        }
        return first
    }

    /// Whether all members are there that a group cannot do without.
    private static func isComplete(_ group: GroupNode, _ members: MemberReader) -> Bool {
        func isComplete(_ particle: Particle) -> Bool {
            if particle.minimum == 0 || particle.first.isEmptiable { return true }
            if particle.key.isEmpty, case .group(let inner) = particle.term { return Self.isComplete(inner, members) }
            return members.has(particle.key)
        }
        return group.kind == .choice
            ? group.particles.contains { isComplete($0) } : group.particles.allSatisfy { isComplete($0) }
    }

    private mutating func particle(_ particle: Particle, _ members: inout MemberReader) throws(SOAPError) {
        if particle.key.isEmpty {
            guard case .group(let group) = particle.term else { return }
            if particle.minimum == 0, !members.hasAny(of: particle) { return }
            return try self.group(group, &members)
        }
        guard let value = members.take(particle.key) else { return try absent(particle) }
        do throws(SOAPError) {
            guard particle.isRepeated else {
                if value.isNull, particle.minimum == 0, !Self.takesNull(particle) { return }
                return try item(particle, value)
            }
            guard case .array(let items) = value else {
                throw Self.error("It must be an array, also for a single value.")
            }
            guard items.count >= particle.minimum, items.count <= particle.maximum else {
                let most = particle.maximum == Int.max ? "" : " and at most \(particle.maximum)"
                throw Self.error("There must be at least \(particle.minimum)\(most) elements in the array.")
            }
            for (index, item) in items.enumerated() {
                do throws(SOAPError) { try self.item(particle, item) } catch { throw error.below(index) }
            }
        } catch {
            throw error.below(particle.key)
        }
    }

    private static func takesNull(_ particle: Particle) -> Bool {
        guard case .element(let element) = particle.term else { return false }
        return element.isNillable
    }

    private mutating func absent(_ particle: Particle) throws(SOAPError) {
        guard particle.minimum > 0 else { return }
        if case .element(let element) = particle.term, let given = element.fixedValue ?? element.defaultValue,
            particle.minimum == 1
        {
            return try self.element(element, .string(given))
        }
        if case .group(let group) = particle.term, particle.first.isEmptiable, group.kind != .choice { return }
        throw Self.error("The member '\(particle.key)' is missing.")
    }

    private mutating func item(_ particle: Particle, _ value: JSONValue) throws(SOAPError) {
        switch particle.term {
        case .element(let element): try self.element(element, value)
        case .any(let wildcard): try wildcardItem(wildcard, value)
        case .group(let group):
            guard case .object(let object) = value else { throw Self.error("It must be an object.") }
            var members = MemberReader(object)
            try self.group(group, &members)
            if members.found != object.count { try Self.refuseUnknown(object, known: group.keys) }
        }
    }

    // MARK: Mixed content

    /// Writes texts and elements in the order of the array.
    mutating func mixed(_ mixed: MixedNode, _ value: JSONValue) throws(SOAPError) {
        guard case .array(let items) = value else {
            throw Self.error("It must be an array of texts and objects with one member.")
        }
        for (index, item) in items.enumerated() {
            do throws(SOAPError) {
                switch item {
                case .string(let text): try buffer.text(text)
                case .object(let object):
                    guard object.count == 1, let member = object.first(where: { _ in true }) else {
                        throw Self.error("It must have one member, which names the element.")
                    }
                    do throws(SOAPError) {
                        if let element = mixed.keys[member.key] {
                            try self.element(element, member.value)
                        } else if mixed.hasWildcard {
                            try freeElement(member.key, member.value, processing: .lax)
                        } else {
                            throw Self.error(
                                "The contract knows no such element here; expected: \(Self.list(mixed.keys.keys.sorted()))."
                            )
                        }
                    } catch {
                        throw error.below(member.key)
                    }
                default: throw Self.error("It must be a text or an object with one member.")
                }
            } catch {
                var located = error
                located.pointer = error.pointer ?? .root
                throw located.below(index)
            }
        }
    }
}
