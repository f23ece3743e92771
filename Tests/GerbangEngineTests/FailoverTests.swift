internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Fail-over", .timeLimit(.minutes(10)))
struct FailoverTests {
    /// Two connections for one service; the first is chosen as long as it can take requests.
    private struct World {
        let clock = ManualClock()
        let transport = ScriptedTransport()
        let store = MemoryStore()
        let engine: Engine

        init(
            effect: Effect = .nonIdempotent,
            group: String? = nil,
            failover: FailoverPolicy = FailoverPolicy(breakerOpenings: 1),
            routes: [Route]? = nil
        ) throws {
            engine = try Engine(
                Self.plan(effect, group, failover, routes: routes),
                store: store,
                transport: transport,
                clock: clock,
                randomSeed: 1
            )
        }

        static func plan(
            _ effect: Effect,
            _ group: String? = nil,
            _ failover: FailoverPolicy = FailoverPolicy(breakerOpenings: 1),
            routes: [Route]? = nil,
            without gone: ConnectionID? = nil
        ) throws -> Engine.Plan {
            let breaker = BreakerLimits(consecutiveFailures: 1, open: .seconds(600))
            let connections = try [EngineHarness.one, EngineHarness.two].map { id in
                Connection(
                    id: id,
                    adapter: WordAdapter(effect: effect),
                    baseURL: try BaseURL("http://\(id)"),
                    limits: FlowLimits(breaker: breaker),
                    agencyGroup: group
                )
            }
            let standard = [Route(connection: EngineHarness.one, priority: 1), Route(connection: EngineHarness.two)]
            return Engine.Plan(
                catalogue: try .builtin(),
                connections: connections.filter { $0.id != gone },
                routes: (routes ?? standard).filter { $0.connection != gone },
                failover: failover
            )
        }

        func book(_ key: String) async throws -> RequestID {
            try await engine.submit(EngineHarness.booking(key), as: EngineHarness.client).status.id
        }

        func connection(_ id: RequestID) async throws -> ConnectionID? { try await store.record(id)?.connection }

        func whileRunning(_ body: () async throws -> Void) async throws {
            let running = Task { try await engine.run() }
            do { try await body() } catch {
                running.cancel()
                throw error
            }
            running.cancel()
            try await running.value
        }

        func pass(_ duration: Duration) async {
            await clock.waitForSleepers(1)
            clock.advance(by: duration)
        }

        func state(_ id: RequestID) async throws -> RequestState? { try await store.record(id)?.progress.state }

        /// Breaks the first connection with a request whose send is answered with `answer`.
        func breakFirst(_ answer: ScriptedTransport.Answer) async throws -> RequestID {
            transport.answer("one/book", answer)
            return try await book("breaking")
        }
    }

    @Test("a request that was not done goes to the next connection, and its history says from where, where to and why")
    func moves() async throws {
        let world = try World()
        let id = try await world.breakFirst(.word("transient"))
        try await world.whileRunning {
            try await eventually("the call has failed") { try await world.store.record(id)?.progress.failures == 1 }
            await world.pass(.seconds(2))
            try await eventually("it is done by the other one") { try await world.state(id) == .succeeded }
        }
        #expect(world.transport.calls == ["one/book", "two/book"])
        let events = try await world.engine.events(of: id)
        #expect(events.map(\.kind) == [.accepted, .sending, .retryScheduled, .rerouted, .sending, .succeeded])
        let detour = RequestEvent.Detour(from: EngineHarness.one, to: EngineHarness.two, because: .breakerOpen)
        #expect(events[3].detour == detour)
        let status = try #require(try await world.engine.status(of: id))
        #expect(status.connection == EngineHarness.two)
        #expect(try await world.engine.list(RequestFilter(connection: EngineHarness.two)).map(\.id) == [id])
    }

    @Test("a non-idempotent request in doubt never goes, however long its connection rests")
    func doubtStays() async throws {
        let world = try World()
        world.transport.always("one/find", .failure(.connect, .notSent))
        let id = try await world.breakFirst(.failure(.timeout, .maybeSent))
        try await world.whileRunning {
            try await eventually("it is in doubt") { try await world.state(id) == .inDoubt }
            for _ in 0..<5 { await world.pass(.seconds(60)) }
            #expect(try await world.connection(id) == EngineHarness.one)
            #expect(world.transport.count("two/book") == 0)
        }
    }

    @Test(
        "an idempotent request of unknown fate goes only to another connection to the same system",
        arguments: [nil, "g"]
    )
    func idempotent(group: String?) async throws {
        let world = try World(effect: .idempotent(key: "key"), group: group)
        let id = try await world.breakFirst(.failure(.timeout, .maybeSent))
        try await world.whileRunning {
            try await eventually("the call has failed") { try await world.store.record(id)?.progress.failures == 1 }
            for _ in 0..<3 { await world.pass(.seconds(2)) }
            guard group != nil else {
                #expect(try await world.connection(id) == EngineHarness.one)
                return
            }
            try await eventually("it is done by the other one") { try await world.state(id) == .succeeded }
        }
        #expect(world.transport.count("two/book") == (group == nil ? 0 : 1))
    }

