/// The members of a JSON object, in the order in which they came.
///
/// Keys are compared byte by byte, and every key occurs once. Equality ignores the order. Looking a key up takes constant time
/// however many there are, and so does adding or removing one, averaged over many.
public struct JSONObject: Sendable {
    struct Member: Sendable {
        let key: String
        /// Nil once the member is removed; such gaps are closed when they outnumber the members.
        var value: JSONValue?
    }

    /// Up to this many members, looking through them all is faster than hashing the key.
    private static let indexThreshold = 16

    private(set) var members: [Member] = []
    /// Where each key stands; nil while the object is small.
    ///
    /// Only an indexed object has gaps.
    private var index: [ExactText: Int]?

    /// Makes an object without members.
    public init() {}

    /// Takes the members in their order.
    ///
    /// A key that comes again replaces the earlier value in its place.
    public init(uniqueKeysWithValues members: some Sequence<(String, JSONValue)>) {
        self.members.reserveCapacity(members.underestimatedCount)
        for (key, value) in members { set(key, value) }
    }

    /// Takes the members in their order, such as those left by a filter.
    ///
    /// A key that comes again replaces the earlier value.
    public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
        self.members.reserveCapacity(members.underestimatedCount)
        for (key, value) in members { set(key, value) }
    }

    /// How many members there are.
    public var count: Int { index?.count ?? members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { count == 0 }

    /// The keys, in order.
    public var keys: [String] { map(\.key) }

    /// The values, in the order of their keys.
    public var values: [JSONValue] { map(\.value) }

    /// The value of a key, nil if there is none.
    ///
    /// Setting a value keeps the place of a key that exists and appends one that does not; setting nil removes the member. To
    /// store a JSON null, set `JSONValue.null`.
    public subscript(key: String) -> JSONValue? {
        get {
            position(of: key).flatMap { members[$0].value }
        }
        set {
            if let newValue { set(key, newValue) } else { remove(key) }
        }
    }

    @inline(__always)
    mutating func set(_ key: String, _ value: JSONValue) {
        if let position = position(of: key) {
            members[position].value = value
            return
        }
        members.append(Member(key: key, value: value))
        if index != nil {
            index?[ExactText(text: key)] = members.count - 1
        } else if members.count > JSONObject.indexThreshold {
            rebuildIndex()
        }
    }

    @inline(__always)
    func position(of key: String) -> Int? {
        if let index { return index[ExactText(text: key)] }
        return members.firstIndex { $0.key.isExactly(key) }
    }

    /// Up to this many members there is no index that an appended one would have to enter.
    static var lookedThrough: Int { indexThreshold }

    @inline(__always)
    mutating func append(_ member: Member) {
        members.append(member)
    }

    mutating func reserveMembers(_ count: Int) {
        members.reserveCapacity(count)
    }

    private mutating func remove(_ key: String) {
        guard let position = position(of: key) else { return }
        guard index != nil else {
            members.remove(at: position)
            return
        }
        index?[ExactText(text: key)] = nil
        members[position].value = nil
        if count < members.count / 2 {
            members.removeAll { $0.value == nil }
            rebuildIndex()
        }
    }

    private mutating func rebuildIndex() {
        guard members.count > JSONObject.indexThreshold else {
            index = nil
            return
        }
        var index = [ExactText: Int](minimumCapacity: members.count * 2)
        for (position, member) in members.enumerated() { index[ExactText(text: member.key)] = position }
        self.index = index
    }
}

extension JSONObject: Sequence {
    /// Gives the members in order.
    public struct Iterator: IteratorProtocol, Sendable {
        private var members: IndexingIterator<[Member]>

        fileprivate init(_ members: [Member]) {
            self.members = members.makeIterator()
        }

        /// The next member, or nil after the last.
        public mutating func next() -> (key: String, value: JSONValue)? {
            while let member = members.next() {
                if let value = member.value { return (member.key, value) }
            }
            return nil
        }
    }

    /// Starts at the first member.
    public func makeIterator() -> Iterator { Iterator(members) }

    /// The exact number of members.
    public var underestimatedCount: Int { count }
}

extension JSONObject: Hashable {
    /// Whether both have the same keys with equal values, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Hashes keys and values, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var member = Hasher()
            key.hashExactly(into: &member)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Takes the members in their order.
    ///
    /// A key that comes again replaces the earlier value in its place.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(uniqueKeysWithValues: members)
    }
}
