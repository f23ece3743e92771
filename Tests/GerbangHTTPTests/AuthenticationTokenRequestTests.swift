internal import GerbangCore
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@testable internal import GerbangHTTP

@Suite("Asking for a token")
struct AuthenticationTokenRequestTests {
    private func request(_ change: (inout OAuth2Client) -> Void = { _ in }) throws -> OutboundRequest {
        var client = OAuth2Client.sample
        change(&client)
        _ = try Authentication([.oauth2(client)])
        return try client.tokenRequest(profile: TransportProfile(userAgent: "uji"), at: ManualClock.start)
    }

    private func form(_ request: OutboundRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("by default everything stands in the form")
    func inForm() throws {
        let request = try request {
            $0.clientSecret = Sensitive("a b&c=ü+")
            $0.scope = "satu dua"
            $0.audience = "https://api.example"
        }
        #expect(request.method == .post)
        #expect(request.url == TestLine.tokenURL)
        #expect(request.headerFields[.contentType] == "application/x-www-form-urlencoded")
        #expect(request.headerFields[.accept] == "application/json")
        #expect(request.headerFields[.authorization] == nil)
        #expect(request.profile.userAgent == "uji")
        #expect(
            form(request)
                == "grant_type=client_credentials&client_id=gerbang&client_secret=a%20b%26c%3D%C3%BC%2B&scope=satu%20dua&audience=https%3A%2F%2Fapi.example"
        )
    }

    @Test("in Basic, percent-encoded as the RFC says, or as they are")
    func inBasic() throws {
        let encoded = try request {
            $0.clientSecret = Sensitive("a:b%")
            $0.credentials = .basic
        }
        #expect(encoded.headerFields[.authorization] == Authentication.basic("gerbang", "a%3Ab%25"))
        #expect(form(encoded) == "grant_type=client_credentials")
        let plain = try request {
            $0.clientSecret = Sensitive("a:b%")
            $0.credentials = .plainBasic
        }
        #expect(plain.headerFields[.authorization] == Authentication.basic("gerbang", "a:b%"))
    }

    @Test(
        "the grant may stand in the query, once",
        arguments: [
            ("", "?grant_type=client_credentials"), ("?", "?grant_type=client_credentials"),
            ("?a=b", "?a=b&grant_type=client_credentials"), ("?a=b&", "?a=b&grant_type=client_credentials"),
            ("?grant_type=client_credentials", "?grant_type=client_credentials"),
        ]
    )
    func inQuery(query: String, expected: String) throws {
        let request = try request {
            $0.tokenURL = "https://satusehat.example/oauth2/v1/accesstoken\(query)"
            $0.grantPlacement = .query
        }
        #expect(request.url == "https://satusehat.example/oauth2/v1/accesstoken\(expected)")
        #expect(form(request) == "client_id=gerbang&client_secret=rahasia")
    }

    @Test("a token request never shows what it holds")
    func description() throws {
        let request = try request()
        var dumped = "\(request)"
        dump(request, to: &dumped)
        #expect(!dumped.contains("rahasia"))
    }

    // MARK: - Answers

    private func answer(_ outcome: WireOutcome) -> (token: String?, lifetime: Duration?, failure: WireFailure?) {
        switch TokenAnswer(outcome, now: ManualClock.start) {
        case .token(let token, let lifetime): (token.revealed, lifetime, nil)
        case .failure(let failure, _): (nil, nil, failure)
        }
    }

    @Test("SATUSEHAT's answer is read, with its numbers in quotes and its dotted key")
    func satusehat() {
        let body = """
            {"refresh_token_expires_in":"0","api_product_list":"[api-sandbox]","api_product_list_json":["api-sandbox"],
             "organization_name":"ihs-prod-1","developer.email":"dev@example.go.id","token_type":"BearerToken",
             "issued_at":"1700000000000","client_id":"demo","access_token":"TOKEN","application_name":"x",
             "scope":"","expires_in":"3599","refresh_count":"0","status":"approved"}
            """
        let answer = answer(.status(200, body))
        #expect(answer.token == "TOKEN")
        #expect(answer.lifetime == .seconds(3599))
    }

    @Test("SNAP's answer is read, with its own names")
    func snap() {
        let body = #"{"responseCode":"2007300","accessToken":"T.1-_~+/=","tokenType":"Bearer","expiresIn":"900"}"#
        let answer = answer(.status(200, body))
        #expect(answer.token == "T.1-_~+/=")
        #expect(answer.lifetime == .seconds(900))
    }

    @Test("a byte order mark and other 2xx do not matter")
    func lenient() {
        #expect(answer(.status(201, "\u{FEFF}{\"access_token\":\"t\"}")).token == "t")
        #expect(answer(.status(200, #"{"access_token":"t"}"#)).lifetime == nil)
    }

    @Test(
        "what has no usable token is unreadable",
        arguments: [
            "", "<html><body>Runtime Error</body></html>", "OK", "[]", "{}", "null", #"{"access_token":null}"#,
            #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token":"a b"}"#,
            #"{"access_token":"a\r\nX-Admin: 1"}"#, #"{"access_token":"\u0000"}"#, #"{"access_token":"é"}"#,
            #"{"access_token":"t""#, #"{"error":"rahasia-3174"}"#,
        ]
    )
    func unreadable(body: String) {
        let failure = answer(.status(200, body)).failure
        #expect(
            failure
                == WireFailure(
                    .malformed,
                    .notSent,
                    detail: "the token endpoint answered HTTP 200 without a usable token"
                )
        )
    }

    @Test(
        "what an answer without a token means",
        arguments: [
            (200, "invalid_client", WireFailure.Kind.unauthorized), (302, "", .malformed),
            (400, "invalid_scope", .unauthorized), (400, "", .unauthorized), (401, "invalid_client", .unauthorized),
            (403, "", .unauthorized), (404, "", .unauthorized), (408, "", .unavailable), (425, "", .unavailable),
            (429, "", .unavailable), (500, "", .unavailable), (502, "", .unavailable), (503, "", .unavailable),
            (504, "", .unavailable),
        ]
    )
    func refusals(status: Int, error: String, kind: WireFailure.Kind) {
        let body = error.isEmpty ? "Gateway Timeout" : #"{"error":"\#(error)","error_description":"rahasia-3174"}"#
        let failure = answer(.status(status, body)).failure
        #expect(failure?.kind == kind)
        #expect(failure?.sendState == .notSent)
        #expect(failure?.detail.contains("rahasia") == false)
        #expect(failure?.detail.contains("HTTP \(status)") == true)
        #expect(failure?.detail.contains("(\(error))") == !error.isEmpty)
    }

    @Test("a token in an error's body is none")
    func tokenInError() {
        #expect(answer(.status(401, #"{"access_token":"t"}"#)).failure?.kind == .unauthorized)
    }

    @Test("an endpoint that is not reached fails in its own way, and the message was never sent")
    func unreached() {
        for kind in [WireFailure.Kind.resolve, .connect, .certificate, .timeout, .cancelled, .unsendable] {
            for sendState in [SendState.notSent, .maybeSent] {
                let failure = answer(.failed(WireFailure(kind, sendState, detail: "d"))).failure
                #expect(failure == WireFailure(kind, .notSent, detail: "no token: d"))
            }
        }
    }
}
