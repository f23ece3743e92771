internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("The engine's ordinary life", .timeLimit(.minutes(10)))
struct EngineLifeTests {
    @Test("a request goes in, the agency answers, the waiting client is told")
    func happyPath() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            async let answer = harness.engine.wait(for: id, until: harness.clock.now() + .seconds(10))
            try await eventually("it is sent") { harness.transport.hanging == 1 }
            harness.transport.release("one/book", .word("ok"))
            let status = try #require(try await answer)
            #expect(status.state == .succeeded)
            #expect(status.output == WordAdapter.booking)
            #expect(status.agencyReference == "A-1")
            #expect(status.attempts == 1)
            #expect(try await harness.kinds(id) == [.accepted, .sending, .succeeded])
            #expect(harness.transport.calls == ["one/book"])
        }
    }

    @Test("waiting ends at its own time when the agency does not answer, and at once for a request that has ended")
    func waiting() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            let end = harness.clock.now() + .seconds(2)
            async let answer = harness.engine.wait(for: id, until: end)
            await harness.clock.waitForSleepers(2)
            await harness.pass(.seconds(2))
            #expect(try await answer?.state == .running)
            harness.transport.release("one/book", .word("rejected"))
            try await harness.expect(id, is: .rejected)
            let never = Timestamp(milliseconds: .max)
            #expect(try await harness.engine.wait(for: id, until: never)?.state == .rejected)
            let unknown = try #require(RequestID("00000000-0000-7000-8000-000000000000"))
            #expect(try await harness.engine.wait(for: unknown, until: never) == nil)
        }
    }

    @Test("a failure is tried again within its half jitter, then it succeeds")
    func retry() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("transient"), .failure(.connect, .notSent))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("the retry is scheduled") { try await harness.progress(id).reason == .retry }
            let wait = try #require(try await harness.progress(id).dueAt) - harness.clock.now()
            #expect(wait >= .milliseconds(2500) && wait <= .seconds(5))
            await harness.pass(wait)
            try await eventually("the second retry is scheduled") { try await harness.progress(id).failures == 2 }
            await harness.pass(.seconds(30))
            try await harness.expect(id, is: .succeeded)
            #expect(harness.transport.count("one/book") == 3)
            #expect(try await harness.progress(id).attempts == 2)
        }
    }

    @Test("an agency that asks to wait is left alone until then, by all requests, at no cost")
    func throttled() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("throttled 60"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it waits") { try await harness.progress(id).reason == .throttled }
            let second = try await harness.book("second")
            await harness.pass(.seconds(59))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.count("one/book") == 1)
            let status = try #require(try await harness.engine.status(of: second))
            #expect(status.reason == .throttled)
            await harness.pass(.seconds(1))
            try await harness.expect(id, is: .succeeded)
            try await harness.expect(second, is: .succeeded)
            #expect(try await harness.progress(id).attempts == 1)
            let mark = try await harness.store.connectionMarks()[EngineHarness.one]
            #expect(mark?.notBefore != nil)
        }
    }

    @Test("outside the service hours nothing is sent, and nothing is lost")
    func serviceHours() async throws {
        let opens = ManualClock.start + .seconds(3600)
        let closure = ServiceCalendar.Closure(from: ManualClock.start, until: opens)
        let harness = try EngineHarness(calendar: ServiceCalendar(closures: [closure]))
        try await harness.whileRunning {
            let id = try await harness.book()
            await harness.pass(.seconds(1800))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.calls.isEmpty)
            let status = try #require(try await harness.engine.status(of: id))
            #expect(status.reason == .outsideHours)
            #expect(status.dueAt == opens)
            await harness.pass(.seconds(1800))
            try await harness.expect(id, is: .succeeded)
        }
    }

    @Test("a request that cannot be sent before its deadline expires")
    func deadline() async throws {
        let harness = try EngineHarness()
        harness.transport.always("one/book", .failure(.connect, .notSent))
        try await harness.whileRunning {
            let id = try await harness.book(deadline: harness.clock.now() + .seconds(100))
            try await harness.pass(in: .seconds(10), until: id, is: .expired)
            let progress = try await harness.progress(id)
            #expect(progress.error?.code == .deadlineExceeded)
            #expect(progress.attempts == 0)
            #expect(try #require(progress.finishedAt) >= ManualClock.start + .seconds(100))
        }
    }

    @Test("a deadline ends a request of a paused connection too")
    func deadlineWhilePaused() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            _ = try await harness.engine.pause(EngineHarness.one)
            let id = try await harness.book(deadline: harness.clock.now() + .seconds(5))
            try await harness.pass(in: .seconds(10), until: id, is: .expired)
        }
    }

    @Test("used-up attempts lead to the dead-letter list, redriving out of it")
    func deadLetter() async throws {
        let harness = try EngineHarness(WordAdapter(attempts: 2))
        harness.transport.answer("one/book", .word("transient"), .word("transient"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.pass(in: .seconds(5), until: id, is: .failed)
            let letters = try await harness.engine.list(RequestFilter(isDeadLetter: true))
            #expect(letters.map(\.id) == [id])
            #expect(letters.first?.error?.code == .attemptsExhausted)
            let redriven = try #require(try await harness.engine.redrive(id, by: "operator:ani"))
            #expect(redriven.state == .queued)
            try await harness.expect(id, is: .succeeded)
            #expect(try await harness.engine.list(RequestFilter(isDeadLetter: true)).isEmpty)
            let kinds = try await harness.kinds(id)
            #expect(kinds.suffix(4) == [.failed, .redriven, .sending, .succeeded])
            await #expect(throws: GerbangError.self) { _ = try await harness.engine.redrive(id, by: "x") }
            await #expect(throws: GerbangError.self) { _ = try await harness.engine.discard(id, by: "x") }
        }
    }

    @Test("a queued request is cancelled at once and never sent")
    func cancelQueued() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            _ = try await harness.engine.pause(EngineHarness.one)
            let id = try await harness.book()
            #expect(try await harness.engine.cancel(id, by: "client:mall")?.state == .cancelled)
            #expect(
                try await harness.engine.cancel(id, by: "client:mall")?.state == .cancelled,
                "once more is no error"
            )
            _ = try await harness.engine.resume(EngineHarness.one)
            await harness.pass(.seconds(60))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.calls.isEmpty)
        }
    }

    @Test(
        "cancelling during a call does not undo what the agency did",
        arguments: [
            ("ok", RequestState.succeeded), ("transient", .cancelled), ("throttled 60", .cancelled),
            ("rejected", .rejected),
            ("garbage", .inDoubt), ("pending", .awaitingAgency),
        ]
    )
    func cancelRunning(_ word: String, _ state: RequestState) async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it is sent") { harness.transport.hanging == 1 }
            let status = try #require(try await harness.engine.cancel(id, by: "client:mall"))
            #expect(status.state == .running)
            #expect(status.isCancelRequested)
            harness.transport.release("one/book", .word(word))
            try await harness.expect(id, is: state)
            guard state.isFinal || state == .awaitingAgency else { return }
            if state == .cancelled { return }
            await #expect(throws: GerbangError.self) { _ = try await harness.engine.cancel(id, by: "x") }
        }
    }

    @Test("commands on an unknown request are answered with nothing")
    func unknown() async throws {
        let harness = try EngineHarness()
        let id = try #require(RequestID("00000000-0000-7000-8000-000000000000"))
        #expect(try await harness.engine.status(of: id) == nil)
        #expect(try await harness.engine.cancel(id, by: "x") == nil)
        #expect(try await harness.engine.redrive(id, by: "x") == nil)
        #expect(try await harness.engine.resolve(id, as: .resend, by: "x") == nil)
        #expect(try await harness.engine.discard(id, by: "x") == nil)
        #expect(try await harness.engine.pause(ConnectionID(checked: "nobody")) == nil)
    }

    @Test("an engine runs once, and says so to who runs it again")
    func once() async throws {
        let harness = try EngineHarness()
        try await harness.whileRunning {
            try await harness.expect(harness.book(), is: .succeeded)
            await #expect(throws: GerbangError.self) { try await harness.engine.run() }
        }
        let error = await #expect(throws: GerbangError.self) { try await harness.engine.run() }
        #expect(error?.code == .conflict)
    }
}
