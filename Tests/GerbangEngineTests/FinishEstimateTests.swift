internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("When a request is likely to have ended")
struct FinishEstimateTests {
    /// Monday, 5 January 2026, 09:00 in Jakarta.
    private static let now = Machine.start
    private static let office = ServiceCalendar(
        hours: (1...5).map { ServiceCalendar.Hours(weekday: $0, opens: 8 * 3600, closes: 16 * 3600) }
    )

    private func estimate(
        _ progress: RequestProgress,
        at now: Timestamp = now,
        acceptedAt: Timestamp = now,
        _ change: (inout FinishEstimate) -> Void = { _ in }
    ) -> FinishEstimate.Result {
        var estimate = FinishEstimate(now: now, call: .seconds(2), completion: .seconds(10))
        change(&estimate)
        return estimate.result(for: progress, acceptedAt: acceptedAt)
    }

    @Test("A new request ends after the usual time; behind others, after theirs")
    func queued() {
        let now = Self.now
        #expect(estimate(Machine.queued).finishAt == now + .seconds(10))
        #expect(estimate(Machine.queued).nextCallAt == now)
        #expect(!estimate(Machine.queued).isCrowded)
        let crowded = estimate(Machine.queued) {
            $0.ahead = 600
            $0.turn = .milliseconds(500)
        }
        #expect(crowded.finishAt == now + .seconds(310))
        #expect(crowded.nextCallAt == now + .seconds(300))
        #expect(crowded.isCrowded)
    }

    @Test("A retry, a quota and a resting connection put the end off")
    func waiting() throws {
        let now = Self.now
        let retry = try Machine.retrying()
        let due = try #require(retry.dueAt)
        #expect(due > now)
        #expect(estimate(retry).finishAt == due + .seconds(10))
        let later = now + .seconds(7200)
        #expect(estimate(retry) { $0.notBefore = later }.finishAt == later + .seconds(10))
        #expect(estimate(retry) { $0.notBefore = now + .seconds(1) }.finishAt == due + .seconds(10))
    }

    @Test("When an outage lasts nobody can tell its end, only the next try")
    func outage() throws {
        var retry = try Machine.retrying()
        retry.failures = 3
        #expect(estimate(retry).finishAt == nil)
        #expect(estimate(retry).nextCallAt == retry.dueAt)
        #expect(estimate(Machine.queued) { $0.isOutage = true }.finishAt == nil)
    }

    @Test("The queue is worked off while a request waits for its own moment")
    func queueAndRetry() {
        var retry = Machine.queued
        retry.dueAt = Self.now + .seconds(3600)
        let result = estimate(retry) {
            $0.ahead = 100
            $0.turn = .seconds(1)
        }
        #expect(result.finishAt == Self.now + .seconds(3610))
        #expect(!result.isCrowded)
    }

    @Test("Time outside the agency's hours does not count")
    func hours() throws {
        let evening = try #require(Timestamp(year: 2026, month: 1, day: 9, hour: 17, zone: .wib))
        let monday = try #require(Timestamp(year: 2026, month: 1, day: 12, hour: 8, zone: .wib))
        let closed = estimate(Machine.queued, at: evening) { $0.calendar = Self.office }
        #expect(closed.finishAt == monday + .seconds(10))
        #expect(closed.nextCallAt == monday)
        let long = estimate(Machine.queued, at: evening) {
            $0.calendar = Self.office
            $0.completion = .seconds(10 * 3600)
        }
        #expect(long.finishAt == monday + .seconds(86_400 + 2 * 3600))
        // What takes seconds is not cut off at closing time.
        let late = try #require(Timestamp(year: 2026, month: 1, day: 9, hour: 15, minute: 59, second: 55, zone: .wib))
        #expect(estimate(Machine.queued, at: late) { $0.calendar = Self.office }.finishAt == late + .seconds(10))
    }

    @Test("A call under way ends after the usual time, and soon when that is over")
    func running() throws {
        let running = try Machine.running()
        #expect(estimate(running).finishAt == Self.now + .seconds(10))
        let late = Self.now + .seconds(60)
        #expect(estimate(running, at: late).finishAt == late + .seconds(2))
    }

