internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangEngine

@Suite("Doubt, limits and recovery")
struct RequestMachineDoubtTests {
    @Test("a negative answer counts only when it was asked for late enough")
    func conclusiveness() throws {
        let doubtful = try Machine.inDoubt()
        let since = try #require(doubtful.doubtfulSince)
        #expect(since == Machine.start)
        let reliable = since + .seconds(60)
        // Asked a millisecond too early, answered long after.
        let early = try Machine.claim(doubtful, at: reliable + .milliseconds(-1))
        let still = try Machine.settle(.finding(.notDone), early, Machine.context(at: reliable + .seconds(20)))
        #expect(still.state == .inDoubt)
        #expect(still.dueAt == reliable + .seconds(20))
        let veryEarly = try Machine.claim(doubtful, at: since + .seconds(6))
        let later = try Machine.settle(.finding(.notDone), veryEarly, Machine.context(at: since + .seconds(7)))
        #expect(later.dueAt == reliable)
        let inTime = try Machine.claim(still, at: reliable + .seconds(20))
        let resent = try Machine.settle(.finding(.notDone), inTime, Machine.context(at: reliable + .seconds(21)))
        #expect(resent.state == .queued)
        #expect(resent.reason == .new)
        #expect(resent.dueAt == reliable + .seconds(21))
        #expect(resent.attempts == 1)
    }

    @Test("a negative answer is not conclusive when nobody knows when it would be")
    func withoutInquiry() throws {
        let asking = try Machine.claim(Machine.inDoubt(), at: Machine.start + .seconds(5))
        let after = try Machine.settle(
            .finding(.notDone),
            asking,
            Machine.context(inquiry: nil, at: Machine.start + .seconds(6))
        )
        #expect(after.state == .inDoubt)
    }

    @Test("a doubt without an inquiry waits for an operator")
    func operatorOnly() throws {
        let after = try Machine.settle(
            .failure(WireFailure(.reset, .maybeSent)),
            Machine.running(),
            Machine.context(inquiry: nil)
        )
        #expect(after.state == .inDoubt)
        #expect(after.dueAt == nil)
    }

    @Test("a request that the agency decides later and cannot be asked about can be settled by an operator")
    func pendingWithoutInquiry() throws {
        let verdict = Verdict.pending(agencyReference: "R", checkAfter: .seconds(60))
        let after = try Machine.settle(.verdict(verdict), Machine.running(), Machine.context(inquiry: nil))
        #expect(after.dueAt == nil)
        let done = RequestMachine.Resolution.done(output: nil, agencyReference: nil)
        let resolved = try? Machine.apply(.resolve(done, actor: "o"), to: after)
        #expect(resolved?.state == .succeeded)
    }

    @Test("a doubt that is settled after the deadline, or cancelled meanwhile, is not sent again")
    func notResent() throws {
        let late = Machine.deadline + .seconds(5)
        let asking = try Machine.claim(Machine.inDoubt(), at: late)
        #expect(try Machine.settle(.finding(.notDone), asking, Machine.context(at: late)).state == .expired)
        let cancelled = try Machine.apply(.cancel(actor: "c"), to: Machine.inquiring())
        #expect(cancelled.state == .inDoubt)
        #expect(try Machine.settle(.finding(.notDone), cancelled).state == .cancelled)
        #expect(try Machine.settle(.finding(.done(output: nil)), cancelled).state == .succeeded)
        #expect(try Machine.apply(.resolve(.resend, actor: "o"), to: cancelled).state == .cancelled)
    }

    @Test("an operator's word makes the inquiry under way worthless")
    func resolvedWhileAsking() throws {
        let asking = try Machine.inquiring()
        let resolved = try Machine.apply(.resolve(.resend, actor: "o"), to: asking)
        #expect(resolved.state == .queued)
        #expect(resolved.epoch > asking.epoch)
        let after = try Machine.apply(.outcome(.finding(.done(output: nil)), epoch: asking.epoch), to: resolved)
        #expect(after.state == .queued)
    }

