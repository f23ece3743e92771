internal import Synchronization

/// What an agency simulator did, effect by effect: the proof that nothing was done twice.
public final class Ledger: Sendable {
    /// One effect.
    public struct Entry: Sendable, Hashable {
        /// The key that the caller sent with the message; ``AdapterCall/key`` for requests of Gerbang.
        public var key: String
        /// The operation that had the effect.
        public var operation: String
        /// The number that the simulator gave to it.
        public var reference: String

        /// Creates an entry.
        public init(key: String, operation: String, reference: String) {
            self.key = key
            self.operation = operation
            self.reference = reference
        }
    }

    private let state = Mutex<[Entry]>([])

    /// Creates an empty ledger.
    public init() {}

    /// Writes down an effect.
    public func record(_ entry: Entry) {
        state.withLock { $0.append(entry) }
    }

    /// All effects in order.
    public var entries: [Entry] { state.withLock { $0 } }

    /// The effects that were asked for with `key`.
    public func entries(for key: String) -> [Entry] { entries.filter { $0.key == key } }

    /// Keys with more than one effect: must be empty.
    public var repeatedKeys: [String] {
        var counts: [String: Int] = [:]
        for entry in entries { counts["\(entry.operation) \(entry.key)", default: 0] += 1 }
        return counts.filter { $0.value > 1 }.keys.sorted()
    }
}
