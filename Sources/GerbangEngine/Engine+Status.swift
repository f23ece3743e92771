internal import GerbangCore

extension Engine {
    /// The public view of a request, with the reason why a due one is not called now.
    func status(of record: RequestRecord) -> RequestStatus {
        let now = clock.now()
        var status = bareStatus(of: record, at: now)
        status.progress = notice(of: record, status, at: now)
        return status
    }

    private func bareStatus(of record: RequestRecord, at now: Timestamp) -> RequestStatus {
        let (request, progress) = (record.request, record.progress)
        var status = RequestStatus(
            id: request.id,
            client: request.client,
            service: request.submission.service,
            region: request.submission.region,
            channel: request.submission.channel,
            officer: request.submission.officer,
            connection: record.connection,
            state: progress.state,
            reason: progress.reason,
            dueAt: progress.dueAt,
            attempts: progress.attempts,
            isCancelRequested: progress.isCancelRequested,
            acceptedAt: request.acceptedAt,
            updatedAt: progress.updatedAt,
            deadline: progress.deadline,
            finishedAt: progress.finishedAt,
            output: progress.output,
            agencyReference: progress.agencyReference,
            error: progress.error,
            isDeadLetter: progress.isDeadLetter
        )
        if record.isBehindAnother {
            status.reason = .behindAnother
            // When the one before it ends is not known.
            status.dueAt = nil
            return status
        }
        guard progress.state == .queued, let due = progress.dueAt, due <= now else { return status }
        guard var gate = flow.gate(record.connection) else {
            status.reason = .noConnection
            return status
        }
        if case .closed(let reason, let until) = gate.admission(at: now) {
            status.reason = reason
            status.dueAt = until ?? due
        }
        return status
    }

    func status(of connection: Connection, backlog: [BacklogEntry]) -> ConnectionStatus {
        let now = clock.now()
        let descriptor = connection.adapter.descriptor
        var status = ConnectionStatus(
            id: connection.id,
            adapter: descriptor.id,
            adapterVersion: descriptor.version,
            agency: descriptor.agency,
            services: descriptor.operations.compactMap(\.service),
            regions: connection.regions,
            concurrency: connection.limits.concurrency
        )
        for entry in backlog { status.backlog[entry.state] = entry.count }
        status.oldest = backlog.filter { $0.state == .queued }.map(\.oldest).min()
        guard var gate = flow.gate(connection.id) else { return status }
        let admission = gate.admission(at: now)
        status.inFlight = gate.inFlight
        status.isPaused = gate.isPaused
        status.mode = gate.mode
        status.breakerOpenings = gate.breaker.openings
        if case .closed(let reason, let until) = admission {
            status.closedBecause = reason
            status.closedUntil = until
        }
        return status
    }
}
