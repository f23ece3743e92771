internal import GerbangCore
internal import GerbangHTTP
internal import Logging
internal import Synchronization

extension Engine {
    /// Works until ``stop()`` is called: takes due requests within each connection's bounds and makes their calls.
    ///
    /// When the task is cancelled, calls under way are given up; what they may have done is settled at the next start.
    ///
    /// An engine runs once: leases carry its name, and another run must not take those of the first for its own.
    ///
    /// - Throws: ``GerbangError`` when the store does not work at the start, ``GerbangError/Code/conflict`` when the
    ///   engine runs or has run.
    public func run() async throws {
        let isFirst = hasRun.withLock { hasRun in
            defer { hasRun = true }
            return !hasRun
        }
        guard isFirst else {
            throw GerbangError(.conflict, "an engine runs once; make another one on the same store")
        }
        try await recoverFromEarlierLife()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTime() }
            group.addTask { await self.callbacks.run() }
            await withDiscardingTaskGroup { calls in
                for await _ in wakeUps.stream {
                    guard !isStopping.withLock({ $0 }) else { break }
                    await claimDueWork { record, snapshot in
                        calls.addTask { await self.call(record, in: snapshot) }
                    }
                }
                await drain(within: snapshot.configuration.stopGrace)
                calls.cancelAll()
            }
            group.cancelAll()
        }
    }

    /// Takes no more work and lets ``run()`` return once the calls under way have ended or their time is over.
    public func stop() {
        isStopping.withLock { $0 = true }
        callbacks.stop()
        wakeUps.continuation.yield()
    }

    /// Whatever was under a lease when the process ended is taken up again.
    private func recoverFromEarlierLife() async throws {
        for (connection, mark) in try await store.connectionMarks() {
            _ = flow.update(connection) { $0.recall(mark) }
        }
        var seen: Set<RequestID> = []
        while true {
            let identifiers = try await store.leases(endedBefore: nil, limit: seen.count + 500)
            let new = identifiers.filter { !seen.contains($0) }
            if new.isEmpty { break }
            for id in new {
                seen.insert(id)
                await recover(id) { [owner] lease in lease.owner != owner }
            }
        }
        if !seen.isEmpty { logger.notice("took up requests that were under way", metadata: ["count": "\(seen.count)"]) }
        try await askStoreForWork()
        try await countTenants()
    }

    /// Wakes the scheduler at intervals, asks the store for what no hint told of, and sweeps.
    private func keepTime() async {
        var nextPoll = clock.now()
        var nextSweep = clock.now() + snapshot.configuration.sweepInterval
        var removal = Removal(next: nextSweep)
        while !Task.isCancelled {
            let now = clock.now()
            let configuration = snapshot.configuration
            do {
                // A clock that was set back must not stop the looking until it has caught up.
                if now >= nextPoll || nextPoll > now + configuration.pollInterval {
                    nextPoll = now + configuration.pollInterval
                    try await checkStore()
                    try await askStoreForWork()
                }
                if now >= nextSweep || nextSweep > now + configuration.sweepInterval {
                    nextSweep = now + configuration.sweepInterval
                    try await sweep()
                }
                try await removeFinished(&removal, at: now)
            } catch {
                // A store that takes no writes was told of once.
                if !isStoreFailing.withLock({ $0 }) {
                    logger.error("the store does not answer", metadata: ["code": "\(code(of: error))"])
                }
            }
            wakeUps.continuation.yield()
            callbacks.wake()
            try? await clock.sleep(until: clock.now() + .milliseconds(100))
        }
    }

    private func askStoreForWork() async throws {
        let due = try await store.dueTimes()
        for (connection, due) in due { flow.workIsDue(on: connection, at: due) }
        try await passOn(from: due.keys.sorted())
        try await callbacks.askStore()
        wakeUps.continuation.yield()
    }

    /// Takes away leases that ended without an outcome, and ends requests whose deadline has passed.
    private func sweep() async throws {
        let now = clock.now()
        for id in try await store.leases(endedBefore: now, limit: 500) {
            await recover(id) { lease in lease.until < now }
        }
        for id in try await store.overdue(before: now, limit: 500) {
            try await apply(.checkDeadline, to: id, label: .recover)
        }
        try await countTenants()
    }

    /// Takes a lease away, if it still is one of those that were listed: it may have been given anew since.
    ///
    /// One request that cannot be taken up must not keep the others from it.
    private func recover(_ id: RequestID, if isListed: @escaping @Sendable (RequestProgress.Lease) -> Bool) async {
        do throws(GerbangError) {
            try await apply(.recover, to: id, label: .recover) { progress in progress.lease.map(isListed) ?? false }
        } catch {
            logger.error(
                "could not take up a request",
                metadata: ["request": "\(id)", "code": "\(error.code.rawValue)"]
            )
        }
    }

    private func claimDueWork(_ start: (RequestRecord, Snapshot) -> Void) async {
        let now = clock.now()
        // Both at once, so that no connection is asked for that the snapshot does not have.
        let (snapshot, asks) = present.withLock { ($0, flow.asks(at: now)) }
        guard !asks.isEmpty else { return }
        do {
            let batch = try await store.claim(asks, at: now) { [self] record throws(GerbangError) in
                let move = try RequestMachine.apply(
                    claim(of: record, in: snapshot, now: now),
                    to: record.progress,
                    in: context(of: record, in: snapshot, now: now)
                )
                return withCallbacks(move, of: record)
            }
            for (connection, due) in batch.nextDue { flow.workIsDue(on: connection, at: due) }
            for record in batch.records {
                changed(record)
                guard record.progress.lease != nil else {
                    if record.progress.state.isFinal { ended(record) }
                    continue
                }
                flow.callBegan(on: record.connection, isRetry: record.progress.failures > 0)
                start(record, snapshot)
            }
        } catch {
            logger.error("could not claim work", metadata: ["code": "\(error.code.rawValue)"])
            for ask in asks { flow.workIsDue(on: ask.connection, at: now + snapshot.configuration.pollInterval) }
        }
    }

    /// How long a request waits before it is looked for again whether its connection offers the operation.
    private static let operationPause = Duration.seconds(30)

    /// What a claim does with a request: it is called, or it waits while its connection no longer has the operation.
    private func claim(of record: RequestRecord, in snapshot: Snapshot, now: Timestamp) -> RequestMachine.Input {
        guard let operation = snapshot.operation(for: record.progress.step, of: record) else {
            return .postpone(.noConnection, until: now + Self.operationPause)
        }
        // Longer than the call can take, so that a lease need not be renewed.
        return .claim(owner: owner, leaseFor: max(.seconds(60), operation.timeouts.total + .seconds(30)))
    }

    private func drain(within grace: Duration) async {
        let end = clock.now() + grace
        while clock.now() < end, !Task.isCancelled,
            callbacks.inFlight > 0 || flow.inFlight > 0
        {
            try? await clock.sleep(until: clock.now() + .milliseconds(20))
        }
    }

    private func code(of error: any Error) -> String {
        (error as? GerbangError)?.code.rawValue ?? "unknown"
    }
}
