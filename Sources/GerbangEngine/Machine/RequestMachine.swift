public import GerbangCore
public import GerbangJSON

/// The life of a request as a pure function: `(progress, input, context) → (progress', events)`.
///
/// It reads no clock, draws no random number and does no input or output; stores run it inside their transactions.
public struct RequestMachine: Sendable {
    /// What is known of the operation and the moment.
    public struct Context: Sendable {
        /// What the operation does at the agency.
        public var effect: Effect
        /// How a doubt is settled; `nil` leaves it to an operator.
        public var inquiry: Inquiry?
        /// How many sends may reach the agency.
        public var maximumAttempts: Int
        /// How long to wait after failures.
        public var schedule: RetrySchedule
        /// The generation of the configuration that all of this is from; `nil` when it has none.
        public var generation: Int?
        /// The present moment.
        public var now: Timestamp
        /// A random number from 0 to 1.
        public var jitter: Double

        /// Creates a context.
        public init(
            effect: Effect,
            inquiry: Inquiry? = nil,
            maximumAttempts: Int = 15,
            schedule: RetrySchedule = .standard,
            generation: Int? = nil,
            now: Timestamp,
            jitter: Double = 0.5
        ) {
            self.effect = effect
            self.inquiry = inquiry
            self.maximumAttempts = maximumAttempts
            self.schedule = schedule
            self.generation = generation
            self.now = now
            self.jitter = jitter
        }
    }

    /// Something that happens to a request.
    public enum Input: Sendable {
        /// A worker takes it to make its next call.
        case claim(owner: String, leaseFor: Duration)
        /// It is due but cannot be called, for no fault of the agency's: it waits, without an event.
        case postpone(QueueReason, until: Timestamp)
        /// The call that was claimed with `epoch` has ended.
        case outcome(CallOutcome, epoch: Int)
        /// The process that held the lease is gone.
        case recover
        /// The deadline may have passed.
        case checkDeadline
        /// Somebody wants it cancelled.
        case cancel(actor: String)
        /// An operator wants a failed request tried again.
        case redrive(actor: String, deadline: Timestamp)
        /// An operator knows what became of a request in doubt.
        case resolve(Resolution, actor: String)
        /// An operator takes a failed request off the dead-letter list.
        case discard(actor: String)
        /// Its connection cannot take it and another one could.
        case reroute(Reroute)
    }

    /// How a claimed call ended.
    public enum CallOutcome: Sendable, Hashable {
        /// A send was answered.
        case verdict(Verdict)
        /// An inquiry was answered.
        case finding(Finding)
        /// No complete answer arrived.
        case failure(WireFailure)
        /// The adapter could not make a message; nothing was sent.
        case unprepared(GerbangError)
    }

    /// What an operator says of a request in doubt.
    public enum Resolution: Sendable, Hashable {
        /// The agency did it.
        case done(output: JSONValue?, agencyReference: String?)
        /// The agency did not do it, and it shall not be sent again now: it fails and may be redriven.
        case notDone
        /// The agency did not do it: send it again.
        case resend
    }

    /// How often in a row a process may go down with a request before it is set aside.
    static let poisonLimit = 5
    /// How many negative answers in a row about a request that the agency had acknowledged make it doubtful.
    static let lostReferenceLimit = 5

    var progress: RequestProgress
    var events: [RequestEvent] = []
    let context: Context

    /// Applies `input`.
    ///
    /// - Throws: ``GerbangError/Code/conflict`` when the request's state does not allow it. Nothing changes then.
    public static func apply(
        _ input: Input,
        to progress: RequestProgress,
        in context: Context
    ) throws(GerbangError) -> Transition {
        var machine = RequestMachine(progress: progress, context: context)
        switch input {
        case .claim(let owner, let duration): try machine.claim(owner: owner, leaseFor: duration)
        case .postpone(let reason, let moment): machine.postpone(reason, until: moment)
        case .outcome(let outcome, let epoch): machine.settle(outcome, epoch: epoch)
        case .recover: machine.recover()
        case .checkDeadline: machine.checkDeadline()
        case .cancel(let actor): try machine.cancel(actor: actor)
        case .redrive(let actor, let deadline): try machine.redrive(actor: actor, deadline: deadline)
        case .resolve(let resolution, let actor): try machine.resolve(resolution, actor: actor)
        case .discard(let actor): try machine.discard(actor: actor)
        case .reroute(let reroute): machine.reroute(reroute)
        }
        return Transition(progress: machine.progress, events: machine.events)
    }

    private init(progress: RequestProgress, context: Context) {
        self.progress = progress
        self.context = context
    }
}

// MARK: - Claiming and losing a claim

