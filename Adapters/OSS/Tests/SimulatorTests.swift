internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import OSSAdapter
internal import OSSSimulator
internal import Testing

@Suite("The adapter against the simulated OSS")
struct SimulatorTests {
    /// Makes one call over the network.
    private func send(
        _ call: AdapterCall,
        to simulator: OSSSimulator,
        with adapter: any Adapter,
        timeouts: CallTimeouts = CallTimeouts()
    ) async throws -> (outcome: WireOutcome, exchange: Exchange?) {
        let message = try adapter.prepare(call)
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let outcome = await transport.send(
            OutboundRequest(message, below: try BaseURL(simulator.baseURL), timeouts: timeouts)
        )
        guard case .answered(let response) = outcome else { return (outcome, nil) }
        return (outcome, Exchange(request: message, response: response))
    }

    private func ask(_ call: AdapterCall, _ simulator: OSSSimulator) async throws -> Verdict? {
        let adapter = try Support.adapter()
        return try await send(call, to: simulator, with: adapter).exchange.map { adapter.classify($0, for: call) }
    }

    /// Asks what became of a call.
    private func inquire(about origin: AdapterCall, _ simulator: OSSSimulator) async throws -> Finding? {
        let adapter = try Support.adapter()
        var call = origin
        call.operation = try #require(adapter.descriptor.operation(OSSOperation.checkLicenseStatus.id))
        return try await send(call, to: simulator, with: adapter).exchange.map { adapter.assess($0, for: call) }
    }

    @Test("a business is looked up, its permit reported on, asked for and handed in")
    func goodWay() async throws {
        let simulator = try OSSSimulator(clock: ManualClock(now: Support.morning))
        defer { simulator.stop() }
        let business = try await ask(Support.call(.inqueryNIB), simulator)
        let permit = try #require(business?.output?["permits"]?[0])
        #expect(permit["permitId"] == .string(Support.permitID))
        #expect(permit["region"] == "31.74")
        #expect(business?.output?["projects"]?.arrayValue?.count == 2)
        let report = try Support.call(.receiveLicenseStatus)
        #expect(try await ask(report, simulator)?.output?["status"]?["sla"] == "pause")
        let status = try await ask(Support.call(.checkLicenseStatus), simulator)
        #expect(status?.output?["status"]?["code"] == "41")
        #expect(status?.output?["status"]?["agencyText"] == "Status 41")
        let issue = try Support.call(.receiveLicense)
        let issued = try await ask(issue, simulator)
        #expect(issued?.reference == "OSS-20260302-2")
        #expect(simulator.statusHistory(of: Support.permitID) == ["10", "41", "50"])
        #expect(simulator.ledger.entries.map(\.key) == [report.key, issue.key])
        let again = try await ask(Support.call(.inqueryNIB), simulator)
        #expect(again?.output?["permits"]?[0]?["permitNumber"] == "503/001/2026")
        #expect(again?.output?["permits"]?[0]?["permitDate"] == "2026-03-02")
    }

    private static let businesses: [(JSONValue, String?)] = [
        (["nib": "1234567890123"], "active"), (["npwp": "001234568017000"], "mayOperate"),
        (["npwp": "0001234568017000"], "mayOperate"), (["nib": "9120001234567", "detail": "brief"], "suspended"),
        (["nib": "0220001234567", "ossId": "P02-202401150000000000002"], "mayOperate"),
        (["nib": "9999999999999"], nil), (["nib": "9999999999999", "detail": "brief"], nil),
        (["npwp": "991234567017000"], nil), (["nib": "1234567890123", "ossId": "P02-9"], nil),
    ]

