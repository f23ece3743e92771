internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRegistration
internal import HTTPTypes

// Registered adapters: agencies register and send heartbeats, operators decide.
extension API {
    private func office() throws(Failure) -> Registrar {
        guard let registrar else { throw Failure(.notFound, "this gateway takes no registrations") }
        return registrar
    }

    private func adapter(_ call: Call) throws(Failure) -> AdapterID {
        guard let id = try? AdapterID(String(call.parameter)) else { throw Failure(Registrar.noSuchAdapter()) }
        return id
    }

    // MARK: Agencies

    /// Answers `POST /v1/adapters`.
    func registerAdapter(_ call: Call) async throws -> Answer {
        let registrar = try office()
        let (json, isNew) = try await signed { try await registrar.register(call.message) }
        return Answer(status: isNew ? 201 : 200, json: json)
    }

    /// Answers `POST /v1/adapters/{id}/heartbeat`.
    func takeHeartbeat(_ call: Call) async throws -> Answer {
        let (registrar, id) = (try office(), try adapter(call))
        let isProtected = configuration.isLoopback || configuration.isBehindTLS
        let json = try await signed { try await registrar.heartbeat(of: id, call.message, isProtected: isProtected) }
        return Answer(json: json)
    }

    /// Says how to sign where a signature is missing.
    private func signed<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as GerbangError where error.code == .unauthorized {
            var failure = Failure(error, at: .header("Authorization"))
            failure.fields[.wwwAuthenticate] = "Gerbang"
            throw failure
        }
    }

    // MARK: Operators

    /// Answers `GET /v1/adapters`.
    func listAdapters() throws -> Answer { Answer(json: try office().list()) }

    /// Answers `GET /v1/adapters/{id}`.
    func showAdapter(_ call: Call) throws -> Answer {
        guard let json = try office().show(try adapter(call)) else { throw Failure(Registrar.noSuchAdapter()) }
        return Answer(json: json)
    }

    /// Answers `GET /v1/adapters/{id}/diff`.
    func diffAdapter(_ call: Call) throws -> Answer {
        var query = try Query(call.query)
        let version = try query.text("version")
        try query.finish()
        return Answer(json: try office().diff(try adapter(call), version: version))
    }

    /// Answers `POST /v1/adapters/{id}/approve`.
    func approveAdapter(_ call: Call) async throws -> Answer {
        let (registrar, id) = (try office(), try adapter(call))
        var reader = BodyReader(call.body)
        let version = reader.value("version") { text throws(GerbangError) in text }
        try reader.finish()
        return Answer(json: try await registrar.approve(id, version: version ?? "", by: call.principal.actor))
    }

    /// Answers `POST /v1/adapters/{id}/reject`.
    func rejectAdapter(_ call: Call) async throws -> Answer {
        let (registrar, id) = (try office(), try adapter(call))
        var reader = BodyReader(call.body)
        let version = reader.value("version") { text throws(GerbangError) in text }
        let reason = reader.value("reason", isRequired: false) { text throws(GerbangError) in
            guard (1...500).contains(text.unicodeScalars.count) else {
                throw GerbangError(.invalidInput, "must have 1 to 500 characters")
            }
            return text
        }
        try reader.finish()
        let actor = call.principal.actor
        return Answer(json: try await registrar.reject(id, version: version ?? "", because: reason, by: actor))
    }

    /// Answers `POST /v1/adapters/{id}/rollback`.
    func rollBackAdapter(_ call: Call) async throws -> Answer {
        let (registrar, id) = (try office(), try adapter(call))
        var reader = BodyReader(call.body)
        let version = reader.value("version") { text throws(GerbangError) in text }
        try reader.finish()
        return Answer(json: try await registrar.rollBack(id, to: version ?? "", by: call.principal.actor))
    }

    /// Answers `POST /v1/adapters/{id}/enable`, `…/drain` and `…/disable`.
    func setMode(_ mode: ConnectionMode, ofAdapter call: Call) async throws -> Answer {
        let (registrar, id) = (try office(), try adapter(call))
        return Answer(json: try await registrar.setMode(mode, of: id, by: call.principal.actor))
    }
}

extension Call {
    /// The call as a message of an agency.
    fileprivate var message: Registrar.Message {
        Registrar.Message(authorization: head.authorization, path: path, body: bytes)
    }
}
