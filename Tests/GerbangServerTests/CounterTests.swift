internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Officers and progress over HTTP")
struct CounterTests {
    @Test("The officer is told to the client that submitted and to operators, in the request and its first event")
    func officer() async throws {
        try await withGateway(.hang) { gateway in
            let client = try gateway.client(named: "mall", .client)
            let reply = try await client.submit(key: "a")
            let officer: JSONValue = ["id": "ani.petugas", "name": "ANI CONTOH", "counter": "A-12"]
            #expect(reply.json["officer"] == officer)
            let operators = try gateway.client(named: "boss", .operator)
            #expect(try await operators.get("/v1/requests/\(reply.id)").json["officer"] == officer)
            let events = try await client.get("/v1/requests/\(reply.id)/events").json["items"]?.arrayValue ?? []
            #expect(events.first?["actor"] == "officer:ani.petugas")
            #expect(events.dropFirst().allSatisfy { $0["actor"] == nil })
            let stranger = try gateway.client(named: "other", .client)
            let hidden = try await stranger.get("/v1/requests/\(reply.id)")
            #expect(hidden.status == 404)
            #expect(!hidden.text.contains("ani"))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: JSONValue
        var field: String
        var word: String
    }

    static let cases: [Case] = [
        Case(
            testDescription: "a counter without an officer",
            body: Sample.identity("officer", nil),
            field: "/officer",
            word: "counter"
        ),
        Case(
            testDescription: "an officer online",
            body: Sample.identity("channel", "online"),
            field: "/officer",
            word: "online"
        ),
        Case(
            testDescription: "an officer without an id",
            body: Sample.identity("officer", ["counter": "A-12"]),
            field: "/officer/id",
            word: "required"
        ),
        Case(
            testDescription: "a NIK for an officer",
            body: Sample.identity("officer", ["id": .string(Sample.nik)]),
            field: "/officer/id",
            word: "NIK"
        ),
        Case(
            testDescription: "an unknown field",
            body: Sample.identity("officer", ["id": "ani", "nip": "1"]),
            field: "/officer/*",
            word: "not a field"
        ),
        Case(
            testDescription: "a text for an officer",
            body: Sample.identity("officer", "ani"),
            field: "/officer",
            word: "object"
        ),
    ]

    @Test("A wrong officer is refused with its place, and nothing of it is repeated", arguments: cases)
    func refused(test: Case) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().submit(test.body, key: "a")
            #expect(reply.status == 422)
            #expect(reply.code == "invalid-input")
            let issues = reply.json["errors"]?.arrayValue ?? [reply.json]
            let issue = try #require(issues.first { $0["field"]?.stringValue == test.field }, "\(reply.text)")
            #expect(issue["detail"]?.stringValue?.contains(test.word) == true)
            #expect(!reply.text.contains(Sample.nik))
        }
    }

    @Test("A kiosk may be helped or not")
    func kiosk() async throws {
        try await withGateway(.hang) { gateway in
            let client = try gateway.client()
            #expect(try await client.submit(Sample.identity("channel", "kiosk"), key: "a").status == 202)
            var alone = Sample.identity("channel", "kiosk").objectValue ?? [:]
            alone["officer"] = nil
            let reply = try await client.submit(.object(alone), key: "b")
            #expect(reply.status == 202)
            #expect(reply.json["officer"] == nil)
        }
    }

    @Test("Every answer says who holds a request, why, and until when, in single answers and in lists")
    func progress() async throws {
        try await withGateway(.pend) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a").id
            _ = try await client.await(id, in: .awaitingAgency)
            let shown = try await client.get("/v1/requests/\(id)", ["Accept-Language": "en"]).json
            #expect(shown["message"] == shown["progress"]?["texts"]?["en"])
            #expect(shown["message"] == "Sample agency has received your request and is working on it.")
            #expect(shown["progress"]?["holder"]?["kind"] == "agency")
            #expect(shown["progress"]?["holder"]?["name"] == ["id": "Instansi contoh", "en": "Sample agency"])
            let listed = try await client.get("/v1/requests").json["items"]?.arrayValue?.first
            #expect(listed?["progress"]?["holder"]?["kind"] == "agency")
            _ = try await client.post("/v1/connections/dukcapil/pause")
            let other = try await client.submit(key: "b")
            #expect(other.json["progress"]?["holder"]?["kind"] == "operator")
            #expect(other.json["progress"]?["expectedFinishAt"] == nil)
        }
    }
}
