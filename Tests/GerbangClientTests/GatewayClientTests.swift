internal import DukcapilSimulator
internal import Gerbang
internal import GerbangClient
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@Suite("A backend that talks to the daemon")
struct GatewayClientTests {
    private static func identity(_ key: String, nik: String = "3174015708900003") throws -> Submission {
        try Submission(
            .verifyIdentity,
            in: "31.74",
            key: key,
            payload: ["nik": .string(nik), "name": "SITI CONTOH"]
        )
    }

    @Test("What the daemon tells is what the engine knows")
    func sameTypes() async throws {
        try await withWorld { world in
            let client = try world.client()
            let receipt = try await client.submit(Self.identity("visit-1"), waiting: .seconds(300))
            #expect(receipt.status.state == .succeeded && !receipt.isReplay)
            let id = receipt.id
            #expect(try await client.status(of: id) == world.gateway.status(of: id))
            #expect(try await client.wait(for: id, timeout: .seconds(1)) == world.gateway.status(of: id))
            #expect(try await client.history(of: id, after: 1) == world.gateway.history(of: id, after: 1))
            var told: [RequestEvent] = []
            for try await event in client.events(of: id) { told.append(event) }
            #expect(try await told == world.gateway.history(of: id))

            world.registry.refuse()
            let waiting = try await client.submit(Self.identity("visit-2")).id
            var iterator = client.events(of: waiting).makeAsyncIterator()
            while let event = try await iterator.next(), event.kind != .retryScheduled {}
            #expect(try await client.cancel(waiting).state == .cancelled)
            #expect(try await client.status(of: waiting) == world.gateway.status(of: waiting))
            while let event = try await iterator.next() { #expect(event.kind != .accepted) }
        }
    }

    @Test("Everything of a submission arrives")
    func submission() async throws {
        try await withWorld { world in
            let now = SystemClock().now()
            var submission = try Self.identity("visit-3")
            submission.applicant = Applicant(
                nik: try NIK("3174015708900003", today: now.date(in: .wib)),
                name: Sensitive("SITI CONTOH")
            )
            submission.channel = .counter
            submission.officer = Officer(id: try OfficerID("ani"), name: Sensitive("ANI CONTOH"), counter: "A-12")
            submission.deadline = now + .seconds(3600)
            let first = try await world.client().submit(submission)
            #expect(first.status.deadline == submission.deadline)
            #expect(first.status.officer == submission.officer)
            #expect(first.status.channel == .counter)
            // The same content is the same request, to the last byte of its fingerprint.
            let again = try await world.gateway.submit(submission, as: first.status.client)
            #expect(again.isReplay && again.id == first.id)
        }
    }

    @Test("An answer that gets lost is asked for again with the same key, and nothing is done twice")
    func lostAnswers() async throws {
        try await withWorld { world in
            let transport = try LossyTransport(losses: 2)
            let client = try world.client(transport)
            let receipt = try await client.submit(Self.identity("visit-4"), waiting: .seconds(300))
            #expect(receipt.status.state == .succeeded && receipt.isReplay)
            #expect(transport.messages == [.post, .post, .post])
            #expect(world.registry.ledger.entries.count == 1)
        }
    }

    @Test("Cancelling whose answer gets lost is cancelling once")
    func lostCommand() async throws {
        try await withWorld { world in
            world.registry.refuse()
            let id = try await world.client().submit(Self.identity("visit-5")).id
            let transport = try LossyTransport(losses: 1)
            let status = try await world.client(transport).cancel(id)
            #expect(status.state == .cancelled || status.isCancelRequested)
            #expect(transport.messages == [.post, .post])
        }
    }

    @Test("A refusal names the field and has a text for the citizen")
    func refusal() async throws {
        try await withWorld { world in
            let client = try world.client()
            let error = await expect(.invalidInput) {
                _ = try await client.submit(Self.identity("visit-6", nik: "3174015713900003"))
            }
            #expect(error?.field?.description == "/payload/nik")
            #expect(error?.citizenText[.indonesian].contains("NIK") == true)
            _ = try await client.submit(Self.identity("visit-7"))
            _ = await expect(.idempotencyKeyReused) {
                _ = try await client.submit(Self.identity("visit-7", nik: "3174011708900003"))
            }
            let nobody = try #require(RequestID("01a2015b-6115-745e-8213-854da161bfe0"))
            _ = await expect(.notFound) { _ = try await client.status(of: nobody) }
            _ = await expect(.notFound) { for try await _ in client.events(of: nobody) {} }
        }
    }

    @Test("A daemon that stays away is told after the time that one has patience")
    func away() async throws {
        let client = try GatewayClient(url: "http://127.0.0.1:1", patience: .milliseconds(300))
        let error = await expect(.unreachable) { _ = try await client.submit(Self.identity("visit-8")) }
        #expect(error?.citizenText == GerbangError.Code.storageUnavailable.citizenText)
        #expect(throws: GerbangError.self) { try GatewayClient(url: "gerbang.example") }
    }
}
