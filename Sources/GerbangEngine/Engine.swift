public import GerbangCore
public import GerbangHTTP
internal import GerbangJSON
internal import GerbangSchema
public import Logging
internal import Synchronization

/// Accepts requests, calls agencies on their behalf, and sees every request to its end.
///
/// Nothing is accepted before it is stored, and nothing is sent before the intent to send it is stored. The engine
/// holds no request in memory except those with a call under way; everything else is in the store.
///
/// Call ``run()`` once; it returns after ``stop()``. Submitting is possible before and meanwhile.
public final class Engine: Sendable {
    /// What can be set.
    public struct Configuration: Sendable {
        /// How long a request may take unless its submission says otherwise.
        public var defaultDeadline: Duration
        /// The longest deadline that a submission may ask for.
        public var maximumDeadline: Duration
        /// How often the store is asked for work that no hint told of.
        public var pollInterval: Duration
        /// How often leases and deadlines are checked.
        public var sweepInterval: Duration
        /// How long calls under way may go on after ``Engine/stop()``.
        public var stopGrace: Duration
        /// How clients are called back.
        public var callbacks: CallbackConfiguration
        /// How long a request is kept after the last thing that happened to it, once it has ended; longer where
        /// ``maximumDeadline`` and a day are longer, since until then its idempotency key may come again. Dead letters are
        /// kept until somebody has dealt with them.
        public var retention: Duration

        /// Creates a configuration.
        public init(
            defaultDeadline: Duration = .seconds(72 * 3600),
            maximumDeadline: Duration = .seconds(30 * 86_400),
            pollInterval: Duration = .seconds(1),
            sweepInterval: Duration = .seconds(10),
            stopGrace: Duration = .seconds(10),
            callbacks: CallbackConfiguration = CallbackConfiguration(),
            retention: Duration = .seconds(90 * 86_400)
        ) {
            self.defaultDeadline = defaultDeadline
            self.maximumDeadline = maximumDeadline
            self.pollInterval = pollInterval
            self.sweepInterval = sweepInterval
            self.stopGrace = stopGrace
            self.callbacks = callbacks
            self.retention = retention
        }

        /// The shortest ``retention`` that the idempotency keys allow.
        public var shortestRetention: Duration { maximumDeadline + .seconds(86_400) }
    }

    /// The one pointer to what the present configuration decides; see ``snapshot``.
    let present: Mutex<Snapshot>
    let store: any RequestStore
    let transport: any HTTPTransport
    let clock: any WallClock
    let random: RandomSource
    let logger: Logger
    let probe: Probe
    let flow: FlowControl
    let waiters: CompletionWaiters
    /// Those who wait for the next event of a request.
    let observers: CompletionWaiters
    let callbacks: CallbackDispatcher
    let metrics = EngineMetrics()
    let tenants = TenantMeter()
    /// Where looking for requests to pass on goes on, for every connection that cannot take them.
    let passedOn = Mutex<[ConnectionID: RequestRecord]>([:])
    let forecast = Forecaster()
    /// The name under which this process holds leases: new at every start, so that a lease of an earlier life is never
    /// taken for one of this.
    let owner: String
    /// Wakes the scheduler; a wish that comes while it is awake is kept, further ones are not.
    let wakeUps = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// Whether the store took no writes when it was last checked.
    let isStoreFailing = Mutex(false)
    let hasRun = Mutex(false)
    let isStopping = Mutex(false)

    /// Creates an engine.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when two connections have one name, an adapter provides a
    ///   service that the catalogue does not have, or a schema of the catalogue is broken.
    public convenience init(
        catalogue: ServiceCatalogue,
        connections: [Connection],
        store: any RequestStore,
        transport: any HTTPTransport,
        configuration: Configuration = Configuration(),
        clock: any WallClock = SystemClock(),
        randomSeed: UInt64? = nil,
        logger: Logger = Logger(label: "gerbang.engine"),
        probe: Probe = .none,
        availability: (any AdapterAvailability)? = nil
    ) throws(GerbangError) {
        try self.init(
            Plan(catalogue: catalogue, connections: connections, configuration: configuration),
            store: store,
            transport: transport,
            clock: clock,
            randomSeed: randomSeed,
            logger: logger,
            probe: probe,
            availability: availability
        )
    }

    /// Creates an engine whose first snapshot is made of `plan`; ``apply(_:generation:)`` replaces it.
    ///
    /// - Parameters:
    ///   - generation: The first snapshot's number.
    ///   - availability: Asked before every call whether the connection's adapter can work at all.
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the plan does not hold together.
    public init(
        _ plan: Plan,
        generation: Int = 1,
        store: any RequestStore,
        transport: any HTTPTransport,
        clock: any WallClock = SystemClock(),
        randomSeed: UInt64? = nil,
        logger: Logger = Logger(label: "gerbang.engine"),
        probe: Probe = .none,
        availability: (any AdapterAvailability)? = nil
    ) throws(GerbangError) {
        let snapshot = try Snapshot(plan, generation: generation, after: nil, transport: transport, clock: clock)
        present = Mutex(snapshot)
        self.store = store
        self.transport = transport
        self.clock = clock
        self.logger = logger
        self.probe = probe
        waiters = CompletionWaiters(clock: clock)
        observers = CompletionWaiters(clock: clock)
        random = RandomSource(seed: randomSeed)
        callbacks = CallbackDispatcher(
            outbox: store,
            transport: transport,
            configuration: plan.configuration.callbacks,
            clock: clock,
            random: random,
            logger: logger
        )
        owner = random.withGenerator { RequestID(at: clock.now(), using: &$0).description }
        flow = FlowControl(availability: availability)
        flow.use(snapshot.connections, marks: [:])
    }

