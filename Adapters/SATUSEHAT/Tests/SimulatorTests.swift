internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import SATUSEHATSimulator
internal import Testing

@Suite("The adapter against the simulated platform")
struct SimulatorTests {
    private static let nik = "9271060312000001"

    private func line() async throws -> Line {
        try await Line(to: SATUSEHATSimulator(clock: ManualClock(now: Support.morning)))
    }

    static let patients = [
        ("9271060312000001", "P02478375538"), ("9204014804000002", "P03647103112"),
        ("9104224509000003", "P00805884304"), ("9104223107000004", "P00912894463"),
        ("9104224606000005", "P01654557057"), ("9104025209000006", "P02280547535"),
        ("9201076001000007", "P01836748436"), ("9201394901000008", "P00883356749"),
        ("9201076407000009", "P01058967035"), ("9210060207000010", "P02428473601"),
    ]

    @Test("every published patient is found, and the dates of birth are a remark")
    func patients() async throws {
        let line = try await line()
        defer { line.close() }
        for (nik, id) in Self.patients {
            let output = try await line.ask(Support.call(Support.findPatient, ["nik": .string(nik)])).verdict?.output
            #expect(output?["patientId"]?.stringValue == id)
            #expect(output?["notices"] == ["birthDateDiffersFromNik"])
        }
        let none = try await line.ask(Support.call(Support.findPatient, ["nik": "3174015708900003"])).verdict
        #expect(none?.error?.code == .agencyNotFound)
        #expect(line.simulator.ledger.entries.isEmpty)
    }

    @Test("an encounter is registered, found and in the ledger by the request's key")
    func register() async throws {
        let line = try await line()
        defer { line.close() }
        let call = try Support.call(Support.register, Support.encounter)
        #expect(try await line.inquire(about: call) == .notDone)
        let verdict = try await line.ask(call).verdict
        guard case .succeeded(let output, let reference?) = verdict else {
            Issue.record("not succeeded")
            return
        }
        #expect(output["registrationNumber"]?.stringValue == call.key)
        #expect(output["status"] == "arrived")
        #expect(try await line.inquire(about: call) == .done(output: output, agencyReference: reference))
        let entry = Ledger.Entry(key: call.key, operation: "register-encounter", reference: reference)
        #expect(line.simulator.ledger.entries == [entry])
    }

    @Test("a repetition ends with the first encounter's identifier, with a key as with the client's own number")
    func repetition() async throws {
        let line = try await line()
        defer { line.close() }
        for payload in [Support.encounter, Support.encounter(["registrationNumber": "REG/2024-0001"])] {
            let call = try Support.call(Support.register, payload)
            let first = try await line.ask(call).verdict
            #expect(first?.name == "succeeded")
            #expect(try await line.ask(call).verdict?.name == "pending")
            let output = try #require(first?.output)
            #expect(try await line.inquire(about: call) == .done(output: output, agencyReference: first?.reference))
        }
        #expect(line.simulator.ledger.entries.count == 2)
        #expect(line.simulator.ledger.repeatedKeys.isEmpty)
    }

