public import GerbangCore
internal import Synchronization

/// A store for tests and for trying things out: it forgets everything with the process.
public final class MemoryStore: RequestStore {
    private struct State: Sendable {
        var records: [RequestID: RequestRecord] = [:]
        var events: [RequestID: [RequestEvent]] = [:]
        var keys: [IdempotencyScope: (id: RequestID, fingerprint: [UInt8])] = [:]
        var marks: [ConnectionID: ConnectionMark] = [:]
    }

    private struct IdempotencyScope: Hashable {
        var client: ClientID
        var key: String
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// See ``RequestStore/accept(_:fingerprint:)``.
    public func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance {
        state.withLock { state in
            let scope = IdempotencyScope(
                client: record.request.client,
                key: record.request.submission.idempotencyKey
            )
            if let known = state.keys[scope] {
                guard known.fingerprint == fingerprint, let record = state.records[known.id] else { return .conflicting }
                return .known(record)
            }
            state.keys[scope] = (record.request.id, fingerprint)
            state.records[record.request.id] = record
            state.events[record.request.id] = [record.progress.acceptedEvent]
            return .stored
        }
    }

    /// See ``RequestStore/claim(_:at:transition:)``.
    public func claim(
        _ asks: [ClaimAsk],
        at now: Timestamp,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> ClaimBatch {
        try withState { state throws(GerbangError) in
            var batch = ClaimBatch()
            for ask in asks {
                let waiting = state.records.values
                    .filter { $0.request.connection == ask.connection && $0.progress.lease == nil }
                    .compactMap { record in record.progress.dueAt.map { (due: $0, record: record) } }
                    .sorted { ($0.due, $0.record.request.id) < ($1.due, $1.record.request.id) }
                var retries = 0
                var taken = 0
                for (due, record) in waiting where due <= now && taken < ask.slots {
                    if record.progress.failures > 0 {
                        guard retries < ask.retrySlots else { continue }
                        retries += 1
                    }
                    taken += 1
                    batch.records.append(try Self.apply(try transition(record), to: record, in: &state))
                }
                let rest = waiting.filter { state.records[$0.record.request.id]?.progress == $0.record.progress }
                batch.nextDue[ask.connection] = rest.first?.due
            }
            return batch
        }
    }

    /// See ``RequestStore/update(_:label:transition:)``.
    public func update(
        _ id: RequestID,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord? {
        try withState { state throws(GerbangError) in
            guard let record = state.records[id] else { return nil }
            return try Self.apply(try transition(record), to: record, in: &state)
        }
    }

    /// See ``RequestStore/record(_:)``.
    public func record(_ id: RequestID) async throws(GerbangError) -> RequestRecord? {
        state.withLock { $0.records[id] }
    }

    /// See ``RequestStore/events(of:after:)``.
    public func events(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        state.withLock { state in (state.events[id] ?? []).filter { $0.sequence > sequence } }
    }

    /// See ``RequestStore/list(_:)``.
    public func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestRecord] {
        state.withLock { state in
            let matching = state.records.values.filter { filter.matches($0) }
            return Array(matching.sorted { $0.request.id > $1.request.id }.prefix(filter.limit))
        }
    }

    /// See ``RequestStore/leases(endedBefore:limit:)``.
    public func leases(endedBefore moment: Timestamp?, limit: Int) async throws(GerbangError) -> [RequestID] {
        identifiers(limit: limit) { progress in
            guard let lease = progress.lease else { return false }
            return moment.map { lease.until < $0 } ?? true
        }
    }

    /// See ``RequestStore/overdue(before:limit:)``.
    public func overdue(before moment: Timestamp, limit: Int) async throws(GerbangError) -> [RequestID] {
        identifiers(limit: limit) { $0.state == .queued && $0.deadline < moment }
    }

    /// See ``RequestStore/dueTimes()``.
    public func dueTimes() async throws(GerbangError) -> [ConnectionID: Timestamp] {
        state.withLock { state in
            var times: [ConnectionID: Timestamp] = [:]
            for record in state.records.values where record.progress.lease == nil {
                guard let due = record.progress.dueAt else { continue }
                times[record.request.connection] = min(times[record.request.connection] ?? due, due)
            }
            return times
        }
    }

    /// See ``RequestStore/backlog()``.
    public func backlog() async throws(GerbangError) -> [BacklogEntry] {
        state.withLock { state in
            var entries: [BacklogEntry] = []
            for record in state.records.values where !record.progress.state.isFinal || record.progress.isDeadLetter {
                let (connection, recordState) = (record.request.connection, record.progress.state)
                if let index = entries.firstIndex(where: { $0.connection == connection && $0.state == recordState }) {
                    entries[index].count += 1
                    entries[index].oldest = min(entries[index].oldest, record.request.acceptedAt)
                } else {
                    let oldest = record.request.acceptedAt
                    entries.append(
                        BacklogEntry(connection: connection, state: recordState, count: 1, oldest: oldest))
                }
            }
            return entries
        }
    }

    /// See ``RequestStore/connectionMarks()``.
    public func connectionMarks() async throws(GerbangError) -> [ConnectionID: ConnectionMark] {
        state.withLock { $0.marks }
    }

    /// See ``RequestStore/save(_:of:)``.
    public func save(_ mark: ConnectionMark, of connection: ConnectionID) async throws(GerbangError) {
        state.withLock { $0.marks[connection] = mark }
    }

    private func identifiers(limit: Int, where matches: (RequestProgress) -> Bool) -> [RequestID] {
        state.withLock { state in
            Array(state.records.values.filter { matches($0.progress) }.map(\.request.id).sorted().prefix(limit))
        }
    }

    private static func apply(
        _ transition: Transition,
        to record: RequestRecord,
        in state: inout State
    ) throws(GerbangError) -> RequestRecord {
        var record = record
        record.progress = transition.progress
        state.records[record.request.id] = record
        state.events[record.request.id, default: []] += transition.events
        return record
    }

    /// `Mutex.withLock` with a typed error.
    private func withState<Result>(
        _ body: (inout sending State) throws(GerbangError) -> sending Result
    ) throws(GerbangError) -> sending Result {
        try state.withLock(body)
    }
}

extension RequestFilter {
    /// Whether `record` is to be listed, as far as this filter goes.
    package func matches(_ record: RequestRecord) -> Bool {
        (client ?? record.request.client) == record.request.client
            && (states.isEmpty || states.contains(record.progress.state))
            && (service ?? record.request.submission.service) == record.request.submission.service
            && (connection ?? record.request.connection) == record.request.connection
            && (!isDeadLetter || record.progress.isDeadLetter)
            && (before.map { record.request.id < $0 } ?? true)
    }
}
