internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

/// Random configurations, judged by a router that looks at everything and knows no index.
@Suite("The router's index and a naive look at all routes agree")
struct RouterPropertyTests {
    private static let regions = [
        "ID", "31", "32", "31.73", "31.74", "32.01", "31.74.01", "31.74.02", "31.74.01.1001", "31.74.01.1002",
    ]
    private static let tenants: [String?] = [nil, nil, "south", "north"]

    private struct Case {
        var connections: [Connection] = []
        var routes: [Route] = []
    }

    private static func make(_ random: inout RandomSource.Generator) throws -> Case {
        var made = Case()
        for number in 0..<Int.random(in: 1...12, using: &random) {
            let own = regions.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
            let tenant = tenants.randomElement(using: &random) ?? nil
            let name = "c\(number)"
            let connection = try RouterTests.connection(name, Array(own), tenant: tenant)
            made.connections.append(connection)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let channel = Channel.allCases[Int.random(in: 0...2, using: &random)]
                let inner = connection.regions.filter { _ in Bool.random(using: &random) }
                made.routes.append(
                    Route(
                        connection: connection.id,
                        regions: inner.isEmpty ? nil : inner,
                        condition: Bool.random(using: &random)
                            ? RouteCondition("channel == \(channel)") { $0.channel == channel } : nil,
                        priority: Int.random(in: 1...3, using: &random),
                        weight: Int.random(in: 1...5, using: &random),
                        takesOver: Bool.random(using: &random)
                    )
                )
            }
        }
        return made
    }

    private static func holds(_ route: Route, _ facts: RouteFacts) -> Bool {
        guard let condition = route.condition else { return true }
        return (try? condition.holds(for: facts)) ?? false
    }

    /// The best of all pairs of a connection and a region around the place, by the rule as the documentation says it.
    private static func oracle(_ made: Case, _ facts: RouteFacts) -> (priority: Int, depth: Int, names: Set<String>)? {
        var all: [(priority: Int, depth: Int, isRoute: Bool, name: String)] = []
        for connection in made.connections where connection.tenant == nil || connection.tenant == facts.tenant {
            let routes = made.routes.filter { $0.connection == connection.id }
            let name = connection.id.text
            if routes.isEmpty {
                for region in connection.regions where facts.region.isWithin(region) {
                    all.append((Route.standardPriority, region.digits.count, false, name))
                }
            }
            for route in routes where Self.holds(route, facts) {
                for region in route.regions ?? connection.regions where facts.region.isWithin(region) {
                    all.append((route.priority, region.digits.count, true, name))
                }
            }
        }
        guard let priority = all.map(\.priority).min() else { return nil }
        all.removeAll { $0.priority != priority }
        let depth = all.map(\.depth).max() ?? 0
        all.removeAll { $0.depth != depth }
        let drawn = all.filter(\.isRoute)
        return (priority, depth, Set((drawn.isEmpty ? Array(all.prefix(1)) : drawn).map(\.name)))
    }

    @Test("whatever the configuration", arguments: 1...8 as ClosedRange<UInt64>)
    func agree(seed: UInt64) throws {
        var random = RandomSource.Generator(state: seed)
        for round in 0..<150 {
            let made = try Self.make(&random)
            let router = RoutingTable(made.connections, routes: made.routes)
            for region in Self.regions + ["33", "31.74.03"] {
                let facts = try RouterTests.facts(
                    region,
                    tenant: Self.tenants.randomElement(using: &random) ?? nil,
                    channel: Channel.allCases[Int.random(in: 0...2, using: &random)]
                )
                let id = RequestID(high: random.next(), low: random.next())
                let found = router.candidates(for: facts, id: id)
                let expected = Self.oracle(made, facts)
                let place: Comment = "seed \(seed), round \(round), \(region)"
                #expect(
                    found.first.map { expected?.names.contains($0.connection.text) == true } ?? (expected == nil),
                    place
                )
                #expect(found.first?.priority == expected?.priority, place)
                #expect(found.first?.region.digits.count == expected?.depth, place)
                #expect(Set(found.map(\.connection)).count == found.count, place)
                // What is explained is what is done.
                let explained = router.explain(facts, where: { _ in true }, obstacle: { _ in nil })
                #expect(explained.chosen.map { expected?.names.contains($0.text) == true } ?? (expected == nil), place)
            }
        }
    }
}
