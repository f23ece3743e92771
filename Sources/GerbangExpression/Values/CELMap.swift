/// A key of a map.
///
/// Integers are equal by amount, whether signed or not, and texts by their code points.
public enum CELKey: Sendable, Hashable {
    /// `true` or `false`.
    case bool(Bool)
    /// A signed integer.
    case int(Int64)
    /// An unsigned integer.
    case uint(UInt64)
    /// A text.
    case string(String)

    /// Whether both are the same key.
    public static func == (left: CELKey, right: CELKey) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.int(let left), .int(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.int(let left), .uint(let right)): left >= 0 && left.magnitude == right
        case (.uint(let left), .int(let right)): right >= 0 && right.magnitude == left
        default: false
        }
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value):
            hasher.combine(0 as UInt8)
            hasher.combine(value)
        case .int(let value):
            hasher.combine(1 as UInt8)
            hasher.combine(UInt64(bitPattern: value))
        case .uint(let value):
            hasher.combine(1 as UInt8)
            hasher.combine(value)
        case .string(let value):
            hasher.combine(2 as UInt8)
            value.hashExactly(into: &hasher)
        }
    }

    /// The key for a value: itself, or the integer of a double that is whole; nil if no map
    /// can have it.
    init?(_ value: CELValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = .uint(value)
        case .string(let value): self = .string(value)
        case .double(let value):
            if let int = Int64(exactly: value) {
                self = .int(int)
            } else if let uint = UInt64(exactly: value) {
                self = .uint(uint)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// The key as a value.
    public var value: CELValue {
        switch self {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .string(let value): .string(value)
        }
    }
}

/// A map; its entries keep the order in which they came.
public struct CELMap: Sendable {
    /// An entry of a map.
    public typealias Entry = (key: CELKey, value: CELValue)

    private final class Storage: Sendable {
        let entries: [Entry]
        /// The fingerprints of the keys, in order: most other keys are told apart by them without being touched.
        let fingerprints: [UInt64]
        /// Where each key stands; nil while there are few.
        let index: [CELKey: Int]?
        let weight: Int
        let depth: Int

        init(_ entries: [Entry], index: [CELKey: Int]?) {
            self.entries = entries
            self.index = index
            fingerprints = index == nil ? entries.map { Field.fingerprint(of: $0.key) } : []
            var weight = 1
            var depth = 0
            for entry in entries {
                weight += entry.value.weight
                if case .string(let key) = entry.key { weight += 1 + key.utf8.count / 16 } else { weight += 1 }
                depth = max(depth, entry.value.depth)
            }
            self.weight = min(weight, Int(UInt32.max))
            self.depth = depth + 1
        }
    }

    /// Up to this many entries, looking through them all is faster than hashing the key.
    private static let indexThreshold = 8

    private let storage: Storage

    /// Takes the entries in their order; a key that comes again replaces the earlier value.
    public init(_ entries: some Sequence<(CELKey, CELValue)>) {
        var builder = Builder()
        for (key, value) in entries { builder.set(key, value) }
        self = builder.map
    }

    private init(_ storage: Storage) {
        self.storage = storage
    }

    /// Takes entries whose keys are known to differ: with two equal keys, only one of them would be found.
    public init(unique entries: [Entry]) {
        if entries.count <= Self.uniqueThreshold {
            self.init(Storage(entries, index: nil))
        } else {
            self.init(entries.lazy.map { ($0.key, $0.value) })
        }
    }

    /// Up to this many entries that need no search for equal keys, hashing them all takes longer than it saves.
    private static let uniqueThreshold = 32

    /// The entries, in order.
    public var entries: [Entry] { storage.entries }
    /// How many entries there are.
    public var count: Int { storage.entries.count }
    /// Whether there is no entry.
    public var isEmpty: Bool { storage.entries.isEmpty }
    /// See ``CELValue/weight``.
    var weight: Int { storage.weight }
    /// See ``CELValue/depth``.
    var depth: Int { storage.depth }

    /// The value of a key, or nil.
    public subscript(key: CELKey) -> CELValue? {
        if let index = storage.index { return index[key].map { storage.entries[$0].value } }
        if case .string(let text) = key { return self[Field(text)] }
        for entry in storage.entries where entry.key == key { return entry.value }
        return nil
    }

    /// The value of a text key, or nil.
    public subscript(key: String) -> CELValue? { self[Field(key)] }

    /// The value of a text key, or nil.
    subscript(field: Field) -> CELValue? {
        if let index = storage.index { return index[.string(field.name)].map { storage.entries[$0].value } }
        for (position, fingerprint) in storage.fingerprints.enumerated() where fingerprint == field.fingerprint {
            if case .string(let text) = storage.entries[position].key, text.isExactly(field.name) {
                return storage.entries[position].value
            }
        }
        return nil
    }

    /// A text key with a number that tells it from most others.
    struct Field: Sendable {
        let name: String
        let fingerprint: UInt64

        init(_ name: String) {
            self.name = name
            fingerprint = Self.fingerprint(of: name)
        }

        static func fingerprint(of key: CELKey) -> UInt64 {
            if case .string(let text) = key { fingerprint(of: text) } else { 0 }
        }

        /// The length with the first and the last eight bytes.
        private static func fingerprint(of text: String) -> UInt64 {
            text.withBytes { bytes in
                let count = bytes.count
                var result = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
                for position in 0..<min(8, count) {
                    result = result &* 31 &+ UInt64(bytes[position]) &+ UInt64(bytes[count - 1 - position]) << 32
                }
                return result
            }
        }
    }

    /// Collects the entries of a map.
    struct Builder {
        private var entries: [Entry] = []
        private var index: [CELKey: Int]?

        private func position(of key: CELKey) -> Int? {
            if let index { return index[key] }
            return entries.firstIndex { $0.key == key }
        }

        /// Adds an entry unless the key is there already; says whether it was added.
        mutating func insert(_ key: CELKey, _ value: CELValue) -> Bool {
            guard position(of: key) == nil else { return false }
            append(key, value)
            return true
        }

        /// Adds an entry, or replaces the value of its key.
        mutating func set(_ key: CELKey, _ value: CELValue) {
            if let position = position(of: key) {
                entries[position].value = value
            } else {
                append(key, value)
            }
        }

        private mutating func append(_ key: CELKey, _ value: CELValue) {
            entries.append((key, value))
            if index != nil {
                index?[key] = entries.count - 1
            } else if entries.count > CELMap.indexThreshold {
                var built: [CELKey: Int] = [:]
                for (position, entry) in entries.enumerated() { built[entry.key] = position }
                index = built
            }
        }

        var map: CELMap { CELMap(Storage(entries, index: index)) }
    }
}
