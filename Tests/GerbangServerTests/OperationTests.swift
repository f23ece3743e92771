internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSchemas
internal import HTTPTypes
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Testing

@testable internal import GerbangServer

@Suite("Running the server")
struct OperationTests {
    @Test("Health, readiness and the description are told")
    func open() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            #expect(try await client.get("/healthz").json == ["status": "alive"])
            #expect(try await client.get("/readyz").json == ["status": "ready"])
            let document = try await client.get("/openapi.json")
            #expect(document.body == GerbangSchemas.openAPI)
            #expect(document.json["openapi"] == "3.1.1")
        }
    }

    @Test("A graceful stop answers those who wait, and ends")
    func gracefulStop() async throws {
        let agency = FakeAgency(.hang)
        let engine = try Engine.sample(agency)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            engine: engine,
            keys: KeyShelf(),
            configuration: .testing,
            metrics: { "" },
            logger: .silent,
            onListening: { listening.yield($0) }
        )
        let services = ServiceGroup(services: [server], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                let client = try Client(port: port, key: nil)
                let id = try await client.submit(key: "a").id
                async let waiting = client.get("/v1/requests/\(id)?wait=60")
                try await Task.sleep(for: .milliseconds(100))
                await services.triggerGracefulShutdown()
                let reply = try await waiting
                #expect(reply.status == 200)
                #expect(reply.json["state"] == "queued")
                break
            }
            try await group.waitForAll()
        }
    }

    @Test("The log has one line for an answer, without paths, queries or personal data")
    func log() async throws {
        let lines = LinesHandler.Lines()
        let logger = Logger(label: "test") { _ in LinesHandler(lines: lines) }
        try await withGateway(.hang, logger: logger) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "key-\(Sample.nik)").id
            _ = try await client.get("/v1/requests/\(id)?wait=0")
            _ = try await client.get("/\(Sample.nik)")
            let answered = lines.all.filter { $0.hasPrefix("answered") }
            #expect(answered.count == 3)
            #expect(answered.first?.contains("route=/v1/requests ") == true)
            #expect(answered.first?.contains("request=\(id) ") == true)
            #expect(answered.first?.contains("client=local ") == true)
            #expect(answered.last?.contains("route=unmatched ") == true)
            let secrets = [Sample.nik, "CONTOH", "ani.petugas", "A-12"]
            #expect(!lines.all.contains { line in secrets.contains { line.contains($0) } })
        }
    }

    @Test("Every path of the code is described, and every description has its code")
    func routes() throws {
        let described = try Contract.shared.get().operations
        let coded = Set(API.endpoints.map { "\($0.method.rawValue) \($0.template)" })
        #expect(coded == described)
        #expect(coded.count == API.endpoints.count)
    }

    @Test("What is open, and what has a body, is described as such")
    func accessAndBodies() throws {
        let contract = try Contract.shared.get()
        for endpoint in API.endpoints {
            let operation = try #require(contract.operation(endpoint.method, endpoint.template))
            #expect((operation["security"] == []) == (endpoint.access == .open), "\(endpoint.template)")
            #expect((operation["requestBody"] != nil) == endpoint.takesBody, "\(endpoint.template)")
            #expect(
                (operation["responses"]?["403"] != nil)
                    == [.operators, .tenants, .agency].contains(endpoint.access)
                    || endpoint.template == "/v1/requests"
            )
        }
    }

    @Test("Every code, state, reason and event of the model is described")
    func words() throws {
        let schemas = try #require(try Contract.shared.get().document["components"]?["schemas"])
        func names(_ schema: JSONValue?) -> Set<String> {
            Set((schema?["enum"]?.arrayValue ?? []).compactMap(\.stringValue))
        }
        let codes = (schemas["Code"]?["oneOf"]?.arrayValue ?? []).compactMap { $0["const"]?.stringValue }
        #expect(codes == GerbangError.Code.all.map(\.rawValue))
        #expect(names(schemas["State"]) == Set(RequestState.allCases.map(\.rawValue)))
        #expect(names(schemas["Reason"]) == Set(QueueReason.allCases.map(\.rawValue)))
        #expect(names(schemas["Channel"]) == Set(Channel.allCases.map(\.rawValue)))
        #expect(names(schemas["Event"]?["properties"]?["kind"]) == Set(RequestEvent.Kind.allCases.map(\.rawValue)))
    }

    @Test("The description's examples are accepted")
    func examples() async throws {
        let contract = try Contract.shared.get()
        let operation = try #require(contract.operation(.post, "/v1/requests"))
        let content = try #require(operation["requestBody"]?["content"]?["application/json"])
        try await withGateway(.hang) { gateway in
            for (name, example) in content["examples"]?.objectValue ?? [:] {
                let body = try #require(example["value"])
                #expect(try contract.validate(body, against: content["schema"] ?? [:]).isEmpty)
                let reply = try await gateway.client().submit(body, key: name)
                #expect(reply.status == 202, "\(name): \(reply.text)")
            }
        }
        let resolve = try #require(contract.operation(.post, "/v1/requests/x/resolve"))
        let resolution = try #require(resolve["requestBody"]?["content"]?["application/json"])
        for (name, example) in resolution["examples"]?.objectValue ?? [:] {
            let issues = try contract.validate(example["value"] ?? .null, against: resolution["schema"] ?? [:])
            #expect(issues.isEmpty, "\(name)")
        }
    }

    @Test("Examples of answers follow their schemas")
    func answerExamples() throws {
        let contract = try Contract.shared.get()
        let submitted = contract.operation(.post, "/v1/requests")?["responses"]?["202"]?["content"]?["application/json"]
        let problem = contract.document["components"]?["responses"]?["invalid"]?["content"]?["application/problem+json"]
        for content in [submitted, problem] {
            let example = try #require(content?["example"])
            #expect(try contract.validate(example, against: content?["schema"] ?? [:]).isEmpty)
        }
    }

    @Test("Dates are written as HTTP wants them")
    func dates() throws {
        let moment = try #require(Timestamp("1994-11-06T08:49:37Z"))
        #expect(HTTPDateCache().text(at: moment) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDateCache.text(of: Timestamp(milliseconds: 0)) == "Thu, 01 Jan 1970 00:00:00 GMT")
    }
}

/// Keeps lines with their metadata.
private struct LinesHandler: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    var lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    init(lines: Lines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).map { "\($0)=\($1) " }.joined()
        lines.add("\(event.message) \(fields)")
    }
}
