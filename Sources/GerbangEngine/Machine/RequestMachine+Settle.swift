package import GerbangCore

// What the outcome of a call does to a request.
extension RequestMachine {
    mutating func settle(_ outcome: CallOutcome, epoch: Int) {
        guard let lease = progress.lease, progress.epoch == epoch else {
            // The lease was taken away in the meantime. The outcome is kept in the history and otherwise ignored.
            return record(.staleOutcome, dueAt: progress.dueAt, error: Self.error(of: outcome))
        }
        progress.lease = nil
        switch outcome {
        case .verdict(let verdict):
            progress.recoveries = 0
            settle(verdict)
        case .finding(let finding):
            settle(finding, askedAt: lease.since)
        case .failure(let failure):
            if progress.step == .send {
                progress.recoveries = 0
                settle(failure)
            } else {
                askAgain(GerbangError(failure), retryAfter: nil)
            }
        case .unprepared(let error):
            if progress.step == .send {
                settleUnprepared(error)
            } else {
                askAgain(error, retryAfter: nil)
            }
        }
    }

    private mutating func settle(_ verdict: Verdict) {
        switch verdict {
        case .succeeded(let output, let reference):
            progress.attempts += 1
            progress.output = output
            progress.agencyReference = reference ?? progress.agencyReference
            finish(.succeeded, .succeeded, attempt: progress.calls)
        case .pending(let reference, let checkAfter):
            progress.attempts += 1
            awaitAgency(reference: reference, checkAfter: checkAfter)
        case .rejected(let error), .invalid(let error):
            progress.attempts += 1
            finish(.rejected, .rejected, attempt: progress.calls, error: error)
        case .transient(let error, let retryAfter):
            progress.attempts += 1
            retry(error, retryAfter: retryAfter)
        case .unauthorized(let error):
            // Somebody has to renew a credential; the schedule gives them a day, and the breaker keeps us from
            // knocking so often that the account is locked.
            progress.attempts += 1
            retry(error, retryAfter: nil)
        case .throttled(let error, let until):
            wait(error, until: until)
        case .inDoubt(let error):
            progress.attempts += 1
            doubt(error)
        }
    }

    private mutating func settle(_ failure: WireFailure) {
        let error = GerbangError(failure)
        switch failure.sendState {
        case .notSent where failure.kind == .unsendable:
            // Sending the same message again would fail in the same way.
            giveUp(.failed, error)
        case .notSent:
            // Nothing reached the agency: no attempt is used up.
            retry(error, retryAfter: nil)
        case .maybeSent:
            progress.attempts += 1
            doubt(error)
        }
    }

    private mutating func settleUnprepared(_ error: GerbangError) {
        guard error.code.blame == .client, progress.doubtfulSince == nil else { return giveUp(.failed, error) }
        finish(.rejected, .rejected, attempt: progress.calls, error: error)
    }

    private mutating func settle(_ finding: Finding, askedAt: Timestamp) {
        switch finding {
        case .done(let output, let reference):
            progress.output = output
            progress.agencyReference = reference ?? progress.agencyReference
            finish(.succeeded, .succeeded, attempt: progress.calls)
        case .pending(let reference, let checkAfter):
            awaitAgency(reference: reference, checkAfter: checkAfter)
        case .rejected(let error):
            finish(.rejected, .rejected, attempt: progress.calls, error: error)
        case .notDone:
            settleNotDone(askedAt: askedAt)
        case .unclear(let error, let retryAfter):
            askAgain(error, retryAfter: retryAfter)
        }
    }