    @Test("Convoy #1833: attempts end in the dead-letter list after exactly as many as allowed", arguments: [1, 2, 5])
    func attemptLimit(_ limit: Int) throws {
        var progress = Machine.queued
        for attempt in 1...limit {
            let now = try #require(progress.dueAt)
            progress = try Machine.claim(progress, at: now)
            let context = Machine.context(attempts: limit, at: now)
            progress = try Machine.settle(.verdict(.transient(Machine.trouble)), progress, context)
            #expect(progress.attempts == attempt)
            #expect(progress.state == (attempt == limit ? .failed : .queued))
        }
        #expect(progress.isDeadLetter)
        #expect(progress.error?.code == .attemptsExhausted)
        let redriven = try Machine.apply(.redrive(actor: "o", deadline: Machine.deadline), to: progress)
        #expect(redriven.state == .queued)
        #expect((redriven.attempts, redriven.failures, redriven.recoveries) == (0, 0, 0))
        #expect(redriven.epoch == limit)
        #expect(redriven.error == nil)
        #expect(!redriven.isDeadLetter)
    }

    @Test("Solid Queue #422: a crash never fails a request, also when it took the last attempt")
    func crashesAndAttempts() throws {
        let context = Machine.context(.query, attempts: 1, at: Machine.start)
        let recovered = try Machine.apply(.recover, to: Machine.running(), context)
        #expect(recovered.state == .queued)
        #expect(recovered.attempts == 1)
    }

    @Test("waiting and calls that never left use no attempt, for as long as the deadline allows")
    func freeWaits() throws {
        var progress = Machine.queued
        for round in 1...50 {
            let now = Machine.start + .seconds(round * 600)
            progress = try Machine.claim(progress, at: now)
            let outcome: RequestMachine.CallOutcome =
                round % 2 == 0
                ? .failure(WireFailure(.connect, .notSent))
                : .verdict(.throttled(Machine.trouble, until: now + .seconds(60)))
            progress = try Machine.settle(outcome, progress, Machine.context(attempts: 1, at: now))
            #expect(progress.state == .queued)
            #expect(progress.attempts == 0)
            progress.dueAt = now
        }
        #expect(progress.calls == 50)
    }

    @Test("a failure after the deadline expires the request")
    func deadline() throws {
        let running = try Machine.claim(Machine.queued, at: Machine.deadline + .milliseconds(-1))
        let context = Machine.context(at: Machine.deadline)
        #expect(try Machine.settle(.verdict(.transient(Machine.trouble)), running, context).state == .expired)
        #expect(try Machine.settle(.verdict(.succeeded(output: nil)), running, context).state == .succeeded)
        #expect(try Machine.settle(.verdict(.inDoubt(Machine.unknown)), running, context).state == .inDoubt)
    }

    @Test("a crash during a send: repeatable is queued at once, unrepeatable is in doubt")
    func crash() throws {
        let running = try Machine.running()
        for effect in RequestMachineVerdictTests.effects {
            let after = try Machine.apply(.recover, to: running, Machine.context(effect))
            #expect(after.state == (effect == .nonIdempotent ? .inDoubt : .queued))
            #expect(after.lease == nil)
            #expect(after.recoveries == 1)
            let isLate = try #require(after.dueAt) > Machine.later
            #expect(isLate == (effect == .nonIdempotent))
        }
        for asking in [try Machine.inquiring(), try Machine.polling()] {
            let after = try Machine.apply(.recover, to: asking)
            #expect(after.state == asking.state)
            #expect(after.step == asking.step)
            #expect(try #require(after.dueAt) > Machine.later)
            #expect(after.attempts == asking.attempts)
        }
    }

