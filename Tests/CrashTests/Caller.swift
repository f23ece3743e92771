internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes

/// A client of the gateway's API.
struct Caller: Sendable {
    /// What the gateway answered.
    struct Reply: Sendable {
        var status: Int
        var json: JSONValue
        var isReplay: Bool
        var body: [UInt8]

        /// The request that the answer shows.
        var id: RequestID? { json["id"]?.stringValue.flatMap { RequestID($0) } }
        /// The state that the answer shows.
        var state: RequestState? { json["state"]?.stringValue.flatMap { RequestState(rawValue: $0) } }
    }

    let key: String?
    private let transport: CurlTransport

    init(key: String?) throws {
        self.key = key
        transport = try CurlTransport()
    }

    /// Asks for what stands at a path; `nil` when no answer came.
    func get(_ path: String, at url: String, query: [(String, String)] = []) async -> Reply? {
        await call(.get, path, at: url, query: query)
    }

    /// Sends a command; `nil` when no answer came.
    func post(
        _ path: String,
        at url: String,
        _ body: JSONValue? = nil,
        fields: [(String, String)] = []
    ) async -> Reply? {
        await call(.post, path, at: url, fields: fields, body: body)
    }

    /// Submits a request; `nil` when no answer came.
    func submit(_ body: JSONValue, key: String, at url: String, waiting seconds: Int = 0) async -> Reply? {
        var fields = [("Idempotency-Key", key)]
        if seconds > 0 { fields.append(("Prefer", "wait=\(seconds)")) }
        return await post("/v1/requests", at: url, body, fields: fields)
    }

    private func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        at url: String,
        query: [(String, String)] = [],
        fields: [(String, String)] = [],
        body: JSONValue? = nil
    ) async -> Reply? {
        guard let base = try? BaseURL(url) else { return nil }
        var message = WireRequest(
            method: method,
            path: path.split(separator: "/").map { String($0) },
            query: query.map { WireRequest.QueryItem($0.0, $0.1) }
        )
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { message.headerFields[name] = value }
        }
        if let key { message.headerFields[.authorization] = "Bearer \(key)" }
        if let body {
            message.headerFields[.contentType] = "application/json"
            message.body = body.encoded()
        }
        let timeouts = CallTimeouts(connect: .seconds(30), firstByte: .seconds(60), total: .seconds(60))
        // Everything that the tests ask for may be asked for twice.
        let request = OutboundRequest(message, below: base, timeouts: timeouts, resend: .allowed)
        guard case .answered(let response) = await transport.send(request) else { return nil }
        let isReplay = HTTPField.Name("Idempotency-Replayed").flatMap { response.headerFields[$0] } == "true"
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        return Reply(status: response.status, json: json, isReplay: isReplay, body: response.body)
    }
}
