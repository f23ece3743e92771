internal import GerbangCore
internal import GerbangEngine
internal import Synchronization

/// A store in memory that can be made to fail, to hang and to be slow.
final class MoodyStore: RequestStore {
    private struct Save {
        var isToBeHeld = false
        var held: CheckedContinuation<Void, Never>?
    }

    private let inner = MemoryStore()
    private let failures = Mutex(0)
    private let tellsOldLeases = Mutex(false)
    private let save = Mutex(Save())

    /// Makes the next `count` updates fail as if the disk were away.
    func failUpdates(_ count: Int) { failures.withLock { $0 = count } }

    /// Holds up the next save of a mark until ``releaseSave()``.
    func holdNextSave() { save.withLock { $0.isToBeHeld = true } }

    /// Whether a save is held up.
    var isSaveHeld: Bool { save.withLock { $0.held != nil } }

    func releaseSave() {
        let held = save.withLock { save in
            defer { save.held = nil }
            return save.held
        }
        held?.resume()
    }

    /// Makes lists of leases old when they arrive: they name leases that have been given anew since.
    func tellOldLeases() { tellsOldLeases.withLock { $0 = true } }

    func check() async throws(GerbangError) {
        guard failures.withLock({ $0 == 0 }) else { throw GerbangError(.storageUnavailable, "the disk is away") }
    }

    func accept(_ record: RequestRecord, fingerprint: [UInt8]) async throws(GerbangError) -> Acceptance {
        try await inner.accept(record, fingerprint: fingerprint)
    }

    func claim(
        _ asks: [ClaimAsk],
        at now: Timestamp,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> ClaimBatch {
        try await inner.claim(asks, at: now, transition: transition)
    }

    func update(
        _ id: RequestID,
        knowing request: ServiceRequest?,
        label: StoreLabel,
        transition: @escaping @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws(GerbangError) -> RequestRecord? {
        let fails = failures.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
        guard !fails else { throw GerbangError(.storageUnavailable, "the disk is away") }
        return try await inner.update(id, knowing: request, label: label, transition: transition)
    }

    func record(_ id: RequestID) async throws(GerbangError) -> RequestRecord? { try await inner.record(id) }

    func events(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        try await inner.events(of: id, after: sequence)
    }

    func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestRecord] { try await inner.list(filter) }

    func leases(endedBefore moment: Timestamp?, limit: Int) async throws(GerbangError) -> [RequestID] {
        let moment = tellsOldLeases.withLock { $0 } ? nil : moment
        return try await inner.leases(endedBefore: moment, limit: limit)
    }

    func overdue(before moment: Timestamp, limit: Int) async throws(GerbangError) -> [RequestID] {
        try await inner.overdue(before: moment, limit: limit)
    }

    func waiting(
        on connection: ConnectionID,
        after last: RequestRecord?,
        limit: Int
    ) async throws(GerbangError) -> [RequestRecord] {
        try await inner.waiting(on: connection, after: last, limit: limit)
    }

    func openRequests() async throws(GerbangError) -> [TenantID: Int] { try await inner.openRequests() }

    func report(on span: ReportSpan) async throws(GerbangError) -> Report { try await inner.report(on: span) }

    func removeFinished(before moment: Timestamp, limit: Int) async throws(GerbangError) -> Int {
        try await inner.removeFinished(before: moment, limit: limit)
    }

    func dueTimes() async throws(GerbangError) -> [ConnectionID: Timestamp] { try await inner.dueTimes() }

    func backlog() async throws(GerbangError) -> [BacklogEntry] { try await inner.backlog() }

    func connectionMarks() async throws(GerbangError) -> [ConnectionID: ConnectionMark] {
        try await inner.connectionMarks()
    }

    func acceptance(
        of key: String,
        client: ClientID,
        fingerprint: [UInt8]
    ) async throws(GerbangError) -> Acceptance? {
        try await inner.acceptance(of: key, client: client, fingerprint: fingerprint)
    }

    func claimCallbacks(
        _ asks: [CallbackAsk],
        at now: Timestamp,
        leaseUntil: Timestamp
    ) async throws(GerbangError) -> CallbackBatch {
        try await inner.claimCallbacks(asks, at: now, leaseUntil: leaseUntil)
    }

    func settleCallback(
        _ delivery: CallbackDelivery,
        as outcome: CallbackOutcome,
        at now: Timestamp
    ) async throws(GerbangError) -> Timestamp? {
        try await inner.settleCallback(delivery, as: outcome, at: now)
    }

    func callbackDueTimes() async throws(GerbangError) -> [ClientID: Timestamp] { try await inner.callbackDueTimes() }

    func callbackSummary(of id: RequestID) async throws(GerbangError) -> CallbackSummary? {
        try await inner.callbackSummary(of: id)
    }

    func callbackBacklog() async throws(GerbangError) -> CallbackBacklog { try await inner.callbackBacklog() }

    func save(_ secret: CallbackSecret) async throws(GerbangError) { try await inner.save(secret) }

    func callbackSecrets(of client: ClientID?) async throws(GerbangError) -> [CallbackSecret] {
        try await inner.callbackSecrets(of: client)
    }

    func revokeCallbackSecret(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        try await inner.revokeCallbackSecret(id, at: moment)
    }

    func updateMark(
        of connection: ConnectionID,
        _ change: @escaping @Sendable (inout ConnectionMark) -> Void
    ) async throws(GerbangError) {
        if save.withLock({ $0.isToBeHeld }) {
            await withCheckedContinuation { continuation in
                save.withLock { save in
                    save.isToBeHeld = false
                    save.held = continuation
                }
            }
        }
        try await inner.updateMark(of: connection, change)
    }
}
