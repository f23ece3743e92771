internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import Testing

@Suite("Routes, fail-over and tenants in the configuration")
struct RoutingTests {
    private static let connections = """
        connections:
          - id: one
            adapter: polos
            baseURL: http://127.0.0.1:1
            regions: ["31"]
            tenant: south
            agencyGroup: hub
          - id: two
            adapter: polos
            baseURL: http://127.0.0.1:2

        """
    private static let tenants = """
        tenants:
          - id: south
            name: {id: Mal Selatan, en: South Mall}
            regions: ["31.74"]
            clients: [mall-a, mall-b]
            limits: {submissionsPerSecond: 2.5, openRequests: 100}
            contact: {id: Loket 1, en: counter 1}
          - id: north
            name: {id: Mal Utara, en: North Mall}

        """

    private static func facts(_ channel: Channel, at text: String) throws -> RouteFacts {
        RouteFacts(
            service: ServiceID(checked: "transport.vehicle.lookup"),
            region: try Region("31.74"),
            client: ClientID(checked: "mall-a"),
            tenant: TenantID(checked: "south"),
            channel: channel,
            now: try #require(Timestamp(text))
        )
    }

    @Test("everything is read")
    func reads() throws {
        let routing = """
            routes:
              - connection: one
                regions: ["31.74"]
                when: channel == "counter" && now.getHours("Asia/Jakarta") < 16 && tenant == "south" && region.startsWith("31")
                priority: 10
                weight: 3
                failover: false
              - connection: two
            failover: {breakerOpenings: 4, paused: true, closedFor: 12h, silentFor: 5m}

            """
        let read = try parse(Self.connections + Self.tenants + routing)
        #expect(read.connections[0].tenant?.text == "south")
        #expect(read.connections[0].agencyGroup == "hub")
        #expect(read.connections[1].tenant == nil && read.connections[1].agencyGroup == nil)
        let route = try #require(read.routes.first)
        let city = try Region("31.74")
        #expect(route.connection.text == "one" && route.regions == [city])
        #expect(route.priority == 10 && route.weight == 3 && !route.takesOver)
        #expect(read.routes[1] == Route(connection: ConnectionID(checked: "two")))
        let condition = try #require(route.condition)
        #expect(try condition.holds(for: Self.facts(.counter, at: "2026-02-01T08:59:59Z")))
        #expect(try !condition.holds(for: Self.facts(.counter, at: "2026-02-01T09:00:00Z")))
        #expect(try !condition.holds(for: Self.facts(.online, at: "2026-02-01T08:00:00Z")))
        #expect(
            read.failover
                == FailoverPolicy(
                    breakerOpenings: 4,
                    whenPaused: true,
                    closedFor: .seconds(43_200),
                    silentFor: .seconds(300)
                )
        )
        let tenant = try #require(read.tenants.first)
        #expect(tenant.clients == [ClientID(checked: "mall-a"), ClientID(checked: "mall-b")])
        #expect(tenant.limits == Tenant.Limits(submissionsPerSecond: 2.5, openRequests: 100))
        #expect(tenant.contact?.english == "counter 1" && tenant.regions == [city])
    }

    @Test("without them everything is as it was, and fail-over can be switched off")
    func defaults() throws {
        let tenants = "tenants: [{id: south, name: {id: S, en: S}}]\n"
        let read = try parse(Self.connections + tenants)
        #expect(read.routes.isEmpty && read.failover == FailoverPolicy())
        let never = try parse(Self.connections + tenants + "failover: {breakerOpenings: false, silentFor: false}\n")
        #expect(never.failover.breakerOpenings == nil && never.failover.silentFor == nil)
    }

    @Test(
        "mistakes are told with their place",
        arguments: [
            ("routes: [{connection: three}]", "routes/0/connection", "there is no connection"),
            ("routes: [{connection: one, regions: [\"32\"]}]", "routes/0/regions", "does not serve this region"),
            ("routes: [{connection: one, when: \"payload.nik == ''\"}]", "routes/0/when", "may read service, region"),
            ("routes: [{connection: one, when: channel}]", "routes/0/when", "may read service, region"),
            ("routes: [{connection: one, weight: 0}]", "routes/0/weight", "1"),
            ("routes: [{connection: one, prority: 1}]", "routes/0/prority", "unknown field"),
            ("failover: {breakerOpenings: 0}", "failover/breakerOpenings", "1"),
            (
                "tenants: [{id: south, name: {id: S, en: S}}, {id: south, name: {id: S, en: S}}]", "tenants/1/id",
                "another tenant"
            ),
            (
                "tenants: [{id: south, name: {id: S, en: S}, clients: [a]}, {id: b, name: {id: S, en: S}, clients: [a]}]",
                "tenants/1/clients", "already a client of south"
            ),
            ("tenants: [{id: south}]", "tenants/0/name", "required"),
            (
                "tenants: [{id: south, name: {id: S, en: S}, contact: {id: S, en: \(String(repeating: "x", count: 61))}}]",
                "tenants/0/contact", "at most 60 characters"
            ),
            ("tenants: [{id: east, name: {id: S, en: S}}]", "connections/0/tenant", "there is no tenant"),
        ]
    )
    func mistakes(text: String, field: String, message: String) throws {
        let tenants = text.hasPrefix("tenants") ? "" : "tenants: [{id: south, name: {id: S, en: S}}]\n"
        let error = #expect(throws: ConfigurationFile.Invalid.self) {
            try parse(Self.connections + tenants + text + "\n")
        }
        let told = (error?.issues ?? []).map(\.description)
        #expect(
            told.contains { $0.contains(field.replacing("/", with: ".")) || $0.contains(field) },
            "\(told)"
        )
        #expect(told.contains { $0.contains(message) }, "\(told)")
    }
}
