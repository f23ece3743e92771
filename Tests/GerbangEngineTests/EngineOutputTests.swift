internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Outputs that do not fit the service", .timeLimit(.minutes(10)))
struct EngineOutputTests {
    @Test("a query is asked again")
    func query() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("two/lookup", .word("odd"))
        try await harness.whileRunning {
            let id = try await harness.lookUp("key")
            try await eventually("the first answer is refused") {
                try await harness.progress(id).failures == 1
            }
            let refused = try await harness.engine.events(of: id).first { $0.kind == .retryScheduled }
            #expect(refused?.error?.code == .agencyUnreadable)
            try await harness.pass(in: .seconds(60), until: id, is: .succeeded)
            #expect(harness.transport.count("two/lookup") == 2)
            #expect(try await harness.progress(id).output?["plate"] == "B 1234 XYZ")
        }
    }

    @Test(
        "what was done is neither lost nor done again, whatever the effect",
        arguments: [
            Effect.nonIdempotent, .idempotent(key: "key"),
        ]
    )
    func done(effect: Effect) async throws {
        let harness = try EngineHarness(WordAdapter(effect: effect))
        harness.transport.answer("one/book", .word("odd"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .succeeded)
            #expect(harness.transport.count("one/book") == 1)
            let progress = try await harness.progress(id)
            #expect(progress.output == ["bookingNumber": 1])
            #expect(progress.agencyReference == "A-1")
        }
    }

    @Test("what an inquiry found done is done")
    func found() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
        harness.transport.always("one/find", .word("odd"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.pass(in: .seconds(60), until: id, is: .succeeded)
            #expect(harness.transport.count("one/book") == 1)
            #expect(try await harness.progress(id).output == ["bookingNumber": 1])
        }
    }
}
