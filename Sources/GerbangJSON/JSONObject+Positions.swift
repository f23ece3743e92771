/// Access by position, for converters that know in which order members come.
extension JSONObject {
    /// Where a key stands; `hint` is looked at first.
    package func position(of key: String, near hint: Int) -> Int? {
        if hint < members.count, members[hint].key.isExactly(key) {
            return members[hint].value == nil ? nil : hint
        }
        guard let position = position(of: key), members[position].value != nil else { return nil }
        return position
    }

    /// The value at a position that ``position(of:near:)`` gave.
    package func value(at position: Int) -> JSONValue? {
        position < members.count ? members[position].value : nil
    }

    /// Makes room for so many members in all.
    package mutating func reserveCapacity(_ count: Int) {
        reserveMembers(Swift.min(count, Self.lookedThrough))
    }

    /// Adds a member whose key is known not to be there yet, without looking.
    @inline(__always)
    package mutating func append(new key: String, _ value: JSONValue) {
        guard members.count < Self.lookedThrough else {
            set(key, value)
            return
        }
        append(Member(key: key, value: value))
    }
}
