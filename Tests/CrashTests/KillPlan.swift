internal import GerbangCore

/// How daemons are killed, one after the other.
struct KillPlan: Sendable {
    /// A way to be killed.
    enum Kill: Sendable, Hashable {
        /// By itself, when it comes to the point for the `count`th time.
        case atPoint(String, count: Int)
        /// From outside, so long after it began to listen.
        case after(Duration)
    }

    /// Every point at which a daemon can be told to die.
    static let points =
        ["accept", "claim", "settle", "recover", "command"].flatMap { ["\($0).before-commit", "\($0).after-commit"] }
        + ["send.before", "send.after"]

    /// How often a daemon died at each point.
    private(set) var hits: [String: Int] = [:]
    /// How many daemons were killed.
    private(set) var kills = 0
    private var aims: [String: Int] = [:]
    private let dice: Dice

    init(dice: Dice) {
        self.dice = dice
    }

    /// The points at which no daemon died yet.
    var missing: [String] { Self.points.filter { hits[$0, default: 0] == 0 } }

    /// The next kill: three out of five at a point, and that at the one that was hit least.
    mutating func next(onlyPoints: Bool = false) -> Kill {
        guard onlyPoints || dice.chance(0.6) else { return .after(dice.milliseconds(0...300)) }
        // Points that are hard to come by are not aimed at for ever.
        let weights = Self.points.map { ($0, 3 * hits[$0, default: 0] + aims[$0, default: 0]) }
        let least = weights.map(\.1).min() ?? 0
        let candidates = onlyPoints ? missing : weights.filter { $0.1 == least }.map(\.0)
        guard let point = dice.pick(candidates) else { return .after(.zero) }
        aims[point, default: 0] += 1
        return .atPoint(point, count: dice.number(1...Self.largestCount(for: point)))
    }

    /// Notes that a daemon is dead: by itself, at a point, or killed from outside.
    mutating func noteDeath(at point: String?) {
        kills += 1
        if let point { hits[point, default: 0] += 1 }
    }

    /// How often a daemon comes to a point in a short life, in a busy one.
    private static func largestCount(for point: String) -> Int {
        switch point.prefix(while: { $0 != "." }) {
        case "accept", "claim", "send": 8
        case "settle": 10
        case "recover": 3
        default: 2
        }
    }
}
