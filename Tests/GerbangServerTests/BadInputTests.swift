internal import GerbangCore
internal import GerbangJSON
internal import GerbangServer
internal import HTTPTypes
internal import Testing

@Suite("Bad input over HTTP")
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: JSONValue
        var status = 422
        var code = "invalid-input"
        var field: String?
    }

    static let cases: [Case] = [
        Case(testDescription: "an array", body: [1], field: ""),
        Case(testDescription: "no service", body: Sample.identity("service", nil), field: "/service"),
        Case(testDescription: "service of a wrong type", body: Sample.identity("service", 7), field: "/service"),
        Case(testDescription: "malformed service", body: Sample.identity("service", "A B"), field: "/service"),
        Case(
            testDescription: "unknown service",
            body: Sample.identity("service", "weather.forecast"),
            code: "unknown-service",
            field: "/service"
        ),
        Case(testDescription: "no region", body: Sample.identity("region", nil), field: "/region"),
        Case(
            testDescription: "malformed region",
            body: Sample.identity("region", "Jakarta"),
            code: "unknown-region",
            field: "/region"
        ),
        Case(
            testDescription: "unknown region",
            body: Sample.identity("region", "99"),
            code: "unknown-region",
            field: "/region"
        ),
        Case(
            testDescription: "region without a connection",
            body: Sample.booking(in: "51"),
            code: "no-connection",
            field: "/region"
        ),
        Case(
            testDescription: "applicant of a wrong type",
            body: Sample.identity("applicant", "SITI"),
            field: "/applicant"
        ),
        Case(
            testDescription: "invalid NIK",
            body: Sample.identity("applicant", ["nik": "3174011708900000"]),
            field: "/applicant/nik"
        ),
        Case(
            testDescription: "NIK as a number",
            body: Sample.identity("applicant", ["nik": 3_174_015_708_900_003]),
            field: "/applicant/nik"
        ),
        Case(testDescription: "empty name", body: Sample.identity("applicant", ["name": ""]), field: "/applicant/name"),
        Case(
            testDescription: "unknown field of the applicant",
            body: Sample.identity("applicant", ["address": "Jl. Contoh 1"]),
            field: "/applicant/*"
        ),
        Case(testDescription: "unknown channel", body: Sample.identity("channel", "fax"), field: "/channel"),
        Case(testDescription: "no payload", body: Sample.identity("payload", nil), field: "/payload"),
        Case(testDescription: "payload of a wrong type", body: Sample.identity("payload", "x"), field: "/payload"),
        Case(
            testDescription: "unknown field of the payload",
            body: Sample.identity("payload", ["nik": .string(Sample.nik), "colour": "red"]),
            field: "/payload/*"
        ),
        Case(
            testDescription: "a NIK as a key of the payload",
            body: Sample.identity("payload", ["nik": .string(Sample.nik), Sample.nik: "x"]),
            field: "/payload/*"
        ),
        Case(testDescription: "malformed deadline", body: Sample.identity("deadline", "tomorrow"), field: "/deadline"),
        Case(
            testDescription: "deadline in the past",
            body: Sample.identity("deadline", "2001-01-01T00:00:00Z"),
            field: "/deadline"
        ),
        Case(testDescription: "unknown field", body: Sample.identity("priority", 1), field: "/*"),
    ]

    @Test("Every wrong field is named", arguments: cases)
    func wrongField(example: Case) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().submit(example.body, key: "a")
            #expect(reply.status == example.status)
            #expect(reply.code == example.code)
            #expect(reply["Content-Type"] == "application/problem+json")
            #expect(reply.json["type"] == .string("urn:gerbang:problem:\(example.code)"))
            #expect(reply.json["field"]?.stringValue == example.field)
            #expect(reply.json["blame"] == "client")
            #expect(reply.json["texts"]?["id"]?.stringValue?.isEmpty == false)
            #expect(!reply.text.contains(Sample.nik))
        }
    }

    @Test("All wrong fields are named at once")
    func allFields() async throws {
        try await withGateway { gateway in
            let body: JSONValue = ["region": 31, "applicant": ["nik": "1", "age": 5], "colour": "red", "payload": [:]]
            let reply = try await gateway.client().submit(body, key: "a")
            let fields = (reply.json["errors"]?.arrayValue ?? []).compactMap { $0["field"]?.stringValue }
            #expect(Set(fields) == ["/service", "/region", "/applicant/nik", "/applicant/*", "/*"])
        }
    }

    @Test("A problem repeats neither values nor names that could be personal data")
    func noPersonalData() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let bodies: [JSONValue] = [
                Sample.identity("applicant", ["nik": "3174015708909999999", "name": "BUDI CONTOH"]),
                Sample.identity(Sample.nik, "x"),
                Sample.identity("SITI CONTOH", "x"),
                Sample.identity("service", .string(Sample.nik)),
                Sample.identity("region", .string(Sample.nik)),
                Sample.identity("channel", .string(Sample.nik)),
                Sample.identity("payload", ["nik": "BUDI CONTOH", "name": .string(Sample.nik)]),
            ]
            for body in bodies {
                let reply = try await client.submit(body, key: "a")
                #expect(reply.status == 422)
                #expect(!reply.text.contains("CONTOH"))
                #expect(!reply.text.contains(Sample.nik))
            }
            let query = try await client.get("/v1/requests?\(Sample.nik)=1")
            #expect(query.status == 422)
            #expect(!query.text.contains(Sample.nik))
        }
    }

    @Test("Broken JSON is refused with its line and column")
    func brokenJSON() async throws {
        try await withGateway { gateway in
            let body = Array("{\n  \"service\": \"x\",\n  oops\n}".utf8)
            let reply = try await gateway.client().call(.post, "/v1/requests", ["Idempotency-Key": "a"], body: body)
            #expect(reply.status == 400)
            #expect(reply.code == "malformed-request")
            #expect(reply.json["line"] == 3)
            #expect(reply.json["column"] == 3)
        }
    }

    @Test(
        "A key that comes twice is refused with its place: other systems may read the other value",
        arguments: [
            ("{\"region\": \"31\", \"region\": \"32\"}", 18), ("{\"a\": [{\"b\": 1, \"c\": 2, \"b\": 1}]}", 25),
            ("{\"a\": 1, \"\\u0061\": 2}", 10),
        ]
    )
    func repeatedKey(body: String, column: Int) async throws {
        try await withGateway { gateway in
            let fields = ["Idempotency-Key": "a", "Content-Type": "application/json"]
            let reply = try await gateway.client().call(.post, "/v1/requests", fields, body: Array(body.utf8))
            #expect(reply.status == 400 && reply.code == "malformed-request")
            #expect(reply.json["line"] == 1 && reply.json["column"] == .number(JSONNumber(column)))
            #expect(reply.json["detail"]?.stringValue?.hasPrefix("the body is ambiguous") == true)
        }
    }

    @Test(
        "What is not JSON is refused with 400",
        arguments: [
            [], [0xFF, 0xFE, 0x00], Array(repeating: UInt8(ascii: "["), count: 100_000),
            Array("{\"service\":\"\\ud800\"}".utf8), Array("{} {}".utf8), [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
        ] as [[UInt8]]
    )
    func notJSON(body: [UInt8]) async throws {
        try await withGateway { gateway in
            let fields = ["Idempotency-Key": "a", "Content-Type": "application/json"]
            let reply = try await gateway.client().call(.post, "/v1/requests", fields, body: body)
            #expect(reply.status == 400)
            #expect(reply.code == "malformed-request")
        }
    }

    @Test(
        "A body of another type is refused with 415",
        arguments: ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
    )
    func mediaType(type: String) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().submit(key: "a", ["Content-Type": type])
            #expect(reply.status == 415)
            #expect(reply.code == "unsupported-media-type")
            #expect(reply.json["header"] == "Content-Type")
        }
    }

    @Test(
        "JSON may be announced with parameters and suffixes",
        arguments: ["application/json; charset=utf-8", "Application/JSON", "application/vnd.mpp+json"]
    )
    func jsonTypes(type: String) async throws {
        try await withGateway(.hang) { gateway in
            let reply = try await gateway.client().submit(key: "a", ["Content-Type": type])
            #expect(reply.status == 202)
        }
    }

    @Test("A body above the limit is refused with 413")
    func oversize() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.maximumBodyBytes = 1000
        try await withGateway(configuration: configuration) { gateway in
            let body = Array(repeating: UInt8(ascii: " "), count: 1001)
            let reply = try await gateway.client().call(.post, "/v1/requests", ["Idempotency-Key": "a"], body: body)
            #expect(reply.status == 413)
            #expect(reply.code == "too-large")
        }
    }

    @Test(
        "A wrong query is refused, and the parameter named",
        arguments: [
            ("/v1/requests?limit=0", 422, "limit"), ("/v1/requests?limit=201", 422, "limit"),
            ("/v1/requests?limit=ten", 422, "limit"), ("/v1/requests?state=lost", 422, "state"),
            ("/v1/requests?state=queued,lost", 422, "state"), ("/v1/requests?service=A%20B", 422, "service"),
            ("/v1/requests?cursor=next", 422, "cursor"), ("/v1/requests?deadLetter=maybe", 422, "deadLetter"),
            ("/v1/requests?limit=5&limit=6", 422, "limit"), ("/v1/requests?sort=asc", 422, "sort"),
            ("/v1/requests?state=%zz", 400, nil), ("/v1/requests?state=%ff", 400, nil),
        ] as [(String, Int, String?)]
    )
    func query(path: String, status: Int, parameter: String?) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().get(path)
            #expect(reply.status == status)
            #expect(reply.json["parameter"]?.stringValue == parameter)
        }
    }

    @Test("Wrong parameters of one request are named")
    func requestQuery() async throws {
        try await withGateway(.hang) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a").id
            let waiting = try await client.get("/v1/requests/\(id)?wait=long")
            #expect(waiting.status == 422)
            #expect(waiting.json["parameter"] == "wait")
            let events = try await client.get("/v1/requests/\(id)/events?after=-1")
            #expect(events.status == 422)
            #expect(events.json["parameter"] == "after")
            let command = try await client.post("/v1/requests/\(id)/cancel?force=true")
            #expect(command.status == 422)
            #expect(command.json["parameter"] == "force")
        }
    }

    @Test(
        "What does not exist is answered with 404",
        arguments: ["/", "/v1", "/v1/requests/", "/v1/requests/x/y", "/v2/requests", "//", "/v1/%2e%2e/requests"]
    )
    func unknownPath(path: String) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().get(path)
            #expect(reply.status == 404)
            #expect(reply.code == "not-found")
        }
    }

    @Test(
        "A wrong method is answered with 405 and the right ones",
        arguments: [
            ("/v1/requests", "GET, HEAD", "POST"), ("/v1/services", "GET, HEAD", nil), ("/healthz", "GET, HEAD", nil),
            ("/v1/requests/x/cancel", "POST", nil),
        ] as [(String, String, String?)]
    )
    func wrongMethod(path: String, first: String, second: String?) async throws {
        try await withGateway { gateway in
            let reply = try await gateway.client().call(.delete, path)
            #expect(reply.status == 405)
            #expect(reply.code == "method-not-allowed")
            let allowed = Set((reply["Allow"] ?? "").split(separator: ", ").map { String($0) })
            #expect(
                allowed == Set("\(first)\(second.map { ", \($0)" } ?? "")".split(separator: ", ").map { String($0) })
            )
        }
    }
}

extension Sample {
    static func booking(in region: String) -> JSONValue {
        var members = booking.objectValue ?? [:]
        members["region"] = .string(region)
        return .object(members)
    }
}
