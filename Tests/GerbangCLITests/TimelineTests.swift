import GerbangCore
import Testing

@testable import gerbang

@Suite struct TimelineTests {
    private static func event(
        _ kind: RequestEvent.Kind,
        _ state: RequestState,
        after: Duration = .zero,
        reason: QueueReason? = nil,
        due: Duration? = nil,
        attempt: Int? = nil,
        error: GerbangError? = nil,
        actor: String? = nil
    ) -> RequestEvent {
        let moment = Timestamp.noon + after
        return RequestEvent(
            sequence: 1,
            at: moment,
            kind: kind,
            state: state,
            reason: reason,
            dueAt: due.map { moment + $0 },
            attempt: attempt,
            error: error,
            actor: actor
        )
    }

    @Test("A history reads as it happened")
    func history() {
        var timeline = Timeline(style: Style())
        let events = [
            Self.event(.accepted, .queued, reason: .new, due: .zero),
            Self.event(.sending, .running, after: .milliseconds(12), attempt: 1),
            Self.event(
                .doubted,
                .inDoubt,
                after: .milliseconds(2112),
                due: .seconds(2),
                attempt: 1,
                error: GerbangError(.connectionLost, "the reply did not arrive")
            ),
            Self.event(.inquiring, .inDoubt, after: .milliseconds(4112), attempt: 2),
            Self.event(.succeeded, .succeeded, after: .milliseconds(4150), attempt: 2),
        ]
        let lines = events.map { timeline.line(for: $0) }
        #expect(
            lines == [
                "12:00:00.000             +  queued          accepted and stored; next call at once",
                "12:00:00.012     +12 ms  >  running         call 1: asks the agency for the service",
                "12:00:02.112     +2.1 s  ?  inDoubt         call 1: not known whether the agency did it; asks the agency "
                    + "in 2 s  connection-lost: the reply did not arrive",
                "12:00:04.112       +2 s  ?  inDoubt         call 2: asks the agency what became of it",
                "12:00:04.150     +38 ms  *  succeeded       done",
            ]
        )
    }

    @Test(
        "What comes next is told",
        arguments: [
            (
                event(.retryScheduled, .queued, reason: .retry, due: .seconds(3), attempt: 2),
                "call 2 did not succeed; next call in 3 s"
            ),
            (
                event(.throttled, .queued, reason: .outsideHours, due: .seconds(7200)),
                "the agency asked us to wait; the agency is closed, next call at 14:00:00, in 2 h"
            ),
            (
                event(.throttled, .queued, reason: .throttled, due: .seconds(12 * 3600 + 60)),
                "the agency asked us to wait; next call on 2026-02-01 00:01:00, in 12 h 1 min"
            ),
            (
                event(.doubted, .inDoubt, attempt: 1),
                "call 1: not known whether the agency did it; waits for an operator's word"
            ),
            (
                event(.pending, .awaitingAgency, due: .seconds(30)),
                "the agency has it and decides later; asks again in 30 s"
            ),
            (event(.resolved, .inDoubt, actor: "operator:ani"), "settled by an operator's word, by operator:ani"),
        ]
    )
    func next(event: RequestEvent, sentence: String) {
        #expect(EventText.sentence(for: event, in: .utc) == sentence)
    }

    @Test("Every kind of event has words of its own", arguments: RequestEvent.Kind.allCases)
    func words(kind: RequestEvent.Kind) {
        let others = RequestEvent.Kind.allCases.filter { $0 != kind }
        let sentence = EventText.sentence(for: Self.event(kind, .running), in: .utc)
        #expect(!sentence.isEmpty)
        #expect(others.allSatisfy { EventText.sentence(for: Self.event($0, .running), in: .utc) != sentence })
    }

    @Test("An event on another day than the one before shows its date")
    func otherDay() {
        var timeline = Timeline(style: Style(zone: .wib))
        let first = timeline.line(for: Self.event(.accepted, .queued))
        let second = timeline.line(for: Self.event(.sending, .running, after: .seconds(5 * 3600)))
        #expect(first.hasPrefix("19:00:00.000 "))
        #expect(second.hasPrefix("02-01 00:00        +5 h "))
    }

    @Test("What a text holds cannot steer the terminal")
    func controls() {
        var timeline = Timeline(style: Style())
        let error = GerbangError(.agencyRejected, "no\u{1B}[2Jway\n", agencyCode: "1\u{7}")
        let line = timeline.line(for: Self.event(.rejected, .rejected, error: error))
        #expect(line.hasSuffix("agency-rejected: no?[2Jway? (the agency's code: 1?)"))
    }

    @Test("Colours and symbols appear only where the style allows them")
    func styles() {
        var colored = Timeline(style: Style(isColored: true, isUnicode: true))
        var plain = Timeline(style: Style())
        let event = Self.event(.succeeded, .succeeded)
        #expect(colored.line(for: event).contains("\u{1B}[32m✓\u{1B}[0m"))
        #expect(plain.line(for: event).utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
}
