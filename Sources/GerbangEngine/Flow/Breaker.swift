internal import GerbangCore

/// Stops calling an agency that does not work, and finds out when it works again.
struct Breaker: Sendable {
    enum Phase: Sendable, Equatable {
        /// Calls pass.
        case closed
        /// No call passes until then.
        case open(until: Timestamp)
        /// One call at a time passes, to see whether the agency works again.
        case probing(succeeded: Int)
    }

    private(set) var phase: Phase = .closed
    /// How often it opened since it was last closed for good.
    private(set) var openings = 0

    private var limits: BreakerLimits
    private var consecutiveFailures = 0
    private var window = OutcomeWindow()

    init(limits: BreakerLimits) {
        self.limits = limits
    }

    /// Takes over other limits, for what happens from now on.
    mutating func use(_ limits: BreakerLimits) {
        self.limits = limits
    }

    /// Lets an open breaker whose time is over probe.
    mutating func advance(to now: Timestamp) {
        if case .open(let until) = phase, now >= until { phase = .probing(succeeded: 0) }
    }

    /// Notes how a call ended. `jitter` is a random number from 0 to 1.
    mutating func note(failed: Bool, at now: Timestamp, jitter: Double) {
        switch phase {
        case .open:
            // A call that began before the breaker opened; it tells nothing new.
            return
        case .probing(let succeeded):
            guard !failed else { return open(at: now, jitter: jitter) }
            guard succeeded + 1 >= limits.probes else {
                phase = .probing(succeeded: succeeded + 1)
                return
            }
            self = Breaker(limits: limits)
        case .closed:
            window.note(failed: failed, at: now)
            consecutiveFailures = failed ? consecutiveFailures + 1 : 0
            let counts = window.counts(at: now)
            let isShareTooHigh =
                counts.calls >= limits.minimumCalls
                && Double(counts.failures) >= limits.failureShare * Double(counts.calls)
            if consecutiveFailures >= limits.consecutiveFailures || isShareTooHigh { open(at: now, jitter: jitter) }
        }
    }

    private mutating func open(at now: Timestamp, jitter: Double) {
        let doubled = limits.open * (1 << min(openings, 20))
        let span = min(doubled, limits.maximumOpen) * (0.8 + 0.4 * min(max(jitter, 0), 1))
        openings += 1
        consecutiveFailures = 0
        window = OutcomeWindow()
        phase = .open(until: now + span)
    }
}

/// Calls and failures of the last minute, in steps of ten seconds.
private struct OutcomeWindow: Sendable {
    private static let step: Int64 = 10_000
    private var slots: [(step: Int64, calls: Int, failures: Int)] = []

    mutating func note(failed: Bool, at now: Timestamp) {
        let step = now.milliseconds / Self.step
        if slots.last?.step != step { slots.append((step, 0, 0)) }
        slots[slots.count - 1].calls += 1
        slots[slots.count - 1].failures += failed ? 1 : 0
        slots.removeAll { $0.step <= step - 6 }
    }

    func counts(at now: Timestamp) -> (calls: Int, failures: Int) {
        let oldest = now.milliseconds / Self.step - 6
        return slots.reduce(into: (0, 0)) { sum, slot in
            guard slot.step > oldest else { return }
            sum.0 += slot.calls
            sum.1 += slot.failures
        }
    }
}
