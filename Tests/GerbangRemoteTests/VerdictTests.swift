internal import GerbangCore
internal import GerbangJSON
internal import GerbangRemote
internal import HTTPTypes
internal import Testing

/// What an instance says, and what is made of it.
@Suite
struct VerdictTests {
    private let now = Timestamp(milliseconds: 1_767_578_400_000)

    private func adapter(_ effect: String = "nonIdempotent") throws -> any Adapter {
        var reader = SettingsReader(["token": "t"])
        let definition = try RemoteDescriptor(parsing: Sample.text(.call, effect))
            .definition(fleet: RemoteFleet(), catalogue: .builtin())
        return try #require(definition.make(&reader))
    }

    private func call(_ adapter: any Adapter, _ operation: String = "book", attempt: Int = 1) throws -> AdapterCall {
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
            acceptedAt: now,
            deadline: now + .seconds(60)
        )
        let descriptor = try #require(adapter.descriptor.operation(OperationID(checked: operation)))
        return AdapterCall(operation: descriptor, request: request, attempt: attempt, now: now)
    }

    private func exchange(_ answer: JSONValue) -> Exchange {
        Exchange(
            request: WireRequest(method: .post),
            response: WireResponse(status: 200, body: answer.encoded())
        )
    }

    private func verdict(_ json: JSONValue, _ effect: String = "nonIdempotent") throws -> Verdict {
        let adapter = try adapter(effect)
        return adapter.classify(exchange(["verdict": json]), for: try call(adapter))
    }

    @Test(
        arguments: [
            (["kind": "succeeded", "output": Sample.output], "succeeded"),
            (["kind": "pending", "agencyReference": "R-1", "checkAfter": "5m"], "pending"),
            (["kind": "rejected", "agencyCode": "E-12", "texts": ["id": "Penuh", "en": "Full"]], "rejected"),
            (["kind": "invalid"], "invalid"), (["kind": "transient", "retryAfter": "10s"], "transient"),
            (["kind": "throttled", "retryAfter": "1m"], "throttled"), (["kind": "unauthorized"], "unauthorized"),
            (["kind": "inDoubt"], "inDoubt"),
        ] as [(JSONValue, String)]
    )
    func whatIsUnderstood(_ json: JSONValue, _ name: String) throws {
        #expect(try verdict(json).name == name)
    }

    @Test(
        arguments: [
            ["kind": "done"], ["kind": "succeeded"], ["kind": 1], [:], "succeeded", nil,
            ["kind": "rejected", "message": "Nomor 3174015708900003 sudah terdaftar"],
            ["kind": "rejected", "agencyCode": "3174015708900003"], ["kind": "rejected", "texts": "Penuh"],
            ["kind": "succeeded", "output": Sample.output, "agencyReference": ""],
            ["kind": "succeeded", "output": ["bookingNumber": 1]],
            ["kind": "transient", "retryAfter": "soon"], ["kind": "pending", "checkAfter": -1],
        ] as [JSONValue]
    )
    func whatIsNotUnderstoodEndsByEffect(_ json: JSONValue) throws {
        #expect(try verdict(json).name == "inDoubt")
        #expect(try verdict(json, "idempotent").name == "transient")
    }

    @Test(arguments: [
        ("{", "inDoubt"), ("{}", "inDoubt"), ("{\"finding\": {\"kind\": \"done\"}}", "inDoubt"),
        ("{\"refused\": {}}", "invalid"), ("{\"refused\": {\"why\": 1}}", "inDoubt"),
        ("{\"unreadable\": \"x\"}", "inDoubt"),
    ])
    func otherAnswers(_ text: String, _ name: String) throws {
        let adapter = try adapter()
        let exchange = Exchange(
            request: WireRequest(method: .post),
            response: WireResponse(status: 200, body: Array(text.utf8))
        )
        #expect(adapter.classify(exchange, for: try call(adapter)).name == name)
    }

    @Test func aRefusalToTranslateIsFinalOnlyBeforeAnythingCanHaveBeenDone() throws {
        let adapter = try adapter("idempotent")
        let refusal = exchange(["refused": ["agencyCode": "E-1"]])
        #expect(adapter.classify(refusal, for: try call(adapter)).name == "invalid")
        #expect(adapter.classify(refusal, for: try call(adapter, attempt: 2)).name == "inDoubt")
    }

    @Test(
        arguments: [
            (["kind": "done", "output": Sample.output], true), (["kind": "notDone"], true),
            (["kind": "pending"], true), (["kind": "rejected"], true), (["kind": "unclear"], true),
            (["kind": "done", "output": [:]], false), (["kind": "succeeded", "output": Sample.output], false),
            (["kind": "notDone", "sure": true], false),
        ] as [(JSONValue, Bool)]
    )
    func findings(_ json: JSONValue, _ isUnderstood: Bool) throws {
        let adapter = try adapter()
        let finding = adapter.assess(exchange(["finding": json]), for: try call(adapter, "find"))
        let unreadable = if case .unclear(let error, _) = finding { error.code == .agencyUnreadable } else { false }
        #expect(unreadable == !isUnderstood)
    }

    @Test func theEnvelopeSaysWhatIsAsked() throws {
        let adapter = try adapter()
        let json = try JSONValue(parsing: adapter.prepare(call(adapter, "find", attempt: 3)).body)
        #expect(json["call"] == ["id": .string(RequestID(high: 1, low: 2).description), "attempt": 3])
        #expect(json["purpose"] == "inquiry")
        #expect(json["asked"] == "book")
        #expect(json["operation"] == "find")
        #expect(json["key"]?.stringValue == RequestID(high: 1, low: 2).description)
    }
}
