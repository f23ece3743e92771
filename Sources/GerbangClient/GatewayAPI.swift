package import GerbangCore
package import GerbangHTTP
package import GerbangJSON
package import HTTPTypes

/// Speaks to a gateway over its HTTP API: one call, one answer.
package struct GatewayAPI: Sendable {
    /// Where the API is.
    package let base: BaseURL
    /// The language in which texts for citizens are asked for.
    package let language: Language
    private let key: String?
    private let transport: any HTTPTransport
    private let profile: TransportProfile

    /// Prepares for calls.
    ///
    /// - Parameters:
    ///   - base: Where the API is.
    ///   - key: The API key; `nil` sends none, which a gateway on loopback without keys accepts.
    ///   - language: The language of texts for citizens.
    ///   - profile: Which authorities are trusted.
    ///   - transport: What carries the calls.
    package init(
        base: BaseURL,
        key: String?,
        language: Language = .english,
        profile: TransportProfile = TransportProfile(userAgent: "gerbang-client"),
        transport: any HTTPTransport
    ) {
        self.base = base
        self.key = key
        self.language = language
        self.profile = profile
        self.transport = transport
    }

    /// What a gateway answered.
    package struct Answer: Sendable {
        /// The document.
        package var json: JSONValue
        /// Whether the request had been submitted before under the same key.
        package var isReplay: Bool
    }

    /// Asks for what stands at a path.
    ///
    /// - Parameters:
    ///   - path: The path below `/v1`.
    ///   - query: The query.
    ///   - patience: How long the gateway may take to answer, besides the usual.
    package func get(
        _ path: [String],
        _ query: [WireRequest.QueryItem] = [],
        patience: Duration = .zero
    ) async throws(APIFailure) -> JSONValue {
        let message = WireRequest(method: .get, path: ["v1"] + path, query: query)
        return try await answer(to: message, patience: patience, resend: .allowed).json
    }

    /// Sends a command.
    ///
    /// - Parameters:
    ///   - path: The path below `/v1`.
    ///   - body: The body; `nil` sends none.
    ///   - fields: More header fields.
    ///   - patience: How long the gateway may take to answer, besides the usual.
    ///   - isRepeatable: Whether sending it twice has the effect of sending it once.
    package func post(
        _ path: [String],
        _ body: JSONValue? = nil,
        fields: HTTPFields = [:],
        patience: Duration = .zero,
        isRepeatable: Bool = false
    ) async throws(APIFailure) -> Answer {
        var message = WireRequest(method: .post, path: ["v1"] + path, headerFields: fields)
        if let body {
            message.headerFields[.contentType] = "application/json"
            message.body = body.encoded()
        }
        return try await answer(to: message, patience: patience, resend: isRepeatable ? .allowed : .never)
    }

    private func answer(
        to message: WireRequest,
        patience: Duration,
        resend: Resend
    ) async throws(APIFailure) -> Answer {
        let timeouts = CallTimeouts(firstByte: .seconds(20) + patience, total: .seconds(30) + patience)
        let request = outbound(message, accept: "application/json", timeouts: timeouts, resend: resend)
        switch await transport.send(request) {
        case .failed(let failure): throw APIFailure(cause: .unreachable(failure), base: base)
        case .answered(let response): return try read(response)
        }
    }

    /// A message as every call of the API is sent.
    func outbound(_ message: WireRequest, accept: String, timeouts: CallTimeouts, resend: Resend) -> OutboundRequest {
        var message = message
        message.headerFields[.accept] = "\(accept), application/problem+json"
        message.headerFields[.acceptLanguage] = language.rawValue
        // A message that proves itself in another way keeps its proof.
        if let key, message.headerFields[.authorization] == nil {
            message.headerFields[.authorization] = "Bearer \(key)"
        }
        return OutboundRequest(message, below: base, timeouts: timeouts, resend: resend, profile: profile)
    }

    private func read(_ response: WireResponse) throws(APIFailure) -> Answer {
        guard (200..<300).contains(response.status) else { throw refusal(response) }
        guard let document = try? JSONValue(parsing: response.body) else { throw stranger(response.status) }
        let isReplay = HTTPField.Name("Idempotency-Replayed").flatMap { response.headerFields[$0] } == "true"
        return Answer(json: document, isReplay: isReplay)
    }

    /// The failure for an answer with a status that is not one of success.
    func refusal(_ response: WireResponse) -> APIFailure {
        guard let document = try? JSONValue(parsing: response.body),
            let problem = Problem(document, status: response.status)
        else { return stranger(response.status) }
        return APIFailure(cause: .problem(problem), base: base)
    }

    /// The failure for an answer that no gateway gives.
    func stranger(_ status: Int? = nil) -> APIFailure {
        APIFailure(cause: .stranger(status: status), base: base)
    }
}
