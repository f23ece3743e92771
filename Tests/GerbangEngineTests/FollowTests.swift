internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Following a request's events")
struct FollowTests {
    private func collect(_ events: RequestEvents) async throws -> [RequestEvent] {
        var all: [RequestEvent] = []
        for try await event in events { all.append(event) }
        return all
    }

    @Test("Brings every event once, in order, and ends with the final state")
    func whole() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        let id = try await harness.book()
        let follower = Task { try await collect(harness.engine.follow(id)) }
        try await harness.whileRunning {
            try await eventually("the agency is called") { harness.transport.hanging == 1 }
            harness.transport.release("one/book", .word("ok"))
            let events = try await follower.value
            #expect(events.map(\.kind) == [.accepted, .sending, .succeeded])
            #expect(events.map(\.sequence) == [1, 2, 3])
        }
    }

    @Test("Goes on after any event, without gap and without repetition", arguments: 0...4)
    func resumed(_ sequence: Int) async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        try await harness.whileRunning { try await harness.expect(id, is: .succeeded) }
        let events = try await collect(harness.engine.follow(id, after: sequence))
        #expect(events.map(\.sequence) == Array((min(sequence, 3) + 1)..<4))
    }

    @Test("Several follow the same request, from different places")
    func several() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("transient"), .word("transient"), .word("ok"))
        let id = try await harness.book()
        let followers = (0..<20).map { index in
            Task { try await collect(harness.engine.follow(id, after: index % 3)) }
        }
        try await harness.whileRunning {
            try await harness.pass(in: .seconds(10), until: id, is: .succeeded)
            for (index, follower) in followers.enumerated() {
                let events = try await follower.value
                #expect(events.map(\.sequence) == Array((index % 3 + 1)...7))
            }
        }
    }

    @Test("Sees events that another process has written, though nobody tells of them")
    func withoutHint() async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        let follower = Task { try await collect(harness.engine.follow(id, after: 1)) }
        await harness.clock.waitForSleepers(1)
        let now = harness.clock.now()
        _ = try await harness.store.update(id, label: .command) { record throws(GerbangError) in
            try RequestMachine.apply(
                .cancel(actor: "client:mall"),
                to: record.progress,
                in: RequestMachine.Context(effect: .query, now: now)
            )
        }
        harness.clock.advance(by: .seconds(5))
        #expect(try await follower.value.map(\.kind) == [.cancelled])
    }

    @Test("Ends when nobody wants answers any more, and when its task is cancelled")
    func ends() async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        let cancelled = Task { try await collect(harness.engine.follow(id)) }
        let stopped = Task { try await collect(harness.engine.follow(id, after: 1)) }
        await harness.clock.waitForSleepers(1)
        cancelled.cancel()
        #expect(try await cancelled.value.count <= 1)
        harness.engine.endWaits()
        #expect(try await stopped.value.isEmpty)
        #expect(try await collect(harness.engine.follow(id, after: 1)).isEmpty)
    }

    @Test("Knows nothing of a request that is not there, or somebody else's")
    func unknown() async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        let other = RequestID(high: id.high, low: id.low ^ 1)
        for events in [harness.engine.follow(other), harness.engine.follow(id, for: ClientID(checked: "office"))] {
            let error = await #expect(throws: GerbangError.self) { try await collect(events) }
            #expect(error?.code == .notFound)
        }
    }

    @Test("A moment that has come ends a look, and a departure ends the waiting")
    func looks() async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        let clock = harness.clock
        guard case .nothing = try await harness.engine.news(of: id, after: 1, until: clock.now()) else {
            Issue.record("there is news")
            return
        }
        let hasLeft = true
        guard
            case .over = try await harness.engine.news(
                of: id,
                after: 1,
                until: clock.now() + .seconds(60),
                unless: { hasLeft }
            )
        else {
            Issue.record("it goes on")
            return
        }
    }
}
