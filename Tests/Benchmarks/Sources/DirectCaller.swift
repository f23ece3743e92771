internal import AllAdapters
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes
internal import Synchronization

/// Calls the agency with the adapter and the transport alone: no API, no store, no engine.
struct DirectCaller: Sendable {
    let adapter: any Adapter
    let operation: OperationDescriptor
    private let base: BaseURL
    private let transport: CurlTransport

    init(agency: String) throws {
        guard let definition = try AllAdapters.registry()[AdapterID(checked: "transport")] else {
            throw BenchmarkError("no transport adapter")
        }
        var reader = SettingsReader(Agency.settings)
        guard let adapter = definition.make(&reader),
            let operation = adapter.descriptor.operation(OperationID(checked: "get-vehicle"))
        else { throw BenchmarkError("the adapter refuses its settings") }
        self.adapter = adapter
        self.operation = operation
        base = try BaseURL(agency)
        transport = try CurlTransport()
    }

    /// A call for a new request.
    func makeCall() throws -> AdapterCall {
        let now = SystemClock().now()
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: ClientID(checked: "bench"),
            submission: Submission(
                service: ServiceID(checked: "transport.vehicle.lookup"),
                region: try Region("31.74"),
                payload: ["plate": "B 1234 XYZ"],
                idempotencyKey: "bench"
            ),
            connection: ConnectionID(checked: Stage.connection),
            operation: operation.id,
            acceptedAt: now,
            deadline: now + .seconds(3600)
        )
        return AdapterCall(operation: operation, request: request, now: now)
    }

    /// One message with its answer.
    func exchange() async throws -> Exchange {
        let message = try adapter.prepare(makeCall())
        let outcome = await transport.send(OutboundRequest(message, below: base, resend: .allowed))
        guard case .answered(let response) = outcome else { throw BenchmarkError("the agency does not answer") }
        return Exchange(request: message, response: response)
    }

    /// Calls from `concurrency` tasks for `seconds`; counts what succeeded.
    func run(concurrency: Int, seconds: Double) async throws -> (count: Int, seconds: Double) {
        let start = Stopwatch.now
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<concurrency {
                group.addTask {
                    var count = 0
                    while Stopwatch.now - start < seconds {
                        let call = try makeCall()
                        let message = try adapter.prepare(call)
                        let outcome = await transport.send(OutboundRequest(message, below: base, resend: .allowed))
                        guard case .answered(let response) = outcome,
                            case .succeeded = adapter.classify(
                                Exchange(request: message, response: response),
                                for: call
                            )
                        else { throw BenchmarkError("a direct call failed") }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return (count, Stopwatch.now - start)
    }

    /// The bytes of one message, for a load generator that calls the agency itself.
    func rawMessage() throws -> LoadGenerator.Message {
        let message = try adapter.prepare(makeCall())
        var head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(message.body.count)\r\n"
        for field in message.headerFields { head += "\(field.name.rawName): \(field.value)\r\n" }
        return LoadGenerator.Message(head: Array((head + "\r\n").utf8) + message.body, tail: [], hasKey: false)
    }
}
