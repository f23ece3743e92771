internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("What the engine tells of a request", .timeLimit(.minutes(10)))
struct EngineProgressTests {
    private static let office = ServiceCalendar(
        hours: (1...5).map { ServiceCalendar.Hours(weekday: $0, opens: 8 * 3600, closes: 16 * 3600) }
    )

    private func progress(_ harness: EngineHarness, _ id: RequestID) async throws -> ProgressNotice {
        try #require(try await harness.engine.status(of: id)).progress
    }

    @Test("A request that is accepted while the agency is closed is told when it opens, in the citizen's zone")
    func closed() async throws {
        let friday = try #require(Timestamp(year: 2026, month: 1, day: 9, hour: 17, zone: .wib))
        let harness = try EngineHarness(calendar: Self.office, clock: ManualClock(now: friday))
        var submission = try EngineHarness.booking("key")
        let receipt = try await harness.engine.submit(submission, as: EngineHarness.client)
        let notice = receipt.status.progress
        #expect(notice.holder == .init(kind: .agency, name: LocalizedText(id: "Kata", en: "Word")))
        #expect(
            notice.texts.indonesian
                == "Kata baru buka lagi Senin pukul 08.00 WIB; permohonan Anda dilanjutkan saat itu."
        )
        let monday = try #require(Timestamp(year: 2026, month: 1, day: 12, hour: 8, zone: .wib))
        let finish = try #require(notice.expectedFinishAt)
        // The standard time of the service is a minute.
        #expect(finish >= monday + .seconds(60) && finish <= monday + .seconds(80))
        submission.idempotencyKey = "papua"
        submission.region = try Region("91.71")
        let papua = try await harness.engine.submit(submission, as: EngineHarness.client).status.progress
        #expect(papua.texts.english == "Word opens again Monday at 10:00 WIT; your request continues then.")
    }

    @Test("A paused connection promises nothing, not even for a request whose next call is due later")
    func paused() async throws {
        let harness = try EngineHarness(WordAdapter(effect: .query))
        harness.transport.answer("one/book", .word("transient"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it waits") { try await harness.progress(id).reason == .retry }
            #expect(try await progress(harness, id).holder.kind == .agency)
            #expect(try await progress(harness, id).expectedFinishAt != nil)
            _ = try await harness.engine.pause(EngineHarness.one)
            let notice = try await progress(harness, id)
            #expect(notice.holder.kind == .operator)
            #expect(notice.expectedFinishAt == nil)
            #expect(notice.texts.english.contains("on hold"))
        }
    }

    @Test("A doubt is the gateway's to settle, or an operator's")
    func doubt() async throws {
        for hasInquiry in [true, false] {
            let harness = try EngineHarness(WordAdapter(hasInquiry: hasInquiry))
            harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
            try await harness.whileRunning {
                let id = try await harness.book()
                try await harness.expect(id, is: .inDoubt)
                let notice = try await progress(harness, id)
                #expect(notice.holder.kind == (hasInquiry ? .gateway : .operator))
                #expect((notice.expectedFinishAt != nil) == hasInquiry)
                let due = try await harness.progress(id).dueAt
                if let due, let finish = notice.expectedFinishAt { #expect(finish >= due) }
            }
        }
    }

    @Test("A connection that is not configured any more is an operator's to mend")
    func notConnected() async throws {
        let store = MemoryStore()
        let id = try await EngineHarness(store: store).book()
        let other = try EngineHarness(store: store)
        var record = try #require(try await store.record(id))
        record.request.connection = ConnectionID(checked: "gone")
        let notice = other.engine.status(of: record).progress
        #expect(notice.holder.kind == .operator)
        #expect(notice.expectedFinishAt == nil)
    }

    @Test("Measured calls replace the standard time")
    func measured() async throws {
        let harness = try EngineHarness()
        let first = try await harness.engine.submit(try EngineHarness.booking("first"), as: EngineHarness.client).status
        // The standard time of the service is a minute.
        #expect(try #require(first.progress.expectedFinishAt) >= harness.clock.now() + .seconds(60))
        try await harness.whileRunning {
            for number in 1...60 {
                let id = try await harness.book("key-\(number)")
                try await harness.expect(id, is: .succeeded)
            }
            harness.transport.always("one/book", .hang)
            let id = try await harness.book("last")
            try await harness.expect(id, is: .running)
            #expect(try #require(try await progress(harness, id).expectedFinishAt) <= harness.clock.now() + .seconds(1))
        }
    }

    @Test("Behind a long queue the wait is told, and that it is for the turn")
    func crowded() async throws {
        let harness = try EngineHarness(limits: FlowLimits(concurrency: 1, callsPerSecond: 0.1))
        harness.transport.always("one/book", .hang)
        try await harness.whileRunning {
            let first = try await harness.book("first")
            try await harness.expect(first, is: .running)
            let second = try await harness.book("second")
            var last = second
            for number in 1...40 {
                harness.clock.advance(by: .milliseconds(10))
                last = try await harness.book("key-\(number)")
            }
            let notice = try await progress(harness, last)
            let finish = try #require(notice.expectedFinishAt)
            // Not more than one call in ten seconds, and some forty before it.
            #expect(finish > harness.clock.now() + .seconds(350))
            #expect(notice.holder.kind == .gateway)
            #expect(notice.texts.indonesian == "Permohonan Anda menunggu giliran untuk diteruskan ke Kata.")
            let early = try await progress(harness, second)
            #expect(try #require(early.expectedFinishAt) < finish)
        }
    }

    @Test("An agency that decides later is measured from when it said so")
    func acknowledged() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("pending"))
        harness.transport.always("one/find", .word("pending"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .awaitingAgency)
            let notice = try await progress(harness, id)
            #expect(notice.holder.kind == .agency)
            #expect(notice.texts.english == "Word has received your request and is working on it.")
            #expect(try await harness.progress(id).acknowledgedAt == ManualClock.start)
            harness.clock.advance(by: .seconds(30 * 86_400))
            try await eventually("it is late") {
                try await progress(harness, id).texts.english
                    == "Word is still working on your request and takes longer than usual."
            }
            #expect(try await progress(harness, id).expectedFinishAt == nil)
        }
    }

    @Test("A request that has ended tells how and when, and needs no gate")
    func ended() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .succeeded)
            let notice = try await progress(harness, id)
            #expect(notice.holder.kind == .mall)
            #expect(notice.expectedFinishAt == nil)
            #expect(notice.expectedFinishTexts.english == "Done today at 09:00 WIB.")
        }
    }
}
