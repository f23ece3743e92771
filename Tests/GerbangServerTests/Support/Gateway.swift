internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangRegistration
internal import GerbangServer
internal import Logging
internal import Testing

/// A gateway at work: a real engine on a store in memory, a fake agency, and a server on a port of its own.
struct Gateway: Sendable {
    var port: Int
    var agency: FakeAgency
    var keys: KeyShelf
    var engine: Engine

    /// A client with a key, or without.
    func client(_ key: String? = nil) throws -> Client { try Client(port: port, key: key) }

    /// A client with a new key.
    func client(named name: String, _ role: Role = .client) throws -> Client { try client(keys.make(name, role)) }
}

/// Runs `body` against a gateway and stops it.
func withGateway(
    _ behaviour: FakeAgency.Behaviour = .succeed(["matches": true, "elements": [:]]),
    control: (any ConfigurationControl)? = nil,
    keys: KeyShelf = KeyShelf(),
    configuration: GatewayServer.Configuration = .testing,
    store: (any AdapterStore)? = nil,
    logger: Logger = .silent,
    _ body: (Gateway) async throws -> Void
) async throws {
    let agency = FakeAgency(behaviour)
    let engine = try Engine.sample(agency)
    let registrar = try store.map { store throws(GerbangError) in
        Registrar(store: store, builtin: try AdapterRegistry(), catalogue: try .builtin(), logger: logger)
    }
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = GatewayServer(
        engine: engine,
        control: control,
        keys: keys,
        registrar: registrar,
        trail: store,
        configuration: configuration,
        metrics: { "# TYPE sample counter\nsample 1\n" },
        logger: logger,
        onListening: { listening.yield($0) }
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { listening.finish() }
            try await server.run()
        }
        group.addTask { try await engine.run() }
        for await port in ports {
            try await body(Gateway(port: port, agency: agency, keys: keys, engine: engine))
            break
        }
        engine.stop()
        group.cancelAll()
        try await group.waitForAll()
    }
}

extension Engine {
    /// An engine with two connections: a query everywhere, and a booking in Jakarta that must not be repeated.
    static func sample(_ agency: FakeAgency) throws -> Engine {
        let address = try BaseURL("http://agency.invalid")
        let population = try FakeAdapter(
            id: "sample",
            providing: "population.identity.verify",
            effect: .query,
            attempts: 1
        )
        let booking = try FakeAdapter(
            id: "booking",
            providing: "transport.inspection.book",
            effect: .nonIdempotent,
            attempts: 2
        )
        return try Engine(
            catalogue: .builtin(),
            connections: [
                Connection(id: ConnectionID("dukcapil"), adapter: population, baseURL: address),
                Connection(id: ConnectionID("transport"), adapter: booking, baseURL: address, regions: [Region("31")]),
            ],
            store: MemoryStore(),
            transport: agency,
            configuration: Engine.Configuration(stopGrace: .zero),
            logger: .silent
        )
    }
}

extension GatewayServer.Configuration {
    /// A port of the system's choice, and keys that are read again quickly.
    static var testing: Self { Self(port: 0, keyRefreshInterval: .milliseconds(50)) }
}

extension Logger {
    /// A logger that tells nobody.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
