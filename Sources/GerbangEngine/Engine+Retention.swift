internal import GerbangCore
internal import Logging

extension Engine {
    /// How far the removal of what ended long ago has come.
    struct Removal {
        /// When to look again.
        var next: Timestamp
        /// How many requests were removed since it began.
        var count = 0

        init(next: Timestamp) {
            self.next = next
        }

        /// How often it begins.
        fileprivate static let interval = Duration.seconds(3600)
        /// How many requests are removed in one transaction: so few that nobody else waits for it.
        fileprivate static let batch = 50
    }

    /// Removes some of what ended longer ago than it is kept, if it is time to; the rest follows at the next calls.
    func removeFinished(_ removal: inout Removal, at now: Timestamp) async throws(GerbangError) {
        guard now >= removal.next || removal.next > now + Removal.interval else { return }
        removal.next = now + Removal.interval
        let configuration = snapshot.configuration
        let age = max(configuration.retention, configuration.shortestRetention)
        let count = try await store.removeFinished(before: now + age * -1, limit: Removal.batch)
        metrics.requestsWereRemoved(count)
        removal.count += count
        guard count < Removal.batch else {
            removal.next = now
            return
        }
        if removal.count > 0 {
            logger.notice(
                "removed requests that ended long ago",
                metadata: ["count": "\(removal.count)", "keptFor": "\(DurationText.readable(age))"]
            )
        }
        removal.count = 0
    }
}
