internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@testable internal import GerbangEngine

extension EngineHarness {
    /// A plan of the harness's connections, changed.
    func plan(_ change: (inout [ConnectionID: Connection]) -> Void = { _ in }) throws -> Engine.Plan {
        var connections = engine.snapshot.connections
        change(&connections)
        return Engine.Plan(
            catalogue: try .builtin(),
            connections: connections.values.sorted { $0.id < $1.id },
            configuration: engine.snapshot.configuration
        )
    }

    /// The history of a request as far as configurations go.
    func generations(_ id: RequestID) async throws -> [Int?] {
        try await engine.events(of: id).filter { [.accepted, .sending, .inquiring].contains($0.kind) }
            .map(\.generation)
    }

    /// Waits until the engine has looked for work once more.
    func settle() async throws {
        await pass(.seconds(2))
        await clock.waitForSleepers(1)
        try await Task.sleep(for: .milliseconds(20))
    }
}

@Suite("Snapshots, and replacing them", .timeLimit(.minutes(10)))
struct SnapshotTests {
    @Test("a call under way ends under the snapshot of its claim, and the next request begins under the new one")
    func callsKeepTheirs() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let first = try await harness.book("first")
            try await eventually("the first call is under way") { harness.transport.hanging == 1 }
            let other = try BaseURL("http://other")
            try await harness.engine.apply(
                harness.plan { connections in
                    connections[EngineHarness.one]?.baseURL = other
                    connections[EngineHarness.one]?.schedule = RetrySchedule(
                        delays: [.seconds(7)],
                        ceiling: .seconds(7)
                    )
                }
            )
            let second = try await harness.book("second")
            try await harness.expect(second, is: .succeeded)
            #expect(harness.transport.calls == ["one/book", "other/book"])
            harness.transport.release("one/book", .word("transient"))
            try await eventually("the first is to be tried again") {
                try await harness.progress(first).reason == .retry
            }
            // The old schedule's first delay is 5 s with jitter, the new one's would be at least 3.5 s of 7 s.
            let due = try #require(try await harness.progress(first).dueAt)
            #expect(due - harness.clock.now() <= .seconds(5))
            await harness.pass(.seconds(10))
            try await harness.expect(first, is: .succeeded)
            #expect(try await harness.generations(first) == [1, 1, 2])
            #expect(try await harness.generations(second) == [2, 2])
        }
    }

    @Test("requests of a connection that is gone wait, and go on when it comes back")
    func removed() async throws {
        let harness = try EngineHarness()
        _ = try await harness.engine.pause(EngineHarness.one)
        try await harness.whileRunning {
            let id = try await harness.book()
            let whole = try harness.plan()
            try await harness.engine.apply(harness.plan { $0[EngineHarness.one] = nil })
            let waiting = try #require(try await harness.engine.status(of: id))
            #expect((waiting.state, waiting.reason) == (.queued, .noConnection))
            let refused = await #expect(throws: GerbangError.self) { try await harness.book("another") }
            #expect(refused?.code == .noConnection)
            // What was said of it holds, whatever time has passed since.
            try await harness.engine.apply(whole)
            #expect(try await harness.engine.status(of: id)?.reason == .paused)
            _ = try await harness.engine.resume(EngineHarness.one)
            try await harness.expect(id, is: .succeeded)
        }
    }

    @Test("a request whose operation is gone waits without using an attempt, and goes on when it comes back")
    func operationRemoved() async throws {
        let harness = try EngineHarness()
        _ = try await harness.engine.pause(EngineHarness.one)
        try await harness.whileRunning {
            let id = try await harness.book()
            let whole = try harness.plan()
            try await harness.engine.apply(harness.plan { $0[EngineHarness.one]?.adapter = WordAdapter.lookupOnly })
            _ = try await harness.engine.resume(EngineHarness.one)
            try await eventually("it waits") { try await harness.progress(id).reason == .noConnection }
            #expect(try await harness.progress(id).calls == 0)
            #expect(try await harness.kinds(id) == [.accepted])
            try await harness.engine.apply(whole)
            await harness.pass(.seconds(31))
            try await harness.expect(id, is: .succeeded)
        }
    }

    @Test("a call that ends after its connection is gone is settled, and leaves nothing behind")
    func endsAfterRemoval() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("the call is under way") { harness.transport.hanging == 1 }
            let whole = try harness.plan()
            try await harness.engine.apply(harness.plan { $0[EngineHarness.one] = nil })
            #expect(harness.engine.flow.inFlight == 1)
            try await harness.engine.apply(whole)
            #expect(harness.engine.flow.gate(EngineHarness.one)?.inFlight == 1)
            try await harness.engine.apply(harness.plan { $0[EngineHarness.one] = nil })
            harness.transport.release("one/book", .word("ok"))
            try await harness.expect(id, is: .succeeded)
            try await eventually("nothing is under way") { harness.engine.flow.inFlight == 0 }
            try await harness.engine.apply(whole)
            #expect(harness.engine.flow.gate(EngineHarness.one)?.inFlight == 0)
        }
    }

    @Test("what was found out about an agency outlives a change of its limits")
    func gatesStay() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 1))
        harness.transport.always("one/book", .failure(.connect, .notSent))
        try await harness.whileRunning {
            for index in 1...5 { try await harness.book("key-\(index)") }
            try await eventually("the breaker opens") {
                harness.engine.flow.gate(EngineHarness.one)?.breaker.openings == 1
            }
            try await harness.engine.apply(
                harness.plan { $0[EngineHarness.one]?.limits = FlowLimits(concurrency: 64, callsPerSecond: 3) }
            )
            let status = try #require(try await harness.engine.connectionStatus(of: EngineHarness.one))
            #expect(status.closedBecause == .breakerOpen)
            #expect(status.concurrency == 64)
        }
    }

    @Test("a generation that is not newer than the present one is refused")
    func olderGeneration() async throws {
        let harness = try EngineHarness()
        let plan = try harness.plan()
        #expect(try await harness.engine.apply(plan, generation: 7).generation == 7)
        for generation in [7, 6] {
            let error = await #expect(throws: GerbangError.self) {
                try await harness.engine.apply(plan, generation: generation)
            }
            #expect(error?.code == .conflict)
        }
        #expect(try await harness.engine.apply(plan).generation == 8)
    }

    @Test("of changes that meet none is lost, and each has a number of its own")
    func simultaneousChanges() async throws {
        let harness = try EngineHarness()
        let plan = try harness.plan()
        let generations = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await harness.engine.apply(plan).generation } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(generations == Set(2...51))
    }
}

