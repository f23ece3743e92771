public import GerbangCore
internal import Synchronization

/// A store for tests and for trying things out: it forgets everything with the process.
public final class MemoryStore: RequestStore {
    private struct State: Sendable {
        var records: [RequestID: RequestRecord] = [:]
        var events: [RequestID: [RequestEvent]] = [:]
        var keys: [IdempotencyScope: (id: RequestID, fingerprint: [UInt8])] = [:]
        var marks: [ConnectionID: ConnectionMark] = [:]
        var outbox = MemoryOutbox()
    }

    private struct IdempotencyScope: Hashable {
        var client: ClientID
        /// As bytes: texts that look alike but differ in a byte are different keys.
        var key: [UInt8]
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// See ``RequestStore/accept(_:fingerprint:)``.
    public func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance {
        state.withLock { state in
            let request = record.request
            let scope = IdempotencyScope(client: request.client, key: Array(request.submission.idempotencyKey.utf8))
            if let known = Self.acceptance(of: scope, fingerprint: fingerprint, in: state) { return known }
            state.keys[scope] = (record.request.id, fingerprint)
            state.records[record.request.id] = record
            state.events[record.request.id] = [record.acceptedEvent]
            return .stored
        }
    }

    /// See ``RequestStore/acceptance(of:client:fingerprint:)``.
    public func acceptance(
        of key: String,
        client: ClientID,
        fingerprint: [UInt8]
    ) async throws(GerbangError) -> Acceptance? {
        state.withLock { state in
            Self.acceptance(
                of: IdempotencyScope(client: client, key: Array(key.utf8)),
                fingerprint: fingerprint,
                in: state
            )
        }
    }

    private static func acceptance(
        of scope: IdempotencyScope,
        fingerprint: [UInt8],
        in state: State
    ) -> Acceptance? {
        guard let known = state.keys[scope] else { return nil }
        guard known.fingerprint == fingerprint, let record = state.records[known.id] else { return .conflicting }
        return .known(record)
    }

    /// See ``RequestStore/claim(_:at:transition:)``.
    public func claim(
        _ asks: [ClaimAsk],
        at now: Timestamp,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> ClaimBatch {
        try withState { state throws(GerbangError) in
            // Every transition first, then every change: when one throws, nothing has changed.
            var moves: [(record: RequestRecord, transition: Transition)] = []
            var taken: Set<RequestID> = []
            for ask in asks {
                for record in Self.due(ask, at: now, in: state) where taken.insert(record.request.id).inserted {
                    moves.append((record, try transition(record)))
                }
            }
            var batch = ClaimBatch()
            for move in moves {
                batch.records.append(try Self.apply(move.transition, to: move.record, in: &state))
            }
            for ask in asks { batch.nextDue[ask.connection] = Self.waiting(on: ask.connection, in: state).first?.due }
            return batch
        }
    }

    /// Requests of a connection that nobody holds, in the order in which they are due.
    private static func waiting(
        on connection: ConnectionID,
        in state: State
    ) -> [(due: Timestamp, record: RequestRecord)] {
        state.records.values
            .filter { $0.request.connection == connection && $0.progress.lease == nil }
            .compactMap { record in record.progress.dueAt.map { (due: $0, record: record) } }
            .sorted { ($0.due, $0.record.request.id) < ($1.due, $1.record.request.id) }
    }

    private static func due(_ ask: ClaimAsk, at now: Timestamp, in state: State) -> [RequestRecord] {
        var taken: [RequestRecord] = []
        var retries = 0
        for (due, record) in waiting(on: ask.connection, in: state) where due <= now && taken.count < ask.slots {
            if record.progress.failures > 0 {
                guard retries < ask.retrySlots else { continue }
                retries += 1
            }
            taken.append(record)
        }
        return taken
    }

    /// See ``RequestStore/update(_:knowing:label:transition:)``.
    public func update(
        _ id: RequestID,
        knowing request: ServiceRequest?,
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

    /// See ``RequestStore/removeFinished(before:limit:)``.
    public func removeFinished(before moment: Timestamp, limit: Int) async throws(GerbangError) -> Int {
        state.withLock { state in
            let old = state.records.values.compactMap { record -> (end: Timestamp, record: RequestRecord)? in
                guard record.progress.state.isFinal, !record.progress.isDeadLetter,
                    let end = state.events[record.request.id]?.last?.at, end < moment,
                    state.outbox.summary(of: record.request.id)?.pending ?? 0 == 0
                else { return nil }
                return (end, record)
            }
            let oldest = old.sorted { ($0.end, $0.record.request.id) < ($1.end, $1.record.request.id) }.prefix(limit)
            for (_, record) in oldest {
                let request = record.request
                state.records[request.id] = nil
                state.events[request.id] = nil
                state.outbox.remove(request.id)
                let key = Array(request.submission.idempotencyKey.utf8)
                state.keys[IdempotencyScope(client: request.client, key: key)] = nil
            }
            return oldest.count
        }
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
                        BacklogEntry(connection: connection, state: recordState, count: 1, oldest: oldest)
                    )
                }
            }
            return entries
        }
    }

    /// See ``RequestStore/connectionMarks()``.
    public func connectionMarks() async throws(GerbangError) -> [ConnectionID: ConnectionMark] {
        state.withLock { $0.marks }
    }

    /// See ``RequestStore/updateMark(of:_:)``.
    public func updateMark(
        of connection: ConnectionID,
        _ change: @escaping @Sendable (inout ConnectionMark) -> Void
    ) async throws(GerbangError) {
        state.withLock { change(&$0.marks[connection, default: ConnectionMark()]) }
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
        state.outbox.put(transition.callbacks, of: record.request)
        return record
    }

    func withOutbox<Result: Sendable>(_ body: (inout MemoryOutbox) -> Result) -> Result {
        state.withLock { body(&$0.outbox) }
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
