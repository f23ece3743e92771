public import GerbangCore
internal import GerbangJSON
internal import Synchronization

// What a tenant may ask for.
extension Engine {
    /// Refuses what is not a tenant's to ask, or more than it may ask for.
    func admit(_ submission: Submission, of tenant: Tenant?, at now: Timestamp) throws(GerbangError) {
        guard let tenant else { return }
        let regions = tenant.regions
        guard regions.isEmpty || regions.contains(where: { submission.region.isWithin($0) }) else {
            throw GerbangError(
                .forbidden,
                "tenant \(tenant.id) does not submit for this region",
                field: JSONPointer.root.appending("region")
            )
        }
        switch tenants.admit(tenant, at: now) {
        case nil: return
        case .open(let limit):
            throw GerbangError(
                .tenantLimit,
                "tenant \(tenant.id) has \(limit) open requests, as many as it may have; submit again when some have ended"
            )
        case .rate(let moment):
            throw GerbangError(.tenantLimit, "tenant \(tenant.id) submits too fast; submit again at \(moment)")
        }
    }

    /// What became of the requests of a span of time.
    public func report(on span: ReportSpan) async throws(GerbangError) -> Report {
        try await store.report(on: span)
    }

    /// Counts every tenant's open requests anew, where there is a limit for them.
    func countTenants() async throws(GerbangError) {
        guard snapshot.tenants.values.contains(where: { $0.limits.openRequests != nil }) else { return }
        tenants.use(try await store.openRequests())
    }
}

/// How much each tenant has asked for.
///
/// Open requests are counted along and counted anew at every sweep: the store is what counts, and a few requests more or less
/// in between harm nobody.
final class TenantMeter: Sendable {
    /// Which limit is reached.
    enum Limit: Sendable, Equatable {
        /// That many open requests.
        case open(Int)
        /// Too many submissions until then.
        case rate(until: Timestamp)
    }

    private struct State: Sendable {
        var open: [TenantID: Int] = [:]
        var limiters: [TenantID: (rate: Double, limiter: RateLimiter)] = [:]
    }

    private let state = Mutex(State())

    /// Whether a tenant may submit one more; takes its place in the rate if so.
    func admit(_ tenant: Tenant, at now: Timestamp) -> Limit? {
        state.withLock { state in
            if let limit = tenant.limits.openRequests, state.open[tenant.id] ?? 0 >= limit { return .open(limit) }
            guard let rate = tenant.limits.submissionsPerSecond else { return nil }
            var (known, limiter) = state.limiters[tenant.id] ?? (rate, RateLimiter(perSecond: rate))
            if known != rate { limiter = limiter.changed(to: rate) }
            defer { state.limiters[tenant.id] = (rate, limiter) }
            guard limiter.available(at: now) > 0 else { return .rate(until: limiter.nextToken(after: now)) }
            limiter.take()
            return nil
        }
    }

    func requestWasAccepted(of tenant: TenantID?) {
        guard let tenant else { return }
        state.withLock { $0.open[tenant, default: 0] += 1 }
    }

    func requestEnded(of tenant: TenantID?) {
        guard let tenant else { return }
        state.withLock { $0.open[tenant] = max(0, ($0.open[tenant] ?? 0) - 1) }
    }

    func use(_ open: [TenantID: Int]) {
        state.withLock { $0.open = open }
    }
}