/// An agency whose tokens are counted.
private final class TokenAgency: HTTPTransport {
    private let state = Mutex(0)

    var tokens: Int { state.withLock { $0 } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        guard request.url.hasSuffix("/token") else {
            return .answered(WireResponse(status: 200, body: Array("ok".utf8)))
        }
        state.withLock { $0 += 1 }
        let body = #"{"access_token":"t","expires_in":"3599"}"#
        return .answered(WireResponse(status: 200, body: Array(body.utf8)))
    }
}

@Suite("Tokens and a changed configuration", .timeLimit(.minutes(10)))
struct SnapshotTokenTests {
    @Test("tokens are kept while the authentication stays, and fetched anew when it changes")
    func tokens() async throws {
        let agency = TokenAgency()
        func plan(secret: String, rate: Double) throws -> Engine.Plan {
            let client = OAuth2Client(tokenURL: "http://sso/token", clientID: "a", clientSecret: Sensitive(secret))
            return Engine.Plan(
                catalogue: try .builtin(),
                connections: [
                    Connection(
                        id: EngineHarness.one,
                        adapter: WordAdapter(),
                        baseURL: try BaseURL("http://one"),
                        limits: FlowLimits(callsPerSecond: rate),
                        authentication: try Authentication([.oauth2(client)])
                    )
                ]
            )
        }
        let engine = try Engine(plan(secret: "b", rate: 1000), store: MemoryStore(), transport: agency)
        let running = Task { try await engine.run() }
        defer { running.cancel() }
        func book(_ key: String) async throws {
            let id = try await engine.submit(EngineHarness.booking(key), as: EngineHarness.client).status.id
            try await eventually("\(key) has succeeded") { try await engine.status(of: id)?.state == .succeeded }
        }
        try await book("first")
        try await engine.apply(plan(secret: "b", rate: 2000))
        try await book("second")
        #expect(agency.tokens == 1)
        try await engine.apply(plan(secret: "c", rate: 2000))
        try await book("third")
        #expect(agency.tokens == 2)
    }
}
