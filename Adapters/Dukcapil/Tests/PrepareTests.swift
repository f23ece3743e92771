internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@Suite("Messages to the registry", .bothPackagings)
struct PrepareTests {
    private let nik = "3174015708900003"

    @Test("a comparison sends what was asked, under the registry's names")
    func verify() throws {
        let payload: JSONValue = [
            "nik": .string(nik), "familyCardNumber": "3174010101150001", "name": "SITI CONTOH", "birthPlace": "JAKARTA",
            "birthDate": "1990-08-17", "sex": "female", "maritalStatus": "BELUM KAWIN", "occupation": "GURU",
            "address": "JL. CONTOH 1", "threshold": 85,
        ]
        let call = try Support.call(Support.verify, payload)
        let message = try Support.adapter().prepare(call)
        #expect(message.method == .post)
        #expect(message.path == ["get_json", "MPP-JAKSEL", "CALL_VERIFY_BY_ELEMEN"])
        #expect(message.query.isEmpty)
        #expect(message.headerFields[.contentType] == "application/json")
        #expect(message.headerFields[.accept] == "application/json")
        #expect(try message.headerFields[#require(HTTPField.Name("X-Request-ID"))] == call.key)
        let expected: JSONValue = [
            "NIK": .string(nik), "NO_KK": "3174010101150001", "NAMA_LGKP": "SITI CONTOH", "TMPT_LHR": "JAKARTA",
            "TGL_LHR": "17-08-1990", "JENIS_KLMIN": "Perempuan", "STATUS_KAWIN": "BELUM KAWIN", "JENIS_PKRJN": "GURU",
            "ALAMAT": "JL. CONTOH 1", "TRESHOLD": "85", "USER_ID": "DEMO", "PASSWORD": "rahasia", "IP_USER": "10.1.2.3",
        ]
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("elements that were not asked about are not sent")
    func onlyAsked() throws {
        let message = try Support.adapter().prepare(
            Support.call(Support.verify, ["nik": .string(nik), "sex": "male"])
        )
        let body = try #require(JSONValue(parsing: message.body).objectValue)
        #expect(body.keys == ["NIK", "JENIS_KLMIN", "TRESHOLD", "USER_ID", "PASSWORD", "IP_USER"])
        #expect(body["JENIS_KLMIN"] == "Laki-laki")
        #expect(body["TRESHOLD"] == "90")
    }

    @Test("a lookup sends the NIK as text")
    func lookup() throws {
        let message = try Support.adapter().prepare(Support.call(Support.lookup, ["nik": .string(nik)]))
        #expect(message.path == ["get_json", "MPP-JAKSEL", "CALL_NIK"])
        let expected: JSONValue = [
            "NIK": .string(nik), "user_id": "DEMO", "password": "rahasia", "IP_USER": "10.1.2.3",
        ]
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("instances with other paths, methods, dates and names of credentials are a matter of settings")
    func otherInstance() throws {
        let adapter = try Support.adapter([
            "institution": "31-74/mpp", "verifyMethod": "nik_verifby_elemen", "lookupMethod": "call_nik",
            "dateFormat": "iso", "threshold": 70,
            "credentialNames": ["userId": "user_id", "password": "password", "clientAddress": "ip_address"],
        ])
        let payload: JSONValue = ["nik": .string(nik), "birthDate": "1990-08-17"]
        let message = try adapter.prepare(Support.call(Support.verify, payload))
        #expect(message.path == ["get_json", "31-74", "mpp", "nik_verifby_elemen"])
        let expected: JSONValue = [
            "NIK": .string(nik), "TGL_LHR": "1990-08-17", "TRESHOLD": "70", "user_id": "DEMO", "password": "rahasia",
            "ip_address": "10.1.2.3",
        ]
        #expect(try JSONValue(parsing: message.body) == expected)
        #expect(try adapter.prepare(Support.call(Support.lookup, ["nik": .string(nik)])).path.last == "call_nik")
    }

    @Test("repeating a call repeats the message")
    func stable() throws {
        var call = try Support.call(Support.verify, ["nik": .string(nik), "name": "SITI CONTOH"])
        let adapter = try Support.adapter()
        let first = try adapter.prepare(call)
        call.attempt = 2
        call.now = call.now + .seconds(3600)
        #expect(try adapter.prepare(call) == first)
    }

    private static let refused: [(JSONValue, String)] = [
        ([], ""),
        ("3174015708900003", ""),
        ([:], "/nik"),
        (["nik": nil, "name": "A"], "/nik"),
        (["nik": 3_174_015_708_900_003, "name": "A"], "/nik"),
        (["nik": "3174013102900003", "name": "A"], "/nik"),
        (["nik": "9999999999999999", "name": "A"], "/nik"),
        (["nik": "3174015708900003"], ""),
        (["nik": "3174015708900003", "threshold": 90], ""),
        (["nik": "3174015708900003", "name": ""], "/name"),
        (["nik": "3174015708900003", "name": "  "], "/name"),
        (["nik": "3174015708900003", "name": "A\nB"], "/name"),
        (["nik": "3174015708900003", "name": nil], "/name"),
        (["nik": "3174015708900003", "name": ["A"]], "/name"),
        (["nik": "3174015708900003", "birthPlace": .string(String(repeating: "x", count: 101))], "/birthPlace"),
        (["nik": "3174015708900003", "birthDate": "17-08-1990"], "/birthDate"),
        (["nik": "3174015708900003", "birthDate": "1990-02-30"], "/birthDate"),
        (["nik": "3174015708900003", "birthDate": "2026-03-03"], "/birthDate"),
        (["nik": "3174015708900003", "sex": "F"], "/sex"),
        (["nik": "3174015708900003", "familyCardNumber": "317401010115000"], "/familyCardNumber"),
        (["nik": "3174015708900003", "name": "A", "threshold": 101], "/threshold"),
        (["nik": "3174015708900003", "name": "A", "threshold": "90"], "/threshold"),
        (["nik": "3174015708900003", "name": "A", "surname": "B"], "/*"),
        (["nik": "3174015708900003", "name": "A", "3174011708900003": "B"], "/*"),
    ]

    @Test(
        "input that cannot be translated is refused before anything is sent, and its field is named",
        arguments: refused
    )
    func refusedInput(payload: JSONValue, field: String) throws {
        let call = try Support.call(Support.verify, payload)
        let adapter = try Support.adapter()
        let error = #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == field)
        #expect(error?.message.contains("3174") == false)
    }

    @Test("a lookup takes the NIK and nothing else")
    func lookupFields() throws {
        let call = try Support.call(Support.lookup, ["nik": .string(nik), "name": "SITI CONTOH"])
        let adapter = try Support.adapter()
        let error = #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        #expect(error?.field?.description == "/*")
    }

    @Test("the day that decides about a birth is the registry's")
    func today() throws {
        // 2026-03-03 in Jakarta, still 2026-03-02 in UTC.
        let now = try #require(Timestamp("2026-03-02T18:00:00Z"))
        let payload: JSONValue = ["nik": "3174014303260001", "birthDate": "2026-03-03"]
        let message = try Support.adapter().prepare(Support.call(Support.verify, payload, now: now))
        #expect(try JSONValue(parsing: message.body)["TGL_LHR"] == "03-03-2026")
    }
}
