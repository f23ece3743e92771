internal import GerbangCore

// What the citizen is told.
extension Engine {
    /// The notice for a request with this status.
    func notice(of record: RequestRecord, _ status: RequestStatus, at now: Timestamp) -> ProgressNotice {
        let id = record.connection
        let gate = record.progress.state.isFinal ? nil : flow.gate(id)
        var context = forecast.context(of: record, in: snapshot, gate: gate, at: now)
        // Nobody knows how long the one before it takes.
        if record.isBehindAnother { context.expectedFinishAt = nil }
        return ProgressNotice(of: status, in: context)
    }

    /// Counts the queues again if that was long ago; a request that waits is told how many are before it.
    func countQueues(for records: [RequestRecord]) async {
        let began = clock.now()
        guard records.contains(where: { $0.progress.state == .queued }), forecast.queuesAreStale(at: began) else {
            return
        }
        do throws(GerbangError) {
            let backlog = try await store.backlog()
            forecast.noteQueues(backlog, from: began, to: clock.now())
        } catch {
            // An estimate is not worth an error: it is made without the queue.
            forecast.noteQueuesUnknown(at: began)
        }
    }
}
