internal import DukcapilSimulator
internal import Gerbang
internal import GerbangClient
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("A history that streams")
struct EventStreamTests {
    /// Carries streams, cuts some of them, and remembers what was asked for.
    private final class CuttingTransport: StreamingHTTPTransport {
        private struct State: Sendable {
            var cuts: Int
            var asked: [String?] = []
            var sends = 0
        }

        private let carrier: CurlTransport
        private let state: Mutex<State>

        /// - Parameter cuts: How many streams break off after their first piece.
        init(cuts: Int) throws {
            carrier = try CurlTransport()
            state = Mutex(State(cuts: cuts))
        }

        /// The `Last-Event-ID` of every stream that was asked for.
        var asked: [String?] { state.withLock(\.asked) }
        /// How many whole answers were asked for.
        var sends: Int { state.withLock(\.sends) }

        func send(_ request: OutboundRequest) async -> WireOutcome {
            state.withLock { $0.sends += 1 }
            return await carrier.send(request)
        }

        func stream(_ request: OutboundRequest, body: StreamedBody?) async -> StreamOutcome {
            let mustCut = state.withLock { state in
                state.asked.append(HTTPField.Name("Last-Event-ID").flatMap { request.headerFields[$0] })
                state.cuts -= 1
                return state.cuts >= 0
            }
            let outcome = await carrier.stream(request, body: body)
            guard mustCut, case .answered(var answer) = outcome else { return outcome }
            let (body, pieces) = (answer.body, Pieces())
            answer.body = ResponsePieces { () async throws(WireFailure) in
                guard pieces.isFirst() else { throw WireFailure(.reset, .maybeSent) }
                var reader = body.makeAsyncIterator()
                return try await reader.next()
            }
            return .answered(answer)
        }
    }

    /// Counts to one.
    private final class Pieces: Sendable {
        private let count = Mutex(0)

        func isFirst() -> Bool {
            count.withLock { count in
                count += 1
                return count == 1
            }
        }
    }

    private static func identity(_ key: String) throws -> Submission {
        try Submission(
            .verifyIdentity,
            in: "31.74",
            key: key,
            payload: ["nik": "3174015708900003", "name": "SITI CONTOH"]
        )
    }

    @Test("Every event comes once, in order, over one connection, without asking again")
    func streams() async throws {
        try await withWorld { world in
            let transport = try CuttingTransport(cuts: 0)
            world.registry.refuse()
            let id = try await world.client().submit(Self.identity("stream-1")).id
            var reader = try world.client(transport).events(of: id).makeAsyncIterator()
            var told: [RequestEvent] = []
            while let event = try await reader.next() {
                told.append(event)
                // What happens later comes over the same stream.
                if event.kind == .retryScheduled { _ = try await world.client().cancel(id) }
            }
            #expect(try await told == world.gateway.history(of: id))
            #expect(told.last?.state == .cancelled)
            #expect(transport.asked == [nil])
            #expect(transport.sends == 0)
        }
    }

    @Test("After a break it goes on behind the last event, without a gap and without a repetition")
    func resumes() async throws {
        try await withWorld { world in
            let transport = try CuttingTransport(cuts: 2)
            world.registry.refuse()
            let id = try await world.client().submit(Self.identity("stream-2")).id
            var reader = try world.client(transport).events(of: id).makeAsyncIterator()
            var told: [RequestEvent] = []
            while let event = try await reader.next() {
                told.append(event)
                if event.kind == .retryScheduled { _ = try await world.client().cancel(id) }
            }
            #expect(try await told == world.gateway.history(of: id))
            #expect(told.map(\.sequence) == Array(1...told.count))
            #expect(transport.asked.count >= 2)
            #expect(transport.asked.first == .some(nil))
            let resumed = transport.asked.compactMap { $0.flatMap { Int($0) } }
            #expect(resumed.count == transport.asked.count - 1 && resumed == resumed.sorted())
        }
    }

    @Test("Nothing comes after the end: 204 ends it")
    func over() async throws {
        try await withWorld { world in
            let client = try world.client(try CuttingTransport(cuts: 0))
            let receipt = try await client.submit(Self.identity("stream-3"), waiting: .seconds(300))
            let count = try await client.history(of: receipt.id).count
            for try await event in client.events(of: receipt.id, after: count) {
                Issue.record("event \(event.sequence) after the end")
            }
            var late: [Int] = []
            for try await event in client.events(of: receipt.id, after: count - 1) { late.append(event.sequence) }
            #expect(late == [count])
        }
    }

    @Test("A daemon that is away is waited for as long as one has patience")
    func away() async throws {
        let client = try GatewayClient(url: "http://127.0.0.1:1", patience: .milliseconds(300))
        let nobody = try #require(RequestID("01a2015b-6115-745e-8213-854da161bfe0"))
        _ = await expect(.unreachable) { for try await _ in client.events(of: nobody) {} }
    }

    @Test("Whoever stops listening is let go at once")
    func cancellation() async throws {
        try await withWorld { world in
            world.registry.refuse()
            let client = try world.client()
            let id = try await client.submit(Self.identity("stream-4")).id
            let (firsts, first) = AsyncStream.makeStream(of: Void.self)
            let listening = Task {
                for try await event in client.events(of: id) where event.kind == .retryScheduled { first.yield() }
            }
            for await _ in firsts { break }
            listening.cancel()
            _ = await listening.result
        }
    }

    @Test("Events are read from pieces of any size, with every kind of line end, and what is not known is passed over")
    func parsing() throws {
        let text =
            "\u{FEFF}: comment\r\nid: 1\nevent: a\rdata: x\r\ndata:y\n\nid: 2\ndata\n\nevent: lost\n\nretry: 5\nid: 3\ndata:  z\n\ndata: open"
        let expected = [
            EventStreamParser.Message(id: "1", event: "a", data: Array("x\ny".utf8)),
            EventStreamParser.Message(id: "2", event: "message", data: []),
            EventStreamParser.Message(id: "3", event: "message", data: Array(" z".utf8)),
        ]
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var (parser, found) = (EventStreamParser(), [EventStreamParser.Message]())
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += try parser.take(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(found == expected, "in pieces of \(size)")
        }
        var parser = EventStreamParser()
        #expect(throws: EventStreamParser.TooLarge.self) {
            for _ in 0..<3 { _ = try parser.take([UInt8](repeating: 0x61, count: 500_000)) }
        }
    }
}
