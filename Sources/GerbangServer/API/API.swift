internal import GerbangCore
internal import GerbangEngine
internal import GerbangRegistration
internal import HTTPTypes
internal import Logging
internal import Synchronization

/// What the endpoints have in common: the engine, who may call, and how long to wait.
final class API: Sendable {
    let engine: Engine
    /// Changes the configuration; `nil` for an engine that was set up in code.
    let control: (any ConfigurationControl)?
    let keyRing: KeyRing
    /// Takes in and decides on registered adapters; `nil` when the gateway takes none.
    let registrar: Registrar?
    /// Where it is written down what operators do.
    let trail: (any AuditTrail)?
    let configuration: GatewayServer.Configuration
    let metricsText: @Sendable () async -> String
    let clock: any WallClock
    let logger: Logger
    let routes = RouteTable(API.endpoints)
    /// Counts what no route was found for.
    let unmatched = RouteMeter(route: "unmatched", method: "any")
    let dates = HTTPDateCache()
    let streams: StreamPlaces
    /// What is offered by SOAP.
    let faces: FaceHolder
    private let listening = Atomic(false)
    private let stopping = Atomic(false)

    init(
        engine: Engine,
        control: (any ConfigurationControl)?,
        keyRing: KeyRing,
        registrar: Registrar?,
        trail: (any AuditTrail)?,
        configuration: GatewayServer.Configuration,
        metricsText: @escaping @Sendable () async -> String,
        clock: any WallClock,
        logger: Logger
    ) {
        self.engine = engine
        self.control = control
        self.keyRing = keyRing
        self.registrar = registrar
        self.trail = trail
        self.configuration = configuration
        self.metricsText = metricsText
        self.clock = clock
        self.logger = logger
        streams = StreamPlaces(configuration.maximumEventStreams)
        faces = FaceHolder(configuration.soapServices)
    }

    /// Whether connections have ever been accepted.
    var isListening: Bool { listening.load(ordering: .relaxed) }

    /// Notes that connections are accepted.
    func start() { listening.store(true, ordering: .relaxed) }

    /// Whether the server is about to stop.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Tells load balancers to look elsewhere, and those who wait where their requests stand.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        engine.endWaits()
    }

    /// Lets a call in, or not.
    ///
    /// - Throws: A ``Failure`` of code `unauthorized` or `forbidden`.
    func admit(_ head: CallHead, to access: Endpoint.Access) async throws(Failure) -> Principal {
        guard access != .open, access != .agency else { return .local }
        let principal = try await identify(head)
        guard access == .client || principal.role == .operator else {
            throw Failure(.forbidden, "this is for operators; the key is a client's")
        }
        guard access != .operators || principal.tenant == nil else {
            throw Failure(.forbidden, "this is for operators of the whole gateway; the key is bound to a tenant")
        }
        return principal
    }

    /// Lets in a message that may carry its key itself: the client's name with the key as password, or else as in
    /// ``admit(_:to:)``.
    func admit(_ head: CallHead, token: UsernameToken?) async throws(Failure) -> Principal {
        guard head.authorization == nil, let token else { return try await identify(head) }
        guard let principal = await keyRing.principal(holding: token.password[...]),
            principal.client.text == token.user
        else { throw Failure(.unauthorized, "the user name or its key is unknown, wrong or revoked") }
        return principal
    }

    private func identify(_ head: CallHead) async throws(Failure) -> Principal {
        guard head.authorization != nil else {
            if configuration.isLoopback, keyRing.isEmpty, head.isFromThisMachine { return .local }
            throw unauthorized(
                "a key is needed: send 'Authorization: Bearer gbk_…'; 'gerbang keys create' makes one",
                challenge: "Bearer realm=\"gerbang\""
            )
        }
        guard let token = head.bearerToken, let principal = await keyRing.principal(holding: token) else {
            throw unauthorized(
                "the key is unknown, wrong or revoked",
                challenge: "Bearer realm=\"gerbang\", error=\"invalid_token\""
            )
        }
        return principal
    }

    private func unauthorized(_ message: String, challenge: String) -> Failure {
        var failure = Failure(.unauthorized, message, at: .header("Authorization"))
        failure.fields[.wwwAuthenticate] = challenge
        return failure
    }

    /// Waits until a request has ended, for at most `seconds`; a stop of the server ends the wait.
    ///
    /// - Returns: Where the request then stands; `nil` when there is none.
    func wait(for id: RequestID, seconds: Int) async throws -> RequestStatus? {
        try await engine.wait(for: id, until: clock.now() + min(.seconds(seconds), configuration.maximumWait))
    }
}
