internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import SATUSEHATSimulator
internal import Testing

@Suite("The simulated platform's tokens")
struct TokenTests {
    private static let read = WireRequest(method: .get, path: ["fhir-r4", "v1", "Patient", "P02478375538"])

    @Test("a token comes in the gateway's own form: texts for numbers, a dotted key, another token type")
    func form() async throws {
        let line = try await Line(to: SATUSEHATSimulator(clock: ManualClock(now: Support.morning)))
        defer { line.close() }
        let answer = try JSONValue(parsing: await line.answer(Line.tokenMessage()).body)
        #expect(answer["expires_in"] == "3599")
        #expect(answer["token_type"] == "BearerToken")
        #expect(answer["issued_at"] == "1772420400000")
        #expect(answer["developer.email"] != nil)
        #expect(answer["api_product_list_json"] == ["api-sandbox"])
        #expect(answer["status"] == "approved")
        #expect(answer["access_token"]?.stringValue?.isEmpty == false)
        #expect(line.simulator.issuedTokenCount == 2)
    }

    private static let refused: [(WireRequest, Int)] = [
        (Line.tokenMessage("client_id=demo&client_secret=other"), 401),
        (Line.tokenMessage("client_id=&client_secret=demo"), 401),
        (Line.tokenMessage(""), 401),
        (Line.tokenMessage(grant: "password"), 401),
        (WireRequest(method: .post, path: ["oauth2", "v1", "accesstoken"]), 401),
        (WireRequest(method: .get, path: ["oauth2", "v1", "accesstoken"]), 404),
        (WireRequest(method: .post, path: ["oauth2", "v1", "token"]), 404),
    ]

    @Test(
        "a client that is not known gets an OperationOutcome with a severity that FHIR does not have",
        arguments: refused
    )
    func badClient(message: WireRequest, status: Int) async throws {
        let line = try await Line(to: SATUSEHATSimulator())
        defer { line.close() }
        let answer = try await line.answer(message)
        #expect(answer.status == status)
        if status == 401 {
            #expect(try JSONValue(parsing: answer.body)["issue"]?[0]?["severity"] == "invalid")
        }
        #expect(line.simulator.issuedTokenCount == 1)
    }

    @Test("client and secret are decoded as forms are")
    func formEncoding() async throws {
        var rules = SATUSEHATSimulator.Rules()
        rules.clientID = "demo +&=%é"
        let simulator = try SATUSEHATSimulator(rules: rules)
        let line = try await Line(to: simulator, form: "client_secret=d%65mo&client_id=demo+%2B%26%3D%25%C3%A9")
        defer { line.close() }
        #expect(try await line.answer(Self.read).status == 200)
    }

    @Test("a token is valid for its lifetime, by the injected clock")
    func lifetime() async throws {
        let clock = ManualClock(now: Support.morning)
        var rules = SATUSEHATSimulator.Rules()
        rules.tokenLifetime = .seconds(14_399)
        let line = try await Line(to: SATUSEHATSimulator(clock: clock, rules: rules))
        defer { line.close() }
        clock.advance(by: .seconds(14_398))
        #expect(try await line.answer(Self.read).status == 200)
        clock.advance(by: .seconds(1))
        let answer = try await line.answer(Self.read)
        #expect(answer.status == 401)
        let code = try JSONValue(parsing: answer.body)["fault"]?["detail"]?["errorcode"]
        #expect(code == "keymanagement.service.access_token_expired")
    }

    @Test("tokens that were made invalid stay so, and a new one works")
    func expireTokens() async throws {
        let simulator = try SATUSEHATSimulator()
        let old = try await Line(to: simulator)
        defer { old.close() }
        #expect(try await old.answer(Self.read).status == 200)
        simulator.expireTokens()
        let call = try Support.call(Support.findPatient, Support.patient)
        let verdict = try await old.ask(call).verdict
        #expect(verdict?.name == "unauthorized")
        let new = try await Line(to: simulator)
        defer { new.close() }
        #expect(try await new.ask(call).verdict?.name == "succeeded")
        #expect(simulator.issuedTokenCount == 2)
    }

    private static let headers = [
        nil, "", "Bearer", "Bearer nobody", "BearerToken {token}", "{token}", "Basic {token}",
    ]

    @Test("without a token in the right form nothing is told", arguments: headers)
    func noToken(header: String?) async throws {
        let line = try await Line(to: SATUSEHATSimulator())
        defer { line.close() }
        let response = try await line.answer(Self.read, authorization: header)
        #expect(response.status == 401)
        let code = try JSONValue(parsing: response.body)["fault"]?["detail"]?["errorcode"]
        #expect(code == "keymanagement.service.invalid_access_token")
    }

    @Test("an address that is not admitted gets a plain HTTP 500 instead of a token")
    func addressNotAdmitted() async throws {
        let line = try await Line(to: SATUSEHATSimulator())
        defer { line.close() }
        line.simulator.faults.inject(.status500, operation: "token")
        let answer = try await line.answer(Line.tokenMessage())
        #expect(answer.status == 500)
        #expect(answer.headerFields[.contentType] == "text/plain")
        #expect(line.simulator.issuedTokenCount == 1)
        #expect(try await line.answer(Line.tokenMessage()).status == 200)
    }
}
