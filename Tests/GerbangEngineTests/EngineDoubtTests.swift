internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("The engine in doubt, and after a crash", .timeLimit(.minutes(10)))
struct EngineDoubtTests {
    @Test("Mirth #1314: a lost answer is settled by asking: too early, then for certain, then it is sent again")
    func inquiry() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
        harness.transport.always("one/find", .word("notDone"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .inDoubt)
            await harness.pass(.seconds(10))
            try await eventually("it is asked") {
                try await harness.kinds(id) == [.accepted, .sending, .doubted, .inquiring, .stillInDoubt]
            }
            let due = try #require(try await harness.progress(id).dueAt)
            #expect(due == ManualClock.start + .seconds(60))
            await harness.pass(.seconds(49))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.calls == ["one/book", "one/find"])
            await harness.pass(.seconds(1))
            try await harness.expect(id, is: .succeeded)
            #expect(harness.transport.calls == ["one/book", "one/find", "one/find", "one/book"])
            #expect(try await harness.progress(id).attempts == 2)
        }
    }

    @Test("an answer that cannot be read is a doubt, and an inquiry that finds the effect ends it")
    func unreadable() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("<html>"))
        harness.transport.answer("one/find", .failure(.connect, .notSent), .word("garbage"), .word("done"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .inDoubt)
            try await harness.pass(in: .seconds(40), until: id, is: .succeeded)
            #expect(harness.transport.count("one/book") == 1)
            #expect(try await harness.progress(id).agencyReference == "A-1")
        }
    }

    @Test("an agency that decides later is asked until it has decided")
    func pending() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .word("pending"))
        harness.transport.answer("one/find", .word("pending"), .word("done"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .awaitingAgency)
            #expect(try await harness.progress(id).dueAt == ManualClock.start + .seconds(60))
            await #expect(throws: GerbangError.self) { _ = try await harness.engine.cancel(id, by: "x") }
            try await harness.pass(in: .seconds(30), until: id, is: .succeeded)
            #expect(harness.transport.calls == ["one/book", "one/find", "one/find"])
        }
    }

    @Test(
        "without an inquiry an operator decides",
        arguments: [
            (RequestMachine.Resolution.resend, RequestState.succeeded), (.notDone, .failed),
            (
                .done(
                    output: ["bookingNumber": "9", "date": "2026-02-01", "station": "JKT-01"],
                    agencyReference: "A-9"
                ), .succeeded
            ),
        ]
    )
    func operatorDecides(_ resolution: RequestMachine.Resolution, _ state: RequestState) async throws {
        let harness = try EngineHarness(WordAdapter(hasInquiry: false))
        harness.transport.answer("one/book", .failure(.reset, .maybeSent))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .inDoubt)
            await harness.pass(.seconds(86_400))
            await harness.pass(.seconds(86_400))
            await harness.clock.waitForSleepers(1)
            #expect(harness.transport.calls == ["one/book"])
            _ = try await harness.engine.resolve(id, as: resolution, by: "operator:ani")
            try await harness.expect(id, is: state)
            #expect(harness.transport.count("one/book") == (resolution == .resend ? 2 : 1))
            let resolved = try await harness.engine.events(of: id).first { $0.kind == .resolved }
            #expect(resolved?.actor == "operator:ani")
        }
    }

    @Test("an operator's output must be one of the service's; the request stays in doubt until it is")
    func wrongOutput() async throws {
        let harness = try EngineHarness(WordAdapter(hasInquiry: false))
        harness.transport.answer("one/book", .failure(.reset, .maybeSent))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .inDoubt)
            for (output, place) in [
                (["bookingNumber": 9, "date": "2026-02-01", "station": "JKT-01"], "/output/bookingNumber"),
                (
                    ["bookingNumber": "9", "date": "2026-02-01", "station": "JKT-01", "3174014101900001": "x"],
                    "/output/*"
                ),
                ("done", "/output"),
            ] as [(JSONValue, String)] {
                let error = await #expect(throws: GerbangError.self) {
                    _ = try await harness.engine.resolve(id, as: .done(output: output, agencyReference: nil), by: "o")
                }
                #expect(error?.code == .invalidInput && error?.field?.description == place, "\(error as Any)")
            }
            try await harness.expect(id, is: .inDoubt)
            _ = try await harness.engine.resolve(id, as: .done(output: nil, agencyReference: "A-9"), by: "o")
            try await harness.expect(id, is: .succeeded)
        }
    }

    @Test("DBOS #742, Solid Queue #761: an outcome that comes after its lease was taken away is noted and not used")
    func stale() async throws {
        let harness = try EngineHarness()
        harness.transport.answer("one/book", .hang)
        harness.transport.always("one/find", .word("done"))
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it is sent") { harness.transport.hanging == 1 }
            await harness.pass(.seconds(61))
            try await harness.expect(id, is: .inDoubt)
            harness.transport.release("one/book", .word("rejected"))
            try await eventually("the late answer is noted") { try await harness.kinds(id).contains(.staleOutcome) }
            #expect(try await harness.progress(id).state == .inDoubt)
            try await harness.pass(in: .seconds(10), until: id, is: .succeeded)
            #expect(harness.transport.count("one/book") == 1)
        }
    }

    @Test("stopping lets calls under way end, then gives them up, and loses none")
    func stop() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let harness = try EngineHarness(clock: clock, store: store)
        harness.transport.answer("one/book", .hang, .hang)
        let running = Task { try await harness.engine.run() }
        let ids = [try await harness.book("a"), try await harness.book("b")]
        try await eventually("both are sent") { harness.transport.hanging == 2 }
        try await harness.expect(try await harness.book("c"), is: .succeeded)
        harness.engine.stop()
        await #expect(throws: GerbangError.self) { try await harness.book("late") }
        harness.transport.release("one/book", .word("ok"))
        try await eventually("one ends") { harness.transport.hanging == 1 }
        // The time keeper and the end of grace.
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(11))
        try await running.value
        #expect(harness.transport.hanging == 0)
        let first = try await harness.progress(ids[0]).state
        let second = try await harness.progress(ids[1]).state
        #expect(Set([first, second]) == [.succeeded, .inDoubt])
        #expect(try await store.leases(endedBefore: nil, limit: 9).isEmpty)

        let next = try EngineHarness(clock: clock, store: store)
        next.transport.always("one/find", .word("done"))
        let doubtful = first == .inDoubt ? ids[0] : ids[1]
        try await next.whileRunning {
            try await next.pass(in: .seconds(5), until: doubtful, is: .succeeded)
            #expect(next.transport.count("one/book") == 0)
        }
    }

    /// Accepts a request and leaves it as a process leaves it that dies during the call.
    private func die(_ harness: EngineHarness, _ id: RequestID, effect: Effect) async throws {
        let now = harness.clock.now()
        let context = RequestMachine.Context(effect: effect, now: now)
        let record = try #require(try await harness.store.record(id))
        let batch = try await harness.store.claim(
            [ClaimAsk(connection: record.request.connection, slots: 9, retrySlots: 9)],
            at: now
        ) { record throws(GerbangError) in
            try RequestMachine.apply(.claim(owner: "earlier", leaseFor: .seconds(60)), to: record.progress, in: context)
        }
        try #require(batch.records.map(\.request.id) == [id])
    }

    @Test(
        "OpenHIM #1208, #138, Oban #603, Solid Queue #591, #786: after a crash a query is sent again, and what must not be repeated is asked about"
    )
    func restart() async throws {
        let harness = try EngineHarness()
        harness.transport.always("one/find", .word("done"))
        harness.transport.always("two/lookup", .word("ok"))
        let (booking, query) = (try await harness.book(), try await harness.lookUp("query"))
        try await die(harness, booking, effect: .nonIdempotent)
        try await die(harness, query, effect: .query)
        try await harness.whileRunning {
            try await harness.expect(query, is: .succeeded)
            try await harness.expect(booking, is: .inDoubt)
            #expect(harness.transport.calls == ["two/lookup"])
            try await harness.pass(in: .seconds(5), until: booking, is: .succeeded)
            #expect(harness.transport.count("one/book") == 0)
            #expect(try await harness.kinds(query) == [.accepted, .sending, .recovered, .sending, .succeeded])
        }
    }

    @Test("DBOS-py #716: a store that fails while a crash is recovered from delays the recovery, and does not end it")
    func storeIsAwayAtRecovery() async throws {
        let store = MoodyStore()
        let harness = try EngineHarness(store: store)
        harness.transport.always("two/lookup", .word("ok"))
        let query = try await harness.lookUp("query")
        try await die(harness, query, effect: .query)
        store.failUpdates(1)
        try await harness.whileRunning {
            try await harness.pass(in: .seconds(5), until: query, is: .succeeded)
            #expect(try await harness.kinds(query) == [.accepted, .sending, .recovered, .sending, .succeeded])
        }
    }

    @Test("a check of the store fails as long as it takes no writes")
    func storeIsChecked() async throws {
        let store = MoodyStore()
        let harness = try EngineHarness(store: store)
        try await harness.engine.checkStore()
        store.failUpdates(1)
        for _ in 1...2 {
            let error = await #expect(throws: GerbangError.self) { try await harness.engine.checkStore() }
            #expect(error?.code == .storageUnavailable)
        }
        store.failUpdates(0)
        try await harness.engine.checkStore()
    }

    @Test("a request that takes five processes down is set aside and can be redriven")
    func poison() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try EngineHarness(clock: clock, store: store)
        try await store.updateMark(of: EngineHarness.two) { $0.isPaused = true }
        let id = try await first.lookUp("poison")
        for round in 1...5 {
            try await die(first, id, effect: .query)
            let harness = try EngineHarness(clock: clock, store: store)
            try await harness.whileRunning {
                try await harness.expect(id, is: round == 5 ? .failed : .queued)
            }
            clock.advance(by: .seconds(3600))
        }
        #expect(try await first.progress(id).error?.code == .poison)
        #expect(first.transport.calls.isEmpty)
        #expect(try await first.engine.redrive(id, by: "operator:ani")?.state == .queued)
    }

    @Test("an outcome waits for a store that does not answer")
    func storeIsAway() async throws {
        let store = MoodyStore()
        let harness = try EngineHarness(store: store)
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it is sent") { harness.transport.hanging == 1 }
            store.failUpdates(3)
            harness.transport.release("one/book", .word("ok"))
            try await harness.pass(in: .milliseconds(200), until: id, is: .succeeded)
            #expect(try await harness.kinds(id) == [.accepted, .sending, .succeeded])
            #expect(harness.transport.count("one/book") == 1)
        }
    }

    @Test("DBOS #804: a lease that was given anew since it was listed is not taken away")
    func freshLease() async throws {
        let store = MoodyStore()
        let harness = try EngineHarness(store: store)
        harness.transport.answer("one/book", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            try await eventually("it is sent") { harness.transport.hanging == 1 }
            store.tellOldLeases()
            // One sweep, and the look at the clock after it.
            await harness.pass(.seconds(11))
            await harness.clock.waitForSleepers(1)
            let state = try await harness.progress(id).state
            #expect(state == .running)
        }
    }

    @Test("whoever waits is not told of an end when a deadline only leads to a doubt")
    func deadlineInDoubt() async throws {
        let harness = try EngineHarness(WordAdapter(effect: .idempotent(key: "id")))
        harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
        harness.transport.always("one/find", .word("notDone"))
        try await harness.whileRunning {
            let deadline = harness.clock.now() + .seconds(2)
            let id = try await harness.book(deadline: deadline)
            try await eventually("the retry is scheduled") { try await harness.progress(id).dueAt == deadline }
            async let answer = harness.engine.wait(for: id, until: deadline + .seconds(3600))
            await harness.clock.waitForSleepers(2)
            harness.clock.set(to: deadline)
            try await harness.expect(id, is: .inDoubt)
            try await harness.pass(in: .seconds(10), until: id, is: .expired)
            #expect(harness.transport.count("one/book") == 1)
            let state = try await answer?.state
            #expect(state == .expired)
        }
    }

    @Test("a worker that stood still until its lease was nearly over does not send")
    func standstill() async throws {
        let clock = ManualClock()
        var adapter = WordAdapter()
        // The first message is made when the request is submitted, the second when it is sent.
        adapter.onPrepare = { call in
            if call.attempt == 1, clock.now() > ManualClock.start { clock.advance(by: .seconds(600)) }
        }
        let harness = try EngineHarness(adapter, clock: clock)
        _ = try await harness.engine.pause(EngineHarness.one)
        let id = try await harness.book()
        try await harness.whileRunning {
            await harness.pass(.seconds(1))
            _ = try await harness.engine.resume(EngineHarness.one)
            try await eventually("the call is over") {
                let progress = try await harness.progress(id)
                return progress.calls > 0 && progress.lease == nil
            }
            let calls = harness.transport.count("one/book")
            #expect(calls == 0)
        }
    }

    @Test("an inquiry that takes long is not interrupted by its own lease")
    func longInquiry() async throws {
        let timeouts = CallTimeouts(firstByte: .seconds(100), total: .seconds(120))
        let harness = try EngineHarness(WordAdapter(timeouts: timeouts))
        harness.transport.answer("one/book", .failure(.timeout, .maybeSent))
        harness.transport.answer("one/find", .hang)
        try await harness.whileRunning {
            let id = try await harness.book()
            try await harness.expect(id, is: .inDoubt)
            await harness.pass(.seconds(10))
            try await eventually("it is asked") { harness.transport.hanging == 1 }
            let lease = try #require(try await harness.progress(id).lease)
            let length = lease.until - lease.since
            #expect(length >= timeouts.total)
        }
    }
}
