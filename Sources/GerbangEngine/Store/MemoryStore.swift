public import GerbangCore
internal import Synchronization

/// A store for tests and for trying things out: it forgets everything with the process.
public final class MemoryStore: RequestStore {
    private struct State: Sendable {
        var records: [RequestID: RequestRecord] = [:]
        var events: [RequestID: [RequestEvent]] = [:]
        var keys: [IdempotencyScope: (id: RequestID, fingerprint: [UInt8])] = [:]
        var marks: [ConnectionID: ConnectionMark] = [:]
        /// In which order they were accepted.
        var numbers: [RequestID: Int] = [:]
        var lastNumber = 0
        /// Of every case that has an open request, the one that may be called.
        var heads: [OrderingKey: RequestID] = [:]
        /// The tenant that had the last turn on a connection.
        var turns: [ConnectionID: String] = [:]
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

    /// See ``RequestStore/check()``: memory takes every write.
    public func check() async throws(GerbangError) {}

    /// See ``RequestStore/accept(_:fingerprint:)``.
    public func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance {
        state.withLock { state in
            let request = record.request
            let scope = IdempotencyScope(client: request.client, key: Array(request.submission.idempotencyKey.utf8))
            if let known = Self.acceptance(of: scope, fingerprint: fingerprint, in: state) { return known }
            state.keys[scope] = (record.request.id, fingerprint)
            state.lastNumber += 1
            state.numbers[request.id] = state.lastNumber
            Self.put(record, in: &state)
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
        guard known.fingerprint == fingerprint, let record = Self.find(known.id, in: state) else {
            return .conflicting
        }
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
                for record in Self.due(ask, at: now, in: &state) where taken.insert(record.request.id).inserted {
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
            .filter { $0.connection == connection && $0.progress.lease == nil && !isBehind($0, in: state) }
            .compactMap { record in record.progress.dueAt.map { (due: $0, record: record) } }
            .sorted { ($0.due, $0.record.request.id) < ($1.due, $1.record.request.id) }
    }

    private static func due(_ ask: ClaimAsk, at now: Timestamp, in state: inout State) -> [RequestRecord] {
        let ready = waiting(on: ask.connection, in: state).prefix { $0.due <= now }.map(\.record)
        var taken: [RequestRecord] = []
        var retries = 0
        var byTenant = Dictionary(grouping: ready) { $0.request.tenant?.text ?? "" }.mapValues { $0[...] }
        // Each tenant has its turn, after the one that had the last.
        let last = state.turns[ask.connection] ?? ""
        var turns = byTenant.keys.filter { $0 > last }.sorted() + byTenant.keys.filter { $0 <= last }.sorted()
        while !turns.isEmpty, taken.count < ask.slots {
            let tenant = turns.removeFirst()
            guard let record = byTenant[tenant]?.popFirst() else { continue }
            let isRetry = record.progress.failures > 0
            guard !isRetry || retries < ask.retrySlots else {
                turns.insert(tenant, at: 0)
                continue
            }
            if isRetry { retries += 1 }
            taken.append(record)
            state.turns[ask.connection] = tenant
            turns.append(tenant)
        }
        return taken
    }

    /// The request called `id`, with whether it stands behind another one.
    private static func find(_ id: RequestID, in state: State) -> RequestRecord? {
        guard var record = state.records[id] else { return nil }
        record.isBehindAnother = isBehind(record, in: state)
        return record
    }

    private static func isBehind(_ record: RequestRecord, in state: State) -> Bool {
        guard let key = record.request.ordering, !record.progress.state.isFinal else { return false }
        return state.heads[key] != record.request.id
    }

    /// Stores a request and sees to it that every case with open requests has exactly one head.
    private static func put(_ record: RequestRecord, in state: inout State) {
        var record = record
        let id = record.request.id
        // Worked out anew whenever somebody asks.
        record.isBehindAnother = false
        state.records[id] = record
        guard let key = record.request.ordering else { return }
        if !record.progress.state.isFinal {
            state.heads[key] = state.heads[key] ?? id
        } else if state.heads[key] == id {
            let others = state.records.values.filter { $0.request.ordering == key && !$0.progress.state.isFinal }
            state.heads[key] = others.map(\.request.id).min { (state.numbers[$0] ?? 0) < (state.numbers[$1] ?? 0) }
        }
    }

    /// See ``RequestStore/update(_:knowing:label:transition:)``.
    public func update(
        _ id: RequestID,
        knowing request: ServiceRequest?,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord? {
        try withState { state throws(GerbangError) in
            guard let record = Self.find(id, in: state) else { return nil }
            return try Self.apply(try transition(record), to: record, in: &state)
        }
    }

    /// See ``RequestStore/record(_:)``.
    public func record(_ id: RequestID) async throws(GerbangError) -> RequestRecord? {
        state.withLock { Self.find(id, in: $0) }
    }

    /// See ``RequestStore/events(of:after:)``.
    public func events(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        state.withLock { state in (state.events[id] ?? []).filter { $0.sequence > sequence } }
    }

    /// See ``RequestStore/list(_:)``.
    public func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestRecord] {
        state.withLock { state in
            let matching = state.records.values.filter { filter.matches($0) }
            return matching.sorted { $0.request.id > $1.request.id }.prefix(filter.limit).compactMap {
                Self.find($0.request.id, in: state)
            }
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

    /// See ``RequestStore/waiting(on:after:limit:)``.
    public func waiting(
        on connection: ConnectionID,
        after last: RequestRecord?,
        limit: Int
    ) async throws(GerbangError) -> [RequestRecord] {
        state.withLock { state in
            func place(_ record: RequestRecord) -> (String, Int, Timestamp, Int) {
                let due = record.progress.dueAt ?? record.request.acceptedAt
                let isRetry = record.progress.failures > 0 ? 1 : 0
                return (record.request.tenant?.text ?? "", isRetry, due, state.numbers[record.request.id] ?? 0)
            }
            let all = Self.waiting(on: connection, in: state).map(\.record).sorted { place($0) < place($1) }
            let rest = all.drop { record in last.map { place(record) <= place($0) } ?? false }
            return Array(rest.prefix(limit))
        }
    }

    /// See ``RequestStore/openRequests()``.
    public func openRequests() async throws(GerbangError) -> [TenantID: Int] {
        state.withLock { state in
            let open = state.records.values.filter { !$0.progress.state.isFinal }.compactMap(\.request.tenant)
            return Dictionary(grouping: open) { $0 }.mapValues(\.count)
        }
    }

    /// See ``RequestStore/report(on:)``.
    public func report(on span: ReportSpan) async throws(GerbangError) -> Report {
        state.withLock { state in
            var tally = ReportTally(span)
            for record in state.records.values where span.covers(record.request) {
                tally.add(
                    record.request.submission.service,
                    record.progress.state,
                    acceptedAt: record.request.acceptedAt,
                    finishedAt: record.progress.finishedAt
                )
            }
            return tally.report
        }
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
                state.numbers[request.id] = nil
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
            for record in state.records.values where record.progress.lease == nil && !Self.isBehind(record, in: state) {
                guard let due = record.progress.dueAt else { continue }
                times[record.connection] = min(times[record.connection] ?? due, due)
            }
            return times
        }
    }

    /// See ``RequestStore/backlog()``.
    public func backlog() async throws(GerbangError) -> [BacklogEntry] {
        state.withLock { state in
            var entries: [BacklogEntry] = []
            for record in state.records.values where !record.progress.state.isFinal || record.progress.isDeadLetter {
                let (connection, recordState) = (record.connection, record.progress.state)
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
        put(record, in: &state)
        state.events[record.request.id, default: []] += transition.events
        state.outbox.put(transition.callbacks, of: record.request)
        record.isBehindAnother = isBehind(record, in: state)
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
            && (tenant == nil || tenant == record.request.tenant)
            && (service ?? record.request.submission.service) == record.request.submission.service
            && (connection ?? record.connection) == record.connection
            && (!isDeadLetter || record.progress.isDeadLetter)
            && (before.map { record.request.id < $0 } ?? true)
    }
}
