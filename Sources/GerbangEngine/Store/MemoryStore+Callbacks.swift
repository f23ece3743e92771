public import GerbangCore

extension MemoryStore {
    /// See ``CallbackOutbox/claimCallbacks(_:at:leaseUntil:)``.
    public func claimCallbacks(
        _ asks: [CallbackAsk],
        at now: Timestamp,
        leaseUntil: Timestamp
    ) async throws(GerbangError) -> CallbackBatch {
        withOutbox { $0.claim(asks, at: now, leaseUntil: leaseUntil) }
    }

    /// See ``CallbackOutbox/settleCallback(_:as:at:)``.
    public func settleCallback(
        _ delivery: CallbackDelivery,
        as outcome: CallbackOutcome,
        at now: Timestamp
    ) async throws(GerbangError) -> Timestamp? {
        withOutbox { $0.settle(delivery, as: outcome, at: now) }
    }

    /// See ``CallbackOutbox/callbackDueTimes()``.
    public func callbackDueTimes() async throws(GerbangError) -> [ClientID: Timestamp] {
        withOutbox { $0.dueTimes() }
    }

    /// See ``CallbackOutbox/callbackSummary(of:)``.
    public func callbackSummary(of id: RequestID) async throws(GerbangError) -> CallbackSummary? {
        withOutbox { $0.summary(of: id) }
    }

    /// See ``CallbackOutbox/callbackBacklog()``.
    public func callbackBacklog() async throws(GerbangError) -> CallbackBacklog {
        withOutbox { $0.backlog }
    }

    /// See ``GerbangCore/CallbackSecretStore/save(_:)``.
    public func save(_ secret: CallbackSecret) async throws(GerbangError) {
        withOutbox { $0.save(secret) }
    }

    /// See ``GerbangCore/CallbackSecretStore/callbackSecrets(of:)``.
    public func callbackSecrets(of client: ClientID?) async throws(GerbangError) -> [CallbackSecret] {
        withOutbox { $0.secrets(of: client) }
    }

    /// See ``GerbangCore/CallbackSecretStore/revokeCallbackSecret(_:at:)``.
    public func revokeCallbackSecret(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        withOutbox { $0.revoke(id, at: moment) }
    }
}
