import ArgumentParser
import GerbangClient
import GerbangCore
import GerbangHTTP
import GerbangJSON
import HTTPTypes
import Testing

@testable import gerbang

@Suite struct ClientTests {
    @Test("A submission carries its key, the wait and the credentials, and may be sent again")
    func submit() async throws {
        let replayed: HTTPFields = [try #require(HTTPField.Name("Idempotency-Replayed")): "true"]
        let transport = ScriptedTransport([.json(Sample.request(.queued), status: 202, fields: replayed)])
        let found = try await Sample.client(transport)
            .submit(["service": "a"], idempotencyKey: "k1", waiting: .milliseconds(1500))
        #expect(found.request.state == .queued)
        #expect(found.isReplay)
        let request = try #require(transport.requests.first)
        #expect(transport.urls == ["/v1/requests"])
        #expect(request.method == .post && request.resend == .allowed)
        #expect(request.body == Array(#"{"service":"a"}"#.utf8))
        #expect(request.timeouts.firstByte > .seconds(20))
        let fields = request.headerFields
        #expect(fields[try #require(HTTPField.Name("Idempotency-Key"))] == "k1")
        #expect(fields[try #require(HTTPField.Name("Prefer"))] == "wait=2")
        #expect(fields[.authorization] == "Bearer gbk_a_b")
        #expect(fields[.contentType] == "application/json")
        #expect(fields[.acceptLanguage] == "en")
    }

    @Test("Commands are not sent again by themselves, and have no body")
    func commands() async throws {
        let transport = ScriptedTransport([.json(Sample.request(.cancelled))])
        _ = try await Sample.client(transport, key: nil).send(.cancel, to: .sample)
        let request = try #require(transport.requests.first)
        #expect(transport.urls == ["/v1/requests/\(RequestID.sample)/cancel"])
        #expect(request.resend == .never && request.body.isEmpty)
        #expect(request.headerFields[.authorization] == nil && request.headerFields[.contentType] == nil)
    }

    @Test("A list is narrowed by every filter")
    func list() async throws {
        let transport = ScriptedTransport([.json(["items": [Sample.request()], "nextCursor": "c2"])])
        let filter = GatewayAPI.Filter(
            states: [.queued, .inDoubt],
            service: ServiceID(checked: "a.b"),
            connection: ConnectionID(checked: "c"),
            client: ClientID(checked: "d"),
            isDeadLetter: true
        )
        let page = try await Sample.client(transport).requests(filter, limit: 7, cursor: "x&y")
        #expect(page.requests.map(\.id) == [.sample] && page.nextCursor == "c2")
        #expect(
            transport.urls == [
                "/v1/requests?limit=7&state=queued%2CinDoubt&service=a.b&connection=c&client=d&deadLetter=true&cursor=x%26y"
            ]
        )
    }

    @Test(
        "What is not a gateway's answer is said to be none",
        arguments: [
            WireOutcome.answered(WireResponse(status: 200, body: Array("<html>".utf8))),
            .answered(WireResponse(status: 404, body: Array("{}".utf8))), .json(["hello": "world"]), .json([1]),
        ]
    )
    func strangers(outcome: WireOutcome) async throws {
        let client = try Sample.client(ScriptedTransport([outcome]))
        let failure = await #expect(throws: APIFailure.self) { try await client.request(.sample) }
        let error = failure.map { CommandError($0) }
        #expect(error?.status == .unreachable)
        #expect(error?.title == "what answers at http://127.0.0.1:8080 is not a gateway of this version")
    }

    @Test("A gateway that is away is told with what to do")
    func unreachable() async throws {
        let client = try Sample.client(ScriptedTransport([.refusedConnection]))
        let failure = await #expect(throws: APIFailure.self) { try await client.request(.sample) }
        let error = failure.map { CommandError($0) }
        #expect(error?.status == .unreachable)
        #expect(error?.advice?.contains("gerbang serve") == true)
        #expect(failure?.mayHaveArrived == false)
        let lost = try Sample.client(ScriptedTransport([.failed(WireFailure(.reset, .maybeSent))]))
        let doubt = await #expect(throws: APIFailure.self) { try await lost.submit([:], idempotencyKey: "k") }
        #expect(doubt?.mayHaveArrived == true)
    }

