internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@Suite("Reading the registry's answers", .bothPackagings)
struct ClassifyTests {
    @Test("the recorded forms of answers are read as their files say", arguments: Support.cases)
    func recorded(file: String) throws {
        let fixture = try Support.fixture(file)
        let operation = try OperationID(#require(fixture["operation"]?.stringValue))
        let call = try Support.call(operation, #require(fixture["payload"]))
        let body = try #require(fixture["answer"]).encoded()
        let verdict = try Support.classify(body, status: #require(fixture["status"]?.intValue), for: call)
        #expect(verdict.name == fixture["verdict"]?.stringValue)
        #expect(verdict.output == fixture["output"])
        #expect(verdict.error?.code.rawValue == fixture["error"]?.stringValue)
        #expect(verdict.error?.agencyCode == fixture["agencyCode"]?.stringValue)
    }

    @Test("there are recorded answers, and each fits the services' output schemas in its field names")
    func fieldNames() throws {
        #expect(Support.cases.count > 30)
        let catalogue = try ServiceCatalogue.builtin()
        for file in Support.cases {
            let fixture = try Support.fixture(file)
            guard let output = fixture["output"]?.objectValue else { continue }
            let isVerify = fixture["operation"]?.stringValue == Support.verify.text
            let id = try ServiceID(isVerify ? "population.identity.verify" : "population.person.lookup")
            let schema = try #require(catalogue[id]?.output)
            for key in output.keys { #expect(schema["properties"]?[key] != nil, "\(file): \(key)") }
            for key in schema["required"]?.arrayValue ?? [] { #expect(output[key.stringValue ?? ""] != nil) }
        }
    }

    @Test("every code of the table alone means the same, as text and as number, in an array and as an object")
    func codes() throws {
        let rows = try #require(Support.fixture("codes.json").arrayValue)
        #expect(rows.count == 15)
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"])
        for row in rows {
            let code = try #require(row["code"]?.stringValue)
            let number = try #require(Int(code))
            let description = try #require(row["description"])
            let written: [JSONValue] = [.string(code), .number(JSONNumber(number)), .string(String(number))]
            for value in written {
                let record: JSONValue = ["RESPONSE_CODE": value, "RESPONSE_DESC": description, "RESPONSE": "?"]
                let answers: [JSONValue] = [["content": [record], "totalElements": 1], ["content": record], record]
                for answer in answers {
                    let verdict = try Support.classify(answer.encoded(), for: call)
                    #expect(verdict.name == row["verdict"]?.stringValue, "\(code)")
                    #expect(verdict.error?.code.rawValue == row["error"]?.stringValue, "\(code)")
                    #expect(verdict.error?.agencyCode == code)
                }
            }
        }
    }

    @Test("the sentences of older instances mean their codes, whatever their case and spaces")
    func sentences() throws {
        let rows = try #require(Support.fixture("sentences.json").arrayValue)
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"])
        for row in rows {
            let sentence = try #require(row["sentence"])
            for field in ["RESPON", "RESPONSE", "response_desc"] {
                let answer: JSONValue = ["content": [.object([field: sentence])]]
                let verdict = try Support.classify(answer.encoded(), for: call)
                #expect(verdict.name == row["verdict"]?.stringValue, "\(sentence.text())")
                #expect(verdict.error?.agencyCode == row["code"]?.stringValue, "\(sentence.text())")
            }
        }
    }

    @Test("errors about the NIK name its field")
    func nikField() throws {
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"])
        for code in ["08", "15"] {
            let answer: JSONValue = ["content": [["RESPONSE_CODE": .string(code)]]]
            #expect(try Support.classify(answer.encoded(), for: call).error?.field?.description == "/nik")
        }
    }

    private static let hostile: [(String, [UInt8])] = [
        ("nothing", []),
        ("spaces", Array(" \r\n ".utf8)),
        ("HTML", Array("<!doctype html><title>Login</title>".utf8)),
        ("plain text", Array("Service Temporarily Unavailable".utf8)),
        ("a broken off page", Array(#"{"content":[{"NIK":"Sesuai","NAMA_LG"#.utf8)),
        ("two values", Array("{}{}".utf8)),
        ("bytes", [0x00, 0xff, 0x7b, 0x22, 0xc3, 0x28]),
        ("bad UTF-8", Array(#"{"content":[{"NIK":""#.utf8) + [0xff] + Array(#""}]}"#.utf8)),
        ("null", Array("null".utf8)),
        ("a number", Array("200".utf8)),
        ("a text", Array(#""Login Gagal""#.utf8)),
        ("an empty object", Array("{}".utf8)),
        ("an empty array", Array("[]".utf8)),
        ("content null", Array(#"{"content":null}"#.utf8)),
        ("content text", Array(#"{"content":"Data Tidak Ditemukan"}"#.utf8)),
        ("content of numbers", Array(#"{"content":[1,2]}"#.utf8)),
        ("content of arrays", Array(#"{"content":[[{"NIK":"Sesuai"}]]}"#.utf8)),
        ("an empty record", Array(#"{"content":[{}]}"#.utf8)),
        ("wrong types", Array(#"{"content":[{"RESPONSE_CODE":{"a":1},"RESPON":[true],"NIK":{}}]}"#.utf8)),
        ("deep nesting", Array(repeating: UInt8(ascii: "["), count: 10 << 20)),
        ("deep objects", Array(String(repeating: #"{"content":"#, count: 1 << 20).utf8)),
        ("a huge number", Array(#"{"content":[{"RESPONSE_CODE":1e999999999}]}"#.utf8)),
    ]

    // The bodies are looked up by name, since a test's arguments are written out, which takes long for ten megabytes.
    @Test("what is not an answer is transient", arguments: hostile.map(\.0))
    func hostileBodies(name: String) throws {
        let body = try #require(Self.hostile.first { $0.0 == name }?.1)
        let payload: JSONValue = ["nik": "3174015708900003", "name": "SITI CONTOH"]
        for call in try [
            Support.call(Support.verify, payload), Support.call(Support.lookup, ["nik": "3174015708900003"]),
        ] {
            let verdict = try Support.classify(body, for: call)
            #expect(verdict.name == "transient")
            #expect(verdict.error?.code == .agencyUnreadable)
        }
    }

    private static let statuses: [(Int, String, GerbangError.Code)] = [
        (204, "transient", .agencyUnreadable), (302, "transient", .agencyUnreadable),
        (400, "invalid", .agencyInvalidInput), (401, "unauthorized", .agencyUnauthorized),
        (403, "unauthorized", .agencyUnauthorized), (404, "transient", .agencyUnavailable),
        (405, "transient", .agencyUnavailable), (429, "throttled", .agencyThrottled),
        (500, "transient", .agencyUnreadable), (502, "transient", .agencyUnreadable),
        (503, "transient", .agencyUnavailable), (504, "transient", .agencyUnreadable),
    ]

    @Test("a status without an explanation in the body", arguments: statuses)
    func unexplained(status: Int, name: String, code: GerbangError.Code) throws {
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"])
        let bodies = ["", "<html>", #"{"timestamp":1,"status":500,"error":"Internal Server Error"}"#]
        for body in bodies {
            let verdict = try Support.classify(Array(body.utf8), status: status, for: call)
            #expect(verdict.name == name, "\(body)")
            #expect(verdict.error?.code == code)
        }
    }

    @Test("a server that asks to wait is obeyed")
    func retryAfter() throws {
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"])
        let verdict = try Support.classify([], status: 503, fields: [.retryAfter: "120"], for: call)
        guard case .throttled(_, let until) = verdict else {
            Issue.record("not throttled but \(verdict.name)")
            return
        }
        #expect(until == Support.morning + .seconds(120))
    }

    @Test("no error repeats anything of the citizen or of the credentials")
    func privacy() throws {
        let secrets = ["3174015708900003", "3174011708900003", "SITI", "BUDI", "1990", "rahasia", "10.1.2.3", "ORA-"]
        for file in Support.cases {
            let fixture = try Support.fixture(file)
            let operation = try OperationID(#require(fixture["operation"]?.stringValue))
            let call = try Support.call(operation, #require(fixture["payload"]))
            let body = try #require(fixture["answer"]).encoded()
            let error = try Support.classify(body, status: 200, for: call).error
            let text = error?.json.text() ?? ""
            for secret in secrets { #expect(!text.contains(secret), "\(file)") }
        }
    }
}
