internal import GerbangCore
internal import GerbangTesting

extension Evidence {
    /// Every broken promise.
    func violations() -> [Violation] {
        let wishes = Dictionary(journal.map { ($0.wish.key, $0) }) { first, _ in first }
        let effects = Dictionary(grouping: self.effects + queries, by: \.key)
        var found: [Violation] = []
        found += violationsOfAcknowledgements()
        if openRequests > 0 { found.append(Violation(.everythingEnds, "the queue", "\(openRequests) are not ended")) }
        for request in stored {
            guard let entry = wishes[request.key] else {
                found.append(Violation(.nothingInvented, request.id, "nobody asked for \(request.key)"))
                continue
            }
            found += Self.violations(of: request, entry, effects: effects[request.id.description] ?? [])
            found += violationsOfShowing(request)
        }
        let known = Set(stored.map(\.id.description))
        for key in effects.keys where !known.contains(key) {
            found.append(Violation(.intentBeforeEffect, key, "the agency did something for no stored request"))
        }
        found += violationsOfOrder()
        found += violationsOfCallbacks()
        return found
    }

    private func violationsOfAcknowledgements() -> [Violation] {
        var found: [Violation] = []
        let keys = Dictionary(grouping: stored, by: \.key)
        for (key, requests) in keys where requests.count > 1 {
            found.append(Violation(.oneKeyOneRequest, key, "is stored \(requests.count) times"))
        }
        for entry in journal {
            if entry.ids.count > 1 {
                let detail = "was acknowledged as \(entry.ids.count) requests"
                found.append(Violation(.oneKeyOneRequest, entry.wish.key, detail))
            }
            if entry.finalStates.count > 1 {
                let states = entry.finalStates.map(\.rawValue).sorted().joined(separator: " and ")
                found.append(Violation(.oneFinalState, entry.wish.key, "was told to have ended as \(states)"))
            }
            for id in entry.ids where keys[entry.wish.key]?.contains(where: { $0.id == id }) != true {
                let detail = "was acknowledged as \(id) and is not stored"
                found.append(Violation(.acknowledgedIsStored, entry.wish.key, detail))
            }
        }
        return found
    }

    /// How much two requests of one case may seem to be under way at the same time: a moment is taken before its step is
    /// stored, so that steps that follow each other closely may bear their times the other way round.
    private static let unsharpness = Duration.milliseconds(250)

    private func violationsOfOrder() -> [Violation] {
        var found: [Violation] = []
        for (ordering, requests) in Dictionary(grouping: stored, by: \.ordering) where ordering != nil {
            let spans = requests.compactMap { request -> (id: RequestID, from: Timestamp, to: Timestamp)? in
                guard let from = request.history.first(where: { $0.kind == .sending })?.at,
                    let to = request.history.last?.at
                else { return nil }
                return (request.id, from, to)
            }
            .sorted { $0.from < $1.from }
            for (earlier, later) in zip(spans, spans.dropFirst()) where earlier.to - later.from > Self.unsharpness {
                let detail = "was sent while \(earlier.id) of the same case was under way"
                found.append(Violation(.oneAfterTheOther, later.id, detail))
            }
        }
        return found
    }

    private func violationsOfShowing(_ request: Stored) -> [Violation] {
        guard let shown = shown[request.id] else {
            return [Violation(.shownIsStored, request.id, "is not in the API's list")]
        }
        guard shown.state == request.state, shown.history == request.history else {
            return [Violation(.shownIsStored, request.id, "the API shows \(shown.state), stored is \(request.state)")]
        }
        return []
    }

    /// The operations that must be done once.
    private static let once = Set(Wish.Service.allCases.compactMap(\.effect))

