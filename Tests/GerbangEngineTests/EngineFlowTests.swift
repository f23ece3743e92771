internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("The engine and several agencies", .timeLimit(.minutes(10)))
struct EngineFlowTests {
    @Test("a paused connection accepts and sends nothing, also after a restart, until it is resumed")
    func pause() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(clock: clock, store: store)
        try await first.whileRunning {
            let status = try #require(try await first.engine.pause(EngineHarness.one))
            #expect(status.isPaused)
            #expect(status.closedBecause == .paused)
        }
        let second = try EngineHarness(clock: clock, store: store)
        try await second.whileRunning {
            try await eventually("the pause is remembered") {
                try await second.engine.connectionStatuses().first { $0.id == EngineHarness.one }?.isPaused == true
            }
            let id = try await second.book()
            await second.pass(.seconds(60))
            await second.pass(.seconds(60))
            await second.clock.waitForSleepers(1)
            #expect(second.transport.calls.isEmpty)
            #expect(try await second.engine.status(of: id)?.reason == .paused)
            _ = try await second.engine.resume(EngineHarness.one)
            try await second.expect(id, is: .succeeded)
        }
    }

    @Test("a pause is remembered although the agency asks to wait at the same moment")
    func pauseMeetsThrottling() async throws {
        let store = MoodyStore()
        let harness = try EngineHarness(store: store)
        harness.transport.answer("one/book", .word("throttled 60"))
        try await harness.whileRunning {
            store.holdNextSave()
            let id = try await harness.book()
            try await eventually("the wait is being remembered") { store.isSaveHeld }
            _ = try await harness.engine.pause(EngineHarness.one)
            store.releaseSave()
            try await eventually("it waits") { try await harness.progress(id).reason == .throttled }
            let mark = try await store.connectionMarks()[EngineHarness.one]
            #expect(mark?.isPaused == true)
        }
    }

    @Test("WSO2 MI #3771: an agency that fails is left alone, and when it works again everything drains by itself")
    func outage() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 4, minimumRetries: 8))
        harness.transport.always("one/book", .failure(.connect, .notSent))
        try await harness.whileRunning {
            var ids: [RequestID] = []
            for index in 1...20 { ids.append(try await harness.book("key-\(index)")) }
            try await eventually("the breaker opens") {
                let status = try await harness.engine.connectionStatuses().first { $0.id == EngineHarness.one }
                return status?.closedBecause == .breakerOpen && status?.inFlight == 0
            }
            let calls = harness.transport.count("one/book")
            #expect((5...8).contains(calls))
            await harness.pass(.seconds(20))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.count("one/book") == calls, "not called while it is open")
            harness.transport.always("one/book", .word("ok"))
            for id in ids { try await harness.pass(in: .seconds(10), until: id, is: .succeeded) }
            #expect(harness.transport.count("one/book") == calls + 20)
            for id in ids { #expect(try await harness.progress(id).attempts == 1) }
        }
    }

    @Test("Mirth #4144, Convoy #1926: an agency that hangs slows no other")
    func isolation() async throws {
        let harness = try EngineHarness()
        harness.transport.always("one/book", .hang)
        try await harness.whileRunning {
            for index in 1...40 { try await harness.book("hanging-\(index)") }
            try await eventually("all slots hang") { harness.transport.hanging == 16 }
            var ids: [RequestID] = []
            for index in 1...100 { ids.append(try await harness.lookUp("quick-\(index)")) }
            for id in ids { try await harness.expect(id, is: .succeeded) }
            #expect(harness.transport.count("one/book") == 16)
            let statuses = try await harness.engine.connectionStatuses()
            #expect(statuses.first { $0.id == EngineHarness.one }?.inFlight == 16)
            #expect(statuses.first { $0.id == EngineHarness.one }?.closedBecause == .busy)
        }
    }

    @Test("never more calls at once than the limit, and every request is called once")
    func concurrency() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 3))
        harness.transport.always("one/book", .hang)
        try await harness.whileRunning {
            for index in 1...12 { try await harness.book("key-\(index)") }
            for done in 0..<12 {
                try await eventually("the slots are filled") { harness.transport.hanging == min(3, 12 - done) }
                #expect(harness.transport.count("one/book") == min(12, done + 3))
                harness.transport.release("one/book", .word("ok"))
                try await eventually("it is settled") {
                    try await harness.engine.list(RequestFilter(states: [.succeeded])).count == done + 1
                }
            }
        }
    }

    @Test("OpenHIM #145, Mirth #744: the rate limit of a connection spreads its calls over time")
    func rate() async throws {
        let harness = try EngineHarness(limits: FlowLimits(callsPerSecond: 2))
        try await harness.whileRunning {
            for index in 1...6 { try await harness.book("key-\(index)") }
            try await eventually("two are called") { harness.transport.calls.count == 2 }
            for expected in [4, 6] {
                await harness.clock.waitForSleepers(1)
                #expect(harness.transport.calls.count == expected - 2)
                await harness.pass(.seconds(1))
                try await eventually("two more are called") { harness.transport.calls.count == expected }
            }
        }
    }

    @Test("two connections of one name, an unknown service and a broken schema are refused")
    func badConfiguration() throws {
        let connection = Connection(id: EngineHarness.one, adapter: WordAdapter(), baseURL: try BaseURL("http://one"))
        func make(_ catalogue: ServiceCatalogue, _ connections: [Connection]) throws(GerbangError) {
            _ = try Engine(
                catalogue: catalogue,
                connections: connections,
                store: MemoryStore(),
                transport: ScriptedTransport()
            )
        }
        let builtin = try ServiceCatalogue.builtin()
        #expect(throws: GerbangError.self) { try make(builtin, [connection, connection]) }
        let empty = try ServiceCatalogue([])
        #expect(throws: GerbangError.self) { try make(empty, [connection]) }
        var broken = try #require(builtin[ServiceID(checked: "transport.vehicle.lookup")])
        broken.input = ["type": 7]
        let catalogue = try ServiceCatalogue([broken])
        #expect(throws: GerbangError.self) { try make(catalogue, []) }
    }
}
