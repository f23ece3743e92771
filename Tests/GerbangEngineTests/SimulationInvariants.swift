internal import GerbangCore

@testable internal import GerbangEngine

// What must hold after every step, and at the end.
extension Simulation {
    /// Which event may lead from which state to which.
    static let legalMoves: [RequestState: [RequestEvent.Kind: Set<RequestState>]] = [
        .queued: [
            .sending: [.running], .expired: [.expired], .cancelled: [.cancelled], .staleOutcome: [.queued],
            .doubted: [.inDoubt], .cancelRequested: [.inDoubt],
            .rerouted: [.queued],
        ],
        .running: [
            .retryScheduled: [.queued], .throttled: [.queued], .doubted: [.inDoubt], .pending: [.awaitingAgency],
            .recovered: [.queued, .inDoubt], .cancelRequested: [.running, .inDoubt], .staleOutcome: [.running],
            .succeeded: [.succeeded], .rejected: [.rejected], .failed: [.failed], .expired: [.expired],
            .cancelled: [.cancelled],
        ],
        .inDoubt: [
            .inquiring: [.inDoubt], .stillInDoubt: [.inDoubt], .recovered: [.inDoubt], .cancelRequested: [.inDoubt],
            .resolved: [.inDoubt], .staleOutcome: [.inDoubt], .foundNotDone: [.queued], .pending: [.awaitingAgency],
            .succeeded: [.succeeded], .rejected: [.rejected], .failed: [.failed], .expired: [.expired],
            .cancelled: [.cancelled],
        ],
        .awaitingAgency: [
            .inquiring: [.awaitingAgency], .pending: [.awaitingAgency], .recovered: [.awaitingAgency],
            .staleOutcome: [.awaitingAgency], .doubted: [.inDoubt], .resolved: [.awaitingAgency],
            .foundNotDone: [.queued], .succeeded: [.succeeded], .rejected: [.rejected], .failed: [.failed],
            .expired: [.expired], .cancelled: [.cancelled],
        ],
        .succeeded: [.staleOutcome: [.succeeded]],
        .rejected: [.staleOutcome: [.rejected]],
        .failed: [.redriven: [.queued], .discarded: [.failed], .staleOutcome: [.failed]],
        .expired: [.staleOutcome: [.expired]],
        .cancelled: [.staleOutcome: [.cancelled]],
    ]

    /// Puts an input through the machine and checks the step; `false` when the machine refuses it.
    @discardableResult
    mutating func apply(_ input: RequestMachine.Input, to index: Int) -> Bool {
        let before = requests[index].progress
        let context = RequestMachine.Context(
            effect: requests[index].effect,
            inquiry: requests[index].inquiry,
            maximumAttempts: requests[index].maximumAttempts,
            now: clock,
            jitter: Double(roll(0...1000)) / 1000
        )
        let transition: Transition
        do throws(GerbangError) {
            transition = try options.machine(input, before, context)
        } catch {
            if case .claim = input { fail("\(requests[index].name): a due request cannot be claimed: \(error)") }
            if error.code != .conflict { fail("\(requests[index].name): refused with \(error.code.rawValue)") }
            return false
        }
        requests[index].progress = transition.progress
        requests[index].events += transition.events
        for event in transition.events {
            seen[event.kind, default: 0] += 1
            note(index, event.summary)
        }
        count(input, before: before, in: index)
        keepHeads()
        if let reason = orderingObjection(index) { fail("\(requests[index].name): \(reason)") }
        if let reason = objection(to: input, before: before, transition: transition, of: requests[index]) {
            fail("\(requests[index].name): \(reason)")
        }
        return true
    }

    /// What a store does: every case with open requests has one head, the oldest when the last one has ended.
    private mutating func keepHeads() {
        for key in Set(requests.compactMap(\.caseNumber)) {
            if let head = heads[key], !requests[head].progress.state.isFinal { continue }
            heads[key] = requests.indices.first {
                requests[$0].caseNumber == key && !requests[$0].progress.state.isFinal
            }
        }
    }

    private func orderingObjection(_ index: Int) -> String? {
        guard let key = requests[index].caseNumber else { return nil }
        let begun = requests.filter { request in
            let progress = request.progress
            guard request.caseNumber == key, !progress.state.isFinal else { return false }
            return progress.lease != nil || progress.state != .queued || progress.doubtfulSince != nil
        }
        return begun.count > 1 ? "two requests of one case are under way" : nil
    }

