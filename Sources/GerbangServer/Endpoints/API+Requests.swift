internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes

// Requests: submitting, looking, waiting.
extension API {
    /// Answers `POST /v1/requests`.
    func submit(_ call: Call) async throws -> Answer {
        guard let key = call.head.idempotencyKey else {
            throw Failure(
                .idempotencyKeyMissing,
                "send an Idempotency-Key of 1 to 255 bytes: the same key for the same request, however often it is sent",
                at: .header("Idempotency-Key")
            )
        }
        // Bytes that are no text have all become this character: keys that differ would be one.
        guard !key.unicodeScalars.contains("\u{FFFD}") else {
            throw Failure(.malformedRequest, "the key is not UTF-8 text", at: .header("Idempotency-Key"))
        }
        try admitSubmission(by: call.principal)
        let submission = try Submission(body: call.body, idempotencyKey: key, now: clock.now())
        let receipt: Engine.Receipt
        do throws(GerbangError) {
            receipt = try await engine.submit(submission, as: call.principal.client)
        } catch {
            let isAboutKey = error.code == .idempotencyKeyMissing || error.code == .idempotencyKeyReused
            throw Failure(error, at: isAboutKey ? .header("Idempotency-Key") : nil)
        }
        var status = receipt.status
        if !status.state.isFinal, let seconds = call.head.preferredWait, seconds > 0 {
            status = try await wait(for: status.id, seconds: seconds) ?? status
        }
        var answer = self.answer(status, to: call, status: status.state.isFinal ? 200 : 202)
        answer.fields.append(HTTPField(name: .location, value: "/v1/requests/\(status.id)"))
        if !status.state.isFinal {
            answer.fields.append(HTTPField(name: .retryAfter, value: String(pollDelay(of: status))))
        }
        if receipt.isReplay, let name = HTTPField.Name("Idempotency-Replayed") {
            answer.fields.append(HTTPField(name: name, value: "true"))
        }
        return answer
    }

    /// Refuses submissions of a tenant's operator: they would belong to no tenant, and nobody of the tenant could see them.
    func admitSubmission(by principal: Principal) throws {
        guard let tenant = principal.tenant, engine.tenant(of: principal.client) != tenant else { return }
        throw Failure(
            .forbidden,
            "the key of a tenant's operator does not submit; use the key of a client of \(tenant)"
        )
    }

    /// Answers `GET /v1/requests/{id}`.
    func showRequest(_ call: Call) async throws -> Answer {
        var query = try Query(call.query)
        let seconds = try query.number("wait", in: 0...86_400) ?? 0
        try query.finish()
        var status = try await visibleRequest(call)
        if seconds > 0, !status.state.isFinal {
            status = try await wait(for: status.id, seconds: seconds) ?? status
        }
        return answer(status, to: call)
    }

    /// Answers `GET /v1/requests/{id}/events`.
    func showEvents(_ call: Call) async throws -> Answer {
        var query = try Query(call.query)
        let sequence = try query.number("after", in: 0...Int(Int32.max)) ?? 0
        try query.finish()
        let status = try await visibleRequest(call)
        if call.head.acceptsEventStream { return try await streamEvents(of: status, after: sequence, call) }
        let events = try await engine.events(of: status.id, after: sequence)
        var answer = Answer(json: ["items": .array(events.map(\.json))])
        answer.request = status.id
        return answer
    }

    /// Answers `GET /v1/requests`.
    func listRequests(_ call: Call) async throws -> Answer {
        var query = try Query(call.query)
        var filter = RequestFilter(client: call.principal.scope, tenant: call.principal.tenant)
        for text in query.list("state") {
            guard let state = RequestState(rawValue: String(text)) else {
                let names = RequestState.allCases.map(\.rawValue).joined(separator: ", ")
                throw Query.refusal("state", "must be one or more of \(names)")
            }
            filter.states.insert(state)
        }
        filter.service = try query.identifier("service", ServiceID.self)
        filter.connection = try query.identifier("connection", ConnectionID.self)
        if let client = try query.identifier("client", ClientID.self) {
            guard call.principal.scope == nil || call.principal.scope == client else {
                throw Failure(.forbidden, "only operators see the requests of others", at: .parameter("client"))
            }
            filter.client = client
        }
        if let tenant = try query.identifier("tenant", TenantID.self) { filter.tenant = try visible(tenant, call) }
        filter.isDeadLetter = try query.flag("deadLetter") ?? false
        let limit = try query.number("limit", in: 1...200) ?? 50
        if let cursor = try query.text("cursor") {
            guard let id = RequestID(cursor) else {
                throw Query.refusal("cursor", "must be the nextCursor of the page before")
            }
            filter.before = id
        }
        try query.finish()
        // One more than asked for tells whether there is a next page.
        filter.limit = limit + 1
        let found = try await engine.list(filter)
        let page = found.prefix(limit)
        var object: JSONObject = ["items": .array(page.map { $0.json(in: call.head.language, withOutput: false) })]
        if found.count > limit { object["nextCursor"] = page.last.map { .string($0.id.description) } }
        return localized(Answer(json: .object(object)), call)
    }

