internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangEngine

@Suite("What the outcome of a call does")
struct RequestMachineVerdictTests {
    /// A verdict, where it leads for an operation that may be repeated and for one that may not, and whether it counts.
    struct Row: Sendable, CustomStringConvertible {
        var verdict: Verdict
        var repeatable: RequestState
        var unrepeatable: RequestState
        var counts: Bool
        var reason: QueueReason?
        var description: String { verdict.name }
    }

    static let rows: [Row] = [
        Row(
            verdict: .succeeded(output: [:], agencyReference: "A"),
            repeatable: .succeeded,
            unrepeatable: .succeeded,
            counts: true
        ),
        Row(
            verdict: .pending(agencyReference: "R", checkAfter: .seconds(60)),
            repeatable: .awaitingAgency,
            unrepeatable: .awaitingAgency,
            counts: true
        ),
        Row(verdict: .rejected(Machine.trouble), repeatable: .rejected, unrepeatable: .rejected, counts: true),
        Row(verdict: .invalid(Machine.trouble), repeatable: .rejected, unrepeatable: .rejected, counts: true),
        Row(
            verdict: .transient(Machine.trouble),
            repeatable: .queued,
            unrepeatable: .queued,
            counts: true,
            reason: .retry
        ),
        Row(
            verdict: .unauthorized(Machine.trouble),
            repeatable: .queued,
            unrepeatable: .queued,
            counts: true,
            reason: .retry
        ),
        Row(
            verdict: .throttled(Machine.trouble, until: Machine.later + .seconds(90)),
            repeatable: .queued,
            unrepeatable: .queued,
            counts: false,
            reason: .throttled
        ),
        Row(
            verdict: .inDoubt(Machine.unknown),
            repeatable: .queued,
            unrepeatable: .inDoubt,
            counts: true,
            reason: .retry
        ),
    ]

    static let effects: [Effect] = [.query, .idempotent(key: "id"), .nonIdempotent]

    @Test("every verdict, for every effect", arguments: rows, effects)
    func verdicts(_ row: Row, _ effect: Effect) throws {
        let running = try Machine.running()
        let after = try Machine.settle(.verdict(row.verdict), running, Machine.context(effect))
        let state = effect == .nonIdempotent ? row.unrepeatable : row.repeatable
        #expect(after.state == state)
        #expect(after.attempts == (row.counts ? 1 : 0))
        #expect(after.lease == nil)
        #expect(after.reason == (state == .queued ? row.reason : nil))
        #expect((after.dueAt == nil) == state.isFinal)
        #expect(after.step == (state == .inDoubt ? .inquire : state == .awaitingAgency ? .poll : .send))
    }

    @Test("every verdict, for every effect, when cancelling was asked for", arguments: rows, effects)
    func verdictsWhileCancelling(_ row: Row, _ effect: Effect) throws {
        let running = try Machine.apply(.cancel(actor: "client"), to: Machine.running())
        let after = try Machine.settle(.verdict(row.verdict), running, Machine.context(effect))
        let state = effect == .nonIdempotent ? row.unrepeatable : row.repeatable
        if case .idempotent = effect, case .inDoubt = row.verdict { return }
        #expect(after.state == (state == .queued ? .cancelled : state))
    }

    static let kinds: [WireFailure.Kind] = [
        .resolve, .connect, .tls, .certificate, .proxy, .timeout, .reset, .tooLarge, .malformed, .cancelled,
        .unsendable, .unauthorized, .unavailable,
        WireFailure.Kind(rawValue: "something-new"),
    ]

    @Test("every failure on the wire, for every effect, when sending", arguments: kinds, effects)
    func failures(_ kind: WireFailure.Kind, _ effect: Effect) throws {
        let running = try Machine.running()
        for sendState in [SendState.notSent, .maybeSent] {
            let after = try Machine.settle(
                .failure(WireFailure(kind, sendState)),
                running,
                Machine.context(effect)
            )
            guard kind != .unsendable else {
                #expect(after.state == .failed || sendState == .maybeSent)
                continue
            }
            let isDoubtful = sendState == .maybeSent && effect == .nonIdempotent
            #expect(after.state == (isDoubtful ? .inDoubt : .queued))
            #expect(after.attempts == (sendState == .maybeSent ? 1 : 0), "a call that never left counts for nothing")
            #expect(after.error != nil)
            #expect(after.dueAt != nil)
            #expect(after.step == (isDoubtful ? .inquire : .send))
        }
    }

