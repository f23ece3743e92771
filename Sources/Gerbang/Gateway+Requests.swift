public import GerbangCore
internal import GerbangEngine

extension Gateway {
    /// Submits a request; see ``GatewayProtocol/submit(_:waiting:)``.
    public func submit(_ submission: Submission, waiting wait: Duration) async throws(GerbangError) -> Receipt {
        try await submit(submission, as: client, waiting: wait)
    }

    /// Submits a request in the name of one of several clients: each has its own idempotency keys.
    ///
    /// - Throws: A ``GerbangError`` that names the field at fault; then nothing was accepted.
    public func submit(
        _ submission: Submission,
        as client: ClientID,
        waiting wait: Duration = .zero
    ) async throws(GerbangError) -> Receipt {
        let receipt = try await engine.submit(submission, as: client)
        guard wait > .zero, !receipt.status.state.isFinal else { return receipt }
        let status = try await self.wait(for: receipt.id, timeout: wait)
        return Receipt(status: status, isReplay: receipt.isReplay)
    }

    /// Where a request stands; see ``GatewayProtocol/status(of:)``.
    public func status(of id: RequestID) async throws(GerbangError) -> RequestStatus {
        try Self.found(await engine.status(of: id))
    }

    /// Waits for a request's end; see ``GatewayProtocol/wait(for:timeout:)``.
    ///
    /// It returns early when the gateway stops.
    public func wait(for id: RequestID, timeout: Duration) async throws(GerbangError) -> RequestStatus {
        try Self.found(await engine.wait(for: id, until: clock.now() + timeout))
    }

    /// A request's history; see ``GatewayProtocol/history(of:after:)``.
    public func history(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        let events = try await engine.events(of: id, after: sequence)
        // No request is without a history.
        if events.isEmpty { _ = try await status(of: id) }
        return events
    }

    /// A request's history as it happens; see ``GatewayProtocol/events(of:after:)``.
    public func events(of id: RequestID, after sequence: Int) -> RequestEvents {
        engine.follow(id, after: sequence)
    }

    /// Cancels a request; see ``GatewayProtocol/cancel(_:)``.
    public func cancel(_ id: RequestID) async throws(GerbangError) -> RequestStatus {
        try Self.found(await engine.cancel(id, by: "client:\(client)"))
    }

    private static func found(_ status: RequestStatus?) throws(GerbangError) -> RequestStatus {
        guard let status else { throw GerbangError(.notFound, "there is no request with this identifier") }
        return status
    }
}
