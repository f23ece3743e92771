internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Connection gate")
struct ConnectionGateTests {
    static let start = Timestamp(milliseconds: 1_767_578_400_000)

    private func gate(_ limits: FlowLimits = FlowLimits(), _ calendar: ServiceCalendar = ServiceCalendar())
        -> ConnectionGate
    {
        ConnectionGate(limits: limits, calendar: calendar)
    }

    private func slots(_ gate: inout ConnectionGate, at now: Timestamp = start) -> Int {
        if case .open(let slots, _) = gate.admission(at: now) { slots } else { 0 }
    }

    /// Begins a call and ends it.
    private func call(_ gate: inout ConnectionGate, _ health: ConnectionGate.CallHealth, at now: Timestamp = start) {
        gate.callBegan(isRetry: false)
        _ = gate.callEnded(health, isRetry: false, at: now, jitter: 0.5)
    }

    @Test("as many calls as the limit, and one more for each that ends")
    func concurrency() {
        var gate = gate(FlowLimits(concurrency: 3))
        #expect(gate.admission(at: Self.start) == .open(slots: 3, retrySlots: 3))
        for _ in 0..<3 { gate.callBegan(isRetry: false) }
        #expect(gate.admission(at: Self.start) == .closed(.busy, until: nil))
        _ = gate.callEnded(.unrelated, isRetry: false, at: Self.start, jitter: 0.5)
        #expect(slots(&gate) == 1)
        #expect(gate.inFlight == 2)
    }

    @Test("reasons to be closed come in their order: paused, hours, the agency's wish, breaker, busy")
    func reasons() throws {
        let opens = Self.start + .seconds(3600)
        let closure = ServiceCalendar.Closure(from: Self.start, until: opens)
        var gate = gate(FlowLimits(concurrency: 1), ServiceCalendar(closures: [closure]))
        gate.isPaused = true
        gate.notBefore = opens + .seconds(60)
        for _ in 0..<5 { call(&gate, .failed, at: opens) }
        #expect(gate.admission(at: Self.start) == .closed(.paused, until: nil))
        gate.isPaused = false
        #expect(gate.admission(at: Self.start) == .closed(.outsideHours, until: opens))
        #expect(gate.admission(at: opens) == .closed(.throttled, until: opens + .seconds(60)))
        gate.notBefore = nil
        #expect(gate.admission(at: opens) == .closed(.breakerOpen, until: opens + .seconds(30)))
        let never = ServiceCalendar.Closure(from: Self.start, until: .init(milliseconds: .max))
        var closed = self.gate(FlowLimits(), ServiceCalendar(closures: [never]))
        #expect(closed.admission(at: Self.start) == .closed(.outsideHours, until: nil))
    }

    @Test("the agency's wish to wait holds for the whole connection, and the longest wish counts")
    func throttled() {
        var gate = gate()
        call(&gate, .throttled(until: Self.start + .seconds(60)))
        call(&gate, .throttled(until: Self.start + .seconds(20)))
        #expect(gate.admission(at: Self.start) == .closed(.throttled, until: Self.start + .seconds(60)))
        #expect(slots(&gate, at: Self.start + .seconds(60)) == 16)
        #expect(gate.breaker.phase == .closed)
    }

