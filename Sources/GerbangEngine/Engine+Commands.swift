public import GerbangCore
internal import GerbangJSON
internal import Logging

extension Engine {
    // MARK: Asking

    /// Where the request called `id` stands; `nil` when there is none, or none of `client` or `tenant` if one is given.
    public func status(
        of id: RequestID,
        for client: ClientID? = nil,
        tenant: TenantID? = nil
    ) async throws(GerbangError) -> RequestStatus? {
        guard let record = try await store.record(id), client == nil || record.request.client == client,
            tenant == nil || record.request.tenant == tenant
        else { return nil }
        await countQueues(for: [record])
        return try await statusWithCallback(of: record)
    }

    /// The public view of a request, with how far its calls back have come if it has any.
    private func statusWithCallback(of record: RequestRecord) async throws(GerbangError) -> RequestStatus {
        var status = status(of: record)
        if record.request.submission.callback != nil {
            status.callback = try await store.callbackSummary(of: record.request.id) ?? CallbackSummary()
        }
        return status
    }

    /// The history of a request after event number `sequence`.
    public func events(of id: RequestID, after sequence: Int = 0) async throws(GerbangError) -> [RequestEvent] {
        try await store.events(of: id, after: sequence)
    }

    /// Requests that match `filter`, newest first.
    public func list(_ filter: RequestFilter) async throws(GerbangError) -> [RequestStatus] {
        let records = try await store.list(filter)
        await countQueues(for: records)
        return records.map { status(of: $0) }
    }

    /// Waits until the request has ended, `moment` has come or ``endWaits()`` is called, and returns where it then
    /// stands.
    public func wait(for id: RequestID, until moment: Timestamp) async throws(GerbangError) -> RequestStatus? {
        let ended = await waiters.wait(for: id, until: moment) {
            // A request that cannot be read has nothing to wait for.
            guard let record = try? await store.record(id) else { return true }
            return record.progress.state.isFinal
        }
        if let ended { return try await statusWithCallback(of: ended) }
        return try await status(of: id)
    }

    /// Ends every ``wait(for:until:)`` and ``follow(_:after:for:)`` and lets none begin: for the time when answers are
    /// no longer wanted.
    public func endWaits() {
        waiters.close()
        observers.close()
    }

    /// The secrets with which calls back are signed; each client that wants to be called back needs one.
    public var callbackSecrets: any CallbackSecretStore { store }

    /// How many events wait to be told to clients.
    public func callbackBacklog() async throws(GerbangError) -> CallbackBacklog {
        try await store.callbackBacklog()
    }

    // MARK: Commanding

    /// Cancels a request that has not been sent, or notes the wish if a call is under way.
    ///
    /// - Returns: Where the request then stands; `nil` when there is none.
    /// - Throws: ``GerbangError/Code/conflict`` when the agency has it already or it has ended.
    public func cancel(_ id: RequestID, by actor: String) async throws(GerbangError) -> RequestStatus? {
        try await command(.cancel(actor: actor), on: id)
    }

    /// Puts a failed request back into the queue, with a new deadline, its key and its history.
    ///
    /// - Returns: Where the request then stands; `nil` when there is none.
    /// - Throws: ``GerbangError/Code/conflict`` when it has not failed.
    public func redrive(_ id: RequestID, by actor: String) async throws(GerbangError) -> RequestStatus? {
        try await command(
            .redrive(actor: actor, deadline: clock.now() + snapshot.configuration.defaultDeadline),
            on: id
        )
    }

    /// Settles a request in doubt by an operator's word.
    ///
    /// - Returns: Where the request then stands; `nil` when there is none.
    /// - Throws: ``GerbangError/Code/conflict`` when it is not in doubt, ``GerbangError/Code/invalidInput`` with the place
    ///   when the output is none of the service's.
    public func resolve(
        _ id: RequestID,
        as resolution: RequestMachine.Resolution,
        by actor: String
    ) async throws(GerbangError) -> RequestStatus? {
        if case .done(let output?, _) = resolution, let record = try await store.record(id) {
            try check(output, of: record.request.submission.service)
        }
        return try await command(.resolve(resolution, actor: actor), on: id)
    }

