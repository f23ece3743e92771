internal import DukcapilSimulator
internal import Gerbang
internal import GerbangClient
internal import GerbangServer
internal import GerbangTesting
internal import HTTPTypes
internal import Logging
internal import Synchronization
internal import Testing

/// A gateway, its API, and the registry behind it.
struct World: Sendable {
    let registry: DukcapilSimulator
    let gateway: Gateway
    let url: String

    /// A client of the API.
    func client(
        _ transport: (any HTTPTransport)? = nil,
        patience: Duration = .seconds(5)
    ) throws -> GatewayClient {
        try GatewayClient(url: url, patience: patience, transport: transport)
    }
}

/// Runs `body` against a gateway that can be called over HTTP.
func withWorld(_ body: @Sendable (World) async throws -> Void) async throws {
    let registry = try DukcapilSimulator()
    defer { registry.stop() }
    var connection = try Connection(
        "dukcapil",
        adapter: "dukcapil",
        baseURL: registry.baseURL,
        settings: ["institution": "MPP-JAKSEL", "userId": "DEMO", "password": "rahasia", "clientAddress": "10.1.2.3"]
    )
    connection.schedule = RetrySchedule(delays: [.seconds(3600)], ceiling: .seconds(3600))
    var configuration = GatewayConfiguration()
    configuration.connections = [connection]
    let gateway = try Gateway(configuration, storage: .memory)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = GatewayServer(
        engine: gateway.engine,
        keys: NoKeys(),
        configuration: GatewayServer.Configuration(port: 0),
        metrics: { "" },
        onListening: { listening.yield($0) }
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { listening.finish() }
            try await server.run()
        }
        group.addTask { try await gateway.run() }
        for await port in ports {
            try await body(World(registry: registry, gateway: gateway, url: "http://127.0.0.1:\(port)"))
            break
        }
        group.cancelAll()
        try await group.waitForAll()
    }
}

/// No key was ever made, so that the API is open on this machine.
private struct NoKeys: APIKeyStore {
    func save(_ key: APIKey) async throws(GerbangError) {}
    func apiKeys() async throws(GerbangError) -> [APIKey] { [] }
    func revokeAPIKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool { false }
}

/// A way on which answers get lost.
final class LossyTransport: HTTPTransport {
    private let carrier: CurlTransport
    private let losses: Mutex<Int>
    private let sent = Mutex<[HTTPRequest.Method]>([])

    /// - Parameter losses: How many answers get lost before one arrives.
    init(losses: Int) throws {
        carrier = try CurlTransport()
        self.losses = Mutex(losses)
    }

    /// The methods of the messages that left.
    var messages: [HTTPRequest.Method] { sent.withLock { $0 } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        sent.withLock { $0.append(request.method) }
        let outcome = await carrier.send(request)
        let isLost = losses.withLock { losses in
            losses -= 1
            return losses >= 0
        }
        return isLost ? .failed(WireFailure(.reset, .maybeSent)) : outcome
    }
}

func expect(
    _ code: GerbangError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: @Sendable () async throws -> Void
) async -> GerbangError? {
    let error = await #expect(throws: GerbangError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error
}