    // MARK: Commands

    /// Answers `POST /v1/requests/{id}/cancel`.
    func cancel(_ call: Call) async throws -> Answer {
        let status = try await visibleRequest(call)
        return try await command(call) { try await $0.cancel(status.id, by: $1) }
    }

    /// Answers `POST /v1/requests/{id}/redrive`.
    func redrive(_ call: Call) async throws -> Answer {
        let id = try await visibleRequest(call).id
        return try await command(call) { try await $0.redrive(id, by: $1) }
    }

    /// Answers `POST /v1/requests/{id}/discard`.
    func discard(_ call: Call) async throws -> Answer {
        let id = try await visibleRequest(call).id
        return try await command(call) { try await $0.discard(id, by: $1) }
    }

    /// Answers `POST /v1/requests/{id}/resolve`.
    func resolve(_ call: Call) async throws -> Answer {
        let resolution = try RequestMachine.Resolution(body: call.body)
        let id = try await visibleRequest(call).id
        return try await command(call) { try await $0.resolve(id, as: resolution, by: $1) }
    }

    private func command(
        _ call: Call,
        _ run: (Engine, _ actor: String) async throws -> RequestStatus?
    ) async throws -> Answer {
        try Query(call.query).finish()
        guard let status = try await run(engine, call.principal.actor) else { throw Failure.noSuchRequest() }
        return answer(status, to: call)
    }

    // MARK: Shared parts

    /// The request in the path, as far as the caller may know of it.
    private func visibleRequest(_ call: Call) async throws -> RequestStatus {
        let id = try call.requestID()
        guard
            let status = try await engine.status(
                of: id,
                for: call.principal.scope,
                tenant: call.principal.tenant
            )
        else {
            throw Failure.noSuchRequest()
        }
        return status
    }

    private func answer(_ status: RequestStatus, to call: Call, status code: Int = 200) -> Answer {
        var answer = localized(Answer(status: code, json: status.json(in: call.head.language)), call)
        answer.request = status.id
        return answer
    }

    /// In how many seconds it is worth to ask again: when Gerbang acts next, but within a minute.
    private func pollDelay(of status: RequestStatus) -> Int64 {
        guard let dueAt = status.dueAt else { return 1 }
        return min(60, max(1, ((dueAt - clock.now()).milliseconds + 999) / 1000))
    }
}

extension API {
    /// Says in which language the texts of an answer are.
    func localized(_ answer: Answer, _ call: Call) -> Answer {
        var answer = answer
        answer.fields.append(HTTPField(name: .contentLanguage, value: call.head.language.rawValue))
        return answer
    }
}

extension RequestMachine.Resolution {
    /// Reads the body of `POST /v1/requests/{id}/resolve`.
    fileprivate init(body: JSONValue) throws(Failure) {
        var reader = BodyReader(body)
        let choice = "done, notDone or resend"
        let word = reader.value("as", expecting: choice) { text throws(GerbangError) in
            guard ["done", "notDone", "resend"].contains(text) else {
                throw GerbangError(.invalidInput, "must be \(choice)")
            }
            return text
        }
        let output = reader.json("output", isRequired: false)
        let reference = reader.value("agencyReference", isRequired: false, Self.reference)
        if word != nil, word != "done" {
            if output != nil { reader.refuse("output", "goes with done alone") }
            if reference != nil { reader.refuse("agencyReference", "goes with done alone") }
        }
        try reader.finish()
        switch word {
        case "done": self = .done(output: output, agencyReference: reference)
        case "notDone": self = .notDone
        default: self = .resend
        }
    }

    private static func reference(_ text: String) throws(GerbangError) -> String {
        guard (1...200).contains(text.unicodeScalars.count) else {
            throw GerbangError(.invalidInput, "must have 1 to 200 characters")
        }
        return text
    }
}
