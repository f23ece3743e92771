internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

/// Calls a gateway and holds every answer to the API's description.
struct Client: Sendable {
    private static let transport = Result { try CurlTransport() }

    var port: Int
    var key: String?

    init(port: Int, key: String?) throws {
        self.port = port
        self.key = key
    }

    /// Makes a call; every answer must be one that the description of the API allows.
    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String] = [:],
        body: [UInt8]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        var headerFields = HTTPFields()
        if let key { headerFields[.authorization] = "Bearer \(key)" }
        if body != nil { headerFields[.contentType] = "application/json" }
        for (name, value) in fields {
            headerFields[try #require(HTTPField.Name(name))] = value.isEmpty ? nil : value
        }
        let request = OutboundRequest(
            method: method,
            url: "http://127.0.0.1:\(port)\(path)",
            headerFields: headerFields,
            body: body ?? []
        )
        let outcome = try await Self.transport.get().send(request)
        guard case .answered(let response) = outcome else {
            Issue.record("no answer: \(outcome)", sourceLocation: sourceLocation)
            throw GerbangError(.unreachable, "no answer")
        }
        let reply = Reply(response)
        try Contract.shared.get().check(reply, to: method, path, sourceLocation: sourceLocation)
        return reply
    }

    func get(
        _ path: String,
        _ fields: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await call(.get, path, fields, sourceLocation: sourceLocation)
    }

    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        body: JSONValue? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        try await call(.post, path, fields, body: body?.encoded(), sourceLocation: sourceLocation)
    }

    /// Submits a request.
    func submit(
        _ submission: JSONValue = Sample.identity,
        key: String,
        _ fields: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        let fields = fields.merging(["Idempotency-Key": key]) { $1 }
        return try await post("/v1/requests", fields, body: submission, sourceLocation: sourceLocation)
    }

    /// Asks until a request is in `state`, and returns it.
    func await(
        _ id: String,
        in state: RequestState,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        for _ in 0..<15_000 {
            let json = try await get("/v1/requests/\(id)", sourceLocation: sourceLocation).json
            if json["state"]?.stringValue == state.rawValue { return json }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the request did not come to be \(state.rawValue)", sourceLocation: sourceLocation)
        throw GerbangError(.timeout, "the request did not come to be \(state.rawValue)")
    }
}

/// An answer of the gateway.
struct Reply: Sendable {
    var status: Int
    var fields: HTTPFields
    var body: [UInt8]

    init(_ response: WireResponse) {
        status = response.status
        fields = response.headerFields
        body = response.body
    }

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The request's identifier.
    var id: String { json["id"]?.stringValue ?? "" }
    /// The problem's code.
    var code: String? { json["code"]?.stringValue }

    /// The value of a field, without white space around it, which means nothing (RFC 9110, section 5.5).
    subscript(name: String) -> String? {
        guard let value = HTTPField.Name(name).flatMap({ fields[$0] }) else { return nil }
        let end = value.lastIndex { $0 != " " }
        return end.map { String(value[...$0].drop { $0 == " " }) } ?? ""
    }
}

/// Submissions of invented people.
enum Sample {
    static let nik = "3174015708900003"

    static let identity: JSONValue = [
        "service": "population.identity.verify",
        "region": "31.74",
        "applicant": ["nik": .string(nik), "name": "SITI CONTOH"],
        "channel": "counter",
        "officer": ["id": "ani.petugas", "name": "ANI CONTOH", "counter": "A-12"],
        "payload": ["nik": .string(nik), "name": "SITI CONTOH"],
    ]

    static let booking: JSONValue = [
        "service": "transport.inspection.book",
        "region": "31",
        "payload": ["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-02"],
    ]

    /// ``identity`` with a member set, or removed.
    static func identity(_ key: String, _ value: JSONValue?) -> JSONValue {
        var members = identity.objectValue ?? [:]
        members[key] = value
        return .object(members)
    }
}
