internal import GerbangClient
internal import GerbangCore

/// Follows a request's history until it has ended.
struct Watcher<Clock: WallClock>: Sendable {
    /// What is asked.
    let client: GatewayAPI
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
    ///   - rest: Told of the last of several events after which the request waits.
    /// - Returns: The state after the last event.
    func follow(
        _ id: RequestID,
        until limit: Timestamp? = nil,
        note: (APIFailure) -> Void = { _ in },
        handle: (GatewayAPI.HistoryEntry) -> Void,
        rest: (RequestEvent) async -> Void = { _ in }
    ) async throws(APIFailure) -> RequestState {
        var latest: RequestEvent?
        var missingSince: Timestamp?
        while true {
            do throws(APIFailure) {
                let before = latest?.sequence
                for entry in try await client.history(of: id, after: latest?.sequence ?? 0) {
                    handle(entry)
                    latest = entry.event
                }
                missingSince = nil
                if let latest, latest.sequence != before, Self.waits(after: latest) { await rest(latest) }
            } catch {
                guard error.isAbsence, latest != nil else { throw error }
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

    /// Whether the request stands still long enough after an event for somebody to read why.
    private static func waits(after event: RequestEvent) -> Bool {
        switch event.state {
        case .queued, .inDoubt, .awaitingAgency: event.dueAt.map { $0 - event.at >= .seconds(2) } ?? true
        case .running, .succeeded, .rejected, .failed, .expired, .cancelled: false
        }
    }

    /// How long nothing is worth asking for: until the next call is due, but at most a second.
    private func pause(after event: RequestEvent?, now: Timestamp) -> Duration {
        guard event?.state != .running else { return .milliseconds(200) }
        guard let due = event?.dueAt else { return .seconds(1) }
        return min(max(due - now, .milliseconds(200)), .seconds(1))
    }
}
