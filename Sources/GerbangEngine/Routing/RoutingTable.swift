package import GerbangCore
internal import Glibc

/// Chooses the connection that answers a request. Built once for each snapshot; a look-up asks an index for each level of the
/// region, so that it does not matter how many connections there are elsewhere.
///
/// The order of candidates: the lower priority first, since that is the operator's own word; among those the narrower
/// region, since who is nearer knows more; among those a draw by weight, which the request's identifier decides, so that
/// the same request always draws the same. Connections without a route come after those with one, in the order of the
/// configuration.
package struct RoutingTable: Sendable {
    /// A connection that could answer.
    package struct Candidate: Sendable, Hashable {
        package var connection: ConnectionID
        package var operation: OperationID
        /// The region by which it was found.
        package var region: Region
        package var priority: Int
        package var weight: Int
        /// Whether it takes requests that another connection cannot take.
        package var takesOver: Bool
    }

    /// One place in the index.
    struct Entry: Sendable {
        var key: UInt64
        /// The position in ``rules``.
        var rule: Int32
    }

    /// What all entries of one route, or of a connection without one, have in common.
    struct Rule: Sendable {
        var connection: ConnectionID
        var tenant: TenantID?
        var services: ServiceTable
        var condition: RouteCondition?
        var priority: Int
        var weight: Int
        var takesOver: Bool
        /// `nil` for what is drawn by weight; otherwise the place in the configuration.
        var order: Int32?
        var seed: UInt64
    }

    /// The operations of one adapter by the services that they provide, shared by all its connections.
    final class ServiceTable: Sendable {
        let operations: [ServiceID: OperationID]

        init(_ descriptor: AdapterDescriptor) {
            operations = Dictionary(
                descriptor.operations.compactMap { operation in operation.service.map { ($0, operation.id) } }
            ) { first, _ in first }
        }
    }

    private struct Span: Sendable {
        var start: Int32
        var count: Int32
    }

    private struct Found {
        var candidate: Candidate
        var depth: Int
        var order: Int32?
        var draw: Double

        func comes(before other: Found) -> Bool {
            if candidate.priority != other.candidate.priority { return candidate.priority < other.candidate.priority }
            if depth != other.depth { return depth > other.depth }
            switch (order, other.order) {
            case (nil, nil): return (draw, candidate.connection.text) < (other.draw, other.candidate.connection.text)
            case (let mine?, let others?): return mine < others
            case (let mine, _): return mine == nil
            }
        }
    }

    let rules: [Rule]
    private let numbers: [ServiceID: Int]
    private let spans: [UInt64: Span]
    private let entries: [Int32]

    /// - Parameter routes: Each names one of `connections`; others are ignored.
    package init(_ connections: [Connection], routes: [Route] = []) {
        var tables: [AdapterDescriptor: ServiceTable] = [:]
        var numbers: [ServiceID: Int] = [:]
        var rules: [Rule] = []
        var entries: [Entry] = []
        let byConnection = Dictionary(grouping: routes, by: \.connection)
        for (place, connection) in connections.enumerated() {
            let descriptor = connection.adapter.descriptor
            let table = tables[descriptor] ?? ServiceTable(descriptor)
            tables[descriptor] = table
            let services = table.operations.keys.sorted().map { service in
                let number = numbers[service] ?? numbers.count
                numbers[service] = number
                return number
            }
            let own = byConnection[connection.id]
            for route in own ?? [Route(connection: connection.id, takesOver: false)] {
                let rule = Int32(rules.count)
                rules.append(Rule(route, of: connection, table, order: own == nil ? Int32(place) : nil))
                for region in route.regions ?? connection.regions {
                    let code = RegionCode(region)
                    entries += services.map { Entry(key: code.key(of: $0), rule: rule) }
                }
            }
        }
        entries.sort { ($0.key, $0.rule) < ($1.key, $1.rule) }
        var spans: [UInt64: Span] = [:]
        for (index, entry) in entries.enumerated() {
            spans[entry.key, default: Span(start: Int32(index), count: 0)].count += 1
        }
        self.rules = rules
        self.numbers = numbers
        self.spans = spans
        self.entries = entries.map(\.rule)
    }

    /// Who could answer, the best first. A connection that several routes name stands where its best one does.
    ///
    /// - Parameter id: The request, which decides draws.
    package func candidates(for facts: RouteFacts, id: RequestID) -> [Candidate] {
        var found: [Found] = []
        visit(facts) { rule, depth in
            guard Self.isServed(facts.tenant, by: rule), Self.holds(rule, facts) == true,
                let operation = rule.services.operations[facts.service]
            else { return }
            let candidate = Candidate(
                connection: rule.connection,
                operation: operation,
                region: facts.region.prefix(depth),
                priority: rule.priority,
                weight: rule.weight,
                takesOver: rule.takesOver
            )
            let draw = rule.order == nil ? Self.draw(id, rule) : 0
            found.append(Found(candidate: candidate, depth: depth, order: rule.order, draw: draw))
        }
        guard found.count > 1 else { return found.map(\.candidate) }
        found.sort { $0.comes(before: $1) }
        var seen: Set<ConnectionID> = []
        return found.map(\.candidate).filter { seen.insert($0.connection).inserted }
    }

    /// Calls `body` with every rule whose region is around the one of `facts`, and that region's depth.
    func visit(_ facts: RouteFacts, _ body: (Rule, Int) -> Void) {
        guard let number = numbers[facts.service] else { return }
        for depth in Region.depths where depth <= facts.region.digits.utf8.count {
            guard let span = spans[RegionCode(facts.region, depth: depth).key(of: number)] else { continue }
            for index in span.start..<(span.start + span.count) { body(rules[Int(entries[Int(index)])], depth) }
        }
    }

    /// Whether anybody offers a service, wherever.
    func offers(_ service: ServiceID) -> Bool { numbers[service] != nil }

    /// Whether a connection is for requests of a tenant.
    static func isServed(_ tenant: TenantID?, by rule: Rule) -> Bool { rule.tenant == nil || rule.tenant == tenant }

    /// Whether a rule's condition holds; `nil` when it cannot be worked out, which counts as not.
    static func holds(_ rule: Rule, _ facts: RouteFacts) -> Bool? {
        guard let condition = rule.condition else { return true }
        return try? condition.holds(for: facts)
    }

    /// The lowest wins. Of many requests each rule wins the share that its weight has, and a rule that comes or goes moves no
    /// request between the others.
    private static func draw(_ id: RequestID, _ rule: Rule) -> Double {
        var bits = id.high ^ (id.low &* 0x9E37_79B9_7F4A_7C15) ^ rule.seed
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        let unit = (Double(bits >> 11) + 0.5) / Double(1 << 53)
        return -log(unit) / Double(max(rule.weight, 1))
    }
}