    @Test("Kong #154, #3645: an outage: one probe at a time, then one call, two, four, up to the limit")
    func ramp() {
        var gate = gate(FlowLimits(concurrency: 16, breaker: BreakerLimits(probes: 3)))
        for _ in 0..<5 { call(&gate, .failed) }
        let later = Self.start + .seconds(30)
        for _ in 1...3 {
            #expect(gate.admission(at: later) == .open(slots: 1, retrySlots: 1))
            gate.callBegan(isRetry: false)
            #expect(gate.admission(at: later) == .closed(.busy, until: nil), "one probe at a time")
            _ = gate.callEnded(.healthy, isRetry: false, at: later, jitter: 0.5)
        }
        #expect(gate.breaker.phase == .closed)
        let first = slots(&gate, at: later)
        var sizes: [Int] = []
        while slots(&gate, at: later) < 16 {
            sizes.append(slots(&gate, at: later))
            call(&gate, .healthy, at: later)
            guard sizes.count < 10 else { break }
        }
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 * 2 == $1 })
        #expect(slots(&gate, at: later) == 16)
        #expect(first <= 2)
    }

    @Test("Mirth #960, #1288: an outage is told once when it begins and once when it ends, however many calls fail")
    func edges() {
        var gate = gate()
        var edges: [ConnectionGate.Edge] = []
        var now = Self.start
        for _ in 0..<50 {
            gate.callBegan(isRetry: false)
            if let edge = gate.callEnded(.failed, isRetry: false, at: now, jitter: 0.5) { edges.append(edge) }
        }
        #expect(edges == [.opened(until: now + .seconds(30))])
        for _ in 0..<20 {
            now = now + .seconds(60)
            guard case .open = gate.admission(at: now) else { continue }
            gate.callBegan(isRetry: false)
            if let edge = gate.callEnded(.healthy, isRetry: false, at: now, jitter: 0.5) { edges.append(edge) }
        }
        #expect(edges == [.opened(until: Self.start + .seconds(30)), .closed])
    }

    @Test("answers to calls from before the outage do not shorten the ramp")
    func lateSuccesses() {
        var gate = gate(FlowLimits(concurrency: 16))
        for _ in 0..<16 { gate.callBegan(isRetry: false) }
        for _ in 0..<5 { _ = gate.callEnded(.failed, isRetry: false, at: Self.start, jitter: 0.5) }
        for _ in 0..<11 { _ = gate.callEnded(.healthy, isRetry: false, at: Self.start, jitter: 0.5) }
        let later = Self.start + .seconds(30)
        for _ in 1...3 {
            _ = gate.admission(at: later)
            call(&gate, .healthy, at: later)
        }
        let first = slots(&gate, at: later)
        #expect(first < 16)
    }

    @Test("a probe that fails opens the breaker again, one that tells nothing leaves it probing")
    func probes() {
        var gate = gate()
        for _ in 0..<5 { call(&gate, .failed) }
        let later = Self.start + .seconds(30)
        _ = gate.admission(at: later)
        call(&gate, .unrelated, at: later)
        #expect(slots(&gate, at: later) == 1)
        call(&gate, .failed, at: later)
        #expect(gate.admission(at: later) == .closed(.breakerOpen, until: later + .seconds(60)))
    }

    @Test("Envoy #10869, #24937, Envoy Gateway #2754: retries get a fifth of the calls under way, at least three")
    func retryBudget() {
        var gate = gate(FlowLimits(concurrency: 40))
        #expect(gate.admission(at: Self.start) == .open(slots: 40, retrySlots: 8))
        for _ in 0..<8 { gate.callBegan(isRetry: true) }
        #expect(gate.admission(at: Self.start) == .open(slots: 32, retrySlots: 0))
        _ = gate.callEnded(.unrelated, isRetry: true, at: Self.start, jitter: 0.5)
        #expect(gate.admission(at: Self.start) == .open(slots: 33, retrySlots: 1))
        var small = self.gate(FlowLimits(concurrency: 4))
        #expect(small.admission(at: Self.start) == .open(slots: 4, retrySlots: 3))
    }

    @Test("however small the budget, one retry may always be under way: nothing waits for ever")
    func smallestBudget() {
        var gate = gate(FlowLimits(concurrency: 4, retryShare: 0.2, minimumRetries: 0))
        let admission = gate.admission(at: Self.start)
        #expect(admission == .open(slots: 4, retrySlots: 1))
    }

    @Test("the rate bounds what may begin and says when the next may")
    func rate() {
        var gate = gate(FlowLimits(callsPerSecond: 2))
        #expect(slots(&gate) == 2)
        call(&gate, .healthy)
        call(&gate, .healthy)
        #expect(gate.admission(at: Self.start) == .closed(.throttled, until: Self.start + .milliseconds(500)))
        #expect(slots(&gate, at: Self.start + .milliseconds(500)) == 1)
    }

    @Test("whatever happens, no more calls are under way than allowed, and it opens again in the end")
    func randomLife() {
        for seed in UInt64(0)..<200 {
            var random = RandomSource.Generator(state: seed)
            let limit = Int.random(in: 1...8, using: &random)
            var gate = gate(FlowLimits(concurrency: limit, retryShare: 0.5, minimumRetries: 1))
            var now = Self.start
            var calls: [Bool] = []
            for _ in 0..<300 {
                now = now + .milliseconds(Int.random(in: 0...20_000, using: &random))
                if case .open(let slots, let retrySlots) = gate.admission(at: now) {
                    #expect(slots >= 1 && retrySlots <= slots && slots + calls.count <= limit)
                    if gate.breaker.phase != .closed { #expect(slots == 1 && calls.isEmpty) }
                    let retries = Int.random(in: 0...retrySlots, using: &random)
                    for index in 0..<slots {
                        calls.append(index < retries)
                        gate.callBegan(isRetry: index < retries)
                    }
                }
                while let isRetry = calls.last, Bool.random(using: &random) {
                    calls.removeLast()
                    let health: [ConnectionGate.CallHealth] = [
                        .healthy, .failed, .failed, .unrelated, .throttled(until: now + .seconds(30)),
                    ]
                    _ = gate.callEnded(
                        health[Int.random(in: 0...4, using: &random)],
                        isRetry: isRetry,
                        at: now,
                        jitter: 0.5
                    )
                }
                #expect(gate.inFlight == calls.count)
            }
            for isRetry in calls { _ = gate.callEnded(.healthy, isRetry: isRetry, at: now, jitter: 0.5) }
            now = now + .seconds(900)
            for _ in 0..<12 where slots(&gate, at: now) > 0 { call(&gate, .healthy, at: now) }
            #expect(slots(&gate, at: now) == limit)
        }
    }
}
