internal import GerbangCore

/// When a request is likely to have ended. A pure function of what is known; it knows no clock.
///
/// What it tells lies in the future, is not before the next call, and counts time only while the agency is open. It tells
/// nothing where nobody can know: a paused connection, a doubt that an operator must settle, an outage that lasts, an agency
/// that takes longer than it usually does.
struct FinishEstimate: Sendable {
    /// What it comes to.
    struct Result: Sendable, Hashable {
        /// When the request is likely to have ended.
        var finishAt: Timestamp?
        /// When its next call may begin.
        var nextCallAt: Timestamp?
        /// Whether others are before it.
        var isCrowded = false
        /// Whether the agency takes longer than it usually does.
        var isOverdue = false
    }

    /// The present moment.
    var now: Timestamp
    /// When the agency is open.
    var calendar = ServiceCalendar()
    /// Whether no call begins until somebody acts.
    var isHeld = false
    /// No call before this moment: the agency asked so, or it rests after failures.
    var notBefore: Timestamp?
    /// Whether the connection has failed again after a rest.
    var isOutage = false
    /// How many requests are called before this one.
    var ahead = 0.0
    /// How long a request keeps the others waiting.
    var turn = Duration.zero
    /// How long a call usually takes.
    var call: Duration
    /// How long it usually takes, in open time, from when the agency gets a request until it is decided.
    var completion: Duration
    /// How long after a doubtful call a negative answer says nothing.
    var conclusiveAfter = Duration.zero

    /// A wait that is not worth telling.
    private static let brief = Duration.seconds(60)
    /// After so many failures in a row nobody can know that the next call works.
    private static let outageFailures = 3

    /// Estimates the end of a request.
    func result(for progress: RequestProgress, acceptedAt: Timestamp) -> Result {
        switch progress.state {
        case .queued: queued(progress)
        case .running: Result(finishAt: running(since: progress.lease?.since ?? progress.updatedAt))
        case .inDoubt: doubtful(progress)
        case .awaitingAgency: acknowledged(progress, since: progress.acknowledgedAt ?? acceptedAt)
        case .succeeded, .rejected, .failed, .expired, .cancelled: Result()
        }
    }

    private func queued(_ progress: RequestProgress) -> Result {
        guard let due = progress.dueAt, let open = nextCall(atOrAfter: now), let own = nextCall(atOrAfter: due) else {
            return Result()
        }
        let wait = turn * ahead
        guard let turnCome = calendar.moment(after: wait, from: open),
            let begin = nextCall(atOrAfter: max(own, turnCome))
        else { return Result(nextCallAt: own) }
        let isOutage = isOutage || progress.failures >= Self.outageFailures
        return Result(
            finishAt: isOutage ? nil : done(from: begin),
            nextCallAt: begin,
            isCrowded: wait >= Self.brief && turnCome > own
        )
    }

    private func running(since began: Timestamp) -> Timestamp? {
        // A call that already takes longer than usual may end at any moment; it is given its usual time once more.
        guard let done = done(from: began) else { return nil }
        return done > now ? done : now + max(call, .milliseconds(1))
    }

    private func doubtful(_ progress: RequestProgress) -> Result {
        if let lease = progress.lease { return Result(finishAt: max(lease.since, now) + max(call, .milliseconds(1))) }
        guard let due = progress.dueAt else { return Result() }
        let conclusive = progress.doubtfulSince.map { $0 + conclusiveAfter } ?? due
        guard let next = nextCall(atOrAfter: due), let settled = nextCall(atOrAfter: max(due, conclusive)) else {
            return Result()
        }
        return Result(finishAt: settled + call, nextCallAt: next)
    }

    private func acknowledged(_ progress: RequestProgress, since acknowledged: Timestamp) -> Result {
        guard !isHeld, let decided = done(from: acknowledged) else { return Result() }
        var next: Timestamp?
        if let due = progress.dueAt {
            guard let call = nextCall(atOrAfter: due) else { return Result() }
            next = call
        }
        guard decided > now else { return Result(nextCallAt: next, isOverdue: true) }
        return Result(finishAt: max(decided, next ?? decided), nextCallAt: next)
    }

    /// When a call that is due at `moment` may begin; `nil` when nobody knows.
    private func nextCall(atOrAfter moment: Timestamp) -> Timestamp? {
        guard !isHeld else { return nil }
        return calendar.opening(atOrAfter: max(moment, now, notBefore ?? now))
    }

    /// When the agency is likely to be done with what it gets at `moment`. What takes moments is not cut off at closing time.
    private func done(from moment: Timestamp) -> Timestamp? {
        guard completion >= Self.brief else { return moment + max(completion, .milliseconds(1)) }
        return calendar.moment(after: completion, from: moment)
    }
}