    @Test("a new request avoids what cannot take it, and waits when nobody takes over", arguments: [true, false])
    func newOnes(takesOver: Bool) async throws {
        let routes = [
            Route(connection: EngineHarness.one, priority: 1),
            Route(connection: EngineHarness.two, takesOver: takesOver),
        ]
        let world = try World(routes: routes)
        world.transport.always("one/book", .word("transient"))
        let first = try await world.book("first")
        try await world.whileRunning {
            try await eventually("the breaker is open") { world.transport.count("one/book") == 1 }
            try await eventually("it is known") { try await world.store.record(first)?.progress.failures == 1 }
            let second = try await world.book("second")
            #expect(try await world.connection(second) == (takesOver ? EngineHarness.two : EngineHarness.one))
            let facts = try RouterTests.facts("31.74")
            var now = facts
            now.now = world.clock.now()
            let told = world.engine.explainRoute(now)
            #expect(told.chosen == (takesOver ? EngineHarness.two : EngineHarness.one))
            let one = try #require(told.lines.first { $0.connection == EngineHarness.one })
            #expect(one.obstacle == .breakerOpen)
            #expect(one.reason == (takesOver ? .unavailable : .chosen))
        }
    }

    @Test("connections without routes never take over from each other")
    func withoutRoutes() async throws {
        let world = try World(routes: [])
        let id = try await world.breakFirst(.word("transient"))
        try await world.whileRunning {
            try await eventually("the call has failed") { try await world.store.record(id)?.progress.failures == 1 }
            for _ in 0..<3 { await world.pass(.seconds(2)) }
            #expect(try await world.connection(id) == EngineHarness.one)
        }
    }

    @Test(
        "a connection that is removed or disabled lets its requests go; a paused one keeps them unless told otherwise"
    )
    func leaving() async throws {
        for way in ["removed", "disabled", "paused", "paused, and told so"] {
            let policy = FailoverPolicy(whenPaused: way == "paused, and told so")
            let world = try World(failover: policy)
            let id = try await world.book("key")
            switch way {
            case "removed":
                try await world.engine.apply(World.plan(.nonIdempotent, nil, policy, without: EngineHarness.one))
            case "disabled": _ = try await world.engine.setMode(.disabled, of: EngineHarness.one)
            default: _ = try await world.engine.pause(EngineHarness.one)
            }
            try await world.whileRunning {
                for _ in 0..<3 { await world.pass(.seconds(2)) }
                guard way != "paused" else {
                    #expect(try await world.state(id) == .queued)
                    return
                }
                try await eventually("\(way): it is done by the other one") { try await world.state(id) == .succeeded }
            }
            #expect(world.transport.calls == (way == "paused" ? [] : ["two/book"]), "\(way)")
        }
    }

    @Test("what cannot go does not keep what can from going")
    func pages() async throws {
        let world = try World(effect: .idempotent(key: "key"), failover: FailoverPolicy(whenPaused: true))
        world.transport.always("one/book", .failure(.timeout, .maybeSent))
        let stuck = try await world.book("stuck")
        try await world.whileRunning {
            try await eventually("it is of unknown fate") {
                try await world.store.record(stuck)?.progress.failures == 1
            }
            _ = try await world.engine.pause(EngineHarness.one)
            // Three pages of them.
            var others: [RequestID] = []
            for number in 0..<450 {
                let id = RequestID(high: UInt64(world.clock.now().milliseconds) << 16 | 0x7000, low: UInt64(number))
                let request = ServiceRequest(
                    id: id,
                    client: EngineHarness.client,
                    submission: try EngineHarness.booking("key-\(number)"),
                    connection: EngineHarness.one,
                    operation: WordAdapter.book,
                    acceptedAt: world.clock.now(),
                    deadline: world.clock.now() + .seconds(86_400)
                )
                let progress = RequestProgress(acceptedAt: request.acceptedAt, deadline: request.deadline)
                _ = try await world.store.accept(RequestRecord(request: request, progress: progress), fingerprint: [])
                others.append(id)
            }
            for _ in 0..<5 { await world.pass(.seconds(2)) }
            for id in others {
                try await eventually("all are done") { try await world.state(id) == .succeeded }
            }
            #expect(try await world.connection(stuck) == EngineHarness.one)
        }
    }

    /// Of the processes of every remote adapter nothing has been heard for so long.
    private struct Silence: AdapterAvailability {
        var silence: Duration?

        func closure(of id: AdapterID) -> QueueReason? { silence == nil ? nil : .noInstance }

        func absence(of id: AdapterID) -> Duration? { silence }
    }

    @Test(
        "a remote adapter that nobody speaks for lets its requests go after a while",
        arguments: [(nil, false), (.seconds(59), false), (.seconds(60), true)] as [(Duration?, Bool)]
    )
    func silence(_ silence: Duration?, _ goes: Bool) {
        var gate = ConnectionGate()
        gate.adapter = AdapterID(checked: "far")
        gate.availability = Silence(silence: silence)
        #expect(FailoverPolicy().obstacle(gate, at: ManualClock.start) == (goes ? .noInstance : nil))
        #expect(FailoverPolicy(silentFor: nil).obstacle(gate, at: ManualClock.start) == nil)
    }
}
