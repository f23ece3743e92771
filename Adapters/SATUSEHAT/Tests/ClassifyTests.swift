internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@Suite("Reading the platform's answers")
struct ClassifyTests {
    private static func calls() throws -> (find: AdapterCall, register: AdapterCall) {
        (try Support.call(Support.findPatient, Support.patient), try Support.call(Support.register, Support.encounter))
    }

    @Test("every code of an OperationOutcome means what the table says, whatever the severity that tells of an error")
    func issueCodes() throws {
        let rows = try #require(Support.fixture("issue-codes.json").arrayValue)
        #expect(rows.count >= 30)
        let (find, register) = try Self.calls()
        for row in rows {
            let code = try #require(row["code"])
            for severity in ["error", "fatal", "invalid", "Error "] {
                let body = JSONValue.object([
                    "resourceType": "OperationOutcome",
                    "issue": [["severity": .string(severity), "code": code, "details": ["text": "?"]]],
                ]).encoded()
                let found = try Support.classify(body, status: 400, for: find)
                #expect(found.name == row["find"]?.stringValue, "\(code.text())")
                #expect(found.error?.code.rawValue == row["findError"]?.stringValue, "\(code.text())")
                let registered = try Support.classify(body, status: 400, for: register)
                #expect(registered.name == row["register"]?.stringValue, "\(code.text())")
                #expect(registered.error?.code.rawValue == row["registerError"]?.stringValue, "\(code.text())")
            }
        }
    }

    @Test("every fault of the gateway means what the table says, and its code is kept")
    func gatewayFaults() throws {
        let rows = try #require(Support.fixture("gateway-faults.json").arrayValue)
        let (find, register) = try Self.calls()
        for row in rows {
            let code = try #require(row["code"])
            let status = try #require(row["status"]?.intValue)
            let body = JSONValue.object(["fault": ["faultstring": "?", "detail": ["errorcode": code]]]).encoded()
            for (call, verdict, error) in [(find, "find", "findError"), (register, "register", "registerError")] {
                let result = try Support.classify(body, status: status, for: call)
                #expect(result.name == row[verdict]?.stringValue, "\(status) \(code.text())")
                #expect(result.error?.code.rawValue == row[error]?.stringValue, "\(status) \(code.text())")
                #expect(result.error?.agencyCode == code.stringValue)
            }
        }
    }

