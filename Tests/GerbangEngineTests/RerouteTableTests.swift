internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

/// Which request may go to another connection, by what its operation does and by what is known of its calls.
@Suite("Fail-over respects effects")
struct RerouteTableTests {
    enum Standing: CaseIterable {
        case neverSent, notReached, answeredNotDone, throttled, unknown, unknownThenAnswered, running, inDoubt, resent
        case acknowledged, foundLost, ended
    }

    private static let now = Timestamp(milliseconds: 1_767_578_400_000)
    private static let inquiry = Inquiry(operation: OperationID(checked: "find"), conclusiveAfter: .milliseconds(1))
    private static let effects: [Effect] = [.query, .idempotent(key: "key"), .nonIdempotent]

    private static func progress(_ standing: Standing, _ effect: Effect) throws -> RequestProgress {
        var progress = RequestProgress(acceptedAt: now, deadline: now + .seconds(86_400))
        func apply(_ input: RequestMachine.Input, after delay: Duration = .zero) throws {
            let context = RequestMachine.Context(effect: effect, inquiry: inquiry, now: now + delay)
            progress = try RequestMachine.apply(input, to: progress, in: context).progress
        }
        func send(_ outcome: RequestMachine.CallOutcome, after delay: Duration = .zero) throws {
            try apply(.claim(owner: "w", leaseFor: .seconds(60)), after: delay)
            try apply(.outcome(outcome, epoch: progress.epoch), after: delay)
        }
        let busy = GerbangError(.agencyUnavailable, "busy")
        switch standing {
        case .neverSent: break
        case .notReached: try send(.failure(WireFailure(.connect, .notSent)))
        case .answeredNotDone: try send(.verdict(.transient(busy)))
        case .throttled: try send(.verdict(.throttled(busy, until: now + .seconds(60))))
        case .unknown: try send(.failure(WireFailure(.timeout, .maybeSent)))
        case .unknownThenAnswered:
            try send(.failure(WireFailure(.timeout, .maybeSent)))
            guard progress.state == .queued else { break }
            try send(.verdict(.transient(busy)), after: .seconds(3600))
        case .running: try apply(.claim(owner: "w", leaseFor: .seconds(60)))
        case .inDoubt: try send(.verdict(.inDoubt(busy)))
        case .resent:
            try send(.failure(WireFailure(.timeout, .maybeSent)))
            guard progress.state == .inDoubt else { break }
            try apply(.claim(owner: "w", leaseFor: .seconds(60)), after: .seconds(3600))
            try apply(.outcome(.finding(.notDone), epoch: progress.epoch), after: .seconds(3600))
        case .acknowledged: try send(.verdict(.pending(agencyReference: "R", checkAfter: .seconds(60))))
        case .foundLost:
            try send(.verdict(.pending(agencyReference: "R", checkAfter: .seconds(60))))
            try apply(.resolve(.resend, actor: "operator:ani"))
        case .ended: try send(.verdict(.rejected(busy)))
        }
        return progress
    }

    /// The table, written out: whether it may go to a system of another agency, and to another connection to the same one.
    private static func expected(_ standing: Standing, _ effect: Effect) -> (other: Bool, same: Bool) {
        switch (standing, effect) {
        case (.neverSent, _), (.notReached, _), (.answeredNotDone, _), (.throttled, _): (true, true)
        case (.unknown, .query), (.unknownThenAnswered, .query), (.inDoubt, .query), (.resent, .query): (true, true)
        case (.unknown, .idempotent), (.unknownThenAnswered, .idempotent), (.inDoubt, .idempotent),
            (.resent, .idempotent):
            (false, true)
        case (.resent, .nonIdempotent): (true, true)
        case (.unknown, .nonIdempotent), (.unknownThenAnswered, .nonIdempotent), (.inDoubt, .nonIdempotent):
            (false, false)
        case (.foundLost, _): (true, true)
        case (.running, _), (.acknowledged, _), (.ended, _): (false, false)
        }
    }

    @Test("by effect and by what is known of the calls", arguments: Standing.allCases, effects)
    func table(standing: Standing, effect: Effect) throws {
        let before = try Self.progress(standing, effect)
        for isSameSystem in [false, true] {
            let wish = RequestMachine.Reroute(
                from: EngineHarness.one,
                to: .init(connection: EngineHarness.two, operation: WordAdapter.book),
                because: .breakerOpen,
                recognisesRepetition: isSameSystem && effect == .idempotent(key: "key")
            )
            let context = RequestMachine.Context(effect: effect, inquiry: Self.inquiry, now: Self.now + .seconds(7200))
            let move = try RequestMachine.apply(.reroute(wish), to: before, in: context)
            let expected = Self.expected(standing, effect)
            let mayGo = isSameSystem ? expected.same : expected.other
            #expect((move.progress.assignment?.connection == EngineHarness.two) == mayGo, "\(standing), \(effect)")
            guard mayGo else {
                #expect(move.progress == before && move.events.isEmpty)
                continue
            }
            let detour = RequestEvent.Detour(from: EngineHarness.one, to: EngineHarness.two, because: .breakerOpen)
            #expect(move.events.map(\.kind) == [.rerouted])
            #expect(move.events.first?.detour == detour)
            #expect(RequestEvent(json: try #require(move.events.first).json) == move.events.first)
            #expect(move.progress.state == .queued && move.progress.left == [EngineHarness.one])
            // It does not come back.
            let back = RequestMachine.Reroute(
                from: EngineHarness.two,
                to: .init(connection: EngineHarness.one, operation: WordAdapter.book),
                because: .breakerOpen,
                recognisesRepetition: true
            )
            #expect(try RequestMachine.apply(.reroute(back), to: move.progress, in: context).events.isEmpty)
        }
    }
}
