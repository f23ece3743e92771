/// Where a request stands as a citizen would tell it; chooses the sentence and who has to act.
package enum Situation: Sendable, Hashable {
    // MARK: Waiting to be passed on

    /// It is passed on at once.
    case aboutToBeSent
    /// Others are before it.
    case waitingForTurn
    /// The agency has trouble; it is tried again then.
    case agencyInTrouble(next: Timestamp?)
    /// The agency does not answer; it is tried again then.
    case agencyUnreachable(next: Timestamp?)
    /// The process went down while passing it on; it is sent again then.
    case interrupted(next: Timestamp?)
    /// The agency refuses the gateway itself; somebody must see to it.
    case connectionRefused(next: Timestamp?)
    /// The agency wants fewer calls.
    case agencyCrowded(next: Timestamp?)
    /// The agency's quota for the day is used up.
    case quotaUsedUp(next: Timestamp?)
    /// The agency is closed; `nil` when nobody has said until when.
    case agencyClosed(until: Timestamp?)
    /// An operator has paused the connection.
    case onHold
    /// The connection is not configured.
    case notConnected
    /// An older request for the same case has not ended.
    case behindAnother

    // MARK: On its way

    /// The call is under way.
    case atAgency
    /// Cancelling was asked for; whether it comes in time is not known yet.
    case cancelling
    /// It is not known whether the agency did it; the agency is asked.
    case checking
    /// It is not known whether the agency did it; an operator finds out.
    case checkedByOperator
    /// The agency has it and decides later.
    case acknowledged
    /// The agency has it and is closed until then.
    case acknowledgedAndClosed(until: Timestamp)
    /// The agency has it and takes longer than it usually does.
    case overdue

    // MARK: Ended

    /// It was done.
    case done
    /// The agency decided against it; the adapter's own words, if it has any.
    case rejected(LocalizedText?)
    /// The agency has no such record.
    case unknownToAgency
    /// The input is wrong.
    case wrongData
    /// Gerbang gave up; an operator looks at it.
    case withOperator
    /// Gerbang gave up, and an operator has put it aside.
    case notDone
    /// Its deadline passed.
    case expired
    /// It was cancelled.
    case cancelled

    /// Who has to act next.
    package var holder: ProgressNotice.Holder.Kind {
        switch self {
        case .aboutToBeSent, .waitingForTurn, .interrupted, .checking, .behindAnother: .gateway
        case .agencyInTrouble, .agencyUnreachable, .agencyCrowded, .quotaUsedUp, .agencyClosed, .atAgency, .cancelling,
            .acknowledged,
            .acknowledgedAndClosed, .overdue:
            .agency
        case .connectionRefused, .onHold, .notConnected, .checkedByOperator, .withOperator: .operator
        case .done, .rejected, .unknownToAgency, .wrongData, .notDone, .expired, .cancelled: .mall
        }
    }
}

/// What is said about the end of a request.
package enum Outlook: Sendable, Hashable {
    /// It is likely to have ended by then.
    case finish(Timestamp)
    /// It is likely to miss its deadline.
    case tooLate(deadline: Timestamp)
    /// Nobody can know.
    case unknown
    /// It was done then.
    case done(Timestamp)
    /// It ended otherwise then.
    case ended(Timestamp)
}

/// What is known about a request beside its status.
package struct ProgressContext: Sendable, Hashable {
    /// Why nothing happens on the connection until somebody acts.
    package enum Hold: Sendable, Hashable {
        /// An operator has paused or disabled it.
        case paused
        /// It is not configured.
        case notConnected
    }

    /// The agency's name and the zone; the present moment.
    package var wording: Wording
    /// Why nothing happens on the connection until somebody acts.
    package var hold: Hold?
    /// Whether others are before it.
    package var isCrowded = false
    /// Whether it is the gateway that keeps the pace, and not an agency that asked to wait.
    package var isOurPace = false
    /// When the next call may begin, if one is to come.
    package var nextCallAt: Timestamp?
    /// The agency is closed now, and opens then as far as known.
    package var closedUntil: Closing?
    /// Whether an operator must say what became of it.
    package var needsOperator = false
    /// Whether the agency takes longer than it usually does.
    package var isOverdue = false
    /// When it is likely to have ended.
    package var expectedFinishAt: Timestamp?

    /// When a closed agency opens.
    package enum Closing: Sendable, Hashable {
        /// At that moment.
        case until(Timestamp)
        /// Nobody has said.
        case openEnded
    }

    /// Creates a context of which nothing is known but the words.
    package init(_ wording: Wording) {
        self.wording = wording
    }
}

