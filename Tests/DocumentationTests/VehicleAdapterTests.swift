internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import VehicleAdapter

@Suite("The example of Docs/WritingAnAdapter.md")
struct VehicleAdapterTests {
    @Test("prepares a message whose plate cannot break out of its place")
    func prepares() throws {
        let message = try adapter().prepare(call(plate: "B 1/../9?x"))
        let url = message.url(below: try BaseURL("https://register.example/v1"))
        #expect(url == "https://register.example/v1/vehicles/B%201%2F..%2F9%3Fx")
    }

    @Test(
        "classifies every answer",
        arguments: [
            (200, #"{"registrationNumber":"B 1 A","make":"A","model":"B","yearOfManufacture":2019}"#, "succeeded"),
            (200, "<html>", "transient"),
            (404, "", "rejected"),
            (401, "", "unauthorized"),
            (429, "", "throttled"),
            (500, "", "transient"),
        ]
    )
    func classifies(status: Int, body: String, verdict: String) throws {
        let call = call(plate: "B 1 A")
        let exchange = Exchange(
            request: try adapter().prepare(call),
            response: WireResponse(status: status, body: Array(body.utf8))
        )
        #expect(try adapter().classify(exchange, for: call).name == verdict)
    }

    private func adapter() throws -> any Adapter {
        var reader = SettingsReader(["apiKey": "rahasia"])
        return try #require(VehicleAdapter.definition.make(&reader))
    }

    private func call(plate: String) -> AdapterCall {
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let submission = Submission(
            service: ServiceID(checked: "transport.vehicle.lookup"),
            region: .nation,
            payload: ["plate": .string(plate)],
            idempotencyKey: "example"
        )
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: ClientID(checked: "example"),
            submission: submission,
            connection: ConnectionID(checked: "example"),
            operation: VehicleRegister.lookup.id,
            acceptedAt: now,
            deadline: now + .seconds(60)
        )
        return AdapterCall(operation: VehicleRegister.lookup, request: request, now: now)
    }
}
