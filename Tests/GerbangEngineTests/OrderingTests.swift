internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Requests for one case go one after the other", .timeLimit(.minutes(10)))
struct OrderingTests {
    private static func adapter() -> WordAdapter {
        var adapter = WordAdapter()
        adapter.descriptor.operations[0].orderingKey = .field(JSONPointer.root.appending("station"))
        return adapter
    }

    private func book(_ harness: EngineHarness, _ key: String, station: String) async throws -> RequestStatus {
        try await harness.engine.submit(EngineHarness.booking(key, station: station), as: EngineHarness.client).status
    }

    @Test("the second waits for the first and says so, others do not wait")
    func oneAfterTheOther() async throws {
        let harness = try EngineHarness(Self.adapter())
        harness.transport.answer("one/book", .hang)
        let first = try await book(harness, "first", station: "AA")
        let second = try await book(harness, "second", station: "AA")
        #expect(first.reason == .new)
        #expect(second.state == .queued && second.reason == .behindAnother && second.dueAt == nil)
        #expect(second.progress.texts.english.contains("an earlier request for the same case"))
        #expect(second.progress.expectedFinishAt == nil)
        // Nothing of the other request is told.
        #expect(!"\(second)".contains(first.id.description))
        try await harness.whileRunning {
            // The first call must have begun: it is the one that hangs.
            try await eventually("the first is called") { harness.transport.count("one/book") == 1 }
            let other = try await book(harness, "other", station: "BB")
            try await harness.expect(other.id, is: .succeeded)
            try await harness.expect(first.id, is: .running)
            #expect(try await harness.progress(second.id).calls == 0)
            #expect(try await harness.engine.status(of: second.id)?.reason == .behindAnother)
            harness.transport.release("one/book", .word("ok"))
            try await harness.expect(second.id, is: .succeeded)
        }
        #expect(harness.transport.count("one/book") == 3)
    }

    @Test("a head in doubt, or with the agency, holds the next back until it has ended")
    func doubt() async throws {
        let harness = try EngineHarness(Self.adapter())
        harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
        harness.transport.always("one/find", .word("unclear"))
        let first = try await book(harness, "first", station: "AA")
        let second = try await book(harness, "second", station: "AA")
        try await harness.whileRunning {
            try await harness.expect(first.id, is: .inDoubt)
            await harness.pass(.seconds(30))
            #expect(try await harness.progress(second.id).calls == 0)
            _ = try await harness.engine.resolve(first.id, as: .notDone, by: "operator:ani")
            await harness.pass(.seconds(2))
            // A dead letter holds nobody back.
            #expect(try await harness.progress(first.id).isDeadLetter)
            try await harness.expect(second.id, is: .succeeded)
        }
    }

    @Test("what stands behind another one can be cancelled")
    func cancelling() async throws {
        let harness = try EngineHarness(Self.adapter())
        _ = try await book(harness, "first", station: "AA")
        let second = try await book(harness, "second", station: "AA")
        let cancelled = try await harness.engine.cancel(second.id, by: "client:mall")
        #expect(cancelled?.state == .cancelled && cancelled?.reason == nil)
    }

    @Test("a case is one case on all connections to one system, and another one on other systems")
    func systems() throws {
        func key(_ name: String, group: String?, station: String) throws -> OrderingKey? {
            let connection = Connection(
                id: ConnectionID(checked: name),
                adapter: Self.adapter(),
                baseURL: try BaseURL("http://\(name)"),
                agencyGroup: group
            )
            let request = ServiceRequest(
                id: RequestID(high: 1, low: 1),
                client: EngineHarness.client,
                submission: try EngineHarness.booking("key", station: station),
                connection: connection.id,
                operation: WordAdapter.book,
                acceptedAt: ManualClock.start,
                deadline: ManualClock.start
            )
            let operation = connection.adapter.descriptor.operations[0]
            return try connection.orderingKey(
                of: AdapterCall(operation: operation, request: request, now: ManualClock.start)
            )
        }
        let here = try key("a", group: "g", station: "AA")
        #expect(here?.digest.utf8.count == 32)
        #expect(try key("b", group: "g", station: "AA") == here)
        #expect(try key("a", group: "g", station: "BB") != here)
        #expect(try key("a", group: nil, station: "AA") != here)
        #expect(try key("a", group: nil, station: "AA") != key("b", group: nil, station: "AA"))
        #expect(try key("a", group: nil, station: "") == nil)
    }

    // The regression tests that are named after what users of other gateways had to suffer.

    @Test("one stuck message does not block the rest of its connection (nextgenhealthcare/connect#4144)")
    func mirth4144() async throws {
        let harness = try EngineHarness(Self.adapter(), limits: FlowLimits(concurrency: 4))
        harness.transport.answer("one/book", .word("transient"))
        let stuck = try await book(harness, "stuck", station: "AA")
        for number in 0..<20 { _ = try await book(harness, "behind-\(number)", station: "AA") }
        try await harness.whileRunning {
            try await eventually("the first one is tried") { try await harness.progress(stuck.id).failures == 1 }
            for number in 0..<20 {
                let status = try await book(harness, "free-\(number)", station: "S-\(number)")
                try await harness.expect(status.id, is: .succeeded)
            }
            #expect(harness.transport.count("one/book") == 21)
        }
    }

    @Test("an endpoint that fails does not clog the queue of the others (frain-dev/convoy#1926)")
    func convoy1926() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 2))
        harness.transport.always("one/book", .hang)
        for number in 0..<50 { _ = try await book(harness, "hanging-\(number)", station: "S-\(number)") }
        try await harness.whileRunning {
            try await eventually("its slots are full") { harness.transport.hanging == 2 }
            for number in 0..<20 { try await harness.expect(harness.lookUp("free-\(number)"), is: .succeeded) }
        }
    }

    @Test("calls of one target are limited in rate (jembi/openhim-core-js#145, nextgenhealthcare/connect#744)")
    func openHIM145() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 64, callsPerSecond: 2))
        for number in 0..<10 { _ = try await book(harness, "limited-\(number)", station: "S-\(number)") }
        try await harness.whileRunning {
            try await eventually("a second's worth is sent") { harness.transport.count("one/book") == 2 }
            for number in 0..<10 { try await harness.expect(harness.lookUp("free-\(number)"), is: .succeeded) }
            #expect(harness.transport.count("one/book") == 2)
            await harness.pass(.seconds(1))
            try await eventually("the next second's worth is sent") { harness.transport.count("one/book") == 4 }
        }
    }
}
