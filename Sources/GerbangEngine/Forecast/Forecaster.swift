internal import GerbangCore
internal import Synchronization

/// Measures how fast agencies are, and works out from it what a citizen is told.
///
/// What it has measured is kept in memory only. Noting a call costs a lock and an addition; everything else happens when
/// somebody asks.
final class Forecaster: Sendable {
    private struct Key: Hashable {
        var connection: ConnectionID
        var operation: OperationID
    }

    /// How fast one operation of one connection is.
    struct Pace: Sendable {
        /// Single calls, inquiries too.
        var calls: DurationHistogram
        /// From when the agency got a request until it was decided, in open time.
        var completions: DurationHistogram

        /// What is supposed before anything is measured: the time from the catalogue, but no call longer than its limit.
        init(expecting standard: Duration, on connection: Connection, _ operation: OperationDescriptor) {
            calls = DurationHistogram(expecting: min(standard, operation.timeouts.total))
            completions = DurationHistogram(expecting: connection.calendar.openTime(of: standard))
        }
    }

    /// How long the queues are, as last counted.
    private struct Queues: Sendable {
        struct Queue: Sendable {
            var count: Int
            var oldest: Timestamp
        }

        var byConnection: [ConnectionID: Queue] = [:]
        /// When it is worth to count again.
        var staleFrom = Timestamp(milliseconds: .min)
    }

    /// "Usually" is told with this share of the observations.
    private static let usualShare = 0.9

    private let paces = Mutex<[Key: Pace]>([:])
    private let queues = Mutex(Queues())

    /// Forgets what was measured of connections that are not configured any more.
    func forget(allBut connections: [ConnectionID: Connection]) {
        paces.withLock { paces in paces = paces.filter { connections[$0.key.connection] != nil } }
    }

    // MARK: Measuring

    /// Notes how long a call took, and, when it decided the request, how long the agency took.
    func callEnded(
        _ outcome: RequestMachine.CallOutcome,
        of record: RequestRecord,
        in snapshot: Snapshot,
        from began: Timestamp,
        to now: Timestamp
    ) {
        let request = record.request
        // What never reached the agency tells nothing of its pace.
        guard outcome.tellsOfTheAgency, let connection = snapshot.connections[record.connection],
            let operation = snapshot.operation(for: record.progress.step, of: record)
        else { return }
        let standard = snapshot.standardTime(of: request)
        let decided: Duration? =
            switch (outcome.isDecision, record.progress.step, record.progress.acknowledgedAt) {
            case (true, .send, _): now - began
            case (true, .poll, let acknowledged?): connection.calendar.openTime(from: acknowledged, to: now)
            default: nil
            }
        let own = Key(connection: record.connection, operation: record.operation)
        let called = Key(connection: record.connection, operation: operation.id)
        paces.withLock { paces in
            paces[called, default: Pace(expecting: standard, on: connection, operation)].calls.note(now - began)
            guard let decided else { return }
            paces[own, default: Pace(expecting: standard, on: connection, operation)].completions.note(decided)
        }
    }

    /// Whether the queues should be counted again.
    func queuesAreStale(at now: Timestamp) -> Bool {
        queues.withLock { now >= $0.staleFrom }
    }

    /// Notes how long the queues are, and how long counting took: what is slow is done less often.
    func noteQueues(_ backlog: [BacklogEntry], from began: Timestamp, to now: Timestamp) {
        var counted = Queues(staleFrom: now + max(.seconds(5), (now - began) * 20))
        for entry in backlog where entry.state == .queued {
            counted.byConnection[entry.connection] = Queues.Queue(count: entry.count, oldest: entry.oldest)
        }
        queues.withLock { $0 = counted }
    }

    /// Does not count again for a while, since counting failed.
    func noteQueuesUnknown(at now: Timestamp) {
        queues.withLock { $0.staleFrom = now + .seconds(5) }
    }

    // MARK: Telling