extension ProgressNotice {
    /// The notice for a request.
    package init(of status: RequestStatus, in context: ProgressContext) {
        self.init(Situation(of: status, in: context), Outlook(of: status, in: context), context.wording)
    }
}

extension Situation {
    /// Finds out where a request stands.
    package init(of status: RequestStatus, in context: ProgressContext) {
        self =
            switch status.state {
            case .queued: Self.waiting(status, context)
            case .running: status.isCancelRequested ? .cancelling : .atAgency
            case .inDoubt where context.needsOperator: .checkedByOperator
            case .inDoubt: status.isCancelRequested ? .cancelling : .checking
            case .awaitingAgency: Self.acknowledgement(context)
            case .succeeded: .done
            case .rejected: Self.rejection(status.error)
            case .failed: status.isDeadLetter ? .withOperator : .notDone
            case .expired: .expired
            case .cancelled: .cancelled
            }
    }

    private static func waiting(_ status: RequestStatus, _ context: ProgressContext) -> Situation {
        // Whatever the connection waits for, the older request comes first.
        if status.reason == .behindAnother { return .behindAnother }
        switch (context.hold, status.reason) {
        case (.paused, _), (_, .paused), (_, .disabled): return .onHold
        case (.notConnected, _), (_, .noConnection): return .notConnected
        default: break
        }
        let next = context.nextCallAt ?? status.dueAt
        switch context.closedUntil {
        case .until(let moment): return .agencyClosed(until: moment)
        case .openEnded: return .agencyClosed(until: nil)
        case nil: break
        }
        switch status.reason {
        case .outsideHours: return .agencyClosed(until: next.flatMap { $0 > context.wording.now ? $0 : nil })
        case .throttled where context.isOurPace: return .waitingForTurn
        case .throttled:
            switch status.error?.code {
            case .agencyQuotaExhausted: return .quotaUsedUp(next: next)
            case .agencyOutsideHours: return .agencyClosed(until: next)
            default: return .agencyCrowded(next: next)
            }
        case .breakerOpen: return .agencyInTrouble(next: next)
        case .retry:
            switch status.error?.code {
            case .agencyUnauthorized, .untrustedPeer: return .connectionRefused(next: next)
            case .outcomeUnknown: return .interrupted(next: next)
            case let code? where code.blame == .network: return .agencyUnreachable(next: next)
            default: return .agencyInTrouble(next: next)
            }
        case .noInstance: return .agencyUnreachable(next: nil)
        case .busy: return .waitingForTurn
        case .new, .paused, .disabled, .noConnection, .behindAnother, nil:
            return context.isCrowded ? .waitingForTurn : .aboutToBeSent
        }
    }

    private static func acknowledgement(_ context: ProgressContext) -> Situation {
        if case .until(let moment)? = context.closedUntil { return .acknowledgedAndClosed(until: moment) }
        return context.isOverdue ? .overdue : .acknowledged
    }

    private static func rejection(_ error: GerbangError?) -> Situation {
        guard error?.texts == nil else { return .rejected(error?.texts) }
        return switch error?.code {
        case .agencyNotFound: .unknownToAgency
        case .agencyInvalidInput, .invalidInput, .malformedRequest: .wrongData
        default: .rejected(nil)
        }
    }
}

extension Outlook {
    /// Finds out what can be said about the end of a request.
    package init(of status: RequestStatus, in context: ProgressContext) {
        if status.state.isFinal {
            let moment = status.finishedAt ?? status.updatedAt
            self = status.state == .succeeded ? .done(moment) : .ended(moment)
        } else if let finish = context.expectedFinishAt {
            // Only what is queued ends at its deadline; anything that may be with the agency goes on.
            let isTooLate = status.state == .queued && finish > status.deadline
            self = isTooLate ? .tooLate(deadline: status.deadline) : .finish(finish)
        } else {
            self = .unknown
        }
    }
}
