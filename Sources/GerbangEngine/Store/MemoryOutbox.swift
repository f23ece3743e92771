internal import GerbangCore

/// The outbox of ``MemoryStore``: the lanes of messages and the secrets.
struct MemoryOutbox: Sendable {
    private struct Lane: Sendable {
        var client: ClientID
        var callback: Callback
        var messages: [CallbackMessage] = []
        /// When the first message is due, or its lease ends.
        var due: Timestamp?
        var epoch = 0
        var failures = 0
        var delivered = 0
        var failed = 0
        var isGone = false

        /// Takes the first message away; the next one is due at once.
        mutating func goOn(at now: Timestamp) {
            messages.removeFirst()
            failures = 0
            due = messages.isEmpty ? nil : now
        }
    }

    private var lanes: [RequestID: Lane] = [:]
    private var secrets: [CallbackSecret] = []

    /// Puts messages into the lane of a request.
    mutating func put(_ messages: [CallbackMessage], of request: ServiceRequest) {
        guard let first = messages.first, let callback = request.submission.callback else { return }
        var lane = lanes[request.id] ?? Lane(client: request.client, callback: callback)
        guard !lane.isGone else { return }
        lane.messages += messages
        lane.due = lane.due ?? first.createdAt
        lanes[request.id] = lane
    }

    mutating func claim(_ asks: [CallbackAsk], at now: Timestamp, leaseUntil: Timestamp) -> CallbackBatch {
        var batch = CallbackBatch()
        for ask in asks {
            let due = lanes.filter { $0.value.client == ask.client && ($0.value.due ?? leaseUntil) <= now }
                .compactMap { id, lane in lane.due.map { (due: $0, id: id) } }
                .sorted { ($0.due, $0.id) < ($1.due, $1.id) }
            for (_, id) in due.prefix(ask.slots) {
                guard var lane = lanes[id], let message = lane.messages.first else { continue }
                lane.epoch += 1
                lane.due = leaseUntil
                lanes[id] = lane
                batch.deliveries.append(
                    CallbackDelivery(
                        request: id,
                        client: lane.client,
                        url: Sensitive(lane.callback.url),
                        message: message,
                        failures: lane.failures,
                        epoch: lane.epoch,
                        leaseUntil: leaseUntil
                    )
                )
            }
            batch.nextDue[ask.client] = lanes.values.filter { $0.client == ask.client }.compactMap(\.due).min()
        }
        return batch
    }

    mutating func settle(_ delivery: CallbackDelivery, as outcome: CallbackOutcome, at now: Timestamp) -> Timestamp? {
        guard var lane = lanes[delivery.request], lane.epoch == delivery.epoch, !lane.messages.isEmpty else {
            return nil
        }
        switch outcome {
        case .delivered:
            lane.delivered += 1
            lane.goOn(at: now)
        case .givenUp:
            lane.failed += 1
            lane.goOn(at: now)
        case .failed(let moment):
            lane.failures += 1
            lane.due = moment
        case .postponed(let moment):
            lane.due = moment
        case .gone:
            lane.failed += lane.messages.count
            lane.messages = []
            lane.due = nil
            lane.isGone = true
        }
        // The lease has ended with this; reported once more, it is no longer the last one.
        lane.epoch += 1
        lanes[delivery.request] = lane
        return lane.due
    }

    /// Forgets the lane of a request.
    mutating func remove(_ id: RequestID) { lanes[id] = nil }

    func dueTimes() -> [ClientID: Timestamp] {
        var times: [ClientID: Timestamp] = [:]
        for lane in lanes.values {
            guard let due = lane.due else { continue }
            times[lane.client] = min(times[lane.client] ?? due, due)
        }
        return times
    }

    func summary(of id: RequestID) -> CallbackSummary? {
        lanes[id].map { CallbackSummary(delivered: $0.delivered, pending: $0.messages.count, failed: $0.failed) }
    }

    var backlog: CallbackBacklog {
        let messages = lanes.values.flatMap(\.messages)
        return CallbackBacklog(pending: messages.count, oldest: messages.map(\.createdAt).min())
    }

    // MARK: Secrets

    mutating func save(_ secret: CallbackSecret) { secrets.append(secret) }

    func secrets(of client: ClientID?) -> [CallbackSecret] {
        secrets.filter { client == nil || $0.client == client }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    mutating func revoke(_ id: String, at moment: Timestamp) -> Bool {
        guard let index = secrets.firstIndex(where: { $0.id == id && $0.revokedAt == nil }) else { return false }
        secrets[index].revokedAt = moment
        secrets[index].key = Sensitive([])
        return true
    }
}