    @Test("many at once with one number are one encounter")
    func race() async throws {
        let line = try await line()
        defer { line.close() }
        let call = try Support.call(Support.register, Support.encounter)
        let names = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try await line.ask(call).verdict?.name } }
            return try await group.reduce(into: [:]) { $0[$1 ?? "", default: 0] += 1 }
        }
        #expect(names == ["succeeded": 1, "pending": 19])
        #expect(line.simulator.ledger.entries(for: call.key).count == 1)
    }

    @Test("the client's number of another visit is told, and its encounter is not passed on")
    func numberTaken() async throws {
        let line = try await line()
        defer { line.close() }
        let first = Support.encounter(["registrationNumber": "REG-1"])
        #expect(try await line.ask(Support.call(Support.register, first)).verdict?.name == "succeeded")
        for change: KeyValuePairs<String, JSONValue?> in [
            ["registrationNumber": "REG-1", "patientId": "P03647103112"],
            ["registrationNumber": "REG-1", "start": "2024-01-16T08:00:00+07:00"],
        ] {
            let call = try Support.call(Support.register, Support.encounter(change))
            #expect(try await line.ask(call).verdict?.name == "pending")
            let finding = try await line.inquire(about: call)
            #expect(finding?.name == "rejected")
            #expect(finding?.error?.field?.description == "/registrationNumber")
        }
        #expect(line.simulator.ledger.entries.count == 1)
    }

    private static let wrong: [(JSONValue, String)] = [
        (Support.encounter(["patientId": "P99999999999"]), "/patientId"),
        (Support.encounter(["practitionerId": "N99999999"]), "/practitionerId"),
        (Support.encounter(["locationId": "none"]), "/locationId"),
    ]

    @Test("a reference to nobody is refused and its field named", arguments: wrong)
    func wrongReference(payload: JSONValue, field: String) async throws {
        let line = try await line()
        defer { line.close() }
        let error = try await line.ask(Support.call(Support.register, payload)).verdict?.error
        #expect(error?.code == .agencyInvalidInput)
        #expect(error?.field?.description == field)
        #expect(error?.message.contains("X-Request-Id") == true)
        #expect(line.simulator.ledger.entries.isEmpty)
    }

    @Test("times that the platform refuses are refused by its own clock too")
    func wrongTime() async throws {
        let clock = ManualClock(now: Support.morning + .seconds(-3600))
        let line = try await Line(to: SATUSEHATSimulator(clock: clock))
        defer { line.close() }
        let payload = Support.encounter(["start": "2026-03-02T10:00:00+07:00"])
        let error = try await line.ask(Support.call(Support.register, payload)).verdict?.error
        #expect(error?.code == .agencyInvalidInput)
        #expect(error?.field?.description == "/start")
    }

    @Test("credentials of another organisation are an operator's matter, for a registration and for its search")
    func otherOrganization() async throws {
        var rules = SATUSEHATSimulator.Rules()
        rules.organizationID = "10000005"
        let line = try await Line(to: SATUSEHATSimulator(clock: ManualClock(now: Support.morning), rules: rules))
        defer { line.close() }
        let call = try Support.call(Support.register, Support.encounter)
        let verdict = try await line.ask(call).verdict
        #expect(verdict?.name == "unauthorized")
        #expect(verdict?.error?.message.contains("organizationId") == true)
        let finding = try await line.inquire(about: call)
        #expect(finding?.name == "unclear")
        #expect(finding?.error?.code == .agencyUnauthorized)
        #expect(line.simulator.ledger.entries.isEmpty)
    }

    private struct Expectation: Sendable, CustomStringConvertible {
        var fault: Fault
        var find: String
        var register: String
        var inquire: String
        var effects: Int
        var description: String { fault.rawValue }
    }

    private static let faults = [
        Expectation(fault: .slow, find: "succeeded", register: "succeeded", inquire: "done", effects: 1),
        Expectation(fault: .hang, find: "timeout", register: "timeout", inquire: "none", effects: 1),
        Expectation(fault: .resetBefore, find: "reset", register: "reset", inquire: "none", effects: 0),
        Expectation(fault: .resetAfter, find: "reset", register: "reset", inquire: "none", effects: 1),
        Expectation(fault: .status500, find: "transient", register: "inDoubt", inquire: "unclear", effects: 0),
        Expectation(fault: .html, find: "transient", register: "inDoubt", inquire: "unclear", effects: 1),
        Expectation(fault: .truncated, find: "reset", register: "reset", inquire: "none", effects: 1),
        Expectation(fault: .garbage, find: "transient", register: "inDoubt", inquire: "unclear", effects: 1),
        Expectation(fault: .quota, find: "throttled", register: "throttled", inquire: "unclear", effects: 0),
        Expectation(fault: .outsideHours, find: "transient", register: "inDoubt", inquire: "unclear", effects: 0),
        Expectation(fault: .duplicate, find: "succeeded", register: "pending", inquire: "done", effects: 1),
        Expectation(fault: .unavailable, find: "throttled", register: "inDoubt", inquire: "unclear", effects: 0),
        Expectation(
            fault: .unauthorized,
            find: "unauthorized",
            register: "unauthorized",
            inquire: "unclear",
            effects: 0
        ),
    ]

    @Test("every fault ends as it should, and then there is exactly one encounter", arguments: faults)
    private func everyFault(expected: Expectation) async throws {
        let line = try await line()
        defer { line.close() }
        let faults = line.simulator.faults
        let patience = CallTimeouts(firstByte: expected.fault == .hang ? .milliseconds(500) : .seconds(20))
        func ending(_ result: (outcome: WireOutcome, verdict: Verdict?)) -> String? {
            guard case .failed(let failure) = result.outcome else { return result.verdict?.name }
            #expect(failure.sendState == .maybeSent)
            return failure.kind.rawValue
        }

        faults.inject(expected.fault, operation: Support.findPatient.text)
        let find = try Support.call(Support.findPatient, Support.patient)
        #expect(try await ending(line.ask(find, timeouts: patience)) == expected.find)
        #expect(try await line.ask(find).verdict?.name == "succeeded")

        faults.inject(expected.fault, operation: Support.register.text)
        let register = try Support.call(Support.register, Support.encounter)
        #expect(try await ending(line.ask(register, timeouts: patience)) == expected.register)
        #expect(line.simulator.ledger.entries(for: register.key).count == expected.effects)

        // What is not there is sent again, and what is there is found: one encounter in the end.
        if try await line.inquire(about: register) == .notDone {
            #expect(try await line.ask(register).verdict?.name == "succeeded")
        }
        faults.inject(expected.fault, operation: Support.findEncounter.text)
        #expect(try await line.inquire(about: register, timeouts: patience)?.name ?? "none" == expected.inquire)
        #expect(try await line.inquire(about: register)?.name == "done")
        #expect(line.simulator.ledger.entries(for: register.key).count == 1)
    }

    @Test("the table of faults is complete")
    func completeTable() {
        #expect(Set(Self.faults.map(\.fault)) == Set(Fault.allCases))
    }

    @Test("a platform that refuses connections gets nothing, and works again when it accepts them")
    func refuses() async throws {
        let line = try await line()
        defer { line.close() }
        line.simulator.refuse()
        let call = try Support.call(Support.register, Support.encounter)
        guard case .failed(let failure) = try await line.ask(call).outcome else {
            Issue.record("answered")
            return
        }
        #expect(failure.kind == .connect)
        #expect(failure.sendState == .notSent)
        try line.simulator.accept()
        #expect(try await line.ask(call).verdict?.name == "succeeded")
    }

    private static let rubbish: [(HTTPRequest.Method, path: [String], body: String, status: Int)] = [
        (.post, ["fhir-r4", "v1", "Encounter"], "<xml/>", 400), (.post, ["fhir-r4", "v1", "Encounter"], "[]", 400),
        (.post, ["fhir-r4", "v1", "Encounter"], "{}", 400),
        (.post, ["fhir-r4", "v1", "Encounter"], #"{"resourceType":"Encounter"}"#, 400),
        (.get, ["fhir-r4", "v1", "Encounter"], "", 400), (.get, ["fhir-r4", "v1", "Patient"], "", 400),
        (.get, ["fhir-r4", "v1", "Patient", "P0"], "", 404), (.get, ["fhir-r4", "v1", "Nothing", "1"], "", 404),
        (.put, ["fhir-r4", "v1", "Patient", "P0"], "{}", 404), (.get, ["fhir", "Patient"], "", 404),
    ]

    @Test("messages that are none are refused by status", arguments: rubbish)
    func refusesRubbish(method: HTTPRequest.Method, path: [String], body: String, status: Int) async throws {
        let line = try await line()
        defer { line.close() }
        let answer = try await line.answer(WireRequest(method: method, path: path, body: Array(body.utf8)))
        #expect(answer.status == status)
        #expect(line.simulator.ledger.entries.isEmpty)
    }

    @Test("a search with a bar that is not encoded is refused, as by strict gateways")
    func strictEncoding() async throws {
        let line = try await line()
        defer { line.close() }
        for (bar, status) in [("|", 400), ("%7C", 200), ("%7c", 200)] {
            let url = "\(line.simulator.baseURL)/fhir-r4/v1/Patient?identifier=https://fhir.kemkes.go.id/id/nik\(bar)"
            let request = OutboundRequest(
                method: .get,
                url: url + Self.nik,
                headerFields: [.authorization: "Bearer \(line.token)"]
            )
            guard case .answered(let response) = await line.transport.send(request) else {
                // A transport may refuse such a URL before it leaves.
                #expect(bar == "|")
                continue
            }
            #expect(response.status == status)
        }
    }

    @Test("whoever a reference names can be read")
    func reads() async throws {
        let line = try await line()
        defer { line.close() }
        let verdict = try await line.ask(Support.call(Support.register, Support.encounter)).verdict
        let id = try #require(verdict?.reference)
        for path in [
            ["Patient", "P02478375538"], ["Practitioner", "N10000001"], ["Organization", "10000004"],
            ["Location", "b017aa54-f1df-4ec2-9d84-8823815d7228"], ["Encounter", id],
        ] {
            let answer = try await line.answer(WireRequest(method: .get, path: ["fhir-r4", "v1"] + path))
            #expect(answer.status == 200)
            #expect(try JSONValue(parsing: answer.body)["resourceType"]?.stringValue == path[0])
        }
    }
}
