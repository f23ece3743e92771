internal import GerbangCore
internal import Synchronization

/// What the clients know: what they asked for, what was acknowledged, and what they were told since.
final class Journal: Sendable {
    /// One wish and what came of it.
    struct Entry: Sendable {
        let wish: Wish
        /// The requests that acknowledgements named; must be one at most.
        var ids: Set<RequestID> = []
        /// Every final state that was ever told; must be one at most.
        var finalStates: Set<RequestState> = []
        /// The client gave up without an answer.
        var isAbandoned = false

        var isAcknowledged: Bool { !ids.isEmpty }
    }

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        var unanswered: [Wish] = []
        var acknowledged: [String] = []
        var owners: [RequestID: String] = [:]
        var replays = 0
        var complaints: [String] = []
    }

    private let callback: String?
    private let state = Mutex(State())

    /// A journal of wishes, of which some want to be told at `callback`.
    init(callback: String?) {
        self.callback = callback
    }

    var entries: [Entry] { state.withLock { $0.entries.values.sorted { $0.wish.key < $1.wish.key } } }
    var count: Int { state.withLock { $0.entries.count } }
    var replays: Int { state.withLock { $0.replays } }
    /// Answers that no client should get.
    var complaints: [String] { state.withLock { $0.complaints } }
    /// The requests that were acknowledged.
    var acknowledged: Set<RequestID> { state.withLock { Set($0.owners.keys) } }

    /// A wish of a number that no other has.
    func newWish(_ dice: Dice) -> Wish {
        state.withLock { state in
            let wish = Wish(number: state.entries.count + 1, dice: dice, callback: callback)
            state.entries[wish.key] = Entry(wish: wish)
            return wish
        }
    }

    /// Takes a wish that got no answer, to be repeated.
    func takeUnanswered() -> Wish? {
        state.withLock { $0.unanswered.popLast() }
    }

    /// A recent wish that was acknowledged.
    func recentlyAcknowledged(_ dice: Dice) -> Entry? {
        let recent = state.withLock { Array($0.acknowledged.suffix(12)) }
        guard let key = dice.pick(recent) else { return nil }
        return state.withLock { $0.entries[key] }
    }

    /// Writes down that a wish got no answer.
    func noteSilence(on wish: Wish, givingUp: Bool) {
        state.withLock { state in
            guard state.entries[wish.key]?.isAcknowledged == false else { return }
            state.entries[wish.key]?.isAbandoned = givingUp
            if !givingUp { state.unanswered.append(wish) }
        }
    }

    /// Writes down what the gateway answered to a wish.
    func note(_ reply: Caller.Reply, to wish: Wish) {
        state.withLock { state in
            guard reply.status == 200 || reply.status == 202, let id = reply.id, let told = reply.state else {
                state.complaints.append("submitting \(wish.key) was answered with \(reply.status)")
                return
            }
            if state.entries[wish.key]?.isAcknowledged == false { state.acknowledged.append(wish.key) }
            state.entries[wish.key]?.ids.insert(id)
            state.entries[wish.key]?.isAbandoned = false
            if told.isFinal { state.entries[wish.key]?.finalStates.insert(told) }
            state.owners[id] = wish.key
            if reply.isReplay { state.replays += 1 }
        }
    }

    /// Writes down what the gateway said of a request when asked or commanded; `allowed` are the statuses to expect.
    func note(_ reply: Caller.Reply, about id: RequestID, allowed: Set<Int>) {
        state.withLock { state in
            guard allowed.contains(reply.status) else {
                state.complaints.append("asking about \(id) was answered with \(reply.status)")
                return
            }
            guard reply.status == 200, let told = reply.state, told.isFinal, let key = state.owners[id] else { return }
            state.entries[key]?.finalStates.insert(told)
        }
    }
}