    private mutating func settleNotDone(askedAt: Timestamp) {
        if progress.step == .poll {
            // The agency had acknowledged the request and now does not know it. That is never a licence to resend.
            let error = GerbangError(.outcomeUnknown, "the agency does not know a request that it had acknowledged")
            guard progress.negativeAnswers + 1 >= Self.lostReferenceLimit else {
                return askAgain(error, retryAfter: nil, negativeAnswers: progress.negativeAnswers + 1)
            }
            progress.state = .inDoubt
            progress.step = .inquire
            progress.dueAt = nil
            return record(.doubted, attempt: progress.calls, error: error)
        }
        guard let inquiry = context.inquiry else {
            // The inquiry is no longer configured, and with it when its answer would be reliable: an operator decides.
            progress.dueAt = nil
            return record(.stillInDoubt, attempt: progress.calls)
        }
        let reliableFrom = (progress.doubtfulSince ?? askedAt) + inquiry.conclusiveAfter
        guard askedAt >= reliableFrom else {
            progress.dueAt = max(reliableFrom, context.now)
            return record(
                .stillInDoubt,
                attempt: progress.calls,
                error: GerbangError(.outcomeUnknown, "not known to the agency yet; the call may still be at work there")
            )
        }
        foundNotDone()
    }

    /// The agency has the request and decides later.
    private mutating func awaitAgency(reference: String?, checkAfter: Duration) {
        progress.state = .awaitingAgency
        progress.reason = nil
        progress.error = nil
        progress.step = .poll
        progress.failures = 0
        progress.negativeAnswers = 0
        progress.doubtfulSince = nil
        progress.acknowledgedAt = progress.acknowledgedAt ?? context.now
        progress.agencyReference = reference ?? progress.agencyReference
        let delay = min(max(checkAfter, .seconds(1)), .seconds(86_400))
        progress.dueAt = context.inquiry == nil ? nil : context.now + delay
        record(.pending, attempt: progress.calls)
    }

    /// The inquiry did not tell: ask again later, for as long as it takes.
    private mutating func askAgain(_ error: GerbangError, retryAfter: Duration?, negativeAnswers: Int = 0) {
        progress.failures += 1
        progress.negativeAnswers = negativeAnswers
        let delay = context.schedule.delay(afterFailure: progress.failures, jitter: context.jitter)
        progress.dueAt = context.now + max(delay, retryAfter ?? .zero)
        record(progress.state == .inDoubt ? .stillInDoubt : .pending, attempt: progress.calls, error: error)
    }

    private mutating func doubt(_ error: GerbangError) {
        noteDoubt()
        guard !context.effect.isRepeatable else { return retry(error, retryAfter: nil) }
        enterDoubt()
        record(.doubted, attempt: progress.calls, error: error)
    }

    private mutating func retry(_ error: GerbangError, retryAfter: Duration?) {
        progress.failures += 1
        guard !progress.isCancelRequested else { return giveUp(.cancelled, Self.cancelled) }
        guard context.now < progress.deadline else { return giveUp(.expired, Self.late) }
        guard progress.attempts < context.maximumAttempts else { return giveUp(.failed, exhausted(error)) }
        let delay = context.schedule.delay(afterFailure: progress.failures, jitter: context.jitter)
        enqueue(.retry, after: max(delay, retryAfter ?? .zero))
        record(.retryScheduled, attempt: progress.calls, error: error)
    }

    /// The agency asked us to wait: that costs no attempt and is no failure.
    private mutating func wait(_ error: GerbangError, until: Timestamp) {
        guard !progress.isCancelRequested else { return giveUp(.cancelled, Self.cancelled) }
        // An agency whose clock is behind names a moment that has passed; it still wants us to wait.
        enqueue(.throttled, after: max(until - context.now, .seconds(1)))
        record(.throttled, attempt: progress.calls, error: error)
    }

    private static func error(of outcome: CallOutcome) -> GerbangError? {
        switch outcome {
        case .failure(let failure): GerbangError(failure)
        case .unprepared(let error): error
        case .verdict, .finding: nil
        }
    }
}

extension GerbangError {
    /// The error that a failure on the wire amounts to.
    package init(_ failure: WireFailure) {
        let code: Code =
            switch failure.kind {
            case .timeout: .timeout
            case .certificate: .untrustedPeer
            case .unauthorized: .agencyUnauthorized
            case .unavailable: .agencyUnavailable
            case .tooLarge, .malformed, .unverified: .agencyUnreadable
            case .unsendable: .internalFault
            case .cancelled: .connectionLost
            default: failure.sendState == .notSent ? .unreachable : .connectionLost
            }
        self.init(code, "\(failure)")
    }
}
