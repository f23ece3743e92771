internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@Suite("Answers that explain nothing")
struct ExchangeTests {
    private static let now = Timestamp(milliseconds: 1_769_847_330_000)

    private static func call(_ effect: Effect) -> AdapterCall {
        var generator = SplitMix64(seed: 6)
        let submission = Submission(
            service: ServiceID(checked: "a.b"),
            region: .nation,
            payload: ["x": 1],
            idempotencyKey: "key"
        )
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: ClientID(checked: "mpp"),
            submission: submission,
            connection: ConnectionID(checked: "c"),
            operation: OperationID(checked: "o"),
            acceptedAt: now,
            deadline: now + .seconds(60)
        )
        return AdapterCall(
            operation: OperationDescriptor(id: OperationID(checked: "o"), effect: effect),
            request: request,
            now: now
        )
    }

    @Test(
        "a status alone is judged with care",
        arguments: [
            (200, "transient", "inDoubt"), (204, "transient", "inDoubt"), (302, "transient", "inDoubt"),
            (400, "invalid", "invalid"), (401, "unauthorized", "unauthorized"), (403, "unauthorized", "unauthorized"),
            (404, "invalid", "invalid"), (429, "throttled", "throttled"), (500, "transient", "inDoubt"),
            (502, "transient", "inDoubt"), (503, "transient", "inDoubt"), (504, "transient", "inDoubt"),
            (0, "transient", "inDoubt"),
            (999, "transient", "inDoubt"),
        ]
    )
    func status(status: Int, repeatable: String, nonIdempotent: String) {
        let response = WireResponse(status: status, body: Array("<html>".utf8))
        #expect(Self.call(.query).unexplained(response).name == repeatable)
        #expect(Self.call(.idempotent(key: "k")).unexplained(response).name == repeatable)
        #expect(Self.call(.nonIdempotent).unexplained(response).name == nonIdempotent)
    }

    @Test("Retry-After decides how long to wait")
    func retryAfter() {
        let busy = WireResponse(status: 503, headerFields: [.retryAfter: "90"])
        let error = GerbangError(.agencyUnavailable, "HTTP 503")
        #expect(Self.call(.query).unexplained(busy) == .throttled(error, until: Self.now + .seconds(90)))
        #expect(Self.call(.nonIdempotent).unexplained(busy).name == "inDoubt")
        let throttled = GerbangError(.agencyThrottled, "HTTP 429")
        let fast = WireResponse(status: 429, headerFields: [.retryAfter: "7"])
        #expect(Self.call(.nonIdempotent).unexplained(fast) == .throttled(throttled, until: Self.now + .seconds(7)))
        #expect(
            Self.call(.nonIdempotent).unexplained(WireResponse(status: 429))
                == .throttled(throttled, until: Self.now + .seconds(30))
        )
    }

    @Test("the key of a call is that of its request, and an adapter without inquiries finds out nothing")
    func key() {
        let call = Self.call(.nonIdempotent)
        #expect(call.key == call.request.id.description)
        #expect(call.payload == ["x": 1])
        let exchange = Exchange(request: WireRequest(method: .get), response: WireResponse(status: 200))
        guard case .unclear(let error, nil) = Silent().assess(exchange, for: call) else {
            Issue.record("it found something out")
            return
        }
        #expect(error.code == .internalFault)
    }

    private struct Silent: Adapter {
        let descriptor = AdapterDescriptor(
            id: AdapterID(checked: "diam"),
            version: "1.0.0",
            agency: LocalizedText(id: "Diam", en: "Silent"),
            operations: []
        )

        func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest { WireRequest(method: .get) }

        func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict { call.unexplained(exchange.response) }
    }
}
