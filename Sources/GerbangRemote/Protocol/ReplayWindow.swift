package import GerbangCore

/// Remembers what was said within the time in which it could be said again. A value without a clock of its own.
package struct ReplayWindow: Sendable {
    /// What became of a message.
    package enum Admission: Sendable, Hashable {
        /// It is new.
        case fresh
        /// Its time differs too much from this machine's.
        case outside
        /// It has been here before.
        case replayed
        /// More messages came than can be remembered: a sender that has lost its mind.
        case full
    }

    private let window: Duration
    private let capacity: Int
    private var seen: [String: Timestamp] = [:]
    /// The latest moment that was ever looked at: a clock that is set back must not forget what it has seen.
    private var latest = Timestamp(milliseconds: 0)
    private var nextCleaning = Timestamp(milliseconds: 0)

    package init(window: Duration = MessageProof.window, capacity: Int = 100_000) {
        self.window = window
        self.capacity = capacity
    }

    /// Lets a message in, or not. Only ask once its proof is good, or anybody could fill the memory.
    package mutating func admit(_ id: String, _ nonce: String, time: Timestamp, at now: Timestamp) -> Admission {
        latest = max(latest, now)
        let distance = time > now ? time - now : now - time
        guard distance <= window else { return .outside }
        clean()
        let key = "\(id) \(nonce)"
        guard seen[key] == nil else { return .replayed }
        guard seen.count < capacity else { return .full }
        seen[key] = time
        return .fresh
    }

    private mutating func clean() {
        guard latest >= nextCleaning else { return }
        nextCleaning = latest + .seconds(10)
        let window = window
        seen = seen.filter { $0.value + window >= latest }
    }
}
