internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

/// What users of other engines and gateways met, each named after its public issue.
@Suite("What others met: reloading, disabling, pausing, policies", .timeLimit(.minutes(10)))
struct IssueRegressionTests {
    @Test("Kong #5898: a configuration that is not usable as a whole replaces nothing of the one before")
    func atomicReload() async throws {
        let harness = try EngineHarness()
        let before = harness.engine.snapshot
        var plan = try harness.plan { $0[EngineHarness.one]?.limits.concurrency = 1 }
        plan.connections.append(try #require(plan.connections.first))
        let error = await #expect(throws: GerbangError.self) { try await harness.engine.apply(plan) }
        #expect(error?.code == .invalidConfiguration)
        #expect(harness.engine.snapshot === before)
        let limits = try await harness.engine.connectionStatuses().map(\.concurrency)
        #expect(limits == [16, 16])
        try await harness.whileRunning { try await harness.expect(try await harness.book(), is: .succeeded) }
    }

    @Test("Kong #6447: while configurations change, no request sees part of one and part of another")
    func noMixture() async throws {
        let harness = try EngineHarness()
        // Each generation has its own adapter, address and operation; whoever sees a mixture calls a wrong place.
        func plan(_ number: Int) throws -> Engine.Plan {
            var adapter = WordAdapter(effect: .query, hasInquiry: false)
            adapter.descriptor.version = "1.0.\(number)"
            adapter.descriptor.operations[0].id = OperationID(checked: "book-\(number % 2)")
            let address = try BaseURL("http://host-\(number % 2)")
            return try harness.plan { connections in
                connections[EngineHarness.one]?.adapter = adapter
                connections[EngineHarness.one]?.baseURL = address
            }
        }
        try await harness.engine.apply(plan(2))
        try await harness.whileRunning {
            var ids: [RequestID] = []
            for number in 3...102 {
                async let change = harness.engine.apply(try plan(number))
                ids.append(try await harness.book("key-\(number)"))
                _ = try await change
            }
            // A request whose operation the present generation does not have waits for one that has it.
            for turn in 103...110 {
                try await harness.engine.apply(plan(turn))
                await harness.pass(.seconds(31))
                try await harness.settle()
            }
            for id in ids {
                try await harness.expect(id, is: .succeeded)
                let record = try #require(try await harness.store.record(id))
                let accepted = try #require(record.request.generation)
                #expect(record.request.operation.text == "book-\(accepted % 2)")
                for event in try await harness.engine.events(of: id) where event.kind == .sending {
                    #expect(event.generation.map { $0 % 2 } == accepted % 2)
                }
            }
            #expect(Set(harness.transport.calls) == ["host-0/book-0", "host-1/book-1"])
            #expect(harness.transport.calls.count == ids.count)
        }
    }

    @Test("Kong #6055, #6547: nothing of a configuration that was replaced is kept")
    func nothingLeaks() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            let first = WeakSnapshot(harness.engine.snapshot)
            for round in 1...20 {
                let name = ConnectionID(checked: "round-\(round)")
                try await harness.engine.apply(
                    harness.plan { connections in
                        connections = connections.filter { !$0.key.text.hasPrefix("round") }
                        connections[name] = connections[EngineHarness.two]
                        connections[name]?.id = name
                    }
                )
                try await harness.expect(try await harness.book("key-\(round)"), is: .succeeded)
            }
            try await eventually("the first snapshot is gone") { first.isGone }
            #expect(harness.engine.snapshot.connections.count == 3)
        }
    }

    @Test(
        "OpenHIM PR #1058: another retry policy acts on the future: what has ended stays ended, what is due stays due"
    )
    func policyActsOnTheFuture() async throws {
        let harness = try EngineHarness(WordAdapter(attempts: 1))
        harness.transport.answer("one/book", .word("transient"))
        try await harness.whileRunning {
            let failed = try await harness.book("failed")
            try await harness.expect(failed, is: .failed)
            let calls = harness.transport.calls.count
            let history = try await harness.kinds(failed)
            // Fifteen attempts and short waits: everything that has failed so far would be worth another try.
            try await harness.engine.apply(
                harness.plan { connections in
                    connections[EngineHarness.one]?.adapter = WordAdapter(attempts: 15)
                    connections[EngineHarness.one]?.schedule = RetrySchedule(
                        delays: [.seconds(1)],
                        ceiling: .seconds(1)
                    )
                }
            )
            for _ in 0..<5 { try await harness.settle() }
            #expect(try await harness.progress(failed).state == .failed)
            #expect(try await harness.kinds(failed) == history)
            #expect(harness.transport.calls.count == calls)
        }
    }

    @Test("OpenHIM #1185: nothing is sent on a disabled connection, not one retry, also after a restart")
    func disabledSendsNothing() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(clock: clock, store: store)
        first.transport.always("one/book", .word("transient"))
        var ids: [RequestID] = []
        try await first.whileRunning {
            for index in 1...3 { ids.append(try await first.book("key-\(index)")) }
            try await eventually("all are to be tried again") { first.transport.calls.count == 3 }
            let status = try #require(try await first.engine.setMode(.disabled, of: EngineHarness.one))
            #expect((status.mode, status.closedBecause) == (.disabled, .disabled))
            for _ in 0..<10 { try await first.settle() }
            #expect(first.transport.calls.count == 3)
            let refused = await #expect(throws: GerbangError.self) { try await first.book("another") }
            #expect(refused?.code == .noConnection)
        }
        let second = try EngineHarness(clock: clock, store: store)
        try await second.whileRunning {
            try await eventually("it is remembered") {
                try await second.engine.connectionStatus(of: EngineHarness.one)?.mode == .disabled
            }
            for _ in 0..<10 { try await second.settle() }
            #expect(second.transport.calls.isEmpty)
            for id in ids {
                let status = try #require(try await second.engine.status(of: id))
                #expect((status.state, status.reason) == (.queued, .disabled))
            }
        }
    }

    @Test(
        "WSO2 MI #1700, #4287, EI #5569: after a restart a connection is what it was told to be, and nothing else",
        arguments: [false, true],
        ConnectionMode.allCases
    )
    func restartKeepsWhatWasTold(isPaused: Bool, mode: ConnectionMode) async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(clock: clock, store: store)
        let id = try await first.book()
        _ =
            isPaused
            ? try await first.engine.pause(EngineHarness.one) : try await first.engine.resume(EngineHarness.one)
        _ = try await first.engine.setMode(mode, of: EngineHarness.one)
        let second = try EngineHarness(clock: clock, store: store)
        try await second.whileRunning {
            try await eventually("it is remembered") {
                let status = try await second.engine.connectionStatus(of: EngineHarness.one)
                return status?.isPaused == isPaused && status?.mode == mode
            }
            guard isPaused || mode == .disabled else { return try await second.expect(id, is: .succeeded) }
            try await second.settle()
            #expect(second.transport.calls.isEmpty)
        }
    }

    @Test("WSO2 MI #1807: what waited for a disabled connection goes on when it is enabled, without a restart")
    func enabledGoesOn() async throws {
        let harness = try EngineHarness()
        _ = try await harness.engine.setMode(.draining, of: EngineHarness.one)
        _ = try await harness.engine.setMode(.enabled, of: EngineHarness.one)
        let id = try await harness.book()
        _ = try await harness.engine.setMode(.disabled, of: EngineHarness.one)
        try await harness.whileRunning {
            try await harness.settle()
            #expect(harness.transport.calls.isEmpty)
            _ = try await harness.engine.setMode(.enabled, of: EngineHarness.one)
            try await harness.expect(id, is: .succeeded)
        }
    }

    @Test("a draining connection sees what it has to its end and takes nothing new; another one takes it")
    func draining() async throws {
        let harness = try EngineHarness()
        let id = try await harness.book()
        _ = try await harness.engine.setMode(.draining, of: EngineHarness.one)
        let refused = await #expect(throws: GerbangError.self) { try await harness.book("another") }
        #expect(refused?.code == .noConnection)
        #expect(refused?.message.contains("takes no new requests") == true)
        try await harness.whileRunning {
            try await harness.expect(id, is: .succeeded)
            let spare = ConnectionID(checked: "spare")
            try await harness.engine.apply(
                harness.plan { connections in
                    connections[spare] = connections[EngineHarness.one]
                    connections[spare]?.id = spare
                }
            )
            let other = try await harness.book("another")
            #expect(try await harness.store.record(other)?.request.connection == spare)
            try await harness.expect(other, is: .succeeded)
        }
    }

    @Test("Convoy #1667, #1811: what became due while nobody looked is due, however long ago")
    func longOverdue() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(clock: clock, store: store)
        first.transport.answer("one/book", .word("transient"))
        var waiting: RequestID?
        try await first.whileRunning {
            let id = try await first.book(deadline: clock.now() + .seconds(20 * 86_400))
            try await eventually("it is to be tried again") { try await first.progress(id).reason == .retry }
            waiting = id
        }
        clock.advance(by: .seconds(10 * 86_400))
        let second = try EngineHarness(clock: clock, store: store)
        try await second.whileRunning { try await second.expect(try #require(waiting), is: .succeeded) }
    }

    @Test("Oban #862: a process never takes the leases of its former life for its own, whatever it is called")
    func ownersAreNew() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(WordAdapter(effect: .query), clock: clock, store: store)
        first.transport.answer("one/book", .hang)
        let running = Task { try await first.engine.run() }
        let id = try await first.book()
        try await eventually("the call is under way") { first.transport.hanging == 1 }
        // The same seed, name and place; the lease is nevertheless known to be somebody else's.
        clock.advance(by: .milliseconds(1))
        let second = try EngineHarness(WordAdapter(effect: .query), clock: clock, store: store)
        #expect(first.engine.owner != second.engine.owner)
        try await second.whileRunning { try await second.expect(id, is: .succeeded) }
        running.cancel()
        _ = await running.result
    }
}

/// Tells whether anybody still holds a snapshot.
private struct WeakSnapshot {
    private weak var snapshot: Snapshot?

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    var isGone: Bool { snapshot == nil }
}