extension RoutingTable.Rule {
    fileprivate init(_ route: Route, of connection: Connection, _ services: RoutingTable.ServiceTable, order: Int32?) {
        self.init(
            connection: connection.id,
            tenant: connection.tenant,
            services: services,
            condition: route.condition,
            priority: route.priority,
            weight: route.weight,
            takesOver: route.takesOver,
            order: order,
            // FNV-1a: the same in every process, unlike Swift's own hashes.
            seed: connection.id.text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        )
    }
}

/// A region as a number, with how many digits it has.
private struct RegionCode {
    private let bits: UInt64

    init(_ region: Region) {
        self.init(region, depth: region.digits.utf8.count)
    }

    init(_ region: Region, depth: Int) {
        let digits = region.digits.utf8.prefix(depth).reduce(UInt64(0)) { $0 * 10 + UInt64($1 &- UInt8(ascii: "0")) }
        bits = digits << 4 | UInt64(depth)
    }

    /// Together with the number of a service. Ten digits and their count need 38 bits.
    func key(of service: Int) -> UInt64 { UInt64(service) << 40 | bits }
}

extension Region {
    /// How many digits the levels have: nation, province, regency, district, village.
    static let depths = [0, 2, 4, 6, 10]

    /// The region of that many digits around this one.
    func prefix(_ depth: Int) -> Region {
        depth == digits.utf8.count ? self : Region(restoring: String(digits.prefix(depth)))
    }
}
