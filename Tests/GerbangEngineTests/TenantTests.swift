internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

@Suite("Tenants", .timeLimit(.minutes(10)))
struct TenantTests {
    private static let south = TenantID(checked: "south")

    private static func engine(
        _ limits: Tenant.Limits = Tenant.Limits(),
        regions: [Region] = [],
        clock: ManualClock,
        store: any RequestStore = MemoryStore()
    ) throws -> Engine {
        let connection = Connection(
            id: EngineHarness.one,
            adapter: WordAdapter(),
            baseURL: try BaseURL("http://one")
        )
        let tenant = Tenant(
            id: south,
            name: LocalizedText(id: "Mal Selatan", en: "South Mall"),
            regions: regions,
            clients: [EngineHarness.client],
            limits: limits
        )
        let plan = Engine.Plan(catalogue: try .builtin(), connections: [connection], tenants: [tenant])
        return try Engine(plan, store: store, transport: ScriptedTransport(), clock: clock, randomSeed: 1)
    }

    private static func refusal(_ engine: Engine, _ key: String, as client: ClientID = EngineHarness.client)
        async throws
        -> GerbangError.Code?
    {
        let submission = try EngineHarness.booking(key)
        do throws(GerbangError) {
            _ = try await engine.submit(submission, as: client)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a tenant has no more open requests than it may have, and a repetition is answered all the same")
    func openRequests() async throws {
        let clock = ManualClock()
        let engine = try Self.engine(Tenant.Limits(openRequests: 2), clock: clock)
        #expect(try await Self.refusal(engine, "1") == nil)
        #expect(try await Self.refusal(engine, "2") == nil)
        #expect(try await Self.refusal(engine, "3") == .tenantLimit)
        #expect(try await Self.refusal(engine, "2") == nil)
        #expect(try await Self.refusal(engine, "3", as: ClientID(checked: "other")) == nil)
        let first = try #require(try await engine.list(RequestFilter(tenant: Self.south)).last)
        _ = try await engine.cancel(first.id, by: "client:mall")
        #expect(try await Self.refusal(engine, "4") == nil)
        #expect(try await Self.refusal(engine, "5") == .tenantLimit)
    }

    @Test("what is open is counted from the store, also after a restart")
    func recount() async throws {
        let (clock, store) = (ManualClock(), MemoryStore())
        let before = try Self.engine(clock: clock, store: store)
        for key in ["1", "2"] { _ = try await Self.refusal(before, key) }
        let engine = try Self.engine(Tenant.Limits(openRequests: 2), clock: clock, store: store)
        try await engine.countTenants()
        #expect(try await Self.refusal(engine, "3") == .tenantLimit)
    }

    @Test("a tenant submits no faster than it may")
    func rate() async throws {
        let clock = ManualClock()
        let engine = try Self.engine(Tenant.Limits(submissionsPerSecond: 2), clock: clock)
        var refused = 0
        for key in 0..<5 where try await Self.refusal(engine, "\(key)") == .tenantLimit { refused += 1 }
        #expect(refused == 3)
        clock.advance(by: .seconds(1))
        #expect(try await Self.refusal(engine, "later") == nil)
    }

    @Test("a tenant submits for its own regions")
    func regions() async throws {
        let engine = try Self.engine(regions: [try Region("32")], clock: ManualClock())
        #expect(try await Self.refusal(engine, "1") == .forbidden)
        let other = try Self.engine(regions: [try Region("31")], clock: ManualClock())
        #expect(try await Self.refusal(other, "1") == nil)
    }

    @Test("a report counts and times what a tenant's requests came to")
    func report() async throws {
        let clock = ManualClock()
        let engine = try Self.engine(clock: clock)
        for key in ["1", "2", "3"] { _ = try await Self.refusal(engine, key) }
        _ = try await Self.refusal(engine, "4", as: ClientID(checked: "other"))
        let first = try #require(try await engine.list(RequestFilter(tenant: Self.south)).last)
        _ = try await engine.cancel(first.id, by: "client:mall")
        let now = clock.now()
        let span = ReportSpan(tenant: Self.south, from: now + .seconds(-60), until: now + .seconds(60))
        let report = try await engine.report(on: span)
        let line = try #require(report.lines.first)
        #expect(report.lines.count == 1)
        #expect(line.counts == [.queued: 2, .cancelled: 1])
        #expect(line.oldestOpen == now)
        #expect(report.csv.hasPrefix("tenant,from,until,service,queued,"))
        #expect(report.csv.contains("south,"))
        let empty = try await engine.report(on: ReportSpan(from: now + .seconds(1), until: now + .seconds(60)))
        #expect(empty.lines.isEmpty)
    }

    @Test("what does not hold together is refused", arguments: [0, 1, 2, 3, 4])
    func mistakes(number: Int) throws {
        let names = [
            "two tenants are called", "is one of", "which is no tenant", "which is no connection", "does not serve",
        ]
        var connection = Connection(
            id: EngineHarness.one,
            adapter: WordAdapter(),
            baseURL: try BaseURL("http://one"),
            regions: [try Region("31")]
        )
        func tenant(_ name: String) -> Tenant {
            Tenant(
                id: TenantID(checked: name),
                name: LocalizedText(id: name, en: name),
                clients: number == 1 ? [EngineHarness.client] : []
            )
        }
        if number == 2 { connection.tenant = TenantID(checked: "nobody") }
        let routes = [
            3: [Route(connection: EngineHarness.two)],
            4: [Route(connection: EngineHarness.one, regions: [try Region("32")])],
        ]
        let plan = Engine.Plan(
            catalogue: try .builtin(),
            connections: [connection],
            routes: routes[number] ?? [],
            tenants: [tenant("a"), tenant(number == 0 ? "a" : "b")]
        )
        let error = #expect(throws: GerbangError.self) {
            try Engine(plan, store: MemoryStore(), transport: ScriptedTransport())
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(names[number]) == true)
    }
}
