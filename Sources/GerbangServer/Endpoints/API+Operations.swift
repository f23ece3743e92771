internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSchemas

// What machines ask for: readiness, metrics, the description of the API.
extension API {
    /// Answers `GET /readyz`.
    func showReadiness() async throws -> Answer {
        guard !isStopping else { throw Failure(.shuttingDown, "the gateway is stopping") }
        try await engine.checkStore()
        return Answer(json: ["status": "ready"])
    }

    /// Answers `GET /metrics`.
    func showMetrics() async -> Answer {
        Answer(body: Array(await metricsText().utf8), mediaType: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Answers `GET /openapi.json`.
    func showOpenAPI() -> Answer {
        Answer(body: GerbangSchemas.openAPI, mediaType: Answer.jsonType)
    }
}
