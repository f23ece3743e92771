internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@testable internal import GerbangEngine

/// A client's server that takes calls back.
final class Mailroom: Sendable {
    /// An event as it arrived.
    struct Letter: Sendable {
        var id: String
        var timestamp: String
        var signatures: [Substring]
        var contentType: String?
        var body: [UInt8]
        var json: JSONValue

        var type: String? { json["type"]?.stringValue }
        var state: String? { json["data"]?["state"]?.stringValue }
    }

    private let letters = Mutex<[Letter]>([])
    private let replies = Mutex<[ServedReply]>([])
    private let usual = Mutex(ServedReply.respond(status: 204))
    private let server = Mutex<LoopbackServer?>(nil)

    init() throws {
        let server = try LoopbackServer { [weak self] request in self?.take(request) ?? .reset }
        self.server.withLock { $0 = server }
    }

    var port: Int { server.withLock { $0?.port ?? 0 } }
    var url: String { "http://127.0.0.1:\(port)/hook?token=1" }
    var received: [Letter] { letters.withLock { $0 } }
    var connectionCount: Int { server.withLock { $0?.connectionCount ?? 0 } }

    /// What the next letters are answered with.
    func answer(_ next: ServedReply...) { replies.withLock { $0 += next } }

    /// What all other letters are answered with.
    func always(_ reply: ServedReply) { usual.withLock { $0 = reply } }

    func stop() { server.withLock { $0?.stop() } }

    private func take(_ request: ServedRequest) -> ServedReply {
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headerFields[$0] } }
        letters.withLock { letters in
            letters.append(
                Letter(
                    id: field("webhook-id") ?? "",
                    timestamp: field("webhook-timestamp") ?? "",
                    signatures: (field("webhook-signature") ?? "").split(separator: " "),
                    contentType: field("content-type"),
                    body: request.body,
                    json: (try? JSONValue(parsing: request.body)) ?? .null
                )
            )
        }
        let next = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        return next ?? usual.withLock { $0 }
    }
}

/// Carries calls to agencies to a script, and all others over the wire.
struct SplitTransport: HTTPTransport {
    static let wire = Result { () throws(WireFailure) in try CurlTransport() }

    var agency: ScriptedTransport

    func send(_ request: OutboundRequest) async -> WireOutcome {
        if request.url.hasPrefix("http://one/") || request.url.hasPrefix("http://two/") {
            return await agency.send(request)
        }
        switch Self.wire {
        case .success(let wire): return await wire.send(request)
        case .failure(let failure): return .failed(failure)
        }
    }
}

/// An engine that calls clients back over the wire, with its clock, its agency and its store in the test's hand.
final class CallbackStage: Sendable {
    let clock: ManualClock
    let store: any RequestStore
    let agency: ScriptedTransport
    let engine: Engine

    /// Limits that a busy machine does not reach.
    static let patience = CallTimeouts(connect: .seconds(60), firstByte: .seconds(120), total: .seconds(120))

    /// Loopback is allowed unless a test says otherwise.
    static func loopback(_ change: (inout CallbackConfiguration) -> Void = { _ in }) throws -> CallbackConfiguration {
        var configuration = CallbackConfiguration(
            addresses: .publicInternet(and: [try AddressRange("127.0.0.0/8")]),
            allowsHTTP: true,
            timeouts: patience
        )
        change(&configuration)
        return configuration
    }

    init(
        _ callbacks: CallbackConfiguration,
        clock: ManualClock = ManualClock(),
        store: any RequestStore = MemoryStore(),
        agency: ScriptedTransport = ScriptedTransport()
    ) throws {
        self.clock = clock
        self.store = store
        self.agency = agency
        engine = try Engine(
            catalogue: .builtin(),
            connections: [Connection(id: EngineHarness.one, adapter: WordAdapter(), baseURL: BaseURL("http://one"))],
            store: store,
            transport: SplitTransport(agency: agency),
            configuration: Engine.Configuration(callbacks: callbacks),
            clock: clock,
            randomSeed: 1
        )
    }

    /// Makes a secret for a client.
    @discardableResult
    func makeSecret(for client: ClientID = EngineHarness.client) async throws -> CallbackSecret {
        let secret = CallbackSecret.generate(for: client, at: clock.now())
        try await engine.callbackSecrets.save(secret)
        return secret
    }

    @discardableResult
    func book(
        _ key: String = "key",
        callingBack url: String?,
        as client: ClientID = EngineHarness.client
    ) async throws -> RequestID {
        var submission = try EngineHarness.booking(key)
        submission.callback = try url.map { try Callback(url: $0) }
        return try await engine.submit(submission, as: client).status.id
    }

    /// Runs `body` while the engine works, and stops it afterwards.
    func whileRunning(_ body: () async throws -> Void) async throws {
        let running = Task { try await engine.run() }
        defer { running.cancel() }
        try await body()
        running.cancel()
        try await running.value
    }

    /// Moves the clock once the engine's time keeper sleeps.
    func pass(_ duration: Duration) async {
        await clock.waitForSleepers(1)
        clock.advance(by: duration)
    }

    /// Waits until every delivery that was due has ended and that is stored.
    func rest(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("the deliveries are at rest", sourceLocation: sourceLocation) {
            let now = clock.now()
            let dues = try await store.callbackDueTimes().values
            let lease = now + Self.patience.total * 2
            return dues.allSatisfy { $0 > now && $0 != lease } && engine.callbacks.inFlight == 0
        }
    }

    func summary(_ id: RequestID) async throws -> CallbackSummary? { try await engine.status(of: id)?.callback }

    func expect(
        _ id: RequestID,
        _ summary: CallbackSummary,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("the summary is \(summary)", sourceLocation: sourceLocation) {
            try await self.summary(id) == summary
        }
    }
}
