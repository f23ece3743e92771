public import GerbangCore
public import GerbangJSON

/// Which connection a submission would go to, and why not to the others.
public struct RouteExplanation: Sendable, Hashable {
    /// Why a connection was not chosen.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// It is the one that was chosen.
        case chosen
        /// Another one with a lower priority number comes first.
        case priority
        /// Another one's region is narrower.
        case widerRegion
        /// It has its share of the requests, by weight.
        case drawn
        /// Another connection without a route comes earlier in the configuration.
        case later
        /// Its route's condition does not hold.
        case condition
        /// Its route's condition cannot be worked out.
        case brokenCondition
        /// It belongs to another tenant.
        case otherTenant
        /// It takes no new requests.
        case notAccepting
        /// It cannot take requests at the moment, and another one can; `obstacle` says why.
        case unavailable
    }

    /// What is said of one connection by one of its routes.
    public struct Line: Sendable, Hashable {
        /// The connection.
        public var connection: ConnectionID
        /// The region by which it serves the place.
        public var region: Region
        /// The priority.
        public var priority: Int
        /// The weight.
        public var weight: Int
        /// Its route's condition.
        public var condition: String?
        /// Whether it takes requests that another connection cannot take.
        public var takesOver: Bool
        /// Why it was chosen or not.
        public var reason: Reason
        /// Why it cannot take requests at the moment; also told of the chosen one, where nobody takes over.
        public var obstacle: QueueReason?
        /// Its share of the requests, from 0 to 1, if it has one.
        public var share: Double?
    }

    /// What was asked.
    public var facts: RouteFacts
    /// The connections that serve the place, the chosen one first.
    public var lines: [Line]
    /// How many routes offer the service elsewhere only.
    public var elsewhere: Int

    /// The connection that was chosen; of several that share the requests, the one with the greatest share.
    public var chosen: ConnectionID? { lines.first { $0.reason == .chosen }?.connection }
}

extension RouteExplanation {
    /// The explanation as the API answers it.
    public var json: JSONValue {
        var object: JSONObject = [
            "service": .string(facts.service.text), "region": .string(facts.region.description),
            "client": .string(facts.client.text), "channel": .string(facts.channel.rawValue),
            "at": .string(facts.now.description), "elsewhere": .number(JSONNumber(elsewhere)),
            "candidates": .array(lines.map(\.json)),
        ]
        object["tenant"] = facts.tenant.map { .string($0.text) }
        object["chosen"] = chosen.map { .string($0.text) }
        return .object(object)
    }
}

extension RouteExplanation.Line {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "connection": .string(connection.text), "region": .string(region.description),
            "priority": .number(JSONNumber(priority)), "weight": .number(JSONNumber(weight)),
            "takesOver": .bool(takesOver), "reason": .string(reason.rawValue),
        ]
        object["when"] = condition.map { .string($0) }
        object["obstacle"] = obstacle.map { .string($0.rawValue) }
        object["share"] = share.flatMap { JSONNumber("\(($0 * 10_000).rounded() / 10_000)") }.map { .number($0) }
        return .object(object)
    }
}

extension RoutingTable {
    /// Explains a choice.
    func explain(
        _ facts: RouteFacts,
        where isAccepting: (ConnectionID) -> Bool,
        obstacle: (ConnectionID) -> QueueReason?
    ) -> RouteExplanation {
        var able: [(line: RouteExplanation.Line, order: Int32?)] = []
        var unable: [RouteExplanation.Line] = []
        visit(facts) { rule, depth in
            var line = RouteExplanation.Line(
                connection: rule.connection,
                region: facts.region.prefix(depth),
                priority: rule.priority,
                weight: rule.weight,
                condition: rule.condition?.description,
                takesOver: rule.takesOver,
                reason: .priority,
                obstacle: obstacle(rule.connection)
            )
            if let reason = Self.exclusion(of: rule, facts, isAccepting) {
                line.reason = reason
                unable.append(line)
            } else {
                able.append((line, rule.order))
            }
        }
        able.sort { left, right in Self.comes(left, before: right) }
        var lines = able.map(\.line)
        // As in `choose`: the first one waits for its connection when nobody takes over.
        let isBlocked = lines.first?.obstacle != nil
        let taker = isBlocked ? able.dropFirst().firstIndex { $0.line.takesOver && $0.line.obstacle == nil } : nil
        let best = taker ?? 0
        for index in lines.indices { lines[index].reason = Self.reason(able, index, best: best) }
        Self.share(&lines, with: best)
        if let chosen = lines.indices.contains(best) ? lines.remove(at: best) : nil { lines.insert(chosen, at: 0) }
        let offered = rules.count { $0.services.operations[facts.service] != nil }
        return RouteExplanation(
            facts: facts,
            lines: lines + unable,
            elsewhere: offered - Set((lines + unable).map { "\($0.connection) \($0.condition ?? "")" }).count
        )
    }

    private static func exclusion(
        of rule: Rule,
        _ facts: RouteFacts,
        _ isAccepting: (ConnectionID) -> Bool
    ) -> RouteExplanation.Reason? {
        guard isServed(facts.tenant, by: rule) else { return .otherTenant }
        switch holds(rule, facts) {
        case nil: return .brokenCondition
        case false?: return .condition
        case true?: return isAccepting(rule.connection) ? nil : .notAccepting
        }
    }

    private static func comes(
        _ left: (line: RouteExplanation.Line, order: Int32?),
        before right: (line: RouteExplanation.Line, order: Int32?)
    ) -> Bool {
        let (mine, others) = (left.line, right.line)
        if mine.priority != others.priority { return mine.priority < others.priority }
        let (depth, otherDepth) = (mine.region.digits.count, others.region.digits.count)
        if depth != otherDepth { return depth > otherDepth }
        switch (left.order, right.order) {
        case (nil, nil):
            return mine.weight != others.weight ? mine.weight > others.weight : mine.connection < others.connection
        case (let first?, let second?): return first < second
        case (let first, _): return first == nil
        }
    }

    private static func reason(
        _ lines: [(line: RouteExplanation.Line, order: Int32?)],
        _ index: Int,
        best: Int
    ) -> RouteExplanation.Reason {
        let (line, chosen) = (lines[index].line, lines[best].line)
        guard index != best else { return .chosen }
        guard index > best else { return .unavailable }
        if line.priority != chosen.priority { return .priority }
        if line.region != chosen.region { return .widerRegion }
        return lines[index].order == nil && lines[best].order == nil ? .drawn : .later
    }

    /// Those that share the requests with the chosen one.
    private static func share(_ lines: inout [RouteExplanation.Line], with best: Int) {
        let sharing = lines.indices.filter { lines[$0].reason == .drawn } + (lines.indices.contains(best) ? [best] : [])
        guard sharing.count > 1 else { return }
        let total = sharing.map { lines[$0].weight }.reduce(0, +)
        for index in sharing { lines[index].share = Double(lines[index].weight) / Double(max(total, 1)) }
    }
}
