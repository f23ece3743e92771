internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes
internal import SATUSEHATSimulator
internal import Testing

/// A connection to the simulated platform, with a token that is fetched by a plain call.
struct Line {
    let simulator: SATUSEHATSimulator
    let adapter: any Adapter
    let transport: CurlTransport
    let token: String

    /// Opens a connection with the token that `form` is answered with.
    init(to simulator: SATUSEHATSimulator, form: String = usualForm) async throws {
        self.simulator = simulator
        adapter = try Support.adapter()
        transport = try CurlTransport()
        token = try await Self.token(from: simulator, form: form, over: transport)
    }

    func close() {
        transport.shutdown()
        simulator.stop()
    }

    /// Sends what an adapter would send, with the token on it, as the connection's authentication does.
    func send(
        _ message: WireRequest,
        authorization: String? = "Bearer {token}",
        timeouts: CallTimeouts = CallTimeouts()
    ) async throws -> WireOutcome {
        var message = message
        message.headerFields[.authorization] = authorization?.replacing("{token}", with: token)
        return await transport.send(
            OutboundRequest(message, below: try BaseURL(simulator.baseURL), timeouts: timeouts)
        )
    }

    func ask(
        _ call: AdapterCall,
        timeouts: CallTimeouts = CallTimeouts()
    ) async throws -> (outcome: WireOutcome, verdict: Verdict?) {
        let message = try adapter.prepare(call)
        let outcome = try await send(message, timeouts: timeouts)
        guard case .answered(let response) = outcome else { return (outcome, nil) }
        return (outcome, adapter.classify(Exchange(request: message, response: response), for: call))
    }

    /// Asks what became of a registration.
    func inquire(about call: AdapterCall, timeouts: CallTimeouts = CallTimeouts()) async throws -> Finding? {
        let inquiry = try Support.inquiry(about: call)
        let message = try adapter.prepare(inquiry)
        guard case .answered(let response) = try await send(message, timeouts: timeouts) else { return nil }
        return adapter.assess(Exchange(request: message, response: response), for: inquiry)
    }

    /// The complete answer to a message.
    func answer(
        _ message: WireRequest,
        authorization: String? = "Bearer {token}"
    ) async throws -> WireResponse {
        guard case .answered(let response) = try await send(message, authorization: authorization) else {
            throw GerbangError(.internalFault, "no answer")
        }
        return response
    }

    // MARK: - Tokens

    static let usualForm = "client_id=demo&client_secret=demo"

    /// The message to the token endpoint.
    static func tokenMessage(_ form: String = usualForm, grant: String = "client_credentials") -> WireRequest {
        WireRequest(
            method: .post,
            path: ["oauth2", "v1", "accesstoken"],
            query: [.init("grant_type", grant)],
            headerFields: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(form.utf8)
        )
    }

    private static func token(
        from simulator: SATUSEHATSimulator,
        form: String,
        over transport: CurlTransport
    ) async throws -> String {
        let request = OutboundRequest(tokenMessage(form), below: try BaseURL(simulator.baseURL))
        guard case .answered(let response) = await transport.send(request),
            let token = try JSONValue(parsing: response.body)["access_token"]?.stringValue
        else { throw GerbangError(.internalFault, "no token") }
        return token
    }
}
