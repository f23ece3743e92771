internal import GerbangCore

/// Follows a request's history until it has ended.
struct Watcher<Clock: WallClock>: Sendable {
    /// What is asked.
    let client: GatewayClient
    /// The source of time.
    let clock: Clock
    /// How long the gateway may be away, as it is while it restarts.
    var patience = Duration.seconds(60)

    /// Follows a request until it has ended or `limit` has come.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - limit: When to stop at the latest; `nil` follows for as long as it takes.
    ///   - note: Told when the gateway went away.
    ///   - handle: Told of every event, in order, once.
    /// - Returns: The state after the last event.
    func follow(
        _ id: RequestID,
        until limit: Timestamp? = nil,
        note: (CommandError) -> Void = { _ in },
        handle: (GatewayClient.HistoryEntry) -> Void
    ) async throws(CommandError) -> RequestState {
        var latest: RequestEvent?
        var missingSince: Timestamp?
        while true {
            do throws(CommandError) {
                for entry in try await client.history(of: id, after: latest?.sequence ?? 0) {
                    handle(entry)
                    latest = entry.event
                }
                missingSince = nil
            } catch {
                guard error.status == .unreachable, latest != nil else { throw error }
                if missingSince == nil { note(error) }
                let since = missingSince ?? clock.now()
                missingSince = since
                guard clock.now() - since < patience else { throw error }
            }
            let state = latest?.state ?? .queued
            let now = clock.now()
            guard !state.isFinal, limit.map({ now < $0 }) ?? true else { return state }
            try? await clock.sleep(until: min(limit ?? now + .seconds(1), now + pause(after: latest, now: now)))
        }
    }

    /// How long nothing is worth asking for: until the next call is due, but at most a second.
    private func pause(after event: RequestEvent?, now: Timestamp) -> Duration {
        guard event?.state != .running else { return .milliseconds(200) }
        guard let due = event?.dueAt else { return .seconds(1) }
        return min(max(due - now, .milliseconds(200)), .seconds(1))
    }
}
