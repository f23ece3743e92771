internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON

/// One reader of a request's history: a stream of the daemon, opened again where it broke off.
///
/// An iterator is read by one task at a time, and so is this.
actor EventReader {
    private let id: RequestID
    private let api: GatewayAPI
    private let transport: any StreamingHTTPTransport
    private let patience: Duration
    private let clock: any WallClock
    private var stream: (pieces: ResponsePieces.Iterator, parser: EventStreamParser)?

    init(
        of id: RequestID,
        api: GatewayAPI,
        transport: any StreamingHTTPTransport,
        patience: Duration,
        clock: any WallClock
    ) {
        self.id = id
        self.api = api
        self.transport = transport
        self.patience = patience
        self.clock = clock
    }

    /// Waits for events after number `sequence`; none when there will be no more.
    ///
    /// - Throws: What the gateway answers, or that it has been away for longer than anybody has patience.
    func next(after sequence: Int) async throws(GerbangError) -> [RequestEvent] {
        var pause = Duration.milliseconds(100)
        var failingSince: Timestamp?
        while !Task.isCancelled {
            do throws(APIFailure) {
                if stream == nil {
                    guard let body = try await api.streamEvents(of: id, after: sequence, by: transport) else {
                        return []
                    }
                    stream = (body.makeAsyncIterator(), EventStreamParser())
                }
                while let events = try await read() {
                    // Something came, if only a sign of life: whatever breaks off now is a new break.
                    failingSince = nil
                    pause = .milliseconds(100)
                    let news = events.filter { $0.sequence > sequence }
                    guard news.isEmpty else { return news }
                }
                // The gateway stops, or something between us ends what lasts for long.
                stream = nil
            } catch {
                stream = nil
                let now = clock.now()
                failingSince = failingSince ?? now
                guard error.isPassing, now + pause - (failingSince ?? now) < patience else { throw error.error }
            }
            // Not all at the same moment, when many backends wait for one gateway to come back.
            try? await clock.sleep(until: clock.now() + pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, .seconds(2))
        }
        return []
    }

    /// The events that come with the next piece of the stream; `nil` when it has ended.
    private func read() async throws(APIFailure) -> [RequestEvent]? {
        guard var (pieces, parser) = stream else { return nil }
        let piece: [UInt8]
        do throws(WireFailure) {
            guard let next = try await pieces.next() else { return nil }
            piece = next
        } catch {
            throw APIFailure(cause: .unreachable(error), base: api.base)
        }
        let messages: [EventStreamParser.Message]
        do throws(EventStreamParser.TooLarge) {
            messages = try parser.take(piece)
        } catch {
            throw api.stranger()
        }
        stream = (pieces, parser)
        return messages.compactMap { message in
            (try? JSONValue(parsing: message.data)).flatMap { RequestEvent(json: $0) }
        }
    }
}
