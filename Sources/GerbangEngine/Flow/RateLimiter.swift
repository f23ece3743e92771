internal import GerbangCore

/// A token bucket that holds one second's worth of calls, at least one.
struct RateLimiter: Sendable {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    private var filledAt: Timestamp?

    init(perSecond: Double) {
        self.perSecond = max(perSecond, 0.001)
        capacity = max(1, perSecond)
        tokens = capacity
    }

    /// A bucket for another rate, with the calls that may begin at once no more than they were: a change of the limit is no
    /// reason for a burst.
    func changed(to perSecond: Double) -> RateLimiter {
        var limiter = RateLimiter(perSecond: perSecond)
        limiter.tokens = min(limiter.capacity, tokens)
        limiter.filledAt = filledAt
        return limiter
    }

    /// How many calls may begin now.
    mutating func available(at now: Timestamp) -> Int {
        if let filledAt {
            let elapsed = Double(max(0, (now - filledAt).milliseconds)) / 1000
            tokens = min(capacity, tokens + elapsed * perSecond)
        }
        filledAt = now
        return Int(tokens)
    }

    /// Takes one call's token.
    mutating func take() {
        tokens -= 1
    }

    /// When the next call may begin, if none may now.
    func nextToken(after now: Timestamp) -> Timestamp {
        now + .milliseconds(Int64(((1 - tokens) / perSecond * 1000).rounded(.up)))
    }
}
