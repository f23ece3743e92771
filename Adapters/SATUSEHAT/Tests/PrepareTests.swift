internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@Suite("Messages to the platform")
struct PrepareTests {
    private static let base = "https://api-satusehat.kemkes.go.id"

    @Test("a search for a patient has every delimiter percent-encoded")
    func patient() throws {
        let message = try Support.adapter().prepare(Support.call(Support.findPatient, Support.patient))
        #expect(message.method == .get)
        #expect(message.body.isEmpty)
        #expect(message.headerFields[.accept] == "application/json")
        #expect(message.headerFields[.authorization] == nil)
        let encoded = "https%3A%2F%2Ffhir.kemkes.go.id%2Fid%2Fnik%7C9271060312000001"
        #expect(
            try message.url(below: BaseURL(Self.base)) == "\(Self.base)/fhir-r4/v1/Patient?identifier=\(encoded)"
        )
    }

    @Test("a registration is the Encounter of the platform's guide, with the request's key as its number")
    func registration() throws {
        let call = try Support.call(Support.register, Support.encounter)
        let message = try Support.adapter().prepare(call)
        #expect(message.method == .post)
        #expect(try message.url(below: BaseURL(Self.base)) == "\(Self.base)/fhir-r4/v1/Encounter")
        #expect(message.headerFields[.contentType] == "application/json")
        let expected: JSONValue = [
            "resourceType": "Encounter", "status": "arrived",
            "identifier": [["system": "http://sys-ids.kemkes.go.id/encounter/10000004", "value": .string(call.key)]],
            "class": [
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory",
            ],
            "subject": ["reference": "Patient/P02478375538", "display": "Ardianto Putra"],
            "participant": [
                [
                    "type": [
                        [
                            "coding": [
                                [
                                    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                    "code": "ATND", "display": "attender",
                                ]
                            ]
                        ]
                    ],
                    "individual": ["reference": "Practitioner/N10000001", "display": "Dokter Contoh"],
                ]
            ],
            "period": ["start": "2024-01-15T01:00:00+00:00"],
            "location": [
                [
                    "location": [
                        "reference": "Location/b017aa54-f1df-4ec2-9d84-8823815d7228", "display": "Poli Umum",
                    ]
                ]
            ],
            "statusHistory": [["status": "arrived", "period": ["start": "2024-01-15T01:00:00+00:00"]]],
            "serviceProvider": ["reference": "Organization/10000004"],
        ]
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("the client's own number goes before the key, names may be left out, the organisation is a setting")
    func variants() throws {
        let payload = Support.encounter([
            "registrationNumber": "REG/2024-0001", "patientName": nil, "practitionerName": nil, "locationName": nil,
        ])
        let adapter = try Support.adapter(["organizationId": "7d5f2c10-aaaa-4bbb-8ccc-0123456789ab"])
        let call = try Support.call(Support.register, payload)
        let body = try JSONValue(parsing: adapter.prepare(call).body)
        let system = "http://sys-ids.kemkes.go.id/encounter/7d5f2c10-aaaa-4bbb-8ccc-0123456789ab"
        #expect(body["identifier"] == [["system": .string(system), "value": "REG/2024-0001"]])
        #expect(body["serviceProvider"] == ["reference": "Organization/7d5f2c10-aaaa-4bbb-8ccc-0123456789ab"])
        #expect(body["subject"] == ["reference": "Patient/P02478375538"])
        let search = try adapter.prepare(Support.inquiry(about: call))
        #expect(search.query == [.init("identifier", "\(system)|REG/2024-0001")])
    }

    private static let classes: [(String, String, JSONValue?)] = [
        ("ambulatory", "AMB", "ambulatory"), ("emergency", "EMER", "emergency"),
        ("inpatient", "IMP", "inpatient encounter"), ("home", "HH", "home health"), ("telemedicine", "TELE", nil),
        ("virtual", "VR", "virtual"),
    ]

    @Test("every class has its code", arguments: classes)
    func encounterClass(name: String, code: String, display: JSONValue?) throws {
        let call = try Support.call(Support.register, Support.encounter(["class": .string(name)]))
        let body = try JSONValue(parsing: Support.adapter().prepare(call).body)
        #expect(body["class"]?["code"]?.stringValue == code)
        #expect(body["class"]?["display"] == display)
    }

    private static let times: [(String, String)] = [
        ("2024-01-15T08:00:00+07:00", "2024-01-15T01:00:00+00:00"),
        ("2024-01-15T01:00:00Z", "2024-01-15T01:00:00+00:00"),
        ("2024-01-15T06:59:59.999+09:00", "2024-01-14T21:59:59+00:00"),
        ("2014-06-03T00:00:00Z", "2014-06-03T00:00:00+00:00"),
        ("2014-06-03T07:00:00+07:00", "2014-06-03T00:00:00+00:00"),
        ("2026-03-02T10:00:00+07:00", "2026-03-02T03:00:00+00:00"),
    ]

    @Test("times leave in UTC, written with +00:00", arguments: times)
    func time(given: String, sent: String) throws {
        let call = try Support.call(Support.register, Support.encounter(["start": .string(given)]))
        let body = try JSONValue(parsing: Support.adapter().prepare(call).body)
        #expect(body["period"]?["start"]?.stringValue == sent)
        #expect(body["statusHistory"]?[0]?["period"] == body["period"])
    }

    @Test("repeating a call repeats the message, and the inquiry asks for its number")
    func stable() throws {
        var call = try Support.call(Support.register, Support.encounter)
        let adapter = try Support.adapter()
        let first = try adapter.prepare(call)
        call.attempt = 2
        call.now = call.now + .seconds(3600)
        #expect(try adapter.prepare(call) == first)
        let inquiry = try adapter.prepare(Support.inquiry(about: call))
        let system = "http%3A%2F%2Fsys-ids.kemkes.go.id%2Fencounter%2F10000004"
        #expect(
            try inquiry.url(below: BaseURL(Self.base))
                == "\(Self.base)/fhir-r4/v1/Encounter?identifier=\(system)%7C\(call.key)"
        )
    }

    @Test("a clock that was set back refuses nothing that was accepted")
    func clockSetBack() throws {
        var call = try Support.call(Support.register, Support.encounter(["start": "2026-03-02T10:00:00+07:00"]))
        call.now = call.now + .seconds(-60)
        #expect(throws: Never.self) { try Support.adapter().prepare(call) }
    }

    private static let refused: [(JSONValue, String)] = [
        ([], ""),
        (Support.encounter(["patientId": nil]), "/patientId"),
        (Support.encounter(["patientId": 7]), "/patientId"),
        (Support.encounter(["patientId": "P1/../P2"]), "/patientId"),
        (Support.encounter(["patientId": ""]), "/patientId"),
        (Support.encounter(["practitionerId": nil]), "/practitionerId"),
        (Support.encounter(["locationId": .string(String(repeating: "a", count: 65))]), "/locationId"),
        (Support.encounter(["patientName": " "]), "/patientName"),
        (Support.encounter(["patientName": "A\nB"]), "/patientName"),
        (Support.encounter(["locationName": ["A"]]), "/locationName"),
        (Support.encounter(["class": "AMB"]), "/class"),
        (Support.encounter(["class": nil]), "/class"),
        (Support.encounter(["start": nil]), "/start"),
        (Support.encounter(["start": "2024-01-15"]), "/start"),
        (Support.encounter(["start": "2024-01-15T08:00:00"]), "/start"),
        (Support.encounter(["start": "2024-02-30T08:00:00Z"]), "/start"),
        (Support.encounter(["start": 1_705_280_400]), "/start"),
        (Support.encounter(["start": "2014-06-02T23:59:59Z"]), "/start"),
        (Support.encounter(["start": "2014-06-03T06:59:59+07:00"]), "/start"),
        (Support.encounter(["start": "2026-03-02T03:00:01Z"]), "/start"),
        (Support.encounter(["registrationNumber": ""]), "/registrationNumber"),
        (Support.encounter(["registrationNumber": "a|b"]), "/registrationNumber"),
        (Support.encounter(["registrationNumber": "a b"]), "/registrationNumber"),
        (Support.encounter(["registrationNumber": 1]), "/registrationNumber"),
        (Support.encounter(["status": "finished"]), "/*"),
        (Support.encounter(["9271060312000001": "x"]), "/*"),
    ]

    @Test("an encounter that cannot be translated is refused, and its field is named", arguments: refused)
    func refusedEncounter(payload: JSONValue, field: String) throws {
        let call = try Support.call(Support.register, payload)
        let error = #expect(throws: GerbangError.self) { try Support.adapter().prepare(call) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == field)
        #expect(error?.message.contains("9271") == false)
    }

    private static let refusedPatients: [(JSONValue, String)] = [
        ("9271060312000001", ""), ([:], "/nik"), (["nik": 9_271_060_312_000_001], "/nik"),
        (["nik": "927106031200000"], "/nik"), (["nik": "9271060332000001"], "/nik"),
        (["nik": "9271060312000001", "name": "Ardianto Putra"], "/*"),
    ]

    @Test("a search takes a NIK and nothing else", arguments: refusedPatients)
    func refusedPatient(payload: JSONValue, field: String) throws {
        let call = try Support.call(Support.findPatient, payload)
        let error = #expect(throws: GerbangError.self) { try Support.adapter().prepare(call) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == field)
        #expect(error?.message.contains("9271") == false)
    }
}
