internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes

extension Suite {
    /// How long it takes to find the connection for a request among very many.
    func routing() throws {
        table.heading("routing: 514 tenants with 20 connections of 30 services each, 10,280 connections")
        let world = try RoutingWorld()
        for (name, routes) in [("no routes", []), ("a route with a condition for each", world.routes)] {
            let began = Usage.of(0).processor
            let router = RoutingTable(world.connections, routes: routes)
            table.row("building the index, \(name)", (Usage.of(0).processor - began) * 1e3, .nanoseconds)
            var index = 0
            let time = measure {
                index = (index + 1) % world.asked.count
                let (facts, id) = world.asked[index]
                _ = router.candidates(for: facts, id: id)
            }
            let baseline = measure {
                index = (index + 1) % world.asked.count
                _ = world.byService[world.asked[index].facts.service]
            }
            table.row(
                "a look-up, \(name)",
                time,
                .nanoseconds,
                baseline: ("a dictionary of 30 services", baseline),
                aim: .below(10_000)
            )
        }
    }
}

/// Many tenants, each with a regency of its own, and what is asked of them.
private struct RoutingWorld {
    var connections: [Connection] = []
    var routes: [Route] = []
    var asked: [(facts: RouteFacts, id: RequestID)] = []
    var byService: [ServiceID: ConnectionID] = [:]

    init() throws {
        let adapter = ManyServices()
        let address = try BaseURL("http://127.0.0.1:1")
        let counter = RouteCondition("channel == \"counter\"") { $0.channel == .counter }
        let regencies = ["3171", "3172", "3173", "3174", "3175", "3201"]
        for number in 0..<514 {
            let tenant = TenantID(checked: "tenant-\(number)")
            let district = regencies[number / 90] + "\(number % 90 + 10)"
            let region = try Region(district)
            for place in 0..<20 {
                let connection = Connection(
                    id: ConnectionID(checked: "tenant-\(number)-\(place)"),
                    adapter: adapter,
                    baseURL: address,
                    regions: [region],
                    tenant: tenant
                )
                connections.append(connection)
                let condition = place % 2 == 0 ? counter : nil
                routes.append(
                    Route(connection: connection.id, condition: condition, priority: place / 5, weight: 1 + place)
                )
            }
            let service = adapter.services[number % adapter.services.count]
            let facts = RouteFacts(
                service: service,
                region: try Region(district + "1001"),
                client: ClientID(checked: "client-\(number)"),
                tenant: tenant,
                channel: number % 3 == 0 ? .counter : .online,
                now: SystemClock().now()
            )
            asked.append((facts, RequestID(high: UInt64(number) << 16, low: UInt64(number) &* 0x9E37_79B9)))
            byService[service] = connections.last?.id
        }
    }
}

/// An adapter with thirty services that is never called.
private struct ManyServices: Adapter {
    let services = (0..<30).map { ServiceID(checked: "bench.service.number-\($0)") }
    let descriptor: AdapterDescriptor

    init() {
        descriptor = AdapterDescriptor(
            id: AdapterID(checked: "bench"),
            version: "1.0.0",
            agency: LocalizedText(id: "Uji", en: "Bench"),
            operations: services.enumerated().map { index, service in
                OperationDescriptor(id: OperationID(checked: "op-\(index)"), service: service, effect: .query)
            }
        )
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest { WireRequest(method: .get) }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict { call.unexplained(exchange.response) }
}
