internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@testable internal import GerbangEngine

/// An agency that wants a token, and the endpoint that hands it out.
private final class GuardedAgency: HTTPTransport {
    private let state = Mutex((tokenStatus: 401, tokens: 0, calls: [String]()))

    var tokens: Int { state.withLock(\.tokens) }
    /// What stood in `Authorization`, message by message.
    var calls: [String] { state.withLock(\.calls) }

    func answerTokens(with status: Int) {
        state.withLock { $0.tokenStatus = status }
    }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        state.withLock { state in
            guard !request.url.hasSuffix("/token") else {
                state.tokens += 1
                let body = "{\"access_token\":\"t\(state.tokens)\",\"expires_in\":\"3599\"}"
                return .answered(WireResponse(status: state.tokenStatus, body: Array(body.utf8)))
            }
            state.calls.append(request.headerFields[.authorization] ?? "")
            return .answered(WireResponse(status: 200, body: Array("ok".utf8)))
        }
    }
}

@Suite("The engine and an agency that wants to know who calls", .timeLimit(.minutes(10)))
struct EngineAuthenticationTests {
    private let clock = ManualClock()
    private let agency = GuardedAgency()

    private func engine() throws -> Engine {
        let client = OAuth2Client(tokenURL: "http://sso/token", clientID: "a", clientSecret: Sensitive("b"))
        return try Engine(
            catalogue: .builtin(),
            connections: [
                Connection(
                    id: EngineHarness.one,
                    adapter: WordAdapter(),
                    baseURL: BaseURL("http://one"),
                    authentication: Authentication([.oauth2(client)])
                ),
                Connection(id: EngineHarness.two, adapter: WordAdapter.lookupOnly, baseURL: BaseURL("http://two")),
            ],
            store: MemoryStore(),
            transport: agency,
            clock: clock,
            randomSeed: 1
        )
    }

    @Test("a request waits while our credentials are refused, uses no attempt, and goes on when they are accepted")
    func refusedCredentials() async throws {
        let engine = try engine()
        let running = Task { try await engine.run() }
        defer { running.cancel() }
        let id = try await engine.submit(EngineHarness.booking("key"), as: EngineHarness.client).status.id
        try await eventually("the refusal is known") {
            try await engine.status(of: id)?.error?.code == .agencyUnauthorized
        }
        let waiting = try #require(try await engine.status(of: id))
        #expect(waiting.state == .queued)
        #expect(waiting.attempts == 0, "nothing reached the agency")
        #expect(agency.calls.isEmpty)
        agency.answerTokens(with: 200)
        for _ in 0..<100_000 {
            if try await engine.status(of: id)?.state == .succeeded { break }
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(10))
            try await Task.sleep(for: .milliseconds(3))
        }
        #expect(try await engine.status(of: id)?.state == .succeeded)
        #expect(try await engine.status(of: id)?.attempts == 1)
        #expect(agency.calls == ["Bearer t\(agency.tokens)"])
    }

    @Test("a connection's credentials are sent to its own agency only")
    func separateConnections() async throws {
        agency.answerTokens(with: 200)
        let engine = try engine()
        let running = Task { try await engine.run() }
        defer { running.cancel() }
        for (number, submission) in [
            try EngineHarness.booking("one"),
            Submission(
                service: ServiceID(checked: "transport.vehicle.lookup"),
                region: .nation,
                payload: ["plate": "B 1234 XYZ"],
                idempotencyKey: "two"
            ),
            try EngineHarness.booking("three"),
        ].enumerated() {
            let id = try await engine.submit(submission, as: EngineHarness.client).status.id
            try await eventually("\(number) has ended") { try await engine.status(of: id)?.state == .succeeded }
        }
        #expect(agency.calls == ["Bearer t1", "", "Bearer t1"])
        #expect(agency.tokens == 1)
    }

    @Test(
        "what keeps us from being authenticated has its own code",
        arguments: [
            (WireFailure.Kind.unauthorized, GerbangError.Code.agencyUnauthorized), (.unavailable, .agencyUnavailable),
        ]
    )
    func codes(kind: WireFailure.Kind, code: GerbangError.Code) {
        #expect(GerbangError(WireFailure(kind, .notSent)).code == code)
    }
}
