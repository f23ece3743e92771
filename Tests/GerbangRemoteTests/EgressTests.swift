internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// Where a translated message may go, and with whose credentials.
@Suite
struct EgressTests {
    /// Answers for an instance, and writes down what goes to agencies.
    private final class Wire: HTTPTransport {
        let instance: RemoteInstance
        let message: JSONValue
        let sent = Mutex<[String]>([])

        init(_ instance: RemoteInstance, _ message: JSONValue) {
            self.instance = instance
            self.message = message
        }

        func send(_ request: OutboundRequest) async -> WireOutcome {
            let path = String(request.url.dropFirst(instance.address.description.count))
            guard request.url.hasPrefix(instance.address.description),
                let json = try? JSONValue(parsing: request.body),
                let nonce = instance.nonce(
                    provenBy: request.headerFields[.authorization],
                    path: path,
                    body: request.body
                )
            else {
                sent.withLock { $0.append("\(request.method.rawValue) \(request.url)") }
                return .answered(WireResponse(status: 200))
            }
            var answer: JSONObject = ["call": json["call"] ?? nil, "message": message]
            if path == "/classify" { answer = ["call": json["call"] ?? nil, "verdict": ["kind": "rejected"]] }
            let body = JSONValue.object(answer).encoded()
            var fields = HTTPFields()
            if let name = HTTPField.Name("Gerbang-Proof") {
                fields[name] = instance.proof(ofAnswerTo: nonce, body: body)
            }
            return .answered(WireResponse(status: 200, headerFields: fields, body: body))
        }
    }

    private static let base = "https://agency.example/api"

    private func outcome(
        _ message: JSONValue,
        egress: String = "[\"https://files.agency.example\"]"
    ) async throws -> (WireOutcome, agency: [String], elsewhere: [String]) {
        let file = Sample.text(.translate, "nonIdempotent", egress: egress)
        let fleet = RemoteFleet()
        let instance = RemoteInstance(file: Array(file.utf8), address: try BaseURL("http://127.0.0.1:9000"))
        fleet.serve(RemoteDescriptor.hash(of: file.utf8), of: Sample.id)
        _ = try fleet.note(Heartbeat(json: instance.heartbeat()), of: Sample.id)
        var reader = SettingsReader(["token": "t"])
        let definition = try RemoteDescriptor(parsing: file).definition(fleet: fleet, catalogue: .builtin())
        let adapter = try #require(definition.make(&reader) as? RemoteAdapter)
        let (plain, agency) = (Wire(instance, message), Wire(instance, message))
        let submission = Submission(
            service: Sample.service,
            region: .nation,
            payload: ["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-02"],
            idempotencyKey: "k"
        )
        let request = ServiceRequest(
            id: RequestID(high: 1, low: 2),
            client: ClientID(checked: "test"),
            submission: submission,
            connection: Sample.connection,
            operation: OperationID(checked: "book"),
            acceptedAt: Timestamp(milliseconds: 0),
            deadline: Timestamp(milliseconds: 1000)
        )
        let operation = try #require(adapter.descriptor.operation(OperationID(checked: "book")))
        let call = AdapterCall(operation: operation, request: request, now: Timestamp(milliseconds: 0))
        let wrapped = OutboundRequest(try adapter.prepare(call), below: try BaseURL(Self.base))
        let outcome = await adapter.carrier(to: agency, by: plain).send(wrapped)
        return (outcome, agency.sent.withLock { $0 }, plain.sent.withLock { $0 })
    }

    @Test func aMessageGoesBelowTheConnectionsBaseURLWithItsCredentials() async throws {
        let message: JSONValue = [
            "method": "PUT", "path": ["a b", "../c"], "query": [["q", "1&2"]], "headers": [["X-One", "1"]],
        ]
        let (outcome, agency, elsewhere) = try await outcome(message)
        #expect(agency == ["PUT https://agency.example/api/a%20b/..%2Fc?q=1%262"])
        #expect(elsewhere.isEmpty)
        guard case .answered(let response) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(try JSONValue(parsing: response.body)["verdict"]?["kind"] == "rejected")
    }

    @Test func anApprovedAddressGetsNoCredentials() async throws {
        let message: JSONValue = ["method": "GET", "base": "https://files.agency.example", "path": ["x"]]
        let (_, agency, elsewhere) = try await outcome(message)
        #expect(agency.isEmpty)
        #expect(elsewhere == ["GET https://files.agency.example/x"])
    }

    @Test(arguments: [
        ["method": "GET", "base": "https://other.example"] as JSONValue,
        ["method": "GET", "base": "http://files.agency.example"],
        ["method": "GET", "base": "https://files.agency.example:444"],
        ["method": "GET", "base": "https://files.agency.example@other.example"],
        ["method": "GET", "url": "https://other.example"], ["method": "GE T"], ["method": "GET", "path": [".."]],
        ["method": "GET", "path": "x"], ["method": "GET", "headers": [["a"]]],
        ["method": "GET", "headers": [["X-One", "1\r\nX-Two: 2"]]],
        ["method": "GET", "body": "x", "bodyBase64": "eA=="], ["method": "GET", "bodyBase64": "x"], [:], "GET", nil,
    ])
    func anythingElseIsNeverSent(_ message: JSONValue) async throws {
        let (outcome, agency, elsewhere) = try await outcome(message)
        #expect(agency.isEmpty)
        #expect(elsewhere.isEmpty)
        guard case .failed(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.sendState == .notSent)
        #expect(failure.kind == .malformed)
    }
}