    @Test("a request that takes its process down five times in a row is set aside", arguments: [false, true])
    func poison(isRepeatable: Bool) throws {
        let effect = isRepeatable ? Effect.query : .nonIdempotent
        var progress = Machine.queued
        var now = Machine.start
        for round in 1...5 {
            #expect(progress.state == .queued, "before round \(round)")
            now = max(now, try #require(progress.dueAt))
            progress = try Machine.claim(progress, at: now)
            progress = try Machine.apply(.recover, to: progress, Machine.context(effect, at: now))
            guard progress.state == .inDoubt else { continue }
            now = now + .seconds(60)
            progress = try Machine.claim(progress, at: now)
            progress = try Machine.settle(.finding(.notDone), progress, Machine.context(effect, at: now))
        }
        #expect(progress.state == .failed)
        #expect(progress.error?.code == .poison)
        #expect(progress.isDeadLetter)
    }

    @Test("an inquiry that takes its process down again and again becomes rare, and counts against nothing")
    func poisonousInquiry() throws {
        var progress = try Machine.apply(.recover, to: Machine.running(), Machine.context(.nonIdempotent))
        var waits: [Duration] = []
        for _ in 1...12 {
            let due = try #require(progress.dueAt)
            progress = try Machine.claim(progress, at: due)
            progress = try Machine.apply(.recover, to: progress, Machine.context(.nonIdempotent, at: due))
            #expect(progress.state == .inDoubt)
            waits.append(try #require(progress.dueAt) - due)
        }
        #expect(waits == waits.sorted())
        #expect(try #require(waits.last) >= .seconds(3 * 3600))
        #expect(progress.recoveries == 1)
    }

    @Test("a crash now and then during a long wait for the agency is no poison")
    func pollsBetweenCrashes() throws {
        var progress = try Machine.awaiting()
        for _ in 1...12 {
            progress = try Machine.claim(progress, at: try #require(progress.dueAt))
            progress = try Machine.apply(.recover, to: progress, Machine.context(.nonIdempotent))
            progress = try Machine.claim(progress, at: try #require(progress.dueAt))
            progress = try Machine.settle(
                .finding(.pending(agencyReference: nil, checkAfter: .seconds(60))),
                progress,
                Machine.context(.nonIdempotent)
            )
            #expect(progress.state == .awaitingAgency)
        }
    }

    @Test("any verdict ends a row of crashes")
    func recoveriesInARow() throws {
        var progress = Machine.queued
        for _ in 1...12 {
            progress = try Machine.claim(progress, at: try #require(progress.dueAt))
            progress = try Machine.apply(.recover, to: progress, Machine.context(.query, attempts: 99))
            progress = try Machine.claim(progress, at: Machine.later)
            progress = try Machine.settle(
                .verdict(.transient(Machine.trouble)),
                progress,
                Machine.context(.query, attempts: 99)
            )
            #expect(progress.state == .queued)
            progress.dueAt = Machine.later
        }
    }

    @Test("only negative answers in a row about an acknowledged request make it doubtful")
    func lostReference() throws {
        var progress = try Machine.awaiting()
        for round in 1...5 {
            #expect(progress.state == .awaitingAgency, "before round \(round)")
            let now = try #require(progress.dueAt)
            progress = try Machine.settle(
                .finding(.notDone),
                Machine.claim(progress, at: now),
                Machine.context(at: now)
            )
        }
        #expect(progress.state == .inDoubt)
        #expect(progress.dueAt == nil, "nobody but an operator can tell")
        var shaky = try Machine.awaiting()
        for _ in 1...6 {
            let now = try #require(shaky.dueAt)
            let failure = RequestMachine.CallOutcome.failure(WireFailure(.timeout, .maybeSent))
            shaky = try Machine.settle(failure, Machine.claim(shaky, at: now), Machine.context(at: now))
        }
        let now = try #require(shaky.dueAt)
        shaky = try Machine.settle(.finding(.notDone), Machine.claim(shaky, at: now), Machine.context(at: now))
        #expect(shaky.state == .awaitingAgency)
    }

    @Test("an idempotent request whose fate is unknown does not end as if nothing had been done")
    func idempotentFate() throws {
        let effect = Effect.idempotent(key: "id")
        let lost = RequestMachine.CallOutcome.failure(WireFailure(.timeout, .maybeSent))
        let exhausted = try Machine.settle(lost, Machine.running(), Machine.context(effect, attempts: 1))
        let queued = try Machine.settle(lost, Machine.running(), Machine.context(effect, at: Machine.start))
        let expired = try Machine.apply(.checkDeadline, to: queued, Machine.context(effect, at: Machine.deadline))
        let cancelled = try Machine.apply(.cancel(actor: "c"), to: queued, Machine.context(effect))
        for progress in [exhausted, expired, cancelled] {
            #expect(!progress.state.isFinal)
        }
    }
}