    @Test("Waiting goes on until the request has ended or the time is over")
    func wait() async throws {
        let open = WireOutcome.json(Sample.request(.running))
        let transport = ScriptedTransport([open, open, .json(Sample.request(.succeeded))])
        let clock = JumpingClock()
        let client = try Sample.client(transport)
        let found = try await client.request(.sample, until: .noon + .seconds(100), clock: clock)
        #expect(found.request.state == .succeeded)
        #expect(transport.urls.first == "/v1/requests/\(RequestID.sample)?wait=30")
        #expect(transport.requests.count == 3)

        let never = try Sample.client(ScriptedTransport([open]))
        let left = try await never.request(.sample, until: clock.now() + .seconds(2), clock: clock)
        #expect(left.request.state == .running)
    }
}

@Suite struct WatcherTests {
    private static func event(_ sequence: Int, _ kind: RequestEvent.Kind, _ state: RequestState) -> RequestEvent {
        RequestEvent(sequence: sequence, at: .noon, kind: kind, state: state)
    }

    @Test("Every event is told once, in order, also over a restart of the gateway")
    func follow() async throws {
        let transport = ScriptedTransport([
            .json(Sample.events(Self.event(1, .accepted, .queued), Self.event(2, .sending, .running))),
            .json(Sample.events()),
            .refusedConnection, .refusedConnection,
            .json(Sample.events(Self.event(3, .recovered, .queued))),
            .json(Sample.events(Self.event(4, .sending, .running), Self.event(5, .succeeded, .succeeded))),
        ])
        let watcher = Watcher(client: try Sample.client(transport), clock: JumpingClock())
        var (told, notes) = ([Int](), 0)
        let state = try await watcher.follow(.sample) { _ in
            notes += 1
        } handle: { entry in
            told.append(entry.event.sequence)
        }
        #expect(state == .succeeded)
        #expect(told == [1, 2, 3, 4, 5])
        #expect(notes == 1)
        let path = "/v1/requests/\(RequestID.sample)/events"
        #expect(transport.urls == [path] + [2, 2, 2, 2, 3].map { "\(path)?after=\($0)" })
    }

    @Test("It stops when its time is over, and tells where the request stands")
    func timeout() async throws {
        let transport = ScriptedTransport([
            .json(Sample.events(Self.event(1, .accepted, .queued))), .json(Sample.events()),
        ])
        let clock = JumpingClock()
        let watcher = Watcher(client: try Sample.client(transport), clock: clock)
        let state = try await watcher.follow(.sample, until: .noon + .seconds(5)) { _ in }
        #expect(state == .queued)
        #expect(clock.now() == .noon + .seconds(5))
    }

    @Test("A gateway that was never there, or stays away, ends it")
    func unreachable() async throws {
        let never = Watcher(client: try Sample.client(ScriptedTransport([.refusedConnection])), clock: JumpingClock())
        await #expect(throws: APIFailure.self) { try await never.follow(.sample) { _ in } }
        let clock = JumpingClock()
        let transport = ScriptedTransport([
            .json(Sample.events(Self.event(1, .accepted, .queued))), .refusedConnection,
        ])
        let gone = Watcher(client: try Sample.client(transport), clock: clock)
        await #expect(throws: APIFailure.self) { try await gone.follow(.sample) { _ in } }
        #expect(clock.now() - .noon >= .seconds(60))
    }
}

@Suite struct BatchTests {
    private static let conflict = WireOutcome.json(
        ["code": "conflict", "status": 409, "title": "Not possible in this state", "detail": "it has ended"],
        status: 409
    )

    private func batch(_ transport: ScriptedTransport, _ clock: JumpingClock) throws -> RequestBatch<JumpingClock> {
        RequestBatch(
            client: try Sample.client(transport),
            clock: clock,
            terminal: Terminal(style: Style(), errorStyle: Style(), isMuted: true),
            json: false,
            pace: .milliseconds(200)
        )
    }

    @Test("A refusal does not stop the others, at most five a second are sent, and the exit code tells of it")
    func refusal() async throws {
        let transport = ScriptedTransport([
            .json(Sample.request(.queued)), Self.conflict, .json(Sample.request(.queued)),
        ])
        let clock = JumpingClock()
        let batch = try batch(transport, clock)
        let error = await #expect(throws: ExitCode.self) {
            try await batch.send(.redrive, to: [.sample, .sample, .sample])
        }
        #expect(error?.rawValue == 1)
        #expect(transport.requests.count == 3)
        #expect(clock.now() - .noon == .milliseconds(400))
    }

    @Test("A gateway that is away stops them all")
    func away() async throws {
        let transport = ScriptedTransport([.refusedConnection])
        let batch = try batch(transport, JumpingClock())
        let error = await #expect(throws: CommandError.self) { try await batch.send(.discard, to: [.sample, .sample]) }
        #expect(error?.status == .unreachable)
        #expect(transport.requests.count == 1)
    }
}
