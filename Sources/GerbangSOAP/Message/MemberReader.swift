internal import GerbangJSON

/// Takes the members of an object in the order of a content model, which is usually their own.
struct MemberReader {
    let object: JSONObject
    private var next = 0
    /// How many members were taken.
    private(set) var found = 0

    init(_ object: JSONObject) {
        self.object = object
    }

    /// Takes a member.
    mutating func take(_ key: String) -> JSONValue? {
        guard let position = object.position(of: key, near: next) else { return nil }
        next = position + 1
        found += 1
        return object.value(at: position)
    }

    func has(_ key: String) -> Bool {
        object.position(of: key, near: next) != nil
    }

    func hasAny(of particle: Particle) -> Bool {
        if particle.key.isEmpty, case .group(let group) = particle.term {
            if group.keys.count > object.count { return object.contains { group.keys.contains($0.key) } }
            return group.keys.contains { has($0) }
        }
        return has(particle.key)
    }
}
