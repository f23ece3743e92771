internal import GerbangCore

/// Clients that all want something at the same time, and repeat it with the same key when nobody answers.
struct Crowd: Sendable {
    let stage: Stage
    let journal: Journal
    let caller: Caller
    let dice: Dice

    private let clock = SystemClock()

    init(stage: Stage, journal: Journal, caller: Caller, dice: Dice) {
        self.stage = stage
        self.journal = journal
        self.caller = caller
        self.dice = dice
    }

    /// Lets `size` clients want things until the task is cancelled.
    func press(size: Int) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<size {
                group.addTask {
                    while !Task.isCancelled {
                        if let scene = stage.current {
                            await act(in: scene)
                            await pause(dice.milliseconds(2...40))
                        } else {
                            await pause(.milliseconds(5))
                        }
                    }
                }
            }
        }
    }

    /// Repeats at `url` what was never answered and not given up, until all of it is acknowledged.
    func repeatUnanswered(at url: String) async {
        while !Task.isCancelled, let wish = journal.takeUnanswered() {
            await submit(wish, at: url, mayGiveUp: false)
        }
    }

    private func act(in scene: Stage.Scene) async {
        let choice = dice.number(0...99)
        switch choice {
        case ..<(scene.isForCancelling ? 50 : 12):
            await cancelSomething(at: scene.url)
        case ..<60:
            // As likely as not, somebody has to say again what was not answered.
            if dice.chance(0.5), let wish = journal.takeUnanswered() {
                return await submit(wish, at: scene.url)
            }
            await submit(journal.newWish(dice), at: scene.url)
        case ..<85:
            await submit(journal.newWish(dice), at: scene.url)
        case ..<90:
            // The same from two sides at once, as when a load balancer repeats what its client sent.
            let wish = journal.newWish(dice)
            async let twin: Void = submit(wish, at: scene.url)
            await submit(wish, at: scene.url)
            await twin
        case ..<95:
            guard let entry = journal.recentlyAcknowledged(dice) else { return }
            await submit(entry.wish, at: scene.url)
        default:
            await lookAtSomething(at: scene.url)
        }
    }

    private func submit(_ wish: Wish, at url: String, mayGiveUp: Bool = true) async {
        let waiting = dice.chance(0.1) ? 1 : 0
        guard let reply = await caller.submit(wish.body, key: wish.key, at: url, waiting: waiting) else {
            return journal.noteSilence(on: wish, givingUp: mayGiveUp && dice.chance(0.1))
        }
        journal.note(reply, to: wish)
    }

    private func cancelSomething(at url: String) async {
        guard let id = journal.recentlyAcknowledged(dice)?.ids.first else { return }
        guard let reply = await caller.post("/v1/requests/\(id)/cancel", at: url) else { return }
        // 409 when it has ended otherwise.
        journal.note(reply, about: id, allowed: [200, 409])
    }

    private func lookAtSomething(at url: String) async {
        guard let id = journal.recentlyAcknowledged(dice)?.ids.first else { return }
        guard let reply = await caller.get("/v1/requests/\(id)", at: url) else { return }
        journal.note(reply, about: id, allowed: [200])
    }

    private func pause(_ duration: Duration) async {
        try? await clock.sleep(until: clock.now() + duration)
    }
}
