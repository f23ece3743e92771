public import GerbangCore
internal import Synchronization

/// Registered adapters in memory: for tests, and for gateways that keep nothing.
public final class MemoryAdapterStore: AdapterStore {
    private struct State: Sendable {
        var keys: [AdapterKey] = []
        var dossiers: [AdapterID: AdapterDossier] = [:]
        var trail: [AuditEntry] = []

        mutating func append(_ note: AuditNote) -> AuditEntry {
            let entry = AuditEntry(
                sequence: trail.count + 1,
                note: note,
                after: trail.last?.hash ?? AuditEntry.start
            )
            trail.append(entry)
            return entry
        }
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// See ``AdapterStore/save(_:)``.
    public func save(_ key: AdapterKey) async throws(GerbangError) {
        let isNew = state.withLock { state in
            guard !state.keys.contains(where: { $0.id == key.id }) else { return false }
            state.keys.append(key)
            return true
        }
        guard isNew else { throw GerbangError(.conflict, "there is a key with this name") }
    }

    /// See ``AdapterStore/adapterKeys()``.
    public func adapterKeys() async throws(GerbangError) -> [AdapterKey] {
        state.withLock { $0.keys.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }
    }

    /// See ``AdapterStore/revokeAdapterKey(_:at:)``.
    public func revokeAdapterKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        state.withLock { state in
            guard let index = state.keys.firstIndex(where: { $0.id == id && $0.revokedAt == nil }) else { return false }
            state.keys[index].revokedAt = moment
            return true
        }
    }

    /// See ``AdapterStore/adapterDossiers()``.
    public func adapterDossiers() async throws(GerbangError) -> [AdapterDossier] {
        state.withLock { $0.dossiers.values.sorted { $0.id < $1.id } }
    }

    /// See ``AdapterStore/updateDossier(of:noting:_:)``.
    public func updateDossier(
        of id: AdapterID,
        noting note: AuditNote?,
        _ change: @escaping @Sendable (inout AdapterDossier) throws(GerbangError) -> Void
    ) async throws(GerbangError) -> AdapterDossier {
        try state.withLock { state throws(GerbangError) in
            var dossier = state.dossiers[id] ?? AdapterDossier(id: id)
            try change(&dossier)
            state.dossiers[id] = dossier
            if let note { _ = state.append(note) }
            return dossier
        }
    }

    /// See ``AuditTrail/append(_:)``.
    public func append(_ note: AuditNote) async throws(GerbangError) -> AuditEntry {
        state.withLock { $0.append(note) }
    }

    /// See ``AuditTrail/auditEntries(after:limit:)``.
    public func auditEntries(after sequence: Int, limit: Int) async throws(GerbangError) -> [AuditEntry] {
        state.withLock { Array($0.trail.dropFirst(max(0, sequence)).prefix(max(0, limit))) }
    }

    /// See ``AuditTrail/lastAuditEntry()``.
    public func lastAuditEntry() async throws(GerbangError) -> AuditEntry? {
        state.withLock { $0.trail.last }
    }
}
