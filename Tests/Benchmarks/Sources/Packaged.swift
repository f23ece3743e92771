internal import DukcapilAdapter
internal import DukcapilSimulator
internal import Foundation
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangManifest
internal import TransportAdapter
internal import TransportSimulator

/// A query that two packagings of one adapter answer: the Swift module and the manifest.
struct PackagedQuery: Sendable {
    var name: String
    var module: AdapterDefinition
    /// The manifest, from the project's root.
    var manifest: String
    var baseURL: String
    var settings: JSONValue
    var service: ServiceID
    var payload: JSONValue

    /// The queries that are compared, at agencies of this process.
    static func all(transport: String, dukcapil: String) -> [PackagedQuery] {
        let registry: JSONValue = [
            "institution": "MPP-JAKSEL", "userId": "DEMO", "password": "rahasia", "clientAddress": "10.1.2.3",
        ]
        return [
            PackagedQuery(
                name: "transport, X-Road",
                module: TransportAdapter.definition,
                manifest: "Adapters/Transport/adapter.yaml",
                baseURL: transport,
                settings: [
                    "client": [
                        "instance": "ID", "memberClass": "GOV", "memberCode": "MPP", "subsystemCode": "gerbang",
                    ],
                    "provider": [
                        "instance": "ID", "memberClass": "GOV", "memberCode": "DISHUB", "subsystemCode": "transport",
                    ],
                ],
                service: ServiceID(checked: "transport.vehicle.lookup"),
                payload: ["plate": "B 1234 XYZ"]
            ),
            PackagedQuery(
                name: "transport, plain SOAP",
                module: TransportAdapter.definition,
                manifest: "Adapters/Transport/adapter.yaml",
                baseURL: transport + "/plain11",
                settings: ["binding": "plain"],
                service: ServiceID(checked: "transport.vehicle.lookup"),
                payload: ["plate": "B 1234 XYZ"]
            ),
            PackagedQuery(
                name: "dukcapil, lookup",
                module: DukcapilAdapter.definition,
                manifest: "Adapters/Dukcapil/adapter.yaml",
                baseURL: dukcapil,
                settings: registry,
                service: ServiceID(checked: "population.person.lookup"),
                payload: ["nik": "3174015708900003"]
            ),
            PackagedQuery(
                name: "dukcapil, verification",
                module: DukcapilAdapter.definition,
                manifest: "Adapters/Dukcapil/adapter.yaml",
                baseURL: dukcapil,
                settings: registry,
                service: ServiceID(checked: "population.identity.verify"),
                payload: [
                    "nik": "3174015708900003", "name": "SITI CONTOH", "birthPlace": "JAKARTA",
                    "birthDate": "1990-08-17",
                ]
            ),
        ]
    }

    /// The forms of one adapter.
    enum Packaging: CaseIterable {
        case module, manifest
    }

    /// The connection as it stands in a configuration, with the adapter's manifest after it if that is wanted.
    func connection(_ packaging: Packaging) -> String {
        let manifest = FileManager.default.currentDirectoryPath + "/" + manifest
        return """
              - id: \(Stage.connection)
                adapter: \(module.descriptor.id)
                baseURL: \(baseURL)
                limits: {concurrency: 64}
                settings: \(settings.text())
            \(packaging == .manifest ? "adapters: [\(manifest)]" : "")
            """
    }

    /// The adapter, made as for a connection.
    func adapter(_ packaging: Packaging) throws -> any Adapter {
        let definition =
            switch packaging {
            case .module: module
            case .manifest: try Manifest.load(path: manifest).definition
            }
        var reader = SettingsReader(settings)
        guard let adapter = definition.make(&reader) else { throw BenchmarkError("\(name): settings are refused") }
        return adapter
    }

    /// A call for a new request.
    func call(_ adapter: any Adapter) throws -> AdapterCall {
        guard let operation = adapter.descriptor.operation(providing: service) else {
            throw BenchmarkError("\(name): no operation provides \(service)")
        }
        let now = SystemClock().now()
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: ClientID(checked: "bench"),
            submission: try submission(key: "bench"),
            connection: ConnectionID(checked: "agency"),
            operation: operation.id,
            acceptedAt: now,
            deadline: now + .seconds(3600)
        )
        return AdapterCall(operation: operation, request: request, now: now)
    }

    private func submission(key: String) throws -> Submission {
        Submission(service: service, region: try Region("31.74"), payload: payload, idempotencyKey: key)
    }

    /// The answer of the agency to a call.
    func exchange(_ adapter: any Adapter, for call: AdapterCall, over transport: CurlTransport) async throws -> Exchange
    {
        let message = try adapter.prepare(call)
        let outbound = OutboundRequest(message, below: try BaseURL(baseURL), resend: .allowed)
        guard case .answered(let response) = await transport.send(outbound) else {
            throw BenchmarkError("\(name): the agency does not answer")
        }
        let exchange = Exchange(request: message, response: response)
        guard case .succeeded = adapter.classify(exchange, for: call) else {
            throw BenchmarkError("\(name): \(adapter.classify(exchange, for: call))")
        }
        return exchange
    }

    /// Submits from `tasks` tasks to an engine with a store in memory until `seconds` have passed, each as soon as its
    /// last request has succeeded.
    ///
    /// - Returns: Requests per second.
    func throughput(_ packaging: Packaging, tasks: Int, seconds: Double) async throws -> Double {
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        var connection = Connection(
            id: ConnectionID(checked: "agency"),
            adapter: try adapter(packaging),
            baseURL: try BaseURL(baseURL)
        )
        connection.limits.concurrency = tasks
        let engine = try Engine(
            catalogue: .builtin(),
            connections: [connection],
            store: MemoryStore(),
            transport: transport
        )
        let start = Stopwatch.now
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await engine.run()
                return 0
            }
            for task in 0..<tasks {
                group.addTask {
                    var count = 0
                    while Stopwatch.now - start < seconds {
                        let submission = try submission(key: "\(task)-\(count)")
                        let receipt = try await engine.submit(submission, as: ClientID(checked: "bench"))
                        let until = SystemClock().now() + .seconds(30)
                        let status = try await engine.wait(for: receipt.status.id, until: until)
                        guard status?.state == .succeeded else {
                            throw BenchmarkError("\(name): a request ended as \(status?.state.rawValue ?? "unknown")")
                        }
                        count += 1
                    }
                    return count
                }
            }
            var total = 0
            var remaining = tasks
            while remaining > 0, let count = try await group.next() {
                total += count
                remaining -= 1
            }
            engine.stop()
            try await group.waitForAll()
            return total
        }
        return Double(count) / (Stopwatch.now - start)
    }
}
