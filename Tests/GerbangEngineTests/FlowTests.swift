internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Retry schedule, rate limiter and breaker")
struct FlowTests {
    static let start = Timestamp(milliseconds: 1_767_578_400_000)

    // MARK: Retry schedule

    @Test("half of each delay is certain, and the jitter fills the other half")
    func halfJitter() {
        let expected: [Duration] = [
            .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(3600), .seconds(7200),
            .seconds(14_400), .seconds(21_600), .seconds(21_600),
        ]
        for (index, full) in expected.enumerated() {
            func delay(_ jitter: Double) -> Duration {
                RetrySchedule.standard.delay(afterFailure: index + 1, jitter: jitter)
            }
            #expect(delay(0) == full / 2)
            #expect(delay(1) == full)
            #expect(delay(-5) == full / 2)
            #expect(delay(5) == full)
            var previous = Duration.zero
            for step in 0...20 {
                let now = delay(Double(step) / 20)
                #expect(now >= previous)
                #expect(now >= full / 2 && now <= full)
                previous = now
            }
        }
        #expect(RetrySchedule.standard.delay(afterFailure: 0, jitter: 1) == .seconds(21_600))
        #expect(RetrySchedule.standard.delay(afterFailure: .max, jitter: 1) == .seconds(21_600))
        #expect(RetrySchedule(delays: [], ceiling: .seconds(2)).delay(afterFailure: 1, jitter: 1) == .seconds(2))
    }

    // MARK: Rate limiter

    @Test("a second's worth of calls may begin at once, further ones at the rate")
    func rate() {
        var limiter = RateLimiter(perSecond: 4)
        #expect(limiter.available(at: Self.start) == 4)
        for _ in 0..<4 { limiter.take() }
        #expect(limiter.available(at: Self.start) == 0)
        #expect(limiter.nextToken(after: Self.start) == Self.start + .milliseconds(250))
        #expect(limiter.available(at: Self.start + .milliseconds(249)) == 0)
        #expect(limiter.available(at: Self.start + .milliseconds(250)) == 1)
        #expect(limiter.available(at: Self.start + .seconds(3600)) == 4)
    }

    @Test("rates below one a second still let one call begin")
    func slowRate() {
        var limiter = RateLimiter(perSecond: 0.1)
        #expect(limiter.available(at: Self.start) == 1)
        limiter.take()
        #expect(limiter.nextToken(after: Self.start) == Self.start + .seconds(10))
        #expect(limiter.available(at: Self.start + .milliseconds(9999)) == 0)
        #expect(limiter.available(at: Self.start + .seconds(10)) == 1)
    }

    @Test("a clock that is set back gives no tokens")
    func rateAndClock() {
        var limiter = RateLimiter(perSecond: 1)
        _ = limiter.available(at: Self.start)
        limiter.take()
        #expect(limiter.available(at: Self.start + .seconds(-3600)) == 0)
    }

    @Test("over a minute no more calls begin than the rate allows")
    func rateOverTime() {
        var limiter = RateLimiter(perSecond: 3)
        var calls = 0
        for tenth in 0..<600 {
            let count = limiter.available(at: Self.start + .milliseconds(tenth * 100))
            for _ in 0..<count { limiter.take() }
            calls += count
        }
        #expect((179...183).contains(calls))
    }

    // MARK: Breaker

    private func breaker(_ change: (inout BreakerLimits) -> Void = { _ in }) -> Breaker {
        var limits = BreakerLimits()
        change(&limits)
        return Breaker(limits: limits)
    }

    private func fail(_ breaker: inout Breaker, _ count: Int, at now: Timestamp = start, jitter: Double = 0.5) {
        for _ in 0..<count { breaker.note(failed: true, at: now, jitter: jitter) }
    }

    @Test("five failures in a row open it, four and a success do not")
    func opensInARow() {
        var breaker = breaker()
        fail(&breaker, 4)
        breaker.note(failed: false, at: Self.start, jitter: 0.5)
        fail(&breaker, 4)
        #expect(breaker.phase == .closed)
        fail(&breaker, 1)
        #expect(breaker.phase == .open(until: Self.start + .seconds(30)))
    }

    @Test("half of twenty calls within a minute open it, of nineteen not, of calls long ago not")
    func opensByShare() {
        func note(_ calls: Int, apart: Duration) -> Breaker {
            var breaker = breaker()
            for call in 0..<calls {
                breaker.note(failed: call % 2 == 1, at: Self.start + apart * call, jitter: 0.5)
            }
            return breaker
        }
        #expect(note(19, apart: .milliseconds(10)).phase == .closed)
        #expect(note(20, apart: .milliseconds(10)).phase != .closed)
        #expect(note(200, apart: .seconds(4)).phase == .closed, "never twenty within a minute")
    }

    @Test("the time it stays open doubles up to ten minutes, give or take a fifth")
    func backsOff() {
        for (jitter, factor) in [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)] {
            var breaker = breaker()
            var now = Self.start
            fail(&breaker, 5, at: now, jitter: jitter)
            for expected in [30.0, 60, 120, 240, 480, 600, 600] {
                guard case .open(let until) = breaker.phase else {
                    Issue.record("not open")
                    return
                }
                #expect(until == now + .milliseconds(Int((expected * factor * 1000).rounded())))
                now = until
                breaker.advance(to: until + .milliseconds(-1))
                #expect(breaker.phase == .open(until: until))
                breaker.advance(to: until)
                #expect(breaker.phase == .probing(succeeded: 0))
                fail(&breaker, 1, at: now, jitter: jitter)
            }
            #expect(breaker.openings == 8)
        }
    }

    @Test("three successful probes close it, and then it has forgotten its openings")
    func closes() {
        var breaker = breaker()
        fail(&breaker, 5)
        breaker.advance(to: Self.start + .seconds(30))
        for count in 1...2 {
            breaker.note(failed: false, at: Self.start + .seconds(31), jitter: 0.5)
            #expect(breaker.phase == .probing(succeeded: count))
        }
        breaker.note(failed: false, at: Self.start + .seconds(31), jitter: 0.5)
        #expect(breaker.phase == .closed)
        #expect(breaker.openings == 0)
        fail(&breaker, 4, at: Self.start + .seconds(32))
        #expect(breaker.phase == .closed, "failures of before do not count")
    }

    @Test("calls that end while it is open tell it nothing")
    func lateCalls() {
        var breaker = breaker()
        fail(&breaker, 50)
        #expect(breaker.phase == .open(until: Self.start + .seconds(30)))
        breaker.note(failed: false, at: Self.start, jitter: 0.5)
        #expect(breaker.phase == .open(until: Self.start + .seconds(30)))
        #expect(breaker.openings == 1)
    }
}