extension RequestMachine {
    private mutating func claim(owner: String, leaseFor duration: Duration) throws(GerbangError) {
        guard progress.lease == nil, let due = progress.dueAt, due <= context.now else {
            throw GerbangError(.conflict, "the request is not due")
        }
        guard progress.step != .send || context.now < progress.deadline else { return giveUp(.expired, Self.late) }
        progress.epoch += 1
        progress.calls += 1
        progress.lease = RequestProgress.Lease(owner: owner, since: context.now, until: context.now + duration)
        progress.dueAt = nil
        progress.reason = nil
        if progress.step == .send { progress.state = .running }
        record(progress.step == .send ? .sending : .inquiring, attempt: progress.calls)
    }

    private mutating func postpone(_ reason: QueueReason, until moment: Timestamp) {
        guard progress.lease == nil, progress.dueAt != nil else { return }
        if progress.state == .queued { progress.reason = reason }
        progress.dueAt = moment
    }

    private mutating func recover() {
        guard progress.lease != nil else { return }
        progress.lease = nil
        let error = GerbangError(.outcomeUnknown, "the process went down during the call")
        guard progress.step == .send else {
            // Asking does no harm at the agency. Should it be what takes the process down, the schedule makes it rare.
            progress.failures += 1
            let delay = context.schedule.delay(afterFailure: progress.failures, jitter: context.jitter)
            progress.dueAt = context.now + delay
            return record(.recovered, attempt: progress.calls, error: error)
        }
        progress.recoveries += 1
        progress.attempts += 1
        noteDoubt()
        guard context.effect.isRepeatable else {
            enterDoubt()
            return record(.recovered, attempt: progress.calls, error: error)
        }
        guard progress.recoveries < Self.poisonLimit else { return giveUp(.failed, Self.poison(progress)) }
        guard !progress.isCancelRequested else { return giveUp(.cancelled, Self.cancelled) }
        // The limit of attempts is not looked at here: a crash never fails a request, except as poison.
        // The first recovery is at once.
        enqueue(.retry, after: progress.recoveries == 1 ? .zero : recoveryDelay)
        record(.recovered, attempt: progress.calls, error: error)
    }

    /// The time grows with each crash in a row: a process that goes down again and again for another reason is then
    /// likely to do so without this request, and of several suspects one comes back at a time.
    private var recoveryDelay: Duration {
        context.schedule.delay(afterFailure: progress.recoveries, jitter: context.jitter)
    }

    private mutating func checkDeadline() {
        guard progress.state == .queued, context.now >= progress.deadline else { return }
        giveUp(.expired, Self.late)
    }
}

// MARK: - Commands

extension RequestMachine {
    private mutating func cancel(actor: String) throws(GerbangError) {
        switch progress.state {
        case .queued:
            giveUp(.cancelled, Self.cancelled, actor: actor)
        case .running, .inDoubt:
            guard !progress.isCancelRequested else { return }
            progress.isCancelRequested = true
            record(.cancelRequested, dueAt: progress.dueAt, actor: actor)
        case .cancelled:
            return
        case .awaitingAgency:
            throw GerbangError(.conflict, "the agency already has the request; it can only be withdrawn there")
        case .succeeded, .rejected, .failed, .expired:
            throw GerbangError(.conflict, "the request has ended as \(progress.state.rawValue)")
        }
    }

    private mutating func redrive(actor: String, deadline: Timestamp) throws(GerbangError) {
        guard progress.state == .failed else {
            throw GerbangError(
                .conflict,
                "only a failed request can be redriven; this one is \(progress.state.rawValue)"
            )
        }
        progress.attempts = 0
        progress.failures = 0
        progress.negativeAnswers = 0
        progress.recoveries = 0
        progress.doubtfulSince = nil
        progress.acknowledgedAt = nil
        progress.deadline = deadline
        progress.isDeadLetter = false
        progress.isCancelRequested = false
        progress.finishedAt = nil
        progress.error = nil
        progress.step = .send
        progress.left = []
        enqueue(.new, after: .zero)
        record(.redriven, actor: actor)
    }

    private mutating func resolve(_ resolution: Resolution, actor: String) throws(GerbangError) {
        guard progress.state == .inDoubt || progress.state == .awaitingAgency else {
            throw GerbangError(
                .conflict,
                "only a request in doubt or with the agency can be resolved; this one is \(progress.state.rawValue)"
            )
        }
        // An inquiry may be under way; what it finds is of no use any more.
        if progress.lease != nil {
            progress.lease = nil
            progress.epoch += 1
        }
        progress.dueAt = nil
        record(.resolved, actor: actor)
        switch resolution {
        case .done(let output, let reference):
            progress.agencyReference = reference ?? progress.agencyReference
            progress.output = output
            finish(.succeeded, .succeeded, actor: actor)
        case .notDone:
            progress.doubtfulSince = nil
            giveUp(.failed, GerbangError(.attemptsExhausted, "not done, says the operator"), actor: actor)
        case .resend:
            foundNotDone(actor: actor)
        }
    }