    /// What is wrong with one request; also asked of databases in which requests have not ended, without `entry`.
    static func violations(of request: Stored, _ entry: Journal.Entry?, effects: [Ledger.Entry]) -> [Violation] {
        var found: [Violation] = []
        func note(_ promise: Violation.Promise, _ detail: String) {
            found.append(Violation(promise, request.id, detail))
        }
        let sends = request.history.filter { $0.kind == .sending }.count
        // A query may be repeated by the transport itself when its connection turns out to be dead.
        let mustBeIntended = effects.filter { once.contains($0.operation) }.count
        if sends < max(mustBeIntended, min(effects.count, 1)) {
            note(.intentBeforeEffect, "\(effects.count) effects, \(sends) stored intents to send")
        }
        guard let entry else { return found }
        let mustBeDoneOnce = entry.wish.service.mustBeDoneOnce
        for problem in HistoryCheck.problems(in: request.history, state: request.state, mayRepeat: !mustBeDoneOnce) {
            note(.soundHistory, problem)
        }
        if !request.state.isFinal { note(.everythingEnds, "is still \(request.state)") }
        if let told = entry.finalStates.first, told != request.state {
            note(.oneFinalState, "was told to have ended as \(told) and is stored as \(request.state)")
        }
        guard mustBeDoneOnce else {
            if request.state == .succeeded, effects.isEmpty { note(.stateTellsTheTruth, "succeeded without an answer") }
            return found
        }
        if effects.count > 1 { note(.atMostOnce, "was done \(effects.count) times") }
        switch (request.state, effects.count) {
        case (.succeeded, 0):
            note(.stateTellsTheTruth, "succeeded and was not done")
        case (.succeeded, _)
        where entry.wish.service.referenceField != nil && effects.last?.reference != request.reference:
            note(.stateTellsTheTruth, "answers \(request.reference ?? "nothing"), the agency knows another number")
        case (.rejected, 1...), (.failed, 1...), (.expired, 1...), (.cancelled, 1...):
            note(.stateTellsTheTruth, "ended as \(request.state) and was done")
        default: break
        }
        return found
    }
}

/// Whether a history could have come from the state machine, judged by rules written down a second time.
enum HistoryCheck {
    /// From which states an event may come and to which it may lead.
    private struct Step {
        var from: Set<RequestState>
        var to: Set<RequestState>
    }

    private static let called: Set<RequestState> = [.running, .inDoubt, .awaitingAgency]

    private static let steps: [RequestEvent.Kind: Step] = [
        .sending: Step(from: [.queued], to: [.running]),
        .inquiring: Step(from: [.inDoubt, .awaitingAgency], to: [.inDoubt, .awaitingAgency]),
        .retryScheduled: Step(from: [.running], to: [.queued]),
        .throttled: Step(from: [.running], to: [.queued]),
        .doubted: Step(from: [.running, .awaitingAgency], to: [.inDoubt]),
        .stillInDoubt: Step(from: [.inDoubt], to: [.inDoubt]),
        .foundNotDone: Step(from: [.inDoubt], to: [.queued]),
        .pending: Step(from: called, to: [.awaitingAgency]),
        .recovered: Step(from: called, to: [.queued, .inDoubt, .awaitingAgency]),
        .cancelRequested: Step(from: [.running, .inDoubt], to: [.running, .inDoubt]),
        .resolved: Step(from: [.inDoubt], to: [.inDoubt]),
        .redriven: Step(from: [.failed], to: [.queued]),
        .discarded: Step(from: [.failed], to: [.failed]),
        .succeeded: Step(from: called, to: [.succeeded]),
        .rejected: Step(from: called, to: [.rejected]),
        .failed: Step(from: [.running, .inDoubt], to: [.failed]),
        .expired: Step(from: [.queued, .running, .inDoubt], to: [.expired]),
        .cancelled: Step(from: [.queued, .running, .inDoubt], to: [.cancelled]),
    ]

    /// What is wrong with `history`, which led to `state`.
    static func problems(in history: [RequestEvent], state: RequestState, mayRepeat: Bool) -> [String] {
        guard let first = history.first, first.kind == .accepted, first.state == .queued else {
            return ["does not begin with being accepted"]
        }
        var problems: [String] = []
        if history.map(\.sequence) != Array(1...history.count) {
            problems.append("is not numbered from 1 without gaps")
        }
        var isCallOpen = false
        for (earlier, event) in zip(history, history.dropFirst()) {
            if let problem = problem(of: event, after: earlier.state, mayRepeat: mayRepeat) { problems.append(problem) }
            switch event.kind {
            case .sending, .inquiring:
                if isCallOpen { problems.append("number \(event.sequence) begins a call while another is under way") }
                isCallOpen = true
            case .cancelRequested, .staleOutcome: break
            default: isCallOpen = false
            }
        }
        if history.last?.state != state { problems.append("does not lead to \(state)") }
        let ends = history.filter { $0.state.isFinal && $0.kind != .discarded }.count
        let redrives = history.filter { $0.kind == .redriven }.count
        if ends > redrives + 1 { problems.append("ends \(ends) times") }
        return problems
    }

    private static func problem(of event: RequestEvent, after state: RequestState, mayRepeat: Bool) -> String? {
        let number = "number \(event.sequence), \(event.kind)"
        if event.kind == .staleOutcome {
            return event.state == state ? nil : "\(number), changes the state from \(state) to \(event.state)"
        }
        guard let step = steps[event.kind], step.from.contains(state), step.to.contains(event.state) else {
            return "\(number), leads from \(state) to \(event.state)"
        }
        if event.kind == .recovered, state == .running, event.state == .queued, !mayRepeat {
            return "\(number), queues again what may have been done"
        }
        return nil
    }
}