    @Test("A doubt is settled by the inquiry, not before its answer counts; one for an operator nobody can tell")
    func doubt() throws {
        var doubtful = try Machine.inDoubt()
        let due = try #require(doubtful.dueAt)
        #expect(estimate(doubtful).finishAt == due + .seconds(2))
        let conclusive = estimate(doubtful) { $0.conclusiveAfter = .seconds(60) }
        #expect(conclusive.finishAt == Self.now + .seconds(62))
        #expect(conclusive.nextCallAt == due)
        #expect(estimate(try Machine.inquiring(), at: Machine.later).finishAt == Machine.later + .seconds(2))
        doubtful.dueAt = nil
        #expect(estimate(doubtful) == FinishEstimate.Result())
    }

    @Test("An agency that decides later has its usual time from when it said so; then nobody can tell")
    func acknowledged() throws {
        var awaiting = try Machine.awaiting()
        #expect(awaiting.acknowledgedAt == Self.now)
        let day: (inout FinishEstimate) -> Void = { $0.completion = .seconds(86_400) }
        let half = Self.now + .seconds(43_200)
        #expect(estimate(awaiting, at: half, day).finishAt == Self.now + .seconds(86_400))
        let over = estimate(awaiting, at: Self.now + .seconds(86_401), day)
        #expect(over.finishAt == nil)
        #expect(over.isOverdue)
        // Not before the agency is asked again.
        awaiting.dueAt = Self.now + .seconds(100_000)
        #expect(estimate(awaiting, at: half, day).finishAt == Self.now + .seconds(100_000))
        // One that was stored before the moment was kept counts from its acceptance.
        awaiting.acknowledgedAt = nil
        awaiting.dueAt = half
        #expect(
            estimate(awaiting, at: half, acceptedAt: Self.now + .seconds(-60), day).finishAt == Self.now
                + .seconds(86_340)
        )
    }

    @Test("On a paused connection nobody can tell, except for a call that is under way")
    func paused() throws {
        for progress in [Machine.queued, try Machine.retrying(), try Machine.inDoubt(), try Machine.awaiting()] {
            #expect(estimate(progress) { $0.isHeld = true }.finishAt == nil)
        }
        #expect(estimate(try Machine.running()) { $0.isHeld = true }.finishAt != nil)
    }

    @Test("Whatever is asked, the end lies in the future and not before the next call")
    func property() throws {
        var generator = RandomSource.Generator(state: 11)
        let samples = [
            Machine.queued, try Machine.retrying(), try Machine.running(), try Machine.inDoubt(),
            try Machine.inquiring(), try Machine.awaiting(), try Machine.polling(),
        ]
        for _ in 0..<20_000 {
            guard var progress = samples.randomElement(using: &generator) else { return }
            let now = Self.now + .seconds(Int.random(in: -1000...1_000_000, using: &generator))
            if progress.dueAt != nil, Bool.random(using: &generator) {
                progress.dueAt = now + .seconds(Int.random(in: -100_000...1_000_000, using: &generator))
            }
            var estimate = FinishEstimate(
                now: now,
                call: .milliseconds(Int.random(in: 0...60_000, using: &generator)),
                completion: .milliseconds(Int.random(in: 0...1_000_000_000, using: &generator))
            )
            if Bool.random(using: &generator) { estimate.calendar = Self.office }
            estimate.isHeld = Int.random(in: 0...9, using: &generator) == 0
            estimate.ahead = Double.random(in: 0...10_000, using: &generator)
            estimate.turn = .milliseconds(Int.random(in: 0...5000, using: &generator))
            estimate.conclusiveAfter = .seconds(Int.random(in: 0...600, using: &generator))
            if Bool.random(using: &generator) {
                estimate.notBefore = now + .seconds(Int.random(in: -100...100_000, using: &generator))
            }
            let result = estimate.result(for: progress, acceptedAt: Self.now)
            guard let finish = result.finishAt else { continue }
            #expect(finish > now)
            if let due = progress.dueAt { #expect(finish >= due) }
            if let next = result.nextCallAt {
                #expect(finish >= next)
                #expect(next >= now)
                #expect(estimate.calendar.opening(atOrAfter: next) == next)
            }
        }
    }
}
