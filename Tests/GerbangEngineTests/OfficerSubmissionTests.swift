internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Submissions by officers")
struct OfficerSubmissionTests {
    private func submission(_ channel: Channel, _ officer: String?) throws -> Submission {
        var submission = try EngineHarness.booking("key")
        submission.channel = channel
        submission.officer = try officer.map {
            Officer(id: try OfficerID($0), name: Sensitive("ANI CONTOH"), counter: "A-12")
        }
        return submission
    }

    @Test("The officer stands in the request, its status and its first event, and nowhere else in the history")
    func recorded() async throws {
        let harness = try EngineHarness()
        let submission = try submission(.counter, "ani.petugas")
        let status = try await harness.engine.submit(submission, as: EngineHarness.client).status
        #expect(status.officer == submission.officer)
        #expect(try await harness.store.record(status.id)?.request.submission.officer == submission.officer)
        _ = try await harness.engine.cancel(status.id, by: "client:mall")
        let events = try await harness.engine.events(of: status.id)
        #expect(events.map(\.actor) == ["officer:ani.petugas", "client:mall"])
    }

    @Test(
        "A channel that needs an officer is refused without, and the other way round",
        arguments: [Channel.counter, .online]
    )
    func refused(channel: Channel) async throws {
        let harness = try EngineHarness()
        let submission = try submission(channel, channel == .online ? "ani" : nil)
        await #expect { try await harness.engine.submit(submission, as: EngineHarness.client) } throws: { error in
            (error as? GerbangError)?.field?.description == "/officer"
        }
    }

    @Test("A colleague who repeats a submission with its key finds the first officer's request")
    func replay() async throws {
        let harness = try EngineHarness()
        let first = try await harness.engine.submit(try submission(.counter, "ani"), as: EngineHarness.client)
        let again = try await harness.engine.submit(try submission(.counter, "budi"), as: EngineHarness.client)
        #expect(again.isReplay)
        #expect(again.status.id == first.status.id)
        #expect(again.status.officer?.id.revealed == "ani")
        #expect(try submission(.counter, "ani").fingerprint() == submission(.counter, "budi").fingerprint())
    }

    @Test("A counter's request from before officers were named is still found by its key")
    func oldRequest() async throws {
        let harness = try EngineHarness()
        let submission = try submission(.counter, nil)
        let request = ServiceRequest(
            id: RequestID(high: 0x019B_FE64_7C3A_7D50, low: 1),
            client: EngineHarness.client,
            submission: submission,
            connection: EngineHarness.one,
            operation: WordAdapter.book,
            acceptedAt: harness.clock.now(),
            deadline: harness.clock.now() + .seconds(3600)
        )
        let progress = RequestProgress(acceptedAt: request.acceptedAt, deadline: request.deadline)
        let record = RequestRecord(request: request, progress: progress)
        #expect(record.acceptedEvent.actor == nil)
        #expect(try await harness.store.accept(record, fingerprint: submission.fingerprint()) == .stored)
        let receipt = try await harness.engine.submit(submission, as: EngineHarness.client)
        #expect(receipt.isReplay)
        #expect(receipt.status.id == request.id)
    }

    @Test("Requests stored before officers and acknowledgements were kept are read as they were")
    func storedBefore() throws {
        let json = try JSONValue(
            parsing: Array(
                """
                {"id": "019bfe64-7c3a-7d50-9d2b-3f0c8a4be1aa", "client": "mall", "service": "transport.vehicle.lookup",
                 "region": "3174", "channel": "counter", "payload": {"plate": "B 1234 XYZ"}, "idempotencyKey": "key",
                 "connection": "one", "operation": "lookup", "acceptedAt": 1767578400000, "deadline": 1767664800000}
                """.utf8
            )
        )
        let request = try #require(ServiceRequest(storedJSON: json))
        #expect(request.submission.officer == nil)
        let progress = try JSONValue(
            parsing: Array(
                """
                {"state": "awaitingAgency", "step": "poll", "deadline": 1767664800000, "calls": 1, "attempts": 1,
                 "failures": 0, "negativeAnswers": 0, "recoveries": 0, "epoch": 1, "sequence": 3,
                 "updatedAt": 1767578400000}
                """.utf8
            )
        )
        #expect(try #require(RequestProgress(storedJSON: progress)).acknowledgedAt == nil)
    }

    @Test("What is stored is read again, officer and all")
    func coding() async throws {
        let harness = try EngineHarness()
        let status = try await harness.engine.submit(try submission(.kiosk, "ani"), as: EngineHarness.client).status
        let request = try #require(try await harness.store.record(status.id)).request
        #expect(ServiceRequest(storedJSON: request.storedJSON) == request)
    }
}
