public import GerbangCore
public import GerbangHTTP
internal import GerbangJSON

/// A gateway that runs as a daemon, as an MPP backend talks to it.
///
/// It speaks the daemon's HTTP API with the types of the library, so that a backend can be moved from one to the other. What
/// gets lost on the way is said again: a submission with the same key, so that nothing is done twice.
///
/// ```swift
/// let gateway = try GatewayClient(url: "https://gerbang.mpp.example", key: key)
/// let receipt = try await gateway.submit(submission, waiting: .seconds(5))
/// ```
public struct GatewayClient: GatewayProtocol {
    /// The calls that it is made of, each once.
    package let api: GatewayAPI
    /// How long the gateway may be away, as it is while it restarts, before a call fails.
    public let patience: Duration
    private let clock: any WallClock
    /// What carries streams; `nil` when the transport carries whole answers only.
    private let streaming: (any StreamingHTTPTransport)?

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - url: Where the daemon's API is, such as `https://gerbang.mpp.example`.
    ///   - key: The API key; `nil` sends none, which a daemon on this machine without keys accepts.
    ///   - patience: How long the gateway may be away before a call fails.
    ///   - profile: Which authorities are trusted; by default those of the system.
    ///   - transport: What carries the calls; by default libcurl, on a thread of this client.
    ///   - clock: The source of time.
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the URL cannot be used;
    ///   ``GerbangError/Code/internalFault`` when the system has no thread or descriptor left.
    public init(
        url: String,
        key: Sensitive<String>? = nil,
        patience: Duration = .seconds(20),
        profile: TransportProfile = TransportProfile(userAgent: "gerbang-client"),
        transport: (any HTTPTransport)? = nil,
        clock: any WallClock = SystemClock()
    ) throws(GerbangError) {
        let carrier: any HTTPTransport
        do throws(WireFailure) {
            carrier = if let transport { transport } else { try CurlTransport() }
        } catch {
            throw GerbangError(.internalFault, "the transport cannot start: \(error)")
        }
        let base = try BaseURL(url)
        api = GatewayAPI(base: base, key: key?.revealed, profile: profile, transport: carrier)
        streaming = carrier as? any StreamingHTTPTransport
        self.patience = patience
        self.clock = clock
    }

    /// Submits a request; see ``GatewayProtocol/submit(_:waiting:)``.
    ///
    /// When the answer gets lost, the submission is sent again with the same key for as long as ``patience`` lasts.
    public func submit(
        _ submission: Submission,
        waiting wait: Duration
    ) async throws(GerbangError) -> Receipt {
        let body = submission.body
        let end = clock.now() + wait
        let found = try await persistently { [api, clock] () async throws(APIFailure) in
            let rest = min(end - clock.now(), Self.longestWait)
            return try await api.submit(
                body,
                idempotencyKey: submission.idempotencyKey,
                waiting: rest > .zero ? rest : nil
            )
        }
        var status = found.request
        let rest = end - clock.now()
        if !status.state.isFinal, rest > .zero { status = try await self.wait(for: status.id, timeout: rest) }
        return Receipt(status: status, isReplay: found.isReplay)
    }

    /// Where a request stands; see ``GatewayProtocol/status(of:)``.
    public func status(of id: RequestID) async throws(GerbangError) -> RequestStatus {
        try await persistently { [api] () async throws(APIFailure) in try await api.request(id) }.request
    }

    /// Waits for a request's end; see ``GatewayProtocol/wait(for:timeout:)``.
    public func wait(for id: RequestID, timeout: Duration) async throws(GerbangError) -> RequestStatus {
        let end = clock.now() + timeout
        return try await persistently { [api, clock] () async throws(APIFailure) in
            try await api.request(id, until: end, clock: clock)
        }.request
    }

    /// A request's history; see ``GatewayProtocol/history(of:after:)``.
    public func history(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        try await persistently { [api] () async throws(APIFailure) in
            try await api.history(of: id, after: sequence)
        }.map(\.event)
    }

    /// A request's history as it happens; see ``GatewayProtocol/events(of:after:)``.
    ///
    /// The events come as a stream, one connection for each iterator, which is opened again where it broke off. Over a
    /// transport that is not a ``StreamingHTTPTransport`` the daemon is asked again and again, at most ten times a second
    /// and at least every second.
    public func events(of id: RequestID, after sequence: Int) -> RequestEvents {
        guard let streaming else {
            return RequestEvents(after: sequence) { [self] sequence throws(GerbangError) in
                try await poll(id, after: sequence)
            }
        }
        return RequestEvents(
            after: sequence,
            makingSource: { [api, patience, clock] in
                let reader = EventReader(of: id, api: api, transport: streaming, patience: patience, clock: clock)
                return { sequence throws(GerbangError) in try await reader.next(after: sequence) }
            }
        )
    }

    private func poll(_ id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        var pause = Duration.milliseconds(100)
        while true {
            let events = try await history(of: id, after: sequence)
            guard events.isEmpty, !Task.isCancelled else { return events }
            try? await clock.sleep(until: clock.now() + pause)
            pause = min(pause * 3 / 2, .seconds(1))
        }
    }

    /// Cancels a request; see ``GatewayProtocol/cancel(_:)``.
    ///
    /// When the answer gets lost, it is asked for again: cancelling twice is cancelling once.
    public func cancel(_ id: RequestID) async throws(GerbangError) -> RequestStatus {
        try await persistently { [api] () async throws(APIFailure) in
            try await api.send(.cancel, to: id)
        }.request
    }

    /// The longest time that one call waits for a request's end.
    private static let longestWait = Duration.seconds(30)

    /// Makes a call until it is answered, or the gateway has been away for ``patience``.
    private func persistently<Value: Sendable>(
        _ call: @Sendable () async throws(APIFailure) -> Value
    ) async throws(GerbangError) -> Value {
        var pause = Duration.milliseconds(100)
        var failingSince: Timestamp?
        while true {
            do throws(APIFailure) {
                return try await call()
            } catch {
                let now = clock.now()
                let since = failingSince ?? now
                failingSince = since
                guard error.isPassing, !Task.isCancelled,
                    now + pause - since < patience
                else { throw error.error }
            }
            // Not all at the same moment, when many backends wait for one gateway to come back.
            try? await clock.sleep(until: clock.now() + pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, .seconds(2))
        }
    }
}
