package import GerbangCore
package import GerbangJSON
internal import HTTPTypes

// Requests, as the API offers them.
extension GatewayAPI {
    /// One request with the document that the gateway answered with.
    package struct Found: Sendable {
        /// The request.
        package var request: RequestStatus
        /// What the gateway answered.
        package var json: JSONValue
        /// Whether it had been submitted before under the same key.
        package var isReplay = false

        /// What the citizen is told, in the language that was asked for.
        package var message: String? { json["message"]?.stringValue }

        /// Reads a request; `nil` when it is not one.
        package init?(_ json: JSONValue) {
            guard let request = RequestStatus(json: json) else { return nil }
            self.request = request
            self.json = json
        }
    }

    /// What a list is narrowed to.
    package struct Filter: Sendable {
        /// Only these states; all when it is empty.
        package var states: [RequestState]
        /// Only for this service.
        package var service: ServiceID?
        /// Only through this connection.
        package var connection: ConnectionID?
        /// Only of this client.
        package var client: ClientID?
        /// Only those in the dead-letter list.
        package var isDeadLetter: Bool

        /// Creates a filter; by default it lets everything through.
        package init(
            states: [RequestState] = [],
            service: ServiceID? = nil,
            connection: ConnectionID? = nil,
            client: ClientID? = nil,
            isDeadLetter: Bool = false
        ) {
            self.states = states
            self.service = service
            self.connection = connection
            self.client = client
            self.isDeadLetter = isDeadLetter
        }
    }

    /// One page of a list, newest first.
    package struct Page: Sendable {
        /// The requests.
        package var requests: [RequestStatus]
        /// What the gateway answered.
        package var json: JSONValue
        /// What asks for the page after this one; `nil` on the last.
        package var nextCursor: String?

        /// Creates a page.
        package init(requests: [RequestStatus], json: JSONValue, nextCursor: String? = nil) {
            self.requests = requests
            self.json = json
            self.nextCursor = nextCursor
        }
    }

    /// Submits a request.
    ///
    /// Sending it again with the same key is safe.
    package func submit(
        _ body: JSONValue,
        idempotencyKey: String,
        waiting wait: Duration? = nil
    ) async throws(APIFailure) -> Found {
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
    package func request(_ id: RequestID, waiting wait: Duration? = nil) async throws(APIFailure) -> Found {
        let query = wait.map { [WireRequest.QueryItem("wait", String(Self.seconds($0)))] } ?? []
        return try found(await get(["requests", id.description], query, patience: wait ?? .zero))
    }

    /// Where a request stands once it has ended or `limit` has come, whichever is first.
    package func request(
        _ id: RequestID,
        until limit: Timestamp,
        clock: any WallClock
    ) async throws(APIFailure) -> Found {
        while true {
            let rest = max(.zero, limit - clock.now())
            let found = try await request(id, waiting: min(rest, .seconds(30)))
            guard !found.request.state.isFinal, clock.now() < limit, !Task.isCancelled else { return found }
            // A gateway that answers early, since it is stopping, is not asked again at once.
            try? await clock.sleep(until: min(limit, clock.now() + .milliseconds(250)))
        }
    }

    /// An event with the document that the gateway answered with.
    package struct HistoryEntry: Sendable {
        /// The event.
        package var event: RequestEvent
        /// What the gateway answered.
        package var json: JSONValue
    }

    /// A request's history after event number `sequence`.
    package func history(of id: RequestID, after sequence: Int = 0) async throws(APIFailure) -> [HistoryEntry] {
        let query = sequence > 0 ? [WireRequest.QueryItem("after", String(sequence))] : []
        let json = try await get(["requests", id.description, "events"], query)
        guard let items = json["items"]?.arrayValue else { throw stranger() }
        // A kind of event that only a newer gateway knows is passed over.
        return items.compactMap { item in RequestEvent(json: item).map { HistoryEntry(event: $0, json: item) } }
    }

    /// One page of requests, newest first.
    package func requests(_ filter: Filter, limit: Int, cursor: String?) async throws(APIFailure) -> Page {
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
            requests: items.compactMap { RequestStatus(json: $0) },
            json: json,
            nextCursor: json["nextCursor"]?.stringValue
        )
    }

    /// Something that is asked of a request.
    package enum Command: String, Sendable {
        case cancel
        case redrive
        case discard
    }

    /// Asks something of a request.
    package func send(_ command: Command, to id: RequestID) async throws(APIFailure) -> Found {
        try found(await post(["requests", id.description, command.rawValue]).json)
    }

    /// Says what became of a request in doubt.
    package func resolve(_ id: RequestID, _ body: JSONValue) async throws(APIFailure) -> Found {
        try found(await post(["requests", id.description, "resolve"], body).json)
    }

    private func found(_ json: JSONValue) throws(APIFailure) -> Found {
        guard let found = Found(json) else { throw stranger() }
        return found
    }

    /// Whole seconds, rounded up.
    private static func seconds(_ duration: Duration) -> Int64 { (duration.milliseconds + 999) / 1000 }
}
