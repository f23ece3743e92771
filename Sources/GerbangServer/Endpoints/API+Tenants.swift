internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// What operators ask about routes and about what became of requests; a tenant's operator about that tenant only.
extension API {
    /// Answers `GET /v1/routes/explain`.
    func explainRoute(_ call: Call) throws -> Answer {
        var query = try Query(call.query)
        let service = try query.identifier("service", ServiceID.self)
        let region = try query.region("region")
        let client = try query.identifier("client", ClientID.self)
        let channel = try query.value("channel") { text throws(GerbangError) in try Channel(named: text) }
        let moment = try query.moment("at")
        let tenant = try query.identifier("tenant", TenantID.self)
        try query.finish()
        guard let service else {
            throw Query.refusal("service", "is required: a name of the catalogue, see GET /v1/services")
        }
        guard let region else { throw Query.refusal("region", "is required: \(Region.expectation)") }
        guard engine.snapshot.catalogue[service] != nil else {
            throw Failure(.unknownService, "there is no service with this name", at: .parameter("service"))
        }
        let asking = client ?? call.principal.client
        let facts = RouteFacts(
            service: service,
            region: region,
            client: asking,
            tenant: try (tenant ?? engine.tenant(of: asking)).map { try visible($0, call) } ?? call.principal.tenant,
            channel: channel ?? .online,
            now: moment ?? clock.now()
        )
        return Answer(json: engine.explainRoute(facts).json)
    }

    /// Answers `GET /v1/reports`.
    func showReport(_ call: Call) async throws -> Answer {
        var query = try Query(call.query)
        let tenant = try query.identifier("tenant", TenantID.self).map { try visible($0, call) }
        let until = try query.moment("until") ?? clock.now()
        let from = try query.moment("from") ?? until + .seconds(-7 * 86_400)
        let format = try query.text("format") ?? "json"
        try query.finish()
        guard from < until else { throw Query.refusal("from", "must be earlier than until") }
        guard ["json", "csv"].contains(format) else { throw Query.refusal("format", "must be json or csv") }
        let span = ReportSpan(tenant: tenant ?? call.principal.tenant, from: from, until: until)
        let report = try await engine.report(on: span)
        guard format == "csv" else { return Answer(json: report.json) }
        return Answer(body: Array(report.csv.utf8), mediaType: "text/csv; charset=utf-8; header=present")
    }

    /// A tenant, if the caller may know of it.
    func visible(_ tenant: TenantID, _ call: Call) throws(Failure) -> TenantID {
        guard call.principal.role == .operator, call.principal.tenant == nil || call.principal.tenant == tenant else {
            throw Failure(.forbidden, "this is another tenant's", at: .parameter("tenant"))
        }
        return tenant
    }
}

extension Channel {
    fileprivate init(named text: String) throws(GerbangError) {
        guard let channel = Channel(rawValue: text) else {
            let names = Channel.allCases.map(\.rawValue).joined(separator: ", ")
            throw GerbangError(.invalidInput, "must be one of \(names)")
        }
        self = channel
    }
}

extension Query {
    /// A value that has a reading of its own.
    mutating func value<Value>(
        _ name: String,
        _ make: (String) throws(GerbangError) -> Value
    ) throws(Failure) -> Value? {
        guard let text = try text(name) else { return nil }
        do throws(GerbangError) {
            return try make(text)
        } catch {
            throw Self.refusal(name, error.message)
        }
    }

    /// A region by its code.
    mutating func region(_ name: String) throws(Failure) -> Region? {
        try value(name) { text throws(GerbangError) in
            do throws(GerbangError) {
                return try Region(text)
            } catch {
                var error = error
                error.message = "is \(error.message)"
                throw error
            }
        }
    }

    /// A moment, such as `2026-02-01T08:00:00+07:00`.
    mutating func moment(_ name: String) throws(Failure) -> Timestamp? {
        try value(name) { text throws(GerbangError) in
            guard let moment = Timestamp(text) else {
                throw GerbangError(.invalidInput, "must be a time such as 2026-02-01T08:00:00+07:00")
            }
            return moment
        }
    }
}