    /// Takes a failed request off the dead-letter list.
    ///
    /// - Returns: Where the request then stands; `nil` when there is none.
    /// - Throws: ``GerbangError/Code/conflict`` when it does not stand there.
    public func discard(_ id: RequestID, by actor: String) async throws(GerbangError) -> RequestStatus? {
        try await command(.discard(actor: actor), on: id)
    }

    private func command(_ input: RequestMachine.Input, on id: RequestID) async throws(GerbangError) -> RequestStatus? {
        guard let record = try await apply(input, to: id, label: .command) else { return nil }
        if let due = record.progress.dueAt {
            flow.workIsDue(on: record.connection, at: due)
            wakeUps.continuation.yield()
        }
        return status(of: record)
    }

    // MARK: Shared parts

    /// Applies an input to a stored request and tells those who wait for it if it has ended.
    ///
    /// - Parameters:
    ///   - given: The snapshot of what is under way; the present one when nothing is.
    ///   - condition: Whether to apply it, asked within the store's transaction.
    @discardableResult
    func apply(
        _ input: RequestMachine.Input,
        to id: RequestID,
        knowing request: ServiceRequest? = nil,
        label: StoreLabel,
        in given: Snapshot? = nil,
        if condition: @escaping @Sendable (RequestProgress) -> Bool = { _ in true }
    ) async throws(GerbangError) -> RequestRecord? {
        let now = clock.now()
        let snapshot = given ?? snapshot
        let record = try await store.update(id, knowing: request, label: label) { [self] record throws(GerbangError) in
            guard condition(record.progress) else { return Transition(progress: record.progress, events: []) }
            let move = try RequestMachine.apply(
                input,
                to: record.progress,
                in: context(of: record, in: snapshot, now: now)
            )
            return withCallbacks(move, of: record)
        }
        guard let record else { return nil }
        changed(record)
        if record.progress.state.isFinal {
            ended(record)
        } else if let due = record.progress.dueAt {
            flow.workIsDue(on: record.connection, at: due)
        } else if record.progress.state == .inDoubt, record.progress.lease == nil {
            warn("a request is in doubt and nobody can be asked; an operator must resolve it", record)
        }
        return record
    }

    private func warn(_ message: Logger.Message, _ record: RequestRecord) {
        logger.warning(
            message,
            metadata: [
                "request": "\(record.request.id)",
                "connection": "\(record.connection)",
                "code": "\(record.progress.error?.code.rawValue ?? "none")",
            ]
        )
    }

    /// What the state machine has to know of a request now.
    func context(of record: RequestRecord, in snapshot: Snapshot, now: Timestamp) -> RequestMachine.Context {
        snapshot.context(of: record, now: now, jitter: random.unit())
    }

    /// Tells those who follow a request, and whoever calls its client back, that it has changed.
    func changed(_ record: RequestRecord) {
        observers.wakeAll(record.request.id)
        guard record.request.submission.callback != nil else { return }
        callbacks.workIsDue(for: record.request.client, at: clock.now())
    }

    /// Counts a request that has ended and wakes those who wait for it.
    func ended(_ record: RequestRecord) {
        tenants.requestEnded(of: record.request.tenant)
        if record.request.ordering != nil {
            // The next of its case may go, wherever it goes to; for another connection the next poll finds it.
            flow.workIsDue(on: record.connection, at: clock.now())
            wakeUps.continuation.yield()
        }
        metrics.requestEnded(record.request.submission.service, as: record.progress.state)
        waiters.wakeAll(record.request.id, with: record)
        if record.progress.isDeadLetter { warn("a request failed and stands in the dead-letter list", record) }
    }
}
