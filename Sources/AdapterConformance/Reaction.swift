internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// What a call came to: what arrived, what the adapter made of it, and what the engine would do next.
struct Reaction {
    let outcome: WireOutcome
    private(set) var verdict: Verdict?
    private(set) var finding: Finding?
    /// The request afterwards.
    private(set) var progress: RequestProgress
    private let scene: Scene
    private let message: WireRequest

    init(to outcome: WireOutcome, of scene: Scene, call: AdapterCall, message: WireRequest, by adapter: any Adapter) {
        self.outcome = outcome
        self.scene = scene
        self.message = message
        let ended: RequestMachine.CallOutcome
        switch outcome {
        case .failed(let failure): ended = .failure(failure)
        case .answered(let response):
            let exchange = Exchange(request: message, response: response)
            if scene.isInquiry {
                let finding = adapter.assess(exchange, for: call)
                self.finding = finding
                ended = .finding(finding)
            } else {
                let verdict = adapter.classify(exchange, for: call)
                self.verdict = verdict
                ended = .verdict(verdict)
            }
        }
        progress = Self.progress(after: ended, of: scene, at: call.now)
    }

    /// Lets the engine's state machine decide what becomes of the request.
    private static func progress(
        after outcome: RequestMachine.CallOutcome,
        of scene: Scene,
        at now: Timestamp
    ) -> RequestProgress {
        var progress = RequestProgress(acceptedAt: now, deadline: now + .seconds(72 * 3600))
        if scene.isInquiry {
            progress.state = .inDoubt
            progress.reason = nil
            progress.step = .inquire
            // So long ago that "never heard of it" would count.
            progress.doubtfulSince = now + .seconds(-48 * 3600)
        }
        let context = RequestMachine.Context(
            effect: scene.origin.effect,
            inquiry: scene.origin.inquiry,
            maximumAttempts: max(scene.origin.maximumAttempts, 2),
            now: now
        )
        guard
            let claimed = try? RequestMachine.apply(
                .claim(owner: "conformance", leaseFor: .seconds(60)),
                to: progress,
                in: context
            ).progress,
            let settled = try? RequestMachine.apply(
                .outcome(outcome, epoch: claimed.epoch),
                to: claimed,
                in: context
            ).progress
        else { return progress }
        return settled
    }

    // MARK: What it is

    /// Whether the agency did what was asked, or has it and decides later.
    var isGood: Bool {
        switch (verdict, finding) {
        case (.succeeded, _), (.pending, _), (_, .done), (_, .pending): true
        default: false
        }
    }

    /// The output of a success.
    var output: JSONValue? {
        switch (verdict, finding) {
        case (.succeeded(let output, _), _), (_, .done(let output, _)): output
        default: nil
        }
    }

    /// The error that it came to.
    var error: GerbangError? { verdict?.error ?? finding?.error ?? progress.error }

    /// Whether the request would be sent again.
    var isSentAgain: Bool { progress.state == .queued && progress.step == .send }

    /// How long until the next call.
    var wait: Duration? { progress.dueAt.map { $0 - progress.updatedAt } }

    /// What was seen, without anything that the agency or the citizen wrote.
    var words: String {
        let word: String =
            switch outcome {
            case .failed(let failure): "\(failure.kind.rawValue) (\(failure.sendState.rawValue))"
            case .answered(let response): "HTTP \(response.status) taken for \(verdict?.name ?? finding?.name ?? "")"
            }
        let code = (verdict?.error ?? finding?.error).map { " (\($0.code.rawValue))" } ?? ""
        return "\(word)\(code), and the request is \(state)"
    }

    private var state: String {
        switch progress.state {
        case .queued: "sent again"
        case .inDoubt: "in doubt"
        default: progress.state.rawValue
        }
    }

    // MARK: What it must be

    /// The difference from what is right when it is not known whether the agency did anything.
    var differenceFromUnknownFate: Difference? {
        if scene.isInquiry {
            return progress.state == .inDoubt ? nil : Difference("a request that stays in doubt", words)
        }
        if scene.origin.effect.isRepeatable { return differenceFromRepetition }
        return progress.state == .inDoubt ? nil : Difference("a request in doubt, which is not sent again", words)
    }

    /// The difference from a call that is made again, without a doubt.
    var differenceFromRepetition: Difference? {
        if scene.isInquiry { return differenceFromUnknownFate }
        if case .inDoubt? = verdict, scene.origin.effect.isRepeatable {
            return Difference("a verdict other than inDoubt, since the call may be repeated", words)
        }
        return isSentAgain ? nil : Difference("a request that is sent again", words)
    }
}

extension Verdict {
    /// The error of a verdict that has one.
    var error: GerbangError? {
        switch self {
        case .rejected(let error), .invalid(let error), .transient(let error, _), .throttled(let error, _),
            .unauthorized(let error), .inDoubt(let error):
            error
        case .succeeded, .pending: nil
        }
    }
}

extension Finding {
    /// The error of a finding that has one.
    var error: GerbangError? {
        switch self {
        case .rejected(let error), .unclear(let error, _): error
        case .done, .pending, .notDone: nil
        }
    }

    /// The word for this finding.
    var name: String {
        switch self {
        case .done: "done"
        case .pending: "pending"
        case .rejected: "rejected"
        case .notDone: "notDone"
        case .unclear: "unclear"
        }
    }
}