    @Test("a message that may have left is never said not to have been sent")
    func unsendable() throws {
        let after = try Machine.settle(.failure(WireFailure(.unsendable, .maybeSent)), Machine.running())
        #expect(after.state == .inDoubt)
    }

    @Test("every failure on the wire leaves an inquiry or a poll where it was", arguments: kinds)
    func failuresWhileAsking(_ kind: WireFailure.Kind) throws {
        for (asking, state) in [
            (try Machine.inquiring(), RequestState.inDoubt), (try Machine.polling(), .awaitingAgency),
        ] {
            for outcome in [
                RequestMachine.CallOutcome.failure(WireFailure(kind, .notSent)),
                .failure(WireFailure(kind, .maybeSent)),
                .unprepared(Machine.trouble), .finding(.unclear(Machine.trouble)),
            ] {
                let after = try Machine.settle(outcome, asking)
                #expect(after.state == state)
                #expect(after.attempts == asking.attempts)
                #expect(after.failures == asking.failures + 1)
                #expect(try #require(after.dueAt) > Machine.later)
                #expect(after.step == asking.step)
            }
        }
    }

    @Test("a message that cannot be made ends the request without an attempt, by whose fault it is")
    func unprepared() throws {
        let ours = try Machine.settle(.unprepared(GerbangError(.internalFault, "x")), Machine.running())
        #expect(ours.state == .failed)
        #expect(ours.isDeadLetter)
        #expect(ours.attempts == 0)
        let theirs = try Machine.settle(.unprepared(GerbangError(.invalidInput, "x")), Machine.running())
        #expect(theirs.state == .rejected)
        #expect(!theirs.isDeadLetter)
        #expect(theirs.attempts == 0)
    }

    @Test("every finding of an inquiry and of a poll")
    func findings() throws {
        for asking in [try Machine.inquiring(), try Machine.polling()] {
            let done = try Machine.settle(.finding(.done(output: ["a": 1], agencyReference: "A")), asking)
            #expect(done.state == .succeeded)
            #expect(done.output == ["a": 1])
            #expect(done.agencyReference == "A")
            let pending = try Machine.settle(.finding(.pending(agencyReference: nil, checkAfter: .seconds(60))), asking)
            #expect(pending.state == .awaitingAgency)
            #expect(pending.dueAt == Machine.later + .seconds(60))
            let rejected = try Machine.settle(.finding(.rejected(Machine.trouble)), asking)
            #expect(rejected.state == .rejected)
            #expect(rejected.error == Machine.trouble)
        }
    }

    @Test("a retry is not before the agency asked for it, and waits are bounded by the deadline")
    func waits() throws {
        let running = try Machine.running()
        func due(_ verdict: Verdict) throws -> Timestamp? { try Machine.settle(.verdict(verdict), running).dueAt }
        // With a jitter of a half, three quarters of the first delay.
        #expect(try due(.transient(Machine.trouble)) == Machine.later + .milliseconds(3750))
        #expect(try due(.transient(Machine.trouble, retryAfter: .seconds(1))) == Machine.later + .milliseconds(3750))
        #expect(try due(.transient(Machine.trouble, retryAfter: .seconds(90))) == Machine.later + .seconds(90))
        #expect(try due(.transient(Machine.trouble, retryAfter: .seconds(999_999))) == Machine.deadline)
        #expect(
            try due(.throttled(Machine.trouble, until: Machine.later + .seconds(77))) == Machine.later + .seconds(77)
        )
        #expect(try due(.throttled(Machine.trouble, until: .init(milliseconds: .max))) == Machine.deadline)
    }

    @Test("an agency that says wait until a moment ago is not asked again at once")
    func hurriedThrottling() throws {
        let verdict = Verdict.throttled(Machine.trouble, until: Machine.later + .seconds(-60))
        let after = try Machine.settle(.verdict(verdict), Machine.running())
        let due = try #require(after.dueAt)
        #expect(due > Machine.later)
    }
}