    /// What is known about a request beside its status.
    func context(
        of record: RequestRecord,
        in snapshot: Snapshot,
        gate: ConnectionGate?,
        at now: Timestamp
    ) -> ProgressContext {
        let (request, progress) = (record.request, record.progress)
        let connection = snapshot.connections[record.connection]
        let region = request.submission.region
        let wording = Wording(
            agency: connection?.adapter.descriptor.agency,
            tenant: request.tenant.flatMap { snapshot.tenants[$0] },
            zone: Self.zone(of: region, connection),
            now: now
        )
        var context = ProgressContext(wording)
        guard !progress.state.isFinal else { return context }
        context.needsOperator = progress.state == .inDoubt && progress.lease == nil && progress.dueAt == nil
        guard let connection, let gate, let operation = connection.adapter.descriptor.operation(record.operation)
        else {
            context.hold = .notConnected
            return context
        }
        if gate.isHeld { context.hold = .paused }
        let opening = connection.calendar.opening(atOrAfter: now)
        if opening != now { context.closedUntil = opening.map { .until($0) } ?? .openEnded }
        let estimate = estimate(record, connection, operation, gate, snapshot.standardTime(of: request), at: now)
            .result(for: progress, acceptedAt: request.acceptedAt)
        context.isCrowded = estimate.isCrowded
        context.isOurPace = progress.reason != .throttled && (gate.notBefore ?? now) <= now
        context.nextCallAt = estimate.nextCallAt
        context.isOverdue = estimate.isOverdue
        context.expectedFinishAt = estimate.finishAt
        return context
    }

    private func estimate(
        _ record: RequestRecord,
        _ connection: Connection,
        _ operation: OperationDescriptor,
        _ gate: ConnectionGate,
        _ standard: Duration,
        at now: Timestamp
    ) -> FinishEstimate {
        let isAsking = record.progress.step != .send
        let asked = isAsking ? operation.inquiry?.operation ?? operation.id : operation.id
        let (own, next) = paces.withLock { paces in
            (
                paces[Key(connection: connection.id, operation: operation.id)],
                paces[Key(connection: connection.id, operation: asked)]
            )
        }
        let pace = own ?? Pace(expecting: standard, on: connection, operation)
        let calls = (next ?? pace).calls
        let resting: Timestamp? = if case .open(let until) = gate.breaker.phase { until } else { nil }
        return FinishEstimate(
            now: now,
            calendar: connection.calendar,
            isHeld: gate.isHeld,
            notBefore: [gate.notBefore, resting].compactMap(\.self).max(),
            isOutage: gate.breaker.openings > 1,
            ahead: ahead(of: record, gate, connection, at: now),
            turn: turn(calls.mean, connection.limits),
            call: calls.quantile(Self.usualShare),
            completion: pace.completions.quantile(Self.usualShare),
            conclusiveAfter: operation.inquiry?.conclusiveAfter ?? .zero
        )
    }

    /// How many requests are called before this one: those that were due earlier, taken to be spread evenly between the
    /// oldest one and now, and one for each slot that is taken.
    private func ahead(
        of record: RequestRecord,
        _ gate: ConnectionGate,
        _ connection: Connection,
        at now: Timestamp
    ) -> Double {
        guard record.progress.state == .queued, let due = record.progress.dueAt else { return 0 }
        let slots = gate.inFlight >= connection.limits.concurrency ? Double(gate.inFlight) : 0
        guard let queue = queues.withLock({ $0.byConnection[connection.id] }), queue.count > 1 else { return slots }
        let span = Double(max(1, (now - queue.oldest).milliseconds))
        let place = Double((min(due, now) - queue.oldest).milliseconds)
        return slots + Double(queue.count - 1) * min(max(place / span, 0), 1)
    }

    /// How long a request keeps the others waiting when all slots are used.
    private func turn(_ call: Duration, _ limits: FlowLimits) -> Duration {
        let bySlots = call / max(1, limits.concurrency)
        guard let rate = limits.callsPerSecond, rate > 0 else { return bySlots }
        return max(bySlots, .milliseconds(Int64(1000 / max(rate, 0.001))))
    }

    /// The citizen's own zone; for a request to the nation the agency's.
    private static func zone(of region: Region, _ connection: Connection?) -> Zone {
        guard region == .nation, let connection else { return region.zone }
        return connection.calendar.hours.isEmpty
            ? connection.regions.first?.zone ?? .wib : connection.calendar.zone
    }
}

extension Snapshot {
    /// The time in which the agency usually settles what a request asks for.
    fileprivate func standardTime(of request: ServiceRequest) -> Duration {
        catalogue[request.submission.service]?.standardTime ?? .zero
    }
}

extension RequestMachine.CallOutcome {
    /// Whether the agency took part in it.
    fileprivate var tellsOfTheAgency: Bool {
        switch self {
        case .verdict, .finding: true
        case .failure(let failure): failure.kind == .timeout && failure.sendState == .maybeSent
        case .unprepared: false
        }
    }

    /// Whether the agency decided.
    fileprivate var isDecision: Bool {
        switch self {
        case .verdict(.succeeded), .verdict(.rejected), .verdict(.invalid), .finding(.done), .finding(.rejected): true
        case .verdict, .finding, .failure, .unprepared: false
        }
    }
}