    private static let hostile: [(String, [UInt8])] = [
        ("nothing", []),
        ("spaces", Array(" \r\n ".utf8)),
        ("HTML", Array("<!doctype html><title>Login</title>".utf8)),
        ("plain text", Array("Gateway Timeout".utf8)),
        ("a broken off Bundle", Array(#"{"resourceType":"Bundle","total":0,"ent"#.utf8)),
        ("two values", Array(#"{"resourceType":"Bundle","total":0}{}"#.utf8)),
        ("bytes", [0x00, 0xff, 0x7b, 0x22, 0xc3, 0x28]),
        ("bad UTF-8", Array(#"{"resourceType":""#.utf8) + [0xff] + Array(#""}"#.utf8)),
        ("null", Array("null".utf8)),
        ("a number", Array("200".utf8)),
        ("a text", Array(#""OK""#.utf8)),
        ("an empty object", Array("{}".utf8)),
        ("an empty array", Array("[]".utf8)),
        ("a list of resources", Array(#"[{"resourceType":"Bundle","type":"searchset","total":0}]"#.utf8)),
        ("a numbered resource", Array(#"{"resourceType":7}"#.utf8)),
        ("a fault that is a text", Array(#"{"fault":"Invalid access token"}"#.utf8)),
        ("an empty fault", Array(#"{"fault":{}}"#.utf8)),
        ("a fault of wrong types", Array(#"{"fault":{"detail":[{"errorcode":{}}]}}"#.utf8)),
        ("an outcome of wrong types", Array(#"{"resourceType":"OperationOutcome","issue":[1,"x",[],null]}"#.utf8)),
        ("an issue of wrong types", Array(#"{"issue":[{"severity":{},"code":[],"details":1,"expression":{}}]}"#.utf8)),
        ("a Bundle of wrong types", Array(#"{"resourceType":"Bundle","total":[0],"entry":{"resource":1}}"#.utf8)),
        ("a negative total", Array(#"{"resourceType":"Bundle","total":-1}"#.utf8)),
        ("a huge total", Array(#"{"resourceType":"Bundle","total":1e999999999}"#.utf8)),
        ("an Encounter of wrong types", Array(#"{"resourceType":"Encounter","id":{},"identifier":{"a":[]}}"#.utf8)),
        ("deep nesting", Array(repeating: UInt8(ascii: "["), count: 10 << 20)),
        ("deep objects", Array(String(repeating: #"{"entry":"#, count: 1 << 20).utf8)),
    ]

    // The bodies are looked up by name, since a test's arguments are written out, which takes long for ten megabytes.
    @Test(
        "what is not an answer leaves a registration in doubt and says nothing to an inquiry",
        arguments: hostile.map(\.0)
    )
    func hostileBodies(name: String) throws {
        let body = try #require(Self.hostile.first { $0.0 == name }?.1)
        let (find, register) = try Self.calls()
        for status in [200, 201, 500, 502, 504] {
            let found = try Support.classify(body, status: status, for: find)
            #expect(found.name == "transient")
            #expect(found.error?.code == .agencyUnreadable)
            let registered = try Support.classify(body, status: status, for: register)
            #expect(registered.name == "inDoubt")
            #expect(registered.error?.code == .agencyUnreadable)
            let inquiry = try Support.inquiry(about: register)
            let finding = try Support.adapter().assess(
                Support.exchange(body, status: status, for: inquiry),
                for: inquiry
            )
            #expect(finding.name == "unclear")
        }
    }

    private static let statuses: [(Int, find: String, register: String, GerbangError.Code)] = [
        (204, "transient", "inDoubt", .agencyUnreadable), (302, "transient", "inDoubt", .agencyUnreadable),
        (400, "invalid", "invalid", .agencyInvalidInput), (401, "unauthorized", "unauthorized", .agencyUnauthorized),
        (403, "unauthorized", "unauthorized", .agencyUnauthorized),
        (404, "transient", "transient", .agencyUnavailable), (405, "transient", "transient", .agencyUnavailable),
        (408, "transient", "inDoubt", .agencyUnreadable), (429, "throttled", "throttled", .agencyThrottled),
        (500, "transient", "inDoubt", .agencyUnreadable), (502, "transient", "inDoubt", .agencyUnreadable),
        (504, "transient", "inDoubt", .agencyUnreadable),
    ]

    @Test("a status without an explanation in the body", arguments: statuses)
    func unexplained(status: Int, find: String, register: String, code: GerbangError.Code) throws {
        let calls = try Self.calls()
        for body in ["", "Gateway Timeout", "<html>", #"{"statusCode":500,"message":"x"}"#] {
            let found = try Support.classify(Array(body.utf8), status: status, for: calls.find)
            #expect(found.name == find, "\(body)")
            #expect(found.error?.code == code)
            let registered = try Support.classify(Array(body.utf8), status: status, for: calls.register)
            #expect(registered.name == register, "\(body)")
            #expect(registered.error?.code == code)
        }
    }

    @Test("HTTP 409 without an explanation may mean that the encounter is there")
    func unexplainedConflict() throws {
        let verdict = try Support.classify([], status: 409, for: Self.calls().register)
        #expect(verdict.name == "inDoubt")
        #expect(verdict.error?.code == .outcomeUnknown)
    }

    @Test("a platform that asks to wait is obeyed, by the whole connection and by an inquiry")
    func retryAfter() throws {
        let call = try Self.calls().register
        let fault = #"{"fault":{"detail":{"errorcode":"policies.ratelimit.QuotaViolation"}}}"#
        for body in ["", fault, #"{"issue":[{"severity":"error","code":"throttled"}]}"#] {
            for (field, delay) in [("120", 120), (nil, 30)] {
                var fields = HTTPFields()
                fields[.retryAfter] = field
                let verdict = try Support.classify(Array(body.utf8), status: 429, fields: fields, for: call)
                guard case .throttled(_, let until) = verdict else {
                    Issue.record("not throttled but \(verdict.name)")
                    continue
                }
                #expect(until == Support.morning + .seconds(delay))
                let inquiry = try Support.inquiry(about: call)
                let exchange = try Support.exchange(Array(body.utf8), status: 429, fields: fields, for: inquiry)
                guard case .unclear(_, let retryAfter) = try Support.adapter().assess(exchange, for: inquiry) else {
                    Issue.record("not unclear")
                    continue
                }
                #expect(retryAfter == .seconds(delay))
            }
        }
    }

    private static let requestIDs: [(String, isKept: Bool)] = [
        ("2f1c6d3e-7a55-4b6e-9a9f-0c1d2e3f4a5b", true), ("req_0123:45.67", true), ("00000000", true),
        ("short", false), ("9271060312000001", false), ("Ardianto Putra", false), ("a\u{e9}bcdefgh", false),
        (String(repeating: "a", count: 65), false),
    ]

    @Test("the number for which support asks stands in every error, if it is one", arguments: requestIDs)
    func supportReference(text: String, isKept: Bool) throws {
        let name = try #require(HTTPField.Name("X-Request-Id"))
        let (find, register) = try Self.calls()
        let duplicate = Array(#"{"issue":[{"severity":"error","code":"value"}]}"#.utf8)
        for (body, status) in [([], 504), (Array("Gateway Timeout".utf8), 504), (duplicate, 400), ([], 401)] {
            for call in [find, register] {
                let error = try Support.classify(body, status: status, fields: [name: text], for: call).error
                #expect(error?.message.contains("X-Request-Id \(text)") == isKept)
                #expect(error?.message.contains("X-Request-Id") == isKept)
            }
        }
        let inquiry = try Support.inquiry(about: register)
        let exchange = try Support.exchange([], status: 504, fields: [name: text], for: inquiry)
        #expect(try Support.adapter().assess(exchange, for: inquiry).error?.message.contains(text) == isKept)
    }

    @Test("a citizen who is not registered is told where to go, in both languages")
    func citizenText() throws {
        let none = Array(#"{"resourceType":"Bundle","type":"searchset","total":0}"#.utf8)
        let error = try #require(Support.classify(none, for: Self.calls().find).error)
        #expect(error.citizenText.indonesian.contains("SATUSEHAT"))
        #expect(error.citizenText.indonesian != error.citizenText.english)
        #expect(error.citizenText != GerbangError.Code.agencyNotFound.citizenText)
    }
}