    @Test("businesses are found by either number, or not", arguments: businesses)
    func business(payload: JSONValue, meaning: String?) async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        let verdict = try await ask(Support.call(.inqueryNIB, payload), simulator)
        #expect(verdict?.output?["status"]?["meaning"]?.stringValue == meaning)
        #expect(meaning != nil || verdict?.error?.code == .agencyNotFound)
    }

    @Test("a report sent twice is two, and the ledger shows it")
    func notIdempotent() async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        let call = try Support.call(.receiveLicenseStatus)
        for _ in 1...2 { #expect(try await ask(call, simulator)?.name == "succeeded") }
        #expect(simulator.ledger.repeatedKeys.count == 1)
        #expect(simulator.statusHistory(of: Support.permitID) == ["10", "41", "41"])
    }

    private static let refusals: [(OSSOperation, JSONObject, String)] = [
        (.receiveLicenseStatus, ["permitId": "I-9"], "agency-not-found"),
        (.receiveLicenseStatus, ["nib": "0220001234567"], "agency-not-found"),
        (.receiveLicense, ["projectId": "R-9"], "agency-not-found"),
        (.checkLicenseStatus, ["permitId": "I-9"], "agency-not-found"),
    ]

    @Test("a permit that does not fit is refused and nothing is done", arguments: refusals)
    func refusesPermit(operation: OSSOperation, changes: JSONObject, code: String) async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        let payload = Support.with(Support.payload(operation).objectValue ?? [:], changes)
        let verdict = try await ask(Support.call(operation, payload), simulator)
        #expect(verdict?.name == "rejected")
        #expect(verdict?.error?.code.rawValue == code)
        #expect(simulator.ledger.entries.isEmpty)
    }

    @Test(
        "strangers are refused and nothing is done",
        arguments: [["userKey": "wrong"], ["institution": "999"], ["userKey": nil]] as [JSONObject]
    )
    func credentials(change: JSONObject) async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        let adapter = try Support.adapter(change)
        let call = try Support.call(.receiveLicenseStatus)
        let exchange = try await send(call, to: simulator, with: adapter).exchange
        #expect(exchange.map { adapter.classify($0, for: call).name } == "unauthorized")
        #expect(simulator.ledger.entries.isEmpty)
    }

    @Test("other spellings of wrapper and codes, and codes as status, change nothing")
    func styles() async throws {
        for wrapper in ["responcheckLicenseStatus", "responcheckStatusLicense", "responsecheckStatusLicense", "respon"]
        {
            var rules = OSSSimulator.Rules()
            rules.statusWrapper = wrapper
            rules.writesCodesAsText = true
            rules.repeatsCodeAsStatus = true
            let simulator = try OSSSimulator(rules: rules)
            defer { simulator.stop() }
            let report = try Support.call(.receiveLicenseStatus)
            #expect(try await inquire(about: report, simulator)?.name == "notDone")
            #expect(try await ask(report, simulator)?.name == "succeeded")
            #expect(try await inquire(about: report, simulator)?.name == "done")
            let unknown = try await ask(Support.call(.inqueryNIB, ["nib": "9999999999999"]), simulator)
            #expect(unknown?.error?.code == .agencyNotFound)
        }
    }

    /// What each fault leads to: the verdict on a query and on a message with an effect ("timeout" and "reset" for no
    /// complete answer), how many effects there are, and what an inquiry about it finds.
    private static let faults: [(fault: Fault, query: String, effect: String, effects: Int, finding: String)] = [
        (.slow, "succeeded", "succeeded", 1, "done"), (.hang, "timeout", "timeout", 1, "done"),
        (.resetBefore, "reset", "reset", 0, "notDone"), (.resetAfter, "reset", "reset", 1, "done"),
        (.status500, "transient", "inDoubt", 0, "notDone"), (.html, "transient", "inDoubt", 1, "done"),
        (.truncated, "reset", "reset", 1, "done"), (.garbage, "transient", "inDoubt", 1, "done"),
        (.quota, "throttled", "throttled", 0, "notDone"), (.outsideHours, "transient", "inDoubt", 0, "notDone"),
        (.duplicate, "succeeded", "inDoubt", 0, "notDone"), (.unavailable, "throttled", "inDoubt", 0, "notDone"),
        (.unauthorized, "unauthorized", "unauthorized", 0, "notDone"),
    ]

    @Test(
        "every fault ends as it should, an inquiry finds the truth, and then OSS works again",
        arguments: faults.indices,
        OSSOperation.allCases
    )
    func everyFault(index: Int, operation: OSSOperation) async throws {
        let (fault, query, effect, effects, found) = Self.faults[index]
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        simulator.faults.inject(fault, operation: operation.rawValue)
        let adapter = try Support.adapter()
        let call = try Support.call(operation)
        let isQuery = call.operation.effect == .query
        let ending = isQuery ? query : effect
        let patience = CallTimeouts(firstByte: fault == .hang ? .milliseconds(500) : .seconds(20))
        let (outcome, exchange) = try await send(call, to: simulator, with: adapter, timeouts: patience)
        if case .failed(let failure) = outcome {
            #expect(failure.kind.rawValue == ending)
            #expect(failure.sendState == .maybeSent)
        } else {
            #expect(exchange.map { adapter.classify($0, for: call).name } == ending)
        }
        #expect(simulator.ledger.entries(for: call.key).count == (isQuery ? 0 : effects))
        if !isQuery { #expect(try await inquire(about: call, simulator)?.name == found) }
        #expect(try await ask(call, simulator)?.name == "succeeded")
    }

    @Test("the table of faults is complete")
    func completeTable() {
        #expect(Set(Self.faults.map(\.fault)) == Set(Fault.allCases))
    }

    @Test(
        "after another office changed the status, nothing is sent again",
        arguments: [OSSOperation.receiveLicenseStatus, .receiveLicense]
    )
    func overtaken(operation: OSSOperation) async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        simulator.faults.inject(.resetAfter, operation: operation.rawValue)
        let call = try Support.call(operation)
        _ = try await send(call, to: simulator, with: Support.adapter())
        simulator.setStatus("45", of: Support.permitID)
        #expect(try await inquire(about: call, simulator)?.name == "unclear")
    }

    @Test("an OSS that refuses connections gets nothing, and works again when it accepts them")
    func refuses() async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        simulator.refuse()
        let call = try Support.call(.receiveLicenseStatus)
        guard case .failed(let failure) = try await send(call, to: simulator, with: Support.adapter()).outcome else {
            Issue.record("answered")
            return
        }
        #expect(failure.sendState == .notSent)
        try simulator.accept()
        #expect(try await ask(call, simulator)?.name == "succeeded")
        #expect(simulator.ledger.entries(for: call.key).count == 1)
    }

    private static let rubbish: [(path: [String], method: HTTPRequest.Method, body: String, status: Int)] = [
        (["inqueryNIB"], .get, "", 405), (["inquiryNIB"], .post, "{}", 404), ([], .post, "{}", 404),
        (["inqueryNIB"], .post, "<xml/>", 200), (["receiveLicense"], .post, "[]", 200),
        (["receiveLicenseStatus"], .post, #"{"IZINSTATUS":[]}"#, 200),
    ]

    @Test("messages that are none are refused", arguments: rubbish)
    func refusesRubbish(path: [String], method: HTTPRequest.Method, body: String, status: Int) async throws {
        let simulator = try OSSSimulator()
        defer { simulator.stop() }
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        var message = WireRequest(method: method, path: path, body: Array(body.utf8))
        message.headerFields[try #require(HTTPField.Name("user_key"))] = "demo-user-key"
        let outcome = await transport.send(OutboundRequest(message, below: try BaseURL(simulator.baseURL)))
        guard case .answered(let response) = outcome else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == status)
        if status == 200 {
            let answer = try JSONValue(parsing: response.body)
            #expect(answer.objectValue?.values.first?["kode"] == 400)
        }
        #expect(simulator.ledger.entries.isEmpty)
    }
}