    // MARK: Accepting

    /// What became of a submission.
    public typealias Receipt = GerbangCore.Receipt

    /// Accepts a request. When this returns, the request is on disk and will reach a final state.
    ///
    /// - Throws: A ``GerbangError`` that names the field at fault; then nothing was accepted.
    public func submit(_ submission: Submission, as client: ClientID) async throws(GerbangError) -> Receipt {
        guard !isStopping.withLock({ $0 }) else {
            throw GerbangError(.shuttingDown, "the gateway is stopping; submit again with the same key")
        }
        let request: ServiceRequest
        do throws(GerbangError) {
            request = try makeRequest(submission, client: client, in: snapshot)
        } catch {
            // What was accepted once is answered with its request, though it would not be accepted any more: its
            // deadline may have passed, its connection may be gone.
            let acceptance = try await store.acceptance(
                of: submission.idempotencyKey,
                client: client,
                fingerprint: submission.fingerprint()
            )
            guard case .known(let record)? = acceptance else { throw error }
            metrics.requestWasReplayed()
            return Receipt(status: status(of: record), isReplay: true)
        }
        if submission.callback != nil { try await checkSecret(of: client) }
        let progress = RequestProgress(acceptedAt: request.acceptedAt, deadline: request.deadline)
        let record = RequestRecord(request: request, progress: progress)
        waiters.expect(request.id)
        switch try await store.accept(record, fingerprint: submission.fingerprint()) {
        case .stored:
            metrics.requestWasAccepted()
            tenants.requestWasAccepted(of: request.tenant)
            flow.workIsDue(on: request.connection, at: request.acceptedAt)
            wakeUps.continuation.yield()
            // Whether it stands behind another one of its case only the store knows.
            let stored = request.ordering == nil ? nil : try? await store.record(request.id)
            return Receipt(status: status(of: stored ?? record), isReplay: false)
        case .known(let record):
            metrics.requestWasReplayed()
            return Receipt(status: status(of: record), isReplay: true)
        case .conflicting:
            throw GerbangError(
                .idempotencyKeyReused,
                "this idempotency key was used for another submission; use a new key for a new request"
            )
        }
    }

    private func makeRequest(
        _ submission: Submission,
        client: ClientID,
        in snapshot: Snapshot
    ) throws(GerbangError) -> ServiceRequest {
        let now = clock.now()
        try validate(submission, in: snapshot, now: now)
        let tenant = snapshot.tenant(of: client)
        try admit(submission, of: tenant, at: now)
        let facts = RouteFacts(submission, client: client, tenant: tenant?.id, now: now)
        let id = random.withGenerator { RequestID(at: now, using: &$0) }
        let chosen = try choose(for: facts, id: id, in: snapshot)
        var request = ServiceRequest(
            id: id,
            client: client,
            submission: submission,
            connection: chosen.connection,
            operation: chosen.operation,
            acceptedAt: now,
            deadline: submission.deadline ?? now + snapshot.configuration.defaultDeadline,
            generation: snapshot.generation,
            tenant: tenant?.id
        )
        // What the adapter could not translate is refused at the door instead of after a wait.
        if let connection = snapshot.connections[chosen.connection],
            let operation = connection.adapter.descriptor.operation(chosen.operation)
        {
            do throws(GerbangError) {
                let call = AdapterCall(operation: operation, request: request, now: now)
                _ = try connection.adapter.prepare(call)
                request.ordering = try connection.orderingKey(of: call)
            } catch {
                var error = error
                error.field = error.field.map { snapshot.place(of: $0, inPayloadOf: submission.service) }
                throw error
            }
        }
        return request
    }

    /// Refuses a callback that could not be signed.
    private func checkSecret(of client: ClientID) async throws(GerbangError) {
        guard try await store.callbackSecrets(of: client).contains(where: { $0.revokedAt == nil }) else {
            throw GerbangError(
                .invalidInput,
                "this client has no callback secret; an operator makes one with 'gerbang callbacks secret create'",
                field: JSONPointer.root.appending("callback")
            )
        }
    }

    private func validate(
        _ submission: Submission,
        in snapshot: Snapshot,
        now: Timestamp
    ) throws(GerbangError) {
        let configuration = snapshot.configuration
        let root = JSONPointer.root
        try submission.channel.check(submission.officer)
        guard let schema = snapshot.input(of: submission.service) else {
            // Without the name: what was sent in its place may be personal data that went astray.
            throw GerbangError(
                .unknownService,
                "there is no service with this name; the catalogue lists them",
                field: root.appending("service")
            )
        }
        if let callback = submission.callback {
            do throws(GerbangError) {
                try configuration.callbacks.check(callback)
            } catch {
                var error = error
                error.field = root.appending("callback").appending("url")
                throw error
            }
        }
        guard (1...255).contains(submission.idempotencyKey.utf8.count) else {
            throw GerbangError(.idempotencyKeyMissing, "an idempotency key has 1 to 255 bytes")
        }
        if let deadline = submission.deadline {
            guard deadline > now, deadline <= now + configuration.maximumDeadline else {
                let limit = DurationText.readable(configuration.maximumDeadline)
                throw GerbangError(
                    .invalidInput,
                    "a deadline lies in the future, at most \(limit) ahead",
                    field: root.appending("deadline")
                )
            }
        }
        if let issue = schema.validate(submission.payload).first {
            throw GerbangError(
                .invalidInput,
                issue.message,
                field: snapshot.place(of: issue.pointer, inPayloadOf: submission.service)
            )
        }
    }
}
