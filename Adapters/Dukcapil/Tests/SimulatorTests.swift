internal import DukcapilSimulator
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@Suite("The adapter against the simulated registry", .bothPackagings)
struct SimulatorTests {
    private static let siti: JSONValue = ["nik": "3174015708900003"]

    /// Asks the registry once, over the network.
    private func ask(
        _ simulator: DukcapilSimulator,
        _ operation: OperationID,
        _ payload: JSONValue,
        with adapter: (any Adapter)? = nil,
        timeouts: CallTimeouts = CallTimeouts()
    ) async throws -> (call: AdapterCall, outcome: WireOutcome, verdict: Verdict?) {
        let adapter = try adapter ?? Support.adapter()
        let call = try Support.call(operation, payload)
        let message = try adapter.prepare(call)
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let outcome = await transport.send(
            OutboundRequest(message, below: try BaseURL(simulator.baseURL), timeouts: timeouts)
        )
        guard case .answered(let response) = outcome else { return (call, outcome, nil) }
        return (call, outcome, adapter.classify(Exchange(request: message, response: response), for: call))
    }

    @Test("a lookup returns the invented person, and the ledger knows the call by its key alone")
    func lookup() async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        let (call, _, verdict) = try await ask(simulator, Support.lookup, ["nik": "1101015205990009"])
        let expected: JSONValue = [
            "nik": "1101015205990009", "familyCardNumber": "1101010101150009", "name": "CUT PERMISALAN",
            "birthPlace": "BAKONGAN", "birthDate": "1999-05-12", "sex": "female", "religion": "KEPERCAYAAN",
            "maritalStatus": "BELUM KAWIN", "occupation": "PETANI", "address": "JL. CONTOH 9",
            "neighbourhood": "001/002", "region": "11.01.01.2001",
            "regionNames": [
                "province": "ACEH", "regency": "KAB. ACEH SELATAN", "district": "BAKONGAN",
                "village": "KELURAHAN CONTOH",
            ],
        ]
        #expect(verdict?.output == expected)
        #expect(simulator.ledger.entries == [.init(key: call.key, operation: "call-nik", reference: "Q-1")])
    }

    @Test("a comparison tells what agrees and how alike the rest is")
    func verify() async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        let payload: JSONValue = [
            "nik": "3174015708900003", "name": "Siti  Contoh", "birthPlace": "JAKARTE", "birthDate": "1990-08-18",
            "sex": "female",
        ]
        let (_, _, verdict) = try await ask(simulator, Support.verify, payload)
        let expected: JSONValue = [
            "matches": false,
            "elements": [
                "nik": ["matches": true], "name": ["matches": true, "similarity": 100],
                "birthPlace": ["matches": false, "similarity": 85], "birthDate": ["matches": false],
                "sex": ["matches": true],
            ],
        ]
        #expect(verdict?.output == expected)
    }

    private static let people: [(nik: String, verdict: String, agencyCode: String?, notices: JSONValue?)] = [
        ("3174011708900003", "succeeded", nil, nil), ("3273012512850001", "succeeded", nil, nil),
        ("3578014107950002", "succeeded", nil, nil), ("5171010101800004", "succeeded", nil, nil),
        ("7371012902000001", "succeeded", nil, nil), ("9171011706880008", "succeeded", nil, nil),
        ("1271014503450005", "rejected", "11", nil), ("3374011011780006", "succeeded", nil, ["duplicate"]),
        ("6471014509920007", "succeeded", nil, ["inactive"]), ("3174011708900099", "rejected", "13", nil),
    ]

    @Test("everybody in the register has a valid NIK and is found, with the registry's remarks")
    func everybody() async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        for person in Self.people {
            let (_, _, verdict) = try await ask(simulator, Support.lookup, ["nik": .string(person.nik)])
            #expect(verdict?.name == person.verdict)
            #expect(verdict?.error?.agencyCode == person.agencyCode)
            #expect(verdict?.output?["notices"] == person.notices)
        }
    }

    private static let strangers: [(JSONObject, String)] = [
        (["userId": "OTHER"], "03"), (["password": "salah"], "03"), (["clientAddress": "10.9.9.9"], "04"),
        (["institution": "LAIN"], "16"), (["credentialNames": ["userId": "USERNAME"]], "09"),
    ]

    @Test("wrong credentials are refused and nothing is done", arguments: strangers)
    func credentials(change: JSONObject, code: String) async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        let adapter = try Support.adapter(change)
        let (_, _, verdict) = try await ask(simulator, Support.lookup, Self.siti, with: adapter)
        #expect(verdict?.name == "unauthorized")
        #expect(verdict?.error?.agencyCode == code)
        #expect(simulator.ledger.entries.isEmpty)
    }

    @Test("an older instance answers with sentences")
    func sentences() async throws {
        var rules = DukcapilSimulator.Rules()
        rules.errorStyle = .sentence
        let simulator = try DukcapilSimulator(rules: rules)
        defer { simulator.stop() }
        let (_, _, unknown) = try await ask(simulator, Support.lookup, ["nik": "3174011708900099"])
        #expect(unknown?.error?.code == .agencyNotFound)
        let stranger = try Support.adapter(["clientAddress": "10.9.9.9"])
        let (_, _, refused) = try await ask(simulator, Support.lookup, Self.siti, with: stranger)
        #expect(refused?.error?.agencyCode == "04")
    }

    @Test("the quota is counted by day and returns at midnight")
    func quota() async throws {
        var rules = DukcapilSimulator.Rules()
        rules.dailyQuota = 2
        let clock = ManualClock(Support.morning)
        let simulator = try DukcapilSimulator(clock: clock, rules: rules)
        defer { simulator.stop() }
        for expected in ["succeeded", "succeeded", "throttled"] {
            let (_, _, verdict) = try await ask(simulator, Support.lookup, Self.siti)
            #expect(verdict?.name == expected)
            guard case .throttled(let error, let until) = verdict else { continue }
            #expect(error.code == .agencyQuotaExhausted)
            clock.move(to: until)
        }
        let (_, _, verdict) = try await ask(simulator, Support.lookup, Self.siti)
        #expect(verdict?.name == "succeeded")
        #expect(simulator.ledger.entries.count == 3)
    }

    @Test("outside the access hours nothing is done until they open")
    func accessHours() async throws {
        var rules = DukcapilSimulator.Rules()
        rules.accessHours = 6 * 3600..<9 * 3600
        let clock = ManualClock(Support.morning)
        let simulator = try DukcapilSimulator(clock: clock, rules: rules)
        defer { simulator.stop() }
        let (_, _, closed) = try await ask(simulator, Support.lookup, Self.siti)
        guard case .throttled(let error, let until) = closed else {
            Issue.record("not throttled")
            return
        }
        #expect(error.code == .agencyOutsideHours)
        #expect(simulator.ledger.entries.isEmpty)
        clock.move(to: until)
        let (_, _, open) = try await ask(simulator, Support.lookup, Self.siti)
        #expect(open?.name == "succeeded")
    }

    private static let faults: [(fault: Fault, ending: String, effects: Int)] = [
        (.slow, "succeeded", 1), (.hang, "timeout", 1), (.resetBefore, "reset", 0), (.resetAfter, "reset", 1),
        (.status500, "transient", 0), (.html, "transient", 1), (.truncated, "reset", 1), (.garbage, "transient", 1),
        (.quota, "throttled", 0), (.outsideHours, "throttled", 0), (.duplicate, "succeeded", 1),
        (.unavailable, "throttled", 0), (.unauthorized, "unauthorized", 0),
    ]

    @Test("every fault ends as it should and then the registry works again", arguments: faults)
    func everyFault(fault: Fault, ending: String, effects: Int) async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        simulator.faults.inject(fault, operation: Support.lookup.text)
        let patience = CallTimeouts(firstByte: fault == .hang ? .milliseconds(500) : .seconds(20))
        let (call, outcome, verdict) = try await ask(simulator, Support.lookup, Self.siti, timeouts: patience)
        if case .failed(let failure) = outcome {
            #expect(failure.kind.rawValue == ending)
            #expect(failure.sendState == .maybeSent)
        } else {
            #expect(verdict?.name == ending)
        }
        #expect(simulator.ledger.entries(for: call.key).count == effects)
        #expect(try await ask(simulator, Support.lookup, Self.siti).verdict?.name == "succeeded")
    }

    @Test("the table of faults is complete")
    func completeTable() {
        #expect(Set(Self.faults.map(\.fault)) == Set(Fault.allCases))
    }

    @Test("a registry that refuses connections gets nothing, and works again when it accepts them")
    func refuses() async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        simulator.refuse()
        let (_, outcome, _) = try await ask(simulator, Support.lookup, Self.siti)
        guard case .failed(let failure) = outcome else {
            Issue.record("answered")
            return
        }
        #expect(failure.kind == .connect)
        #expect(failure.sendState == .notSent)
        try simulator.accept()
        #expect(try await ask(simulator, Support.lookup, Self.siti).verdict?.name == "succeeded")
    }

    private static let rubbish: [(path: [String], method: HTTPRequest.Method, body: String, status: Int)] = [
        (["get_json", "MPP-JAKSEL", "CALL_NIK"], .get, "", 405),
        (["get_json", "MPP-JAKSEL", "OTHER"], .post, "{}", 404),
        (["CALL_NIK"], .post, "{}", 404), (["get_json", "MPP-JAKSEL", "CALL_NIK"], .post, "<xml/>", 400),
        (["get_json", "MPP-JAKSEL", "CALL_NIK"], .post, "[]", 400),
    ]

    @Test("messages that are none are refused by status", arguments: rubbish)
    func refusesRubbish(path: [String], method: HTTPRequest.Method, body: String, status: Int) async throws {
        let simulator = try DukcapilSimulator()
        defer { simulator.stop() }
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let message = WireRequest(method: method, path: path, body: Array(body.utf8))
        let outcome = await transport.send(OutboundRequest(message, below: try BaseURL(simulator.baseURL)))
        guard case .answered(let response) = outcome else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == status)
        #expect(simulator.ledger.entries.isEmpty)
    }
}
