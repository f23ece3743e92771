public import GerbangCore
internal import Logging
internal import Synchronization

// Who answers a request, and who does when that one cannot.
extension Engine {
    /// How many requests of one connection are looked at between two polls.
    private static let page = 200

    /// Which connection a submission would go to now or at another time, and why not to the others.
    ///
    /// What connections are found to be (breaker, pause, mode) is always that of now.
    public func explainRoute(_ facts: RouteFacts) -> RouteExplanation {
        let snapshot = snapshot
        return snapshot.router.explain(
            facts,
            where: { flow.isAccepting($0) },
            obstacle: { obstacle(of: $0, in: snapshot, at: facts.now) }
        )
    }

    /// The tenant that a client belongs to.
    public func tenant(of client: ClientID) -> TenantID? { snapshot.tenant(of: client)?.id }

    func choose(
        for facts: RouteFacts,
        id: RequestID,
        in snapshot: Snapshot
    ) throws(GerbangError) -> RoutingTable.Candidate {
        try snapshot.router.choose(
            for: facts,
            id: id,
            where: { flow.isAccepting($0) },
            obstacle: { obstacle(of: $0, in: snapshot, at: facts.now) }
        )
    }

    /// Why a connection cannot take requests for so long that another one should.
    private func obstacle(of connection: ConnectionID, in snapshot: Snapshot, at now: Timestamp) -> QueueReason? {
        snapshot.failover.obstacle(flow.gate(connection), at: now)
    }

    /// Gives requests of connections that cannot take them to others, as far as nothing may have happened.
    ///
    /// - Parameter connections: Those with requests that nobody holds.
    func passOn(from connections: [ConnectionID]) async throws(GerbangError) {
        let snapshot = snapshot
        let now = clock.now()
        for connection in connections {
            guard let because = obstacle(of: connection, in: snapshot, at: now) else {
                passedOn.withLock { $0[connection] = nil }
                continue
            }
            // One that cannot go stays where it is; the next look begins after it.
            let last = passedOn.withLock { $0[connection] }
            let records = try await store.waiting(on: connection, after: last, limit: Self.page)
            passedOn.withLock { $0[connection] = records.count < Self.page ? nil : records.last }
            for record in records { try await passOn(record, because: because, in: snapshot, at: now) }
        }
    }

    private func passOn(
        _ record: RequestRecord,
        because: QueueReason,
        in snapshot: Snapshot,
        at now: Timestamp
    ) async throws(GerbangError) {
        guard record.progress.state == .queued else { return }
        let here = record.connection
        let successors = snapshot.router.successors(
            of: here,
            left: record.progress.left,
            for: RouteFacts(
                record.request.submission,
                client: record.request.client,
                tenant: record.request.tenant,
                now: now
            ),
            id: record.request.id,
            where: { flow.isAccepting($0) },
            obstacle: { obstacle(of: $0, in: snapshot, at: now) }
        )
        let isOpen = record.progress.doubtfulSince == nil
        let next = successors.first { isOpen || recognises($0, what: record, in: snapshot) }
        guard let next else { return }
        let wish = RequestMachine.Reroute(
            from: here,
            to: RequestProgress.Assignment(connection: next.connection, operation: next.operation),
            because: because,
            recognisesRepetition: recognises(next, what: record, in: snapshot)
        )
        let moved = try await apply(.reroute(wish), to: record.request.id, label: .recover, in: snapshot)
        guard let moved, moved.connection == next.connection else { return }
        metrics.requestWasRerouted()
        logger.notice(
            "a request goes to another connection",
            metadata: [
                "request": "\(record.request.id)", "from": "\(here)", "to": "\(next.connection)",
                "because": "\(because.rawValue)",
            ]
        )
    }

    /// Whether a send of `record` that may have had an effect would be recognised by a candidate's agency.
    private func recognises(
        _ candidate: RoutingTable.Candidate,
        what record: RequestRecord,
        in snapshot: Snapshot
    ) -> Bool {
        guard let connection = snapshot.connections[candidate.connection],
            let effect = snapshot.operation(of: record)?.effect, case .idempotent = effect
        else { return false }
        return connection.recognisesRepetition(of: snapshot.connections[record.connection])
            && connection.adapter.descriptor.operation(candidate.operation)?.effect == effect
    }
}

extension RouteFacts {
    init(_ submission: Submission, client: ClientID, tenant: TenantID?, now: Timestamp) {
        self.init(
            service: submission.service,
            region: submission.region,
            client: client,
            tenant: tenant,
            channel: submission.channel,
            now: now
        )
    }
}
