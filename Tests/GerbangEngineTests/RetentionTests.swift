internal import GerbangCore
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("What ended long ago", .timeLimit(.minutes(10)))
struct RetentionTests {
    @Test("OpenHIM #1167, River #59: it is removed after its time, in batches, without a request to do so")
    func removal() async throws {
        let harness = try EngineHarness()
        harness.transport.always("one/book", .word("rejected"))
        try await harness.whileRunning {
            var ids: [RequestID] = []
            for number in 0..<120 { ids.append(try await harness.book("key-\(number)")) }
            for id in ids { try await harness.expect(id, is: .rejected) }
            // A day before its time nothing is gone.
            await harness.pass(.seconds(89 * 86_400))
            #expect(try await harness.store.list(RequestFilter(limit: 1000)).count == 120)
            await harness.pass(.seconds(2 * 86_400))
            try await eventually("everything is removed") {
                await harness.pass(.milliseconds(100))
                return try await harness.store.list(RequestFilter(limit: 1000)).isEmpty
            }
            #expect(try await harness.store.events(of: ids[0], after: 0) == [])
        }
    }

    @Test("dead letters stay, and so does what still waits")
    func staying() async throws {
        let harness = try EngineHarness(WordAdapter(attempts: 1))
        harness.transport.answer("one/book", .word("transient"))
        try await harness.whileRunning {
            let dead = try await harness.book()
            try await harness.expect(dead, is: .failed)
            await harness.pass(.seconds(400 * 86_400))
            await harness.pass(.seconds(3600))
            #expect(try await harness.progress(dead).isDeadLetter)
        }
    }

    @Test("a key that may come again keeps its request, however short the retention is set")
    func keys() async throws {
        let configuration = Engine.Configuration(maximumDeadline: .seconds(30 * 86_400), retention: .seconds(60))
        #expect(configuration.shortestRetention == .seconds(31 * 86_400))
        let harness = try EngineHarness(configuration: configuration)
        harness.transport.answer("one/book", .word("rejected"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .rejected)
            await harness.pass(.seconds(30 * 86_400))
            await harness.pass(.seconds(3600))
            #expect(try await harness.store.record(id) != nil)
            await harness.pass(.seconds(2 * 86_400))
            try await eventually("it is removed") {
                await harness.pass(.milliseconds(100))
                return try await harness.store.record(id) == nil
            }
        }
    }
}
