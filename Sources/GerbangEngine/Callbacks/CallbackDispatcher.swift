internal import GerbangCore
internal import GerbangHTTP
internal import HTTPTypes
internal import Logging
internal import Synchronization

/// Delivers what waits in the outbox, within bounds of its own: no request waits for a client that does not answer.
final class CallbackDispatcher: Sendable {
    private struct State: Sendable {
        /// When the next message of a client is due.
        var due: [ClientID: Timestamp] = [:]
        var inFlight: [ClientID: Int] = [:]
        var total = 0
        var isStopping = false
        var configuration: CallbackConfiguration
    }

    /// How long to wait for somebody to make a secret.
    private static let secretPause = Duration.seconds(60)

    private let outbox: any CallbackOutbox
    private let transport: any HTTPTransport
    private let clock: any WallClock
    private let random: RandomSource
    private let logger: Logger
    private let metrics = CallbackMetrics()
    private let state: Mutex<State>
    private let wakeUps = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        outbox: any CallbackOutbox,
        transport: any HTTPTransport,
        configuration: CallbackConfiguration,
        clock: any WallClock,
        random: RandomSource,
        logger: Logger
    ) {
        self.outbox = outbox
        self.transport = transport
        state = Mutex(State(configuration: configuration))
        self.clock = clock
        self.random = random
        self.logger = logger
    }

    /// How the next deliveries are made; those under way end as they began.
    func use(_ configuration: CallbackConfiguration) {
        state.withLock { $0.configuration = configuration }
        wake()
    }

    private var configuration: CallbackConfiguration { state.withLock { $0.configuration } }

    /// How many deliveries are under way.
    var inFlight: Int { state.withLock { $0.total } }

    /// Notes that a client has a message due at `moment`.
    func workIsDue(for client: ClientID, at moment: Timestamp) {
        state.withLock { $0.due[client] = min($0.due[client] ?? moment, moment) }
        wake()
    }

    /// Has the dispatcher look whether something is due.
    func wake() { wakeUps.continuation.yield() }

    /// Takes nothing more from the outbox.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    /// Asks the store for what no hint told of.
    func askStore() async throws(GerbangError) {
        for (client, due) in try await outbox.callbackDueTimes() { workIsDue(for: client, at: due) }
    }

    /// Delivers until it is stopped or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { deliveries in
            for await _ in wakeUps.stream {
                guard !state.withLock({ $0.isStopping }) else { break }
                for delivery in await claimDueWork() {
                    deliveries.addTask { await self.deliver(delivery) }
                }
            }
        }
    }

    // MARK: Taking

    /// Which clients may get how many more deliveries: one after the other a slot, those with the fewest first.
    private func asks(at now: Timestamp) -> [CallbackAsk] {
        state.withLock { state in
            var busy = state.due.filter { $0.value <= now }.keys.map { (client: $0, inFlight: state.inFlight[$0] ?? 0) }
            busy.sort { ($0.inFlight, $0.client) < ($1.inFlight, $1.client) }
            var slots = [Int](repeating: 0, count: busy.count)
            let configuration = state.configuration
            var free = configuration.concurrency - state.total
            var isGiving = true
            while isGiving, free > 0 {
                isGiving = false
                for index in busy.indices where free > 0 {
                    guard busy[index].inFlight + slots[index] < configuration.concurrencyPerClient else { continue }
                    slots[index] += 1
                    free -= 1
                    isGiving = true
                }
            }
            return zip(busy, slots).compactMap { busy, slots in
                guard slots > 0 else { return nil }
                state.due[busy.client] = nil
                return CallbackAsk(client: busy.client, slots: slots)
            }
        }
    }

    private func claimDueWork() async -> [CallbackDelivery] {
        let now = clock.now()
        let asks = asks(at: now)
        guard !asks.isEmpty else { return [] }
        do throws(GerbangError) {
            // As much time again for the way to the first byte: a crash keeps a message from going out for no longer.
            let lease = now + configuration.timeouts.total * 2
            let batch = try await outbox.claimCallbacks(asks, at: now, leaseUntil: lease)
            for (client, due) in batch.nextDue { workIsDue(for: client, at: due) }
            state.withLock { state in
                for delivery in batch.deliveries { state.inFlight[delivery.client, default: 0] += 1 }
                state.total += batch.deliveries.count
            }
            return batch.deliveries
        } catch {
            logger.error("could not take callbacks", metadata: ["code": "\(error.code.rawValue)"])
            for ask in asks { workIsDue(for: ask.client, at: now + .seconds(1)) }
            return []
        }
    }

    // MARK: Delivering

    private func deliver(_ delivery: CallbackDelivery) async {
        let began = clock.now()
        let outcome = await attempt(delivery, at: began)
        let now = clock.now()
        metrics.deliveryEnded(outcome.name, took: now - began)
        do throws(GerbangError) {
            if let due = try await outbox.settleCallback(delivery, as: outcome, at: now) {
                workIsDue(for: delivery.client, at: due)
            }
            tell(outcome, of: delivery)
        } catch {
            // The lease ends by itself, and the same event is sent once more.
            logger.error(
                "could not store how a callback ended",
                metadata: ["request": "\(delivery.request)", "code": "\(error.code.rawValue)"]
            )
        }
        state.withLock { state in
            state.total -= 1
            let left = (state.inFlight[delivery.client] ?? 1) - 1
            state.inFlight[delivery.client] = left > 0 ? left : nil
        }
        wake()
    }

    private func attempt(_ delivery: CallbackDelivery, at now: Timestamp) async -> CallbackOutcome {
        // After a long pause of the process somebody else may have the lease.
        guard now + configuration.timeouts.total <= delivery.leaseUntil else { return .postponed(until: now) }
        let secrets: [CallbackSecret]
        do throws(GerbangError) {
            secrets = try await outbox.callbackSecrets(of: delivery.client).filter { $0.revokedAt == nil }
        } catch {
            return .postponed(until: now + .seconds(1))
        }
        guard !secrets.isEmpty else {
            // What is not signed is not sent.
            return isTooOld(delivery, at: now) ? .givenUp : .postponed(until: now + Self.secretPause)
        }
        switch await transport.send(message(delivery, secrets: secrets, at: now)) {
        case .answered(let response) where (200..<300).contains(response.status):
            return .delivered
        case .answered(let response) where response.status == 410:
            return .gone
        case .answered(let response):
            return failed(delivery, retryAfter: RetryAfter.delay(from: response.headerFields, now: now))
        case .failed(let failure) where failure.kind == .cancelled:
            return .postponed(until: now)
        case .failed(let failure):
            logger.debug(
                "a callback failed",
                metadata: ["request": "\(delivery.request)", "kind": "\(failure.kind.rawValue)"]
            )
            return failed(delivery, retryAfter: nil)
        }
    }

    private func message(
        _ delivery: CallbackDelivery,
        secrets: [CallbackSecret],
        at now: Timestamp
    ) -> OutboundRequest {
        let body = delivery.message.body
        let id = CallbackEvent.id(of: delivery.request, sequence: delivery.message.sequence)
        var fields: HTTPFields = [.contentType: CallbackEvent.mediaType]
        for (name, value) in WebhookSignature.fields(id: id, at: now, body: body, secrets: secrets) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return OutboundRequest(
            method: .post,
            url: delivery.url.revealed,
            headerFields: fields,
            body: body,
            timeouts: configuration.timeouts,
            resend: .allowed,
            maximumResponseBytes: 1 << 20,
            profile: TransportProfile(userAgent: "Gerbang", addresses: configuration.addresses)
        )
    }

    private func failed(_ delivery: CallbackDelivery, retryAfter: Duration?) -> CallbackOutcome {
        let now = clock.now()
        guard !isTooOld(delivery, at: now) else { return .givenUp }
        let delay = configuration.schedule.delay(afterFailure: delivery.failures + 1, jitter: random.unit())
        return .failed(retryAt: now + max(delay, retryAfter ?? .zero))
    }

    private func isTooOld(_ delivery: CallbackDelivery, at now: Timestamp) -> Bool {
        now - delivery.message.createdAt >= configuration.giveUpAfter
    }

    private func tell(_ outcome: CallbackOutcome, of delivery: CallbackDelivery) {
        guard outcome == .givenUp || outcome == .gone else { return }
        logger.warning(
            outcome == .gone
                ? "a client wants no more callbacks of a request" : "a callback was given up; the client must ask",
            metadata: ["request": "\(delivery.request)", "client": "\(delivery.client)"]
        )
    }
}

extension CallbackOutcome {
    fileprivate var name: String {
        switch self {
        case .delivered: "delivered"
        case .failed: "failed"
        case .postponed: "postponed"
        case .givenUp: "givenUp"
        case .gone: "gone"
        }
    }
}
