internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Testing

@testable internal import GerbangServer

@Suite("Tenants, routes and reports over the API")
struct TenantTests {
    private static let south = TenantID(checked: "south")

    /// Two tenants; each has a client, and `south` has a connection of its own.
    private func withTenants(_ body: (Gateway) async throws -> Void) async throws {
        try await withGateway(.hang) { gateway in
            let before = gateway.engine.snapshot
            var connections = Array(before.connections.values)
            for index in connections.indices where connections[index].id.text == "transport" {
                connections[index].tenant = Self.south
            }
            func tenant(_ name: String, _ client: String) -> Tenant {
                Tenant(
                    id: TenantID(checked: name),
                    name: LocalizedText(id: name, en: name),
                    clients: [ClientID(checked: client)]
                )
            }
            try await gateway.engine.apply(
                Engine.Plan(
                    catalogue: before.catalogue,
                    connections: connections,
                    routes: [
                        Route(connection: ConnectionID(checked: "dukcapil"), priority: 5)
                    ],
                    tenants: [tenant("south", "mall-south"), tenant("north", "mall-north")]
                )
            )
            try await body(gateway)
        }
    }

    @Test("an operator whose key is bound to a tenant sees and settles that tenant's requests only")
    func boundOperator() async throws {
        try await withTenants { gateway in
            let mine = try await gateway.client(named: "mall-south").submit(key: "a").id
            let theirs = try await gateway.client(named: "mall-north").submit(key: "a").id
            let bound = try gateway.client(gateway.keys.make("ani", .operator, tenant: Self.south))
            #expect(try await bound.get("/v1/requests/\(mine)").status == 200)
            for path in ["", "/events"] {
                #expect(try await bound.get("/v1/requests/\(theirs)\(path)").status == 404)
            }
            for command in ["cancel", "redrive", "discard"] {
                #expect(try await bound.post("/v1/requests/\(theirs)/\(command)").status == 404, "\(command)")
            }
            let resolution: JSONValue = ["as": "notDone"]
            #expect(try await bound.post("/v1/requests/\(theirs)/resolve", body: resolution).status == 404)
            #expect(try await bound.post("/v1/requests/\(mine)/redrive").status == 409)
            let listed = try await bound.get("/v1/requests").json["items"]?.arrayValue ?? []
            #expect(listed.compactMap { $0["id"]?.stringValue } == [mine])
            #expect(try await bound.get("/v1/requests?tenant=north").status == 403)
            let all = try gateway.client(named: "budi", .operator)
            let north = try await all.get("/v1/requests?tenant=north").json["items"]?.arrayValue ?? []
            #expect(north.compactMap { $0["id"]?.stringValue } == [theirs])
        }
    }

    @Test("it sees and steers that tenant's connections only, and nothing of the whole gateway")
    func connections() async throws {
        try await withTenants { gateway in
            let bound = try gateway.client(gateway.keys.make("ani", .operator, tenant: Self.south))
            let listed = try await bound.get("/v1/connections").json["items"]?.arrayValue ?? []
            #expect(listed.compactMap { $0["id"]?.stringValue } == ["transport"])
            #expect(try await bound.post("/v1/connections/dukcapil/pause").status == 404)
            #expect(try await bound.get("/v1/connections/dukcapil").status == 404)
            #expect(try await bound.post("/v1/connections/transport/pause").json["isPaused"] == true)
            #expect(try await bound.get("/metrics").status == 403)
            // Its submission would belong to nobody who can see it.
            let refused = try await bound.submit(key: "own")
            #expect(refused.status == 403 && refused.json["detail"]?.stringValue?.contains("client of south") == true)
        }
    }

    @Test("a route is explained")
    func explain() async throws {
        try await withTenants { gateway in
            let all = try gateway.client(named: "budi", .operator)
            let path = "/v1/routes/explain?service=transport.inspection.book&region=31.74"
            let open = try await all.get(path)
            #expect(open.json["chosen"] == nil)
            #expect(open.json["candidates"]?[0]?["reason"] == "otherTenant")
            let south = try await all.get(path + "&client=mall-south&channel=counter&at=2026-02-01T20:00:00Z")
            #expect(south.json["chosen"] == "transport")
            #expect(south.json["tenant"] == "south" && south.json["at"] == "2026-02-01T20:00:00.000Z")
            let identity = try await all.get(
                "/v1/routes/explain?service=population.identity.verify&region=31.74.01.1001"
            )
            #expect(identity.json["candidates"]?[0]?["priority"] == 5)
            for wrong in [
                "", "?service=population.identity.verify", "?service=no.such&region=31", "?service=x&region=99",
                "?service=population.identity.verify&region=31&channel=fax",
                "?service=population.identity.verify&region=31&at=tomorrow",
            ] {
                let reply = try await all.get("/v1/routes/explain" + wrong)
                #expect(reply.status == 422, "\(wrong)")
                if reply.json["parameter"] == "region" {
                    #expect(reply.json["detail"]?.stringValue?.contains("such as 31.74") == true, "\(reply.text)")
                }
            }
            let bound = try gateway.client(gateway.keys.make("ani", .operator, tenant: Self.south))
            #expect(try await bound.get(path).json["chosen"] == "transport")
            #expect(try await bound.get(path + "&client=mall-north").status == 403)
            #expect(try await gateway.client(named: "mall-south").get(path).status == 403)
        }
    }

    @Test("a report counts by tenant, as JSON and as CSV")
    func report() async throws {
        try await withTenants { gateway in
            for key in ["a", "b"] { _ = try await gateway.client(named: "mall-south").submit(key: key) }
            _ = try await gateway.client(named: "mall-north").submit(key: "a")
            let later = "until=2100-01-01T00:00:00Z"
            let all = try gateway.client(named: "budi", .operator)
            func open(_ reply: Reply) -> Int {
                let states = reply.json["services"]?[0]?["states"]
                return ["queued", "running"].compactMap { states?[$0]?.intValue }.reduce(0, +)
            }
            let from = "from=2020-01-01T00:00:00Z"
            #expect(open(try await all.get("/v1/reports?\(later)&\(from)")) == 3)
            #expect(open(try await all.get("/v1/reports?\(later)&\(from)&tenant=south")) == 2)
            let bound = try gateway.client(gateway.keys.make("ani", .operator, tenant: Self.south))
            #expect(open(try await bound.get("/v1/reports?\(later)&\(from)")) == 2)
            #expect(try await bound.get("/v1/reports?tenant=north").status == 403)
            let csv = try await all.get("/v1/reports?\(later)&\(from)&tenant=north&format=csv")
            #expect(csv.text.hasPrefix("tenant,from,until,service,queued,running"))
            #expect(
                csv.text.contains("north,2020-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z,population.identity.verify,")
            )
            for wrong in ["?format=xml", "?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "?from=yesterday"] {
                #expect(try await all.get("/v1/reports" + wrong).status == 422, "\(wrong)")
            }
        }
    }
}
