internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// Connections to agencies, for operators.
extension API {
    /// Answers `GET /v1/connections`.
    func listConnections(_ call: Call) async throws -> Answer {
        let connections = try await engine.connectionStatuses().filter { isVisible($0.id, to: call.principal) }
        return Answer(json: ["items": .array(connections.map(\.json))])
    }

    /// Answers `GET /v1/connections/{id}`.
    func showConnection(_ call: Call) async throws -> Answer {
        guard let id = try? ConnectionID(String(call.parameter)), isVisible(id, to: call.principal),
            let connection = try await engine.connectionStatus(of: id)
        else { throw noSuchConnection() }
        return Answer(json: connection.json)
    }

    /// Answers `POST /v1/connections/{id}/pause`.
    func pause(_ call: Call) async throws -> Answer {
        try await command(call) { try await $0.pause($1) }
    }

    /// Answers `POST /v1/connections/{id}/resume`.
    func resume(_ call: Call) async throws -> Answer {
        try await command(call) { try await $0.resume($1) }
    }

    /// Answers `POST /v1/connections/{id}/enable`.
    func enable(_ call: Call) async throws -> Answer {
        try await command(call) { try await $0.setMode(.enabled, of: $1) }
    }

    /// Answers `POST /v1/connections/{id}/drain`.
    func drain(_ call: Call) async throws -> Answer {
        try await command(call) { try await $0.setMode(.draining, of: $1) }
    }

    /// Answers `POST /v1/connections/{id}/disable`.
    func disable(_ call: Call) async throws -> Answer {
        try await command(call) { try await $0.setMode(.disabled, of: $1) }
    }

    private func command(
        _ call: Call,
        _ run: (Engine, ConnectionID) async throws -> ConnectionStatus?
    ) async throws -> Answer {
        guard let id = try? ConnectionID(String(call.parameter)), isVisible(id, to: call.principal),
            let connection = try await run(engine, id)
        else { throw noSuchConnection() }
        return Answer(json: connection.json)
    }

    /// Whether somebody may know of a connection: a tenant's operator of that tenant's own only. Those that are for all are
    /// not theirs to pause.
    private func isVisible(_ id: ConnectionID, to principal: Principal) -> Bool {
        guard let tenant = principal.tenant else { return true }
        return engine.snapshot.connections[id]?.tenant == tenant
    }

    private func noSuchConnection() -> Failure {
        Failure(.notFound, "there is no connection with this name; GET /v1/connections lists them")
    }
}

extension ConnectionStatus {
    /// The connection as it stands in the API.
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id.text),
            "adapter": .string(adapter.text),
            "adapterVersion": .string(adapterVersion),
            "agency": agency.json,
            "services": .array(services.map { .string($0.text) }),
            "regions": .array(regions.map { .string($0.description) }),
            "concurrency": .number(JSONNumber(concurrency)),
            "inFlight": .number(JSONNumber(inFlight)),
            "isPaused": .bool(isPaused),
            "mode": .string(mode.rawValue),
            "breakerOpenings": .number(JSONNumber(breakerOpenings)),
        ]
        object["closedBecause"] = closedBecause.map { .string($0.rawValue) }
        object["closedUntil"] = closedUntil.map { .string($0.description) }
        let counts = RequestState.allCases.compactMap { state in
            backlog[state].map { (state.rawValue, JSONValue.number(JSONNumber($0))) }
        }
        object["backlog"] = .object(JSONObject(uniqueKeysWithValues: counts))
        object["oldest"] = oldest.map { .string($0.description) }
        return .object(object)
    }
}
