internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes

/// Speaks to a gateway over its HTTP API.
struct GatewayClient: Sendable {
    /// Where the API is.
    let base: BaseURL
    /// The language in which texts for citizens are asked for.
    let language: Language
    private let key: String?
    private let transport: any HTTPTransport
    private let profile: TransportProfile

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - base: Where the API is.
    ///   - key: The API key; `nil` sends none, which a gateway on loopback without keys accepts.
    ///   - language: The language of texts for citizens.
    ///   - profile: Which authorities are trusted.
    ///   - transport: What carries the calls.
    init(
        base: BaseURL,
        key: String?,
        language: Language = .english,
        profile: TransportProfile = TransportProfile(userAgent: "gerbang-cli"),
        transport: any HTTPTransport
    ) {
        self.base = base
        self.key = key
        self.language = language
        self.profile = profile
        self.transport = transport
    }

    /// Asks for what stands at a path.
    func get(_ path: [String], _ query: [WireRequest.QueryItem] = []) async throws(CommandError) -> JSONValue {
        try await answer(to: WireRequest(method: .get, path: ["v1"] + path, query: query), resend: .allowed).json
    }

    /// Sends a command.
    ///
    /// - Parameters:
    ///   - path: The path below `/v1`.
    ///   - body: The body; `nil` sends none.
    ///   - fields: More header fields.
    ///   - patience: How long the gateway may take to answer, besides the usual.
    ///   - isRepeatable: Whether sending it twice has the effect of sending it once.
    func post(
        _ path: [String],
        _ body: JSONValue? = nil,
        fields: HTTPFields = [:],
        patience: Duration = .zero,
        isRepeatable: Bool = false
    ) async throws(CommandError) -> Answer {
        var message = WireRequest(method: .post, path: ["v1"] + path, headerFields: fields)
        if let body {
            message.headerFields[.contentType] = "application/json"
            message.body = body.encoded()
        }
        return try await answer(to: message, patience: patience, resend: isRepeatable ? .allowed : .never)
    }

    /// What a gateway answered.
    struct Answer: Sendable {
        /// The document.
        var json: JSONValue
        /// Whether the request had been submitted before under the same key.
        var isReplay: Bool
    }

    /// Asks for what stands at a path, when the gateway may take `patience` longer than usual to answer.
    func get(
        _ path: [String],
        _ query: [WireRequest.QueryItem],
        patience: Duration
    ) async throws(CommandError) -> JSONValue {
        let message = WireRequest(method: .get, path: ["v1"] + path, query: query)
        return try await answer(to: message, patience: patience, resend: .allowed).json
    }

    private func answer(
        to message: WireRequest,
        patience: Duration = .zero,
        resend: Resend
    ) async throws(CommandError) -> Answer {
        var message = message
        message.headerFields[.accept] = "application/json, application/problem+json"
        message.headerFields[.acceptLanguage] = language.rawValue
        if let key { message.headerFields[.authorization] = "Bearer \(key)" }
        let timeouts = CallTimeouts(firstByte: .seconds(20) + patience, total: .seconds(30) + patience)
        let request = OutboundRequest(message, below: base, timeouts: timeouts, resend: resend, profile: profile)
        switch await transport.send(request) {
        case .failed(let failure): throw unreachable(failure)
        case .answered(let response): return try read(response)
        }
    }

    private func read(_ response: WireResponse) throws(CommandError) -> Answer {
        guard let document = try? JSONValue(parsing: response.body) else { throw stranger(response.status) }
        guard (200..<300).contains(response.status) else {
            throw Problem(document, status: response.status)?.error ?? stranger(response.status)
        }
        let isReplay = HTTPField.Name("Idempotency-Replayed").flatMap { response.headerFields[$0] } == "true"
        return Answer(json: document, isReplay: isReplay)
    }

    private func unreachable(_ failure: WireFailure) -> CommandError {
        let advice: String
        switch failure.kind {
        case .certificate: advice = "trust the gateway's certificate with --ca-file if it is one of your own making"
        case .unsendable: advice = "check --url and the key"
        default: advice = "is 'gerbang serve' running there? name another place with --url or GERBANG_URL"
        }
        var error = CommandError(
            .unreachable,
            "cannot reach the gateway at \(base)",
            details: [failure.description],
            advice: advice
        )
        error.mayHaveArrived = failure.sendState == .maybeSent
        return error
    }

    /// The error for an answer that no gateway gives.
    func stranger(_ status: Int? = nil) -> CommandError {
        CommandError(
            .unreachable,
            "what answers at \(base) is not a gateway of this version",
            details: status.map { ["it answered with HTTP status \($0), and not as the API does"] } ?? [],
            advice: "check --url or GERBANG_URL"
        )
    }
}
