internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

// Requests, as the API offers them.
extension GatewayClient {
    /// One request with the document that the gateway answered with.
    struct Found: Sendable {
        var request: RequestView
        var json: JSONValue
        /// Whether it had been submitted before under the same key.
        var isReplay = false
    }

    /// What a list is narrowed to.
    struct Filter: Sendable {
        var states: [RequestState] = []
        var service: ServiceID?
        var connection: ConnectionID?
        var client: ClientID?
        var isDeadLetter = false
    }

    /// One page of a list, newest first.
    struct Page: Sendable {
        var requests: [RequestView]
        var json: JSONValue
        var nextCursor: String?
    }

    /// Submits a request.
    ///
    /// Sending it again with the same key is safe.
    func submit(
        _ body: JSONValue,
        idempotencyKey: String,
        waiting wait: Duration? = nil
    ) async throws(CommandError) -> Found {
        var fields = HTTPFields()
        if let name = HTTPField.Name("Idempotency-Key") { fields[name] = idempotencyKey }
        if let wait, let name = HTTPField.Name("Prefer") { fields[name] = "wait=\(Self.seconds(wait))" }
        let answer = try await post(
            ["requests"],
            body,
            fields: fields,
            patience: wait ?? .zero,
            isRepeatable: true
        )
        var found = try found(answer.json)
        found.isReplay = answer.isReplay
        return found
    }

    /// Where a request stands, after waiting for its end for at most `wait`.
    func request(_ id: RequestID, waiting wait: Duration? = nil) async throws(CommandError) -> Found {
        let query = wait.map { [WireRequest.QueryItem("wait", String(Self.seconds($0)))] } ?? []
        return try found(await get(["requests", id.description], query, patience: wait ?? .zero))
    }

    /// Where a request stands once it has ended or `limit` has come, whichever is first.
    func request(_ id: RequestID, until limit: Timestamp, clock: some WallClock) async throws(CommandError) -> Found {
        while true {
            let rest = max(.zero, limit - clock.now())
            let found = try await request(id, waiting: min(rest, .seconds(30)))
            guard !found.request.state.isFinal, clock.now() < limit else { return found }
            // A gateway that answers early, since it is stopping, is not asked again at once.
            try? await clock.sleep(until: min(limit, clock.now() + .milliseconds(250)))
        }
    }

    /// An event with the document that the gateway answered with.
    struct HistoryEntry: Sendable {
        var event: RequestEvent
        var json: JSONValue
    }

    /// A request's history after event number `sequence`.
    func history(of id: RequestID, after sequence: Int = 0) async throws(CommandError) -> [HistoryEntry] {
        let query = sequence > 0 ? [WireRequest.QueryItem("after", String(sequence))] : []
        let json = try await get(["requests", id.description, "events"], query)
        guard let items = json["items"]?.arrayValue else { throw stranger() }
        // A kind of event that only a newer gateway knows is passed over.
        return items.compactMap { item in RequestEvent(json: item).map { HistoryEntry(event: $0, json: item) } }
    }

    /// One page of requests, newest first.
    func requests(_ filter: Filter, limit: Int, cursor: String?) async throws(CommandError) -> Page {
        var query = [WireRequest.QueryItem("limit", String(limit))]
        if !filter.states.isEmpty {
            query.append(.init("state", filter.states.map(\.rawValue).joined(separator: ",")))
        }
        if let service = filter.service { query.append(.init("service", service.text)) }
        if let connection = filter.connection { query.append(.init("connection", connection.text)) }
        if let client = filter.client { query.append(.init("client", client.text)) }
        if filter.isDeadLetter { query.append(.init("deadLetter", "true")) }
        if let cursor { query.append(.init("cursor", cursor)) }
        let json = try await get(["requests"], query)
        guard let items = json["items"]?.arrayValue else { throw stranger() }
        return Page(
            requests: items.compactMap { RequestView($0) },
            json: json,
            nextCursor: json["nextCursor"]?.stringValue
        )
    }

    /// Something that is asked of a request.
    enum Command: String, Sendable {
        case cancel
        case redrive
        case discard
    }

    /// Asks something of a request.
    func send(_ command: Command, to id: RequestID) async throws(CommandError) -> Found {
        try found(await post(["requests", id.description, command.rawValue]).json)
    }

    /// Says what became of a request in doubt.
    func resolve(_ id: RequestID, _ body: JSONValue) async throws(CommandError) -> Found {
        try found(await post(["requests", id.description, "resolve"], body).json)
    }

    private func found(_ json: JSONValue) throws(CommandError) -> Found {
        guard let request = RequestView(json) else { throw stranger() }
        return Found(request: request, json: json)
    }

    /// Whole seconds, rounded up.
    private static func seconds(_ duration: Duration) -> Int64 { (duration.milliseconds + 999) / 1000 }
}