    private mutating func count(_ input: RequestMachine.Input, before: RequestProgress, in index: Int) {
        switch input {
        case .recover where before.lease != nil && before.step == .send:
            requests[index].recoveries += 1
        case .redrive:
            requests[index].recoveries = 0
            requests[index].redrives += 1
        default:
            break
        }
    }

    private func objection(
        to input: RequestMachine.Input,
        before: RequestProgress,
        transition: Transition,
        of request: SimulatedRequest
    ) -> String? {
        let after = transition.progress
        var state = before.state
        for (offset, event) in transition.events.enumerated() {
            guard event.sequence == before.sequence + offset + 1 else { return "the history has a gap" }
            guard Self.legalMoves[state]?[event.kind]?.contains(event.state) == true else {
                return "\(event.kind) leads from \(state) to \(event.state)"
            }
            state = event.state
        }
        if after.sequence != before.sequence + transition.events.count { return "the events are miscounted" }
        if after.state != state { return "the state is \(after.state), but the history says \(state)" }
        if before.state.isFinal, after.state != before.state, transition.events.first?.kind != .redriven {
            return "the final state \(before.state) was left"
        }
        if case .outcome(_, let epoch) = input, before.lease == nil || before.epoch != epoch {
            return staleOutcomeObjection(before: before, after: after)
        }
        if case .reroute(let wish) = input, transition.events.first?.kind == .rerouted, request.effect != .query {
            let isRecognised = request.effect != .nonIdempotent && wish.recognisesRepetition
            if !isRecognised, request.effects + request.unsettled > 0 { return "another agency gets what was done" }
        }
        return fieldObjection(before: before, after: after, input: input, of: request)
    }

    private func staleOutcomeObjection(before: RequestProgress, after: RequestProgress) -> String? {
        var same = after
        same.sequence = before.sequence
        same.updatedAt = before.updatedAt
        return same == before ? nil : "an outcome under an old lease changed it"
    }

    private func fieldObjection(
        before: RequestProgress,
        after: RequestProgress,
        input: RequestMachine.Input,
        of request: SimulatedRequest
    ) -> String? {
        if after.epoch < before.epoch { return "the epoch went back" }
        if case .claim = input, after.lease != nil {
            if before.lease != nil { return "two leases overlap" }
            if after.epoch != before.epoch + 1 { return "a claim without an epoch of its own" }
            if after.step == .send, before.attempts >= request.maximumAttempts + request.recoveries {
                return "attempt \(before.attempts + 1) of \(request.maximumAttempts)"
            }
        } else if let lease = after.lease, lease != before.lease {
            return "a lease from nowhere"
        }
        if after.attempts > request.maximumAttempts + request.recoveries {
            return "\(after.attempts) attempts of \(request.maximumAttempts)"
        }
        if after.state.isFinal != (after.finishedAt != nil) { return "it ended without an end, or the other way round" }
        if after.state.isFinal, after.lease != nil || after.dueAt != nil { return "it has ended and still waits" }
        if after.state == .running, after.lease == nil { return "it runs without a lease" }
        if after.state == .queued, after.dueAt == nil { return "it is queued for never" }
        if after.lease != nil, after.dueAt != nil { return "it is due and under way" }
        return nil
    }

    /// Compares where the requests ended with what the agency did.
    mutating func checkLedger() {
        for request in requests {
            let finals = request.events.filter { $0.state.isFinal && $0.kind.rawValue == $0.state.rawValue }
            if finals.count != 1 + request.redrives { fail("\(request.name): ended \(finals.count) times") }
            if request.events.map(\.sequence) != Array(1...request.events.count) {
                fail("\(request.name): the history has a gap")
            }
            let effects = request.effects
            guard request.effect != .query else {
                if effects != 0 { fail("\(request.name): a query had an effect") }
                continue
            }
            if effects > 1 { fail("\(request.name): done \(effects) times") }
            if request.progress.state == .succeeded, effects != 1 {
                fail("\(request.name): succeeded, but was never done")
            }
            if request.progress.state != .succeeded, effects != 0 {
                fail("\(request.name): ended as \(request.progress.state), but was done")
            }
        }
    }
}

extension RequestEvent {
    fileprivate var summary: String {
        let parts = [
            "\(sequence). \(kind.rawValue) -> \(state.rawValue)", reason.map { "(\($0.rawValue))" },
            dueAt.map { "due \($0)" }, error.map { "[\($0.code.rawValue)]" }, actor.map { "by \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}
