internal import GerbangCore
internal import GerbangHTTP
internal import Logging

// The way of a claimed request: prepared, sent, classified, settled.
extension Engine {
    /// Makes the call that `record` was claimed for and settles its outcome, all in the snapshot of its claim.
    func call(_ record: RequestRecord, in snapshot: Snapshot) async {
        let began = clock.now()
        let (outcome, health) = await outcome(of: record, in: snapshot, at: began)
        let now = clock.now()
        let isRetry = record.progress.failures > 0
        let edge = flow.callEnded(on: record.connection, health, isRetry: isRetry, at: now, jitter: random.unit())
        if let edge { tell(edge, of: record.connection) }
        if case .throttled = health { await rememberThrottling(of: record.connection) }
        metrics.callEnded(
            on: record.connection,
            operation: record.operation,
            result: outcome.name,
            took: now - began
        )
        forecast.callEnded(outcome, of: record, in: snapshot, from: began, to: now)
        await settle(outcome, of: record, in: snapshot)
        // A free slot may let the next request go.
        wakeUps.continuation.yield()
    }

    private func outcome(
        of record: RequestRecord,
        in snapshot: Snapshot,
        at now: Timestamp
    ) async -> (RequestMachine.CallOutcome, ConnectionGate.CallHealth) {
        let request = record.request
        guard let connection = snapshot.connections[record.connection],
            let operation = snapshot.operation(for: record.progress.step, of: record)
        else {
            let error = GerbangError(.invalidConfiguration, "the connection no longer has the operation")
            return (.unprepared(error), .unrelated)
        }
        let call = AdapterCall(
            operation: operation,
            request: request,
            attempt: record.progress.calls,
            agencyReference: record.progress.agencyReference,
            now: now
        )
        let message: WireRequest
        do throws(GerbangError) {
            message = try connection.adapter.prepare(call)
        } catch {
            return (.unprepared(error), .unrelated)
        }
        // A process that stood still since it claimed the request could send while another one takes the lease away.
        if let lease = record.progress.lease, clock.now() + operation.timeouts.total > lease.until {
            return (.failure(WireFailure(.cancelled, .notSent, detail: "too late for the lease")), .unrelated)
        }
        probe.reach("send.before")
        let outbound = OutboundRequest(
            message,
            below: connection.baseURL,
            timeouts: operation.timeouts,
            resend: operation.effect.isRepeatable ? .allowed : .never,
            profile: connection.profile
        )
        let result = await snapshot.transport(of: record.connection).send(outbound)
        probe.reach("send.after")
        switch result {
        case .failed(let failure):
            return (.failure(failure), failure.kind == .cancelled || failure.kind == .unsendable ? .unrelated : .failed)
        case .answered(let response):
            let exchange = Exchange(request: message, response: response)
            guard record.progress.step == .send else {
                let finding = checked(connection.adapter.assess(exchange, for: call), of: record, in: snapshot)
                return (.finding(finding), finding.health(at: clock.now()))
            }
            let verdict = checked(
                connection.adapter.classify(exchange, for: call),
                of: record,
                effect: operation.effect,
                in: snapshot
            )
            return (.verdict(verdict), verdict.health)
        }
    }

    /// Stores the outcome. The store not answering is no reason to lose it: it is tried until it is stored or the
    /// process ends, in which case the lease tells the next life that a call was under way.
    private func settle(
        _ outcome: RequestMachine.CallOutcome,
        of record: RequestRecord,
        in snapshot: Snapshot
    ) async {
        var delay = Duration.milliseconds(50)
        while true {
            do throws(GerbangError) {
                let settled = try await apply(
                    .outcome(outcome, epoch: record.progress.epoch),
                    to: record.request.id,
                    knowing: record.request,
                    label: .settle,
                    in: snapshot
                )
                return log(outcome, of: record, settled: settled)
            } catch {
                logger.error(
                    "could not store an outcome; trying again",
                    metadata: ["request": "\(record.request.id)", "code": "\(error.code.rawValue)"]
                )
                guard error.code == .storageUnavailable, !Task.isCancelled else { return }
            }
            try? await clock.sleep(until: clock.now() + delay)
            delay = min(delay * 2, .seconds(5))
        }
    }

    private func log(
        _ outcome: RequestMachine.CallOutcome,
        of record: RequestRecord,
        settled: RequestRecord?
    ) {
        if let settled, settled.progress.epoch != record.progress.epoch || settled.progress.lease != nil {
            metrics.outcomeWasStale()
        }
        logger.debug(
            "call ended",
            metadata: [
                "request": "\(record.request.id)",
                "connection": "\(record.connection)",
                "operation": "\(record.operation)",
                "attempt": "\(record.progress.calls)",
                "verdict": "\(outcome.name)",
                "state": "\(settled?.progress.state.rawValue ?? "gone")",
            ]
        )
    }

    private func tell(_ edge: ConnectionGate.Edge, of connection: ConnectionID) {
        switch edge {
        case .opened(let until):
            logger.warning(
                "the agency does not work; calls are held back",
                metadata: ["connection": "\(connection)", "until": "\(until)"]
            )
        case .closed:
            logger.notice("the agency works again", metadata: ["connection": "\(connection)"])
        }
    }

    private func rememberThrottling(of connection: ConnectionID) async {
        guard let notBefore = flow.gate(connection)?.notBefore else { return }
        do throws(GerbangError) {
            try await store.updateMark(of: connection) { $0.notBefore = notBefore }
        } catch {
            // Only a hint for the next start: without it, one call finds out again.
            logger.debug("could not remember a connection's wait", metadata: ["connection": "\(connection)"])
        }
    }
}

extension RequestMachine.CallOutcome {
    /// The word for this outcome in metrics and logs.
    var name: String {
        switch self {
        case .verdict(let verdict): verdict.name
        case .finding(let finding): finding.name
        case .failure(let failure): failure.kind.rawValue
        case .unprepared: "unprepared"
        }
    }
}

extension Finding {
    fileprivate var name: String {
        switch self {
        case .done: "done"
        case .pending: "stillPending"
        case .rejected: "rejected"
        case .notDone: "notDone"
        case .unclear: "unclear"
        }
    }

    fileprivate func health(at now: Timestamp) -> ConnectionGate.CallHealth {
        switch self {
        case .done, .pending, .rejected, .notDone: .healthy
        case .unclear(let error, let retryAfter) where error.code == .agencyThrottled:
            .throttled(until: now + (retryAfter ?? .seconds(30)))
        case .unclear: .failed
        }
    }
}

extension Verdict {
    fileprivate var health: ConnectionGate.CallHealth {
        switch self {
        case .succeeded, .pending, .rejected, .invalid: .healthy
        case .transient, .unauthorized, .inDoubt: .failed
        case .throttled(_, let until): .throttled(until: until)
        }
    }
}
