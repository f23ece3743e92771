internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes
internal import OSSAdapter
internal import Testing

@Suite("Reading the answers of OSS")
struct ClassifyTests {
    private func operation(_ fixture: JSONValue) throws -> OSSOperation {
        try #require(fixture["operation"]?.stringValue.flatMap { OSSOperation(rawValue: $0) })
    }

    @Test("the recorded forms of answers are read as their files say", arguments: Support.cases)
    func recorded(file: String) throws {
        let fixture = try Support.fixture(file)
        let payload: JSONValue = try #require(fixture["payload"])
        let call = try Support.call(operation(fixture), payload)
        let body = try #require(fixture["answer"]).encoded()
        let verdict = try Support.classify(body, status: #require(fixture["status"]?.intValue), for: call)
        #expect(verdict.name == fixture["verdict"]?.stringValue)
        #expect(verdict.output == fixture["output"])
        #expect(verdict.reference == fixture["reference"]?.stringValue)
        #expect(verdict.error?.code.rawValue == fixture["error"]?.stringValue)
        #expect(verdict.error?.agencyCode == fixture["agencyCode"]?.stringValue)
        #expect(verdict.error?.field?.description == fixture["field"]?.stringValue)
    }

    @Test("there are recorded answers, and inputs and outputs fit the services' schemas")
    func schemas() throws {
        #expect(Support.cases.count > 40)
        let catalogue = try ServiceCatalogue.builtin()
        for file in Support.cases {
            let fixture = try Support.fixture(file)
            let descriptor = OSSAdapter.definition.descriptor.operation(try operation(fixture).id)
            let id = try #require(descriptor?.service)
            let service = try #require(catalogue[id])
            #expect(try JSONSchema(service.input).validate(#require(fixture["payload"])).isEmpty, "\(file)")
            guard let output = fixture["output"] else { continue }
            #expect(try JSONSchema(service.output).validate(output).isEmpty, "\(file)")
        }
    }

    @Test("every code means the same as number and as text, with HTTP 200 and as the status", arguments: [200, 0])
    func codes(status: Int) throws {
        let rows = try #require(Support.fixture("codes.json").arrayValue)
        let wrappers: [(OSSOperation, String)] = [
            (.inqueryNIB, "responinqueryNIB"), (.checkLicenseStatus, "responcheckLicenseStatus"),
            (.receiveLicenseStatus, "responreceiveLicenseStatus"), (.receiveLicense, "responreceiveLicense"),
        ]
        for row in rows {
            let code = try #require(row["code"]?.stringValue)
            let number = try #require(Int(code))
            for (operation, wrapper) in wrappers {
                let call = try Support.call(operation)
                let expected = call.operation.effect == .query ? row["query"] : row["effect"]
                for value: JSONValue in [.string(code), .number(JSONNumber(number)), .string(" \(code) ")] {
                    let answer: JSONValue = .object([
                        wrapper: ["kode": value, "keterangan": try #require(row["explanation"])]
                    ])
                    let verdict = try Support.classify(
                        answer.encoded(),
                        status: status == 0 ? number : status,
                        for: call
                    )
                    #expect(verdict.name == expected?["verdict"]?.stringValue, "\(operation) \(code)")
                    #expect(verdict.error?.code.rawValue == expected?["error"]?.stringValue, "\(operation) \(code)")
                    #expect(verdict.error?.agencyCode == code)
                }
            }
        }
    }

    private static let hostile: [(String, [UInt8])] = [
        ("nothing", []),
        ("spaces", Array(" \r\n ".utf8)),
        ("HTML", Array("<!doctype html><title>Login</title>".utf8)),
        ("plain text", Array("Authentication failed".utf8)),
        ("a broken off answer", Array(#"{"responreceiveLicenseStatus":{"kode":200,"keter"#.utf8)),
        ("trailing commas", Array(#"{"responreceiveLicenseStatus":{"kode":200,},}"#.utf8)),
        ("two values", Array(#"{"respon":{"kode":200}}{}"#.utf8)),
        ("bytes", [0x00, 0xff, 0x7b, 0x22, 0xc3, 0x28]),
        ("null", Array("null".utf8)),
        ("a number", Array("200".utf8)),
        ("a text", Array(#""Sukses""#.utf8)),
        ("an empty object", Array("{}".utf8)),
        ("an empty array", Array("[]".utf8)),
        ("two answers", Array(#"[{"respon":{"kode":200}},{"respon":{"kode":400}}]"#.utf8)),
        ("wrapper null", Array(#"{"respon":null}"#.utf8)),
        ("wrapper text", Array(#"{"respon":"200"}"#.utf8)),
        ("no code", Array(#"{"respon":{"keterangan":"Sukses"}}"#.utf8)),
        ("code true", Array(#"{"respon":{"kode":true}}"#.utf8)),
        ("code object", Array(#"{"respon":{"kode":{"kode":200}}}"#.utf8)),
        ("code fraction", Array(#"{"respon":{"kode":200.5}}"#.utf8)),
        ("a huge code", Array(#"{"respon":{"kode":2e999999999}}"#.utf8)),
        ("deep nesting", Array(repeating: UInt8(ascii: "["), count: 10 << 20)),
        ("deep objects", Array(String(repeating: #"{"respon":"#, count: 1 << 20).utf8)),
    ]

    // The bodies are looked up by name, since a test's arguments are written out, which takes long for ten megabytes.
    @Test("what is not an answer is transient for a query and a doubt for anything else", arguments: hostile.map(\.0))
    func hostileBodies(name: String) throws {
        let body = try #require(Self.hostile.first { $0.0 == name }?.1)
        for operation in OSSOperation.allCases {
            let call = try Support.call(operation)
            let verdict = try Support.classify(body, for: call)
            #expect(verdict.name == (call.operation.effect == .query ? "transient" : "inDoubt"))
            #expect(verdict.error?.code == .agencyUnreadable)
        }
        let inquiry = try Support.call(.checkLicenseStatus, for: .receiveLicenseStatus)
        #expect(try Support.adapter().assess(Support.exchange(body, for: inquiry), for: inquiry).name == "unclear")
    }

    private static let statuses: [(Int, query: String, effect: String)] = [
        (204, "transient", "inDoubt"), (302, "transient", "inDoubt"), (400, "invalid", "invalid"),
        (401, "unauthorized", "unauthorized"), (403, "unauthorized", "unauthorized"), (404, "transient", "transient"),
        (405, "unauthorized", "unauthorized"), (408, "transient", "inDoubt"), (429, "throttled", "throttled"),
        (500, "transient", "inDoubt"), (502, "transient", "inDoubt"), (503, "transient", "inDoubt"),
        (504, "transient", "inDoubt"),
    ]

    @Test("a status without an answer in the body", arguments: statuses)
    func unexplained(status: Int, query: String, effect: String) throws {
        for operation in OSSOperation.allCases {
            let call = try Support.call(operation)
            for body in ["", "<html>", "Limits exceeded", #"{"message":"no Route matched"}"#] {
                let verdict = try Support.classify(Array(body.utf8), status: status, for: call)
                #expect(verdict.name == (call.operation.effect == .query ? query : effect), "\(operation) \(body)")
            }
        }
    }

    @Test("no error repeats anything of the citizen, the business or the key")
    func privacy() throws {
        let secrets = ["3174015708900003", "1234567890123", "001234567017", "SITI", "BUDI", "CONTOH", "demo-user-key"]
        var errors = 0
        for file in Support.cases {
            let fixture = try Support.fixture(file)
            let payload: JSONValue = try #require(fixture["payload"])
            let call = try Support.call(operation(fixture), payload)
            for status in [200, 500] {
                let error = try Support.classify(#require(fixture["answer"]).encoded(), status: status, for: call).error
                guard let text = error?.json.text() else { continue }
                errors += 1
                for secret in secrets { #expect(!text.contains(secret), "\(file)") }
            }
        }
        #expect(errors > 40)
    }

    @Test("people behind a business are not passed on")
    func noPeople() throws {
        let output = try #require(Support.fixture("case-lookup-full.json")["output"]).text()
        #expect(!output.contains("SITI CONTOH") && !output.contains("3174015708900003"))
    }
}
