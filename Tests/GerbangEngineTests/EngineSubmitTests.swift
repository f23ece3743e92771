internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Submitting", .timeLimit(.minutes(10)))
struct EngineSubmitTests {
    private func submit(_ harness: EngineHarness, _ submission: Submission) async throws -> Engine.Receipt {
        try await harness.engine.submit(submission, as: EngineHarness.client)
    }

    @Test("the same key and content is the same request, at any time")
    func replay() async throws {
        let harness = try EngineHarness()
        let first = try await submit(harness, EngineHarness.booking("key"))
        let second = try await submit(harness, EngineHarness.booking("key"))
        #expect(!first.isReplay)
        #expect(second.isReplay)
        #expect(second.status.id == first.status.id)
        try await harness.whileRunning {
            try await harness.expect(first.status.id, is: .succeeded)
            let third = try await submit(harness, EngineHarness.booking("key"))
            #expect(third.isReplay)
            #expect(third.status.state == .succeeded)
            #expect(third.status.output == WordAdapter.booking)
            #expect(harness.transport.count("one/book") == 1)
        }
    }

    @Test("the same key with other content is refused, another client's key is its own")
    func conflict() async throws {
        let harness = try EngineHarness()
        let first = try await submit(harness, EngineHarness.booking("key"))
        let error = await #expect(throws: GerbangError.self) {
            _ = try await submit(harness, EngineHarness.booking("key", station: "BDG-02"))
        }
        #expect(error?.code == .idempotencyKeyReused)
        let other = try await harness.engine.submit(EngineHarness.booking("key"), as: ClientID(checked: "other"))
        #expect(other.status.id != first.status.id)
        #expect(try await harness.engine.status(of: first.status.id, for: ClientID(checked: "other")) == nil)
    }

    @Test("Oban #1141: 100 simultaneous submissions with one key make one request and one call")
    func simultaneous() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            let ids = try await withThrowingTaskGroup(of: RequestID.self) { group in
                for _ in 0..<100 { group.addTask { try await harness.book("same") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            try await harness.expect(try #require(ids.first), is: .succeeded)
            #expect(harness.transport.count("one/book") == 1)
        }
    }

    @Test("a key is answered with its request even when its content would not be accepted any more")
    func replayAfterDeadline() async throws {
        let harness = try EngineHarness()
        let submission = try EngineHarness.booking("key", deadline: harness.clock.now() + .seconds(60))
        let first = try await submit(harness, submission)
        harness.clock.advance(by: .seconds(61))
        let second = try? await submit(harness, submission)
        #expect(second?.status.id == first.status.id)
    }

    /// A submission that is refused, the code and the field that is named.
    struct Refusal: Sendable, CustomStringConvertible {
        var description: String
        var code: GerbangError.Code
        var field: String?
        var change: @Sendable (inout Submission) throws -> Void
    }

    static let refusals: [Refusal] = [
        Refusal(description: "unknown service", code: .unknownService, field: "/service") {
            $0.service = ServiceID(checked: "no.such.service")
        },
        Refusal(description: "a service that nobody offers", code: .noConnection, field: "/region") {
            $0.service = ServiceID(checked: "population.person.lookup")
            $0.payload = ["nik": "3174015708900003"]
        },
        Refusal(description: "a payload that is no object", code: .invalidInput, field: "/payload") { $0.payload = 7 },
        Refusal(description: "a field of a wrong form", code: .invalidInput, field: "/payload/plate") {
            $0.payload = ["plate": "?", "station": "JKT-01", "date": "2026-02-01"]
        },
        Refusal(description: "a field of a wrong type", code: .invalidInput, field: "/payload/date") {
            $0.payload = ["plate": "B 1234 XYZ", "station": "JKT-01", "date": 20_260_201]
        },
        Refusal(description: "what the adapter cannot translate", code: .invalidInput, field: "/payload/station") {
            $0.payload = ["plate": "B 1234 XYZ", "station": "FULL", "date": "2026-02-01"]
        },
        Refusal(description: "an empty key", code: .idempotencyKeyMissing, field: nil) { $0.idempotencyKey = "" },
        Refusal(description: "a long key", code: .idempotencyKeyMissing, field: nil) {
            $0.idempotencyKey = String(repeating: "é", count: 128)
        },
        Refusal(description: "a deadline that has passed", code: .invalidInput, field: "/deadline") {
            $0.deadline = ManualClock.start
        },
        Refusal(description: "a deadline too far ahead", code: .invalidInput, field: "/deadline") {
            $0.deadline = ManualClock.start + .seconds(31 * 86_400)
        },
    ]

    @Test("what is wrong is refused with the field at fault, and nothing is stored", arguments: refusals)
    func refuses(_ refusal: Refusal) async throws {
        let harness = try EngineHarness()
        var submission = try EngineHarness.booking("key")
        try refusal.change(&submission)
        let refused = submission
        let error = await #expect(throws: GerbangError.self) { _ = try await submit(harness, refused) }
        #expect(error?.code == refusal.code)
        #expect(error?.field?.description == refusal.field)
        #expect(error?.message.contains("1234") == false, "no content in an error")
        #expect(try await harness.store.list(RequestFilter()).isEmpty)
    }

    static let incomplete: [(JSONValue, String)] = [
        (["plate": "B 1234 XYZ", "date": "2026-02-01"], "station"),
        (["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-01", "colour": "red"], "*"),
        // A number that went astray is not repeated.
        (["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-01", "3174014101900001": "x"], "*"),
    ]

    @Test("a missing and an unknown field are named", arguments: incomplete)
    func namesFields(_ payload: JSONValue, _ name: String) async throws {
        let harness = try EngineHarness()
        var submission = try EngineHarness.booking("key")
        submission.payload = payload
        let refused = submission
        let error = try #require(await #expect(throws: GerbangError.self) { _ = try await submit(harness, refused) })
        let place = error.field?.description ?? ""
        #expect(error.code == .invalidInput)
        #expect(place.hasSuffix("/\(name)") || error.message.contains(name), "\(place): \(error.message)")
        #expect(!"\(error)".contains("3174014101900001"))
    }
}