    private mutating func discard(actor: String) throws(GerbangError) {
        guard progress.state == .failed, progress.isDeadLetter else {
            throw GerbangError(.conflict, "the request does not stand in the dead-letter list")
        }
        progress.isDeadLetter = false
        record(.discarded, actor: actor)
    }
}

// MARK: - Moves that several inputs share

extension RequestMachine {
    mutating func enqueue(_ reason: QueueReason, after delay: Duration) {
        progress.state = .queued
        progress.reason = reason
        progress.dueAt = min(context.now + delay, progress.deadline)
        progress.step = .send
    }

    /// Notes that the call which has just ended may have had an effect.
    mutating func noteDoubt() {
        if context.effect != .query { progress.doubtfulSince = context.now }
    }

    /// It is not known whether anything happened: ask, if there is a way to ask.
    mutating func enterDoubt() {
        progress.state = .inDoubt
        progress.reason = nil
        progress.step = .inquire
        progress.failures = 0
        progress.dueAt = context.inquiry.map { inquiry in
            let delay = context.schedule.delay(afterFailure: 1, jitter: context.jitter)
            return context.now + min(delay, max(inquiry.conclusiveAfter, .milliseconds(1)))
        }
    }

    /// It is certain that nothing happened: the request may be sent again.
    mutating func foundNotDone(actor: String? = nil) {
        progress.doubtfulSince = nil
        progress.acknowledgedAt = nil
        progress.failures = 0
        guard !progress.isCancelRequested else { return giveUp(.cancelled, Self.cancelled) }
        guard context.now < progress.deadline else { return giveUp(.expired, Self.late) }
        guard progress.recoveries < Self.poisonLimit else { return giveUp(.failed, Self.poison(progress)) }
        guard progress.attempts < context.maximumAttempts else { return giveUp(.failed, exhausted(progress.error)) }
        enqueue(.new, after: .zero)
        record(.foundNotDone, actor: actor)
    }

    /// Ends the request without success, which promises that nothing was done at the agency. As long as that is not
    /// certain the request is in doubt instead, and ends when the doubt is settled.
    mutating func giveUp(_ state: RequestState, _ error: GerbangError, actor: String? = nil) {
        guard progress.doubtfulSince == nil else {
            let isNewWish = state == .cancelled && !progress.isCancelRequested
            if isNewWish { progress.isCancelRequested = true }
            enterDoubt()
            return record(isNewWish ? .cancelRequested : .doubted, error: error, actor: actor)
        }
        progress.isDeadLetter = state == .failed
        let kind: RequestEvent.Kind =
            switch state {
            case .expired: .expired
            case .cancelled: .cancelled
            default: .failed
            }
        finish(
            state,
            kind,
            attempt: actor == nil && progress.calls > 0 ? progress.calls : nil,
            error: error,
            actor: actor
        )
    }

    func exhausted(_ cause: GerbangError?) -> GerbangError {
        let reason = cause.map { ", the last with \($0.code.rawValue): \($0.message)" } ?? ""
        return GerbangError(.attemptsExhausted, "\(progress.attempts) attempts failed\(reason)")
    }

    static let cancelled = GerbangError(.cancelled, "cancelled before it was done")
    static let late = GerbangError(.deadlineExceeded, "not settled before its deadline")

    private static func poison(_ progress: RequestProgress) -> GerbangError {
        GerbangError(.poison, "the process went down \(progress.recoveries) times in a row with this request")
    }

    mutating func finish(
        _ state: RequestState,
        _ kind: RequestEvent.Kind,
        attempt: Int? = nil,
        error: GerbangError? = nil,
        actor: String? = nil
    ) {
        progress.state = state
        progress.reason = nil
        progress.dueAt = nil
        progress.lease = nil
        progress.error = error
        progress.finishedAt = context.now
        record(kind, attempt: attempt, error: error, actor: actor)
    }

    mutating func record(
        _ kind: RequestEvent.Kind,
        attempt: Int? = nil,
        dueAt: Timestamp? = nil,
        error: GerbangError? = nil,
        actor: String? = nil,
        detour: RequestEvent.Detour? = nil
    ) {
        progress.sequence += 1
        progress.updatedAt = context.now
        // What a call reported too late says nothing of where the request stands.
        if let error, kind != .staleOutcome { progress.error = error }
        events.append(
            RequestEvent(
                sequence: progress.sequence,
                at: context.now,
                kind: kind,
                state: progress.state,
                reason: progress.reason,
                dueAt: dueAt ?? progress.dueAt,
                attempt: attempt,
                error: error,
                actor: actor,
                generation: kind == .sending || kind == .inquiring ? context.generation : nil,
                detour: detour
            )
        )
    }
}
