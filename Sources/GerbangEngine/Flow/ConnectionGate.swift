internal import GerbangCore

/// Decides how many calls of one connection may begin now. A value without a clock of its own.
struct ConnectionGate: Sendable {
    /// What the gate says.
    enum Admission: Sendable, Equatable {
        /// So many calls may begin, and so many of them may be retries.
        case open(slots: Int, retrySlots: Int)
        /// None may begin; `until` is when to look again, `nil` when somebody must act first.
        case closed(QueueReason, until: Timestamp?)
    }

    /// How a call ended, as far as the connection's health goes.
    enum CallHealth: Sendable, Equatable {
        /// The agency answered in an orderly way, whatever it decided.
        case healthy
        /// It failed, or it is not known what it did.
        case failed
        /// It asked us to wait.
        case throttled(until: Timestamp)
        /// The call tells nothing of the agency.
        case unrelated
    }

    /// A change in an agency's health.
    enum Edge: Sendable, Equatable {
        /// It stopped working: no call until then.
        case opened(until: Timestamp)
        /// It works again.
        case closed
    }

    /// However late a moment the agency names, it is asked again after this time.
    private static let longestWait = Duration.seconds(7 * 86_400)

    var isPaused: Bool
    /// Whether an operator lets it take new requests, and make calls.
    var mode = ConnectionMode.enabled
    /// Whether no call may begin until an operator says so.
    var isHeld: Bool { isPaused || mode == .disabled }
    /// No call before this moment: the agency asked so.
    var notBefore: Timestamp?
    /// Whose messages go through it, and what is asked whether that adapter can work at all.
    var adapter: AdapterID?
    var availability: (any AdapterAvailability)?
    private(set) var inFlight = 0
    private(set) var breaker: Breaker

    private var limits: FlowLimits
    private var calendar: ServiceCalendar
    private var retriesInFlight = 0
    private var limiter: RateLimiter?
    /// The present limit of calls at a time: 1 after an outage, doubling with each success up to the configured one.
    private var ramp: Int

    init(
        limits: FlowLimits = FlowLimits(),
        calendar: ServiceCalendar = ServiceCalendar(),
        isPaused: Bool = false,
        notBefore: Timestamp? = nil
    ) {
        self.limits = limits
        self.calendar = calendar
        self.isPaused = isPaused
        self.notBefore = notBefore
        breaker = Breaker(limits: limits.breaker)
        limiter = limits.callsPerSecond.map { RateLimiter(perSecond: $0) }
        ramp = limits.concurrency
    }

    /// Takes over other limits and hours. What was found out about the agency stays: a breaker that is open stays open, and
    /// calls under way are counted on.
    mutating func use(_ limits: FlowLimits, _ calendar: ServiceCalendar) {
        self.calendar = calendar
        guard limits != self.limits else { return }
        // A connection that is not recovering from an outage may use more at once if it now may.
        if ramp >= self.limits.concurrency { ramp = limits.concurrency }
        if limits.callsPerSecond != self.limits.callsPerSecond {
            limiter = limits.callsPerSecond.map { rate in
                limiter?.changed(to: rate) ?? RateLimiter(perSecond: rate)
            }
        }
        breaker.use(limits.breaker)
        self.limits = limits
    }

    /// Whether the connection takes new requests.
    var isAccepting: Bool {
        guard mode == .enabled, let adapter, let availability else { return mode == .enabled }
        return availability.isAccepting(adapter)
    }

    /// For how long nobody was heard of who could make its calls; `nil` while somebody can.
    var absence: Duration? { adapter.flatMap { availability?.absence(of: $0) } }

    /// What is to be remembered.
    var mark: ConnectionMark { ConnectionMark(isPaused: isPaused, mode: mode, notBefore: notBefore) }

    /// Takes over what was remembered of the connection when the process ended or the connection was taken away.
    mutating func recall(_ mark: ConnectionMark) {
        isPaused = mark.isPaused
        mode = mark.mode
        notBefore = mark.notBefore
    }

    mutating func admission(at now: Timestamp) -> Admission {
        guard mode != .disabled else { return .closed(.disabled, until: nil) }
        guard !isPaused else { return .closed(.paused, until: nil) }
        if let adapter, let reason = availability?.closure(of: adapter) { return .closed(reason, until: nil) }
        let opening = calendar.opening(atOrAfter: now)
        guard opening == now else { return .closed(.outsideHours, until: opening) }
        if let notBefore, notBefore > now { return .closed(.throttled, until: notBefore) }
        breaker.advance(to: now)
        var slots = min(ramp, limits.concurrency) - inFlight
        switch breaker.phase {
        case .open(let until): return .closed(.breakerOpen, until: until)
        case .probing: slots = 1 - inFlight
        case .closed: break
        }
        guard slots > 0 else { return .closed(.busy, until: nil) }
        if var limiter {
            slots = min(slots, limiter.available(at: now))
            self.limiter = limiter
            guard slots > 0 else { return .closed(.throttled, until: limiter.nextToken(after: now)) }
        }
        let allowedRetries = max(1, limits.minimumRetries, Int(limits.retryShare * Double(inFlight + slots)))
        return .open(slots: slots, retrySlots: min(slots, max(0, allowedRetries - retriesInFlight)))
    }

    mutating func callBegan(isRetry: Bool) {
        inFlight += 1
        if isRetry { retriesInFlight += 1 }
        limiter?.take()
    }

    /// Notes how a call ended.
    ///
    /// - Returns: What an operator would want to be told, once and not for every call.
    mutating func callEnded(_ health: CallHealth, isRetry: Bool, at now: Timestamp, jitter: Double) -> Edge? {
        let before = breaker
        inFlight -= 1
        if isRetry { retriesInFlight -= 1 }
        switch health {
        case .healthy:
            breaker.note(failed: false, at: now, jitter: jitter)
            // Only what was called since the outage ended tells how much the agency can take.
            if case .closed = before.phase { ramp = min(ramp * 2, limits.concurrency) }
        case .failed:
            breaker.note(failed: true, at: now, jitter: jitter)
            if case .open = breaker.phase { ramp = 1 }
        case .throttled(let until):
            let latest = min(until, now + Self.longestWait)
            notBefore = max(notBefore ?? latest, latest)
        case .unrelated:
            break
        }
        switch (before.phase, breaker.phase) {
        case (.closed, .open(let until)): return .opened(until: until)
        case (.probing, .closed): return .closed
        default: return nil
        }
    }
}
