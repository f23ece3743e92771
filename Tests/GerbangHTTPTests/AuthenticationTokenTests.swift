internal import GerbangCore
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@testable internal import GerbangHTTP

@Suite("Tokens", .timeLimit(.minutes(10)))
struct AuthenticationTokenTests {
    private let clock = ManualClock()

    private func transport(
        _ line: TestLine,
        _ client: OAuth2Client = .sample
    ) throws -> AuthenticatedTransport {
        AuthenticatedTransport(line, authentication: try Authentication([.oauth2(client)]), clock: clock)
    }

    // MARK: - Fetching

    @Test("a hundred calls at once fetch one token")
    func singleFlight() async throws {
        let door = Door()
        let line = TestLine { _, number in
            await door.pass()
            return .token(number)
        }
        let transport = try transport(line)
        let answered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { await transport.send(.sample).status == 200 }
            }
            // Everybody who waits for the token also waits for the end of his patience.
            await clock.waitForSleepers(100)
            door.open()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answered == 100)
        #expect(line.tokens.count == 1)
        #expect(line.values(.authorization) == Array(repeating: "Bearer token-1", count: 100))
        #expect(clock.sleeperCount == 0)
    }

    @Test("nobody waits for the token of a message that needs none")
    func withoutTokens() async throws {
        let line = TestLine { _, number in .token(number) }
        let list = try Authentication([.apiKey(header: .cookie, value: Sensitive("k"))])
        let transport = AuthenticatedTransport(line, authentication: list, clock: clock)
        #expect(await transport.send(.sample).status == 200)
        #expect(line.tokens.isEmpty)
        #expect(line.calls.first?.timeouts == OutboundRequest.sample.timeouts)
    }

    @Test("a waiter that is cancelled leaves the others waiting")
    func cancelledWaiter() async throws {
        let door = Door()
        let line = TestLine { _, number in
            await door.pass()
            return .token(number)
        }
        let transport = try transport(line)
        // The one that is cancelled is the one for whom the fetch began.
        let first = Task { await transport.send(.sample) }
        await clock.waitForSleepers(1)
        let second = Task { await transport.send(.sample) }
        await clock.waitForSleepers(2)
        first.cancel()
        let failure = await first.value.failure
        #expect(failure?.kind == .cancelled)
        #expect(failure?.sendState == .notSent)
        door.open()
        #expect(await second.value.status == 200)
        #expect(line.tokens.count == 1)
        #expect(line.calls.count == 1)
    }

    @Test("a call that was cancelled before asks for nothing twice and ends at once")
    func cancelledBefore() async throws {
        let door = Door()
        let line = TestLine { _, number in
            await door.pass()
            return .token(number)
        }
        let transport = try transport(line)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await transport.send(.sample)
        }
        task.cancel()
        #expect(await task.value.failure?.kind == .cancelled)
        #expect(line.calls.isEmpty)
        door.open()
    }

    @Test("a waiter gives up when its own time is over, and the others go on")
    func impatientWaiter() async throws {
        let door = Door()
        let line = TestLine { _, number in
            await door.pass()
            return .token(number)
        }
        let transport = try transport(line)
        var hasty = OutboundRequest.sample
        hasty.timeouts.total = .seconds(5)
        let request = hasty
        let first = Task { await transport.send(request) }
        let second = Task { await transport.send(.sample) }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(6))
        let failure = await first.value.failure
        #expect(failure == WireFailure(.timeout, .notSent, detail: "no token in time"))
        door.open()
        #expect(await second.value.status == 200)
        #expect(line.tokens.count == 1)
    }

    @Test("what a message may take is what the token has left of its time")
    func timeLimits() async throws {
        let line = TestLine { _, number in .token(number) }
        #expect(await (try transport(line)).send(.sample).status == 200)
        let limits = try #require(line.calls.first?.timeouts)
        #expect(limits.total <= OutboundRequest.sample.timeouts.total)
        #expect(limits.firstByte <= limits.total)
        #expect(limits.total > .seconds(60))
        #expect(line.tokens.first?.timeouts == CallTimeouts())
    }

    // MARK: - Renewing

    @Test("a token is renewed after four fifths of its life, while calls go on with it")
    func earlyRenewal() async throws {
        let door = Door()
        let line = TestLine { _, number in
            if number == 2 { await door.pass() }
            return .token(number)
        }
        let transport = try transport(line)
        #expect(await transport.send(.sample).status == 200)
        clock.advance(by: .seconds(79))
        #expect(await transport.send(.sample).status == 200)
        #expect(line.tokens.count == 1)
        clock.advance(by: .seconds(1))
        for _ in 0..<3 { #expect(await transport.send(.sample).status == 200) }
        try await eventually("it is being renewed") { line.tokens.count == 2 }
        #expect(line.values(.authorization) == Array(repeating: "Bearer token-1", count: 5))
        door.open()
        try await eventually("the new one is used") {
            _ = await transport.send(.sample)
            return line.values(.authorization).last == "Bearer token-2"
        }
        #expect(line.tokens.count == 2)
    }

    @Test("a token that has ended is not used; ten seconds before its end count as the end")
    func expiry() async throws {
        let line = TestLine { _, number in .token(number) }
        let transport = try transport(line)
        #expect(await transport.send(.sample).status == 200)
        clock.advance(by: .seconds(90))
        #expect(await transport.send(.sample).status == 200)
        #expect(line.values(.authorization) == ["Bearer token-1", "Bearer token-2"])
    }

    @Test(
        "how long a token is used, whatever its lifetime is written like",
        arguments: [
            ("3599", Int64(3588), Int64(3589)), ("\"3599\"", 3588, 3589), ("3599.9", 3589, 3590), ("20", 17, 18),
            ("null", 289, 290), ("\"\"", 289, 290), ("0", 289, 290), ("-1", 289, 290), ("\"selamanya\"", 289, 290),
            ("9223372036854775807", 86_389, 86_390), ("{}", 289, 290),
        ]
    )
    func lifetimes(text: String, lives: Int64, ends: Int64) async throws {
        let line = TestLine { _, number in number == 1 ? .token(1, lifetime: text) : .status(503) }
        let transport = try transport(line)
        #expect(await transport.send(.sample).status == 200)
        clock.advance(by: .seconds(lives))
        #expect(await transport.send(.sample).status == 200, "still good, though renewing fails")
        clock.advance(by: .seconds(ends - lives))
        #expect(await transport.send(.sample).failure?.kind == .unavailable)
    }

    @Test("while renewing fails the token is used to its end, and the endpoint is not asked at every call")
    func failingRenewal() async throws {
        let line = TestLine { _, number in number == 1 ? .token(1) : .failed(WireFailure(.connect, .notSent)) }
        let transport = try transport(line)
        #expect(await transport.send(.sample).status == 200)
        clock.advance(by: .seconds(80))
        for _ in 0..<50 { #expect(await transport.send(.sample).status == 200) }
        try await eventually("renewing was tried") { line.tokens.count == 2 }
        clock.advance(by: .seconds(9))
        for _ in 0..<50 { #expect(await transport.send(.sample).status == 200) }
        try await eventually("renewing was tried again") { line.tokens.count == 3 }
        clock.advance(by: .seconds(3))
        let failure = await transport.send(.sample).failure
        #expect(failure?.kind == .connect)
        #expect(failure?.sendState == .notSent)
        #expect(line.tokens.count <= 4)
    }

    @Test("a clock that is set back keeps nobody from fetching")
    func clockSetBack() async throws {
        let line = TestLine { _, number in number == 1 ? .status(401) : .token(number) }
        let transport = try transport(line)
        #expect(await transport.send(.sample).failure?.kind == .unauthorized)
        clock.advance(by: .seconds(-3600))
        #expect(await transport.send(.sample).status == 200)
    }

    // MARK: - Failing

    @Test("a failed fetch is everybody's failure, and is not repeated before a while has passed")
    func storm() async throws {
        let door = Door()
        let line = TestLine { _, _ in
            await door.pass()
            return .status(500, "<html>Runtime Error</html>")
        }
        let transport = try transport(line)
        let failures = await withTaskGroup(of: WireFailure?.self) { group in
            for _ in 0..<100 {
                group.addTask { await transport.send(.sample).failure }
            }
            await clock.waitForSleepers(100)
            door.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        let expected = WireFailure(.unavailable, .notSent, detail: "the token endpoint answered HTTP 500")
        #expect(failures.allSatisfy { $0 == expected })
        #expect(line.tokens.count == 1)
        // 1, 2, 4, … seconds, at most a minute.
        for (pause, count) in [(1, 2), (2, 3), (4, 4), (8, 5), (16, 6), (32, 7), (60, 8), (60, 9)] {
            clock.advance(by: .seconds(pause) - .milliseconds(1))
            for _ in 0..<10 { #expect(await transport.send(.sample).failure == expected) }
            #expect(line.tokens.count == count - 1)
            clock.advance(by: .milliseconds(1))
            for _ in 0..<10 { #expect(await transport.send(.sample).failure == expected) }
            #expect(line.tokens.count == count)
        }
        #expect(line.calls.isEmpty)
    }

    @Test("an endpoint that refuses us is asked again after half a minute, then ever more rarely")
    func refusal() async throws {
        let line = TestLine { _, number in number < 4 ? .status(401, #"{"error":"invalid_client"}"#) : .token(number) }
        let transport = try transport(line)
        let expected = WireFailure(
            .unauthorized,
            .notSent,
            detail: "the token endpoint answered HTTP 401 (invalid_client)"
        )
        #expect(await transport.send(.sample).failure == expected)
        for (pause, count) in [(30, 2), (60, 3), (120, 4)] {
            clock.advance(by: .seconds(pause) - .milliseconds(1))
            #expect(await transport.send(.sample).failure == expected)
            #expect(line.tokens.count == count - 1)
            clock.advance(by: .milliseconds(1))
            _ = await transport.send(.sample)
            #expect(line.tokens.count == count)
        }
        #expect(await transport.send(.sample).status == 200)
    }

    @Test("an endpoint that asks to wait is left alone that long")
    func retryAfter() async throws {
        let line = TestLine { _, number in
            number == 1 ? .status(429, "", [.retryAfter: "120"]) : .token(number)
        }
        let transport = try transport(line)
        #expect(await transport.send(.sample).failure?.kind == .unavailable)
        clock.advance(by: .seconds(119))
        #expect(await transport.send(.sample).failure?.kind == .unavailable)
        #expect(line.tokens.count == 1)
        clock.advance(by: .seconds(1))
        #expect(await transport.send(.sample).status == 200)
    }

    // MARK: - Refused by the agency

    @Test("a 401 is followed by one new token and one more message, never by a third")
    func refusedOnce() async throws {
        let line = TestLine(token: { _, number in .token(number) }, call: { _, _ in .status(401, "tidak dikenal") })
        let transport = try transport(line)
        let outcome = await transport.send(.sample)
        #expect(outcome == .status(401, "tidak dikenal"))
        #expect(line.values(.authorization) == ["Bearer token-1", "Bearer token-2"])
        #expect(line.tokens.count == 2)
    }

    @Test("the message that goes out again is the same message, for operations of every effect")
    func sameMessage() async throws {
        let line = TestLine(
            token: { _, number in .token(number) },
            call: { _, number in number == 1 ? .status(401) : .status(201, "ok") }
        )
        let transport = try transport(line)
        for resend in [Resend.never, .allowed] {
            var message = OutboundRequest(
                method: .post,
                url: TestLine.agencyURL,
                headerFields: [.contentType: "text/xml"],
                body: [1, 2],
                timeouts: Shared.patient,
                resend: resend
            )
            message.maximumResponseBytes = 77
            #expect(await transport.send(message) == .status(201, "ok"))
        }
        #expect(line.calls.count == 3)
        for call in line.calls {
            #expect(call.method == .post && call.url == TestLine.agencyURL && call.body == [1, 2])
            #expect(call.headerFields[.contentType] == "text/xml")
            #expect(call.maximumResponseBytes == 77)
            #expect(call.timeouts.total <= Shared.patient.total)
        }
        #expect(line.calls.map(\.resend) == [.never, .never, .allowed])
    }

    @Test("an agency that refuses every token costs one token at once, and further ones ever more rarely")
    func refusedForEver() async throws {
        let line = TestLine(token: { _, number in .token(number, lifetime: "3600") }, call: { _, _ in .status(401) })
        let transport = try transport(line)
        for _ in 0..<20 { #expect(await transport.send(.sample).status == 401) }
        #expect(line.tokens.count == 2)
        #expect(line.calls.count == 21, "only the first was sent twice")
        clock.advance(by: .seconds(5))
        for _ in 0..<20 { #expect(await transport.send(.sample).status == 401) }
        #expect(line.tokens.count == 3)
        clock.advance(by: .seconds(5))
        for _ in 0..<20 { #expect(await transport.send(.sample).status == 401) }
        #expect(line.tokens.count == 3, "the next pause is longer")
        clock.advance(by: .seconds(5))
        for _ in 0..<20 { #expect(await transport.send(.sample).status == 401) }
        #expect(line.tokens.count == 4)
    }

    @Test("a hundred calls that are refused at once fetch one token")
    func refusedTogether() async throws {
        let door = Door()
        let line = TestLine(
            token: { _, number in
                if number == 2 { await door.pass() }
                return .token(number)
            },
            call: { request, _ in request.headerFields[.authorization] == "Bearer token-1" ? .status(401) : .status(200)
            }
        )
        let transport = try transport(line)
        let answered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { await transport.send(.sample).status == 200 }
            }
            try? await eventually("all are refused") { line.calls.count == 100 }
            door.open()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answered == 100)
        #expect(line.tokens.count == 2)
        #expect(line.calls.count == 200)
    }

    @Test("a late 401 about an old token does not throw away the new one")
    func lateRefusal() async throws {
        let door = Door()
        let line = TestLine(
            token: { _, number in .token(number) },
            call: { request, number in
                if number == 1 { await door.pass() }
                return request.headerFields[.authorization] == "Bearer token-1" ? .status(401) : .status(200)
            }
        )
        let transport = try transport(line)
        let slow = Task { await transport.send(.sample) }
        try await eventually("the slow call is under way") { line.calls.count == 1 }
        #expect(await transport.send(.sample).status == 200)
        #expect(line.tokens.count == 2)
        door.open()
        #expect(await slow.value.status == 200)
        #expect(await transport.send(.sample).status == 200)
        #expect(line.tokens.count == 2)
    }

    @Test("when no new token is to be had, the answer is handed on as it was")
    func noReplacement() async throws {
        let line = TestLine(
            token: { _, number in number == 1 ? .token(1) : .failed(WireFailure(.timeout, .maybeSent)) },
            call: { _, _ in .status(401, "basi") }
        )
        let transport = try transport(line)
        #expect(await transport.send(.sample) == .status(401, "basi"))
        #expect(line.calls.count == 1)
        let failure = await transport.send(.sample).failure
        #expect(failure?.kind == .timeout)
        #expect(failure?.sendState == .notSent, "the token request may have left, the message has not")
    }

    @Test(
        "a second try only where a quarter of the call's time is left, and only for as long",
        arguments: [(1, 2), (21, 2), (22, 2), (23, 1), (29, 1), (31, 1)]
    )
    func tooLate(seconds: Int, calls: Int) async throws {
        let time = Mutex(MonotonicInstant.now)
        let line = TestLine(
            token: { _, number in .token(number) },
            call: { _, _ in
                time.withLock { $0 = $0.advanced(by: .seconds(seconds)) }
                return .status(401)
            }
        )
        let transport = AuthenticatedTransport(
            line,
            authentication: try Authentication([.oauth2(.sample)]),
            clock: clock
        ) {
            time.withLock { $0 }
        }
        var request = OutboundRequest.sample
        request.timeouts = CallTimeouts(connect: .seconds(5), firstByte: .seconds(20), total: .seconds(30))
        #expect(await transport.send(request).status == 401)
        #expect(line.calls.count == calls)
        guard calls == 2 else { return }
        let left = Duration.seconds(30 - seconds)
        let expected = CallTimeouts(connect: .seconds(5), firstByte: min(.seconds(20), left), total: left)
        #expect(line.calls.last?.timeouts == expected)
    }

    @Test("a token that takes all of the call's time leaves none for the message")
    func slowToken() async throws {
        let time = Mutex(MonotonicInstant.now)
        let line = TestLine { _, number in
            time.withLock { $0 = $0.advanced(by: .seconds(200)) }
            return .token(number)
        }
        let list = try Authentication([.oauth2(.sample)])
        let transport = AuthenticatedTransport(line, authentication: list, clock: clock) { time.withLock { $0 } }
        let failure = await transport.send(.sample).failure
        #expect(failure == WireFailure(.timeout, .notSent, detail: "no time left after getting a token"))
        #expect(line.calls.isEmpty)
    }

    @Test("a scheme that cannot change makes no second try")
    func fixedSchemes() async throws {
        let key = MessageSignature(key: .hmacSHA256(Sensitive("k")), stringToSign: .init([.timestamp]), header: .date)
        for scheme in [
            AuthenticationScheme.apiKey(header: .cookie, value: Sensitive("k")),
            .basic(user: "u", password: Sensitive("p")), .bearer(token: Sensitive("t")), .signature(key),
        ] {
            let line = TestLine(token: { _, number in .token(number) }, call: { _, _ in .status(401) })
            let list = try Authentication([scheme])
            #expect(await AuthenticatedTransport(line, authentication: list, clock: clock).send(.sample).status == 401)
            #expect(line.calls.count == 1)
            #expect(line.tokens.isEmpty)
        }
    }

    @Test("answers other than 401, and failures, are handed on", arguments: [200, 204, 302, 400, 403, 407, 500])
    func otherAnswers(status: Int) async throws {
        let line = TestLine(token: { _, number in .token(number) }, call: { _, _ in .status(status, "x") })
        #expect(await (try transport(line)).send(.sample) == .status(status, "x"))
        let broken = TestLine(
            token: { _, number in .token(number) },
            call: { _, _ in .failed(WireFailure(.reset, .maybeSent)) }
        )
        #expect(await (try transport(broken)).send(.sample).failure?.sendState == .maybeSent)
        #expect(line.calls.count == 1 && broken.calls.count == 1)
    }

    // MARK: - Several

    @Test("two tokens in two fields, each from its own endpoint, are renewed together")
    func twoTokens() async throws {
        let auth = try Field.name("Auth")
        var sso = OAuth2Client.sample
        (sso.tokenURL, sso.header, sso.type) = ("https://sso-siasn.example/token", auth, "bearer")
        sso.grant = .password(user: "petugas", password: Sensitive("sandi & kunci"))
        sso.clientSecret = nil
        let line = TestLine(
            token: { request, number in
                .status(200, #"{"access_token":"\#(request.url.contains("siasn") ? "sso" : "wso2")-\#(number)"}"#)
            },
            call: { _, number in .status(number == 1 ? 401 : 200) }
        )
        let list = try Authentication([.oauth2(.sample), .oauth2(sso)])
        #expect(await AuthenticatedTransport(line, authentication: list, clock: clock).send(.sample).status == 200)
        let (before, after) = (try #require(line.calls.first), try #require(line.calls.last))
        #expect(before.headerFields[.authorization]?.hasPrefix("Bearer wso2-") == true)
        #expect(before.headerFields[auth]?.hasPrefix("bearer sso-") == true)
        #expect(after.headerFields[.authorization] != before.headerFields[.authorization])
        #expect(after.headerFields[auth] != before.headerFields[auth])
        #expect(line.tokens.count == 4)
        let form = line.tokens.first { $0.url.contains("siasn") }.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(form == "grant_type=password&client_id=gerbang&username=petugas&password=sandi%20%26%20kunci")
    }

    @Test("a signature covers the token of its attempt, and every attempt has its own time")
    func signedToken() async throws {
        let clock = clock
        let line = TestLine(
            token: { _, number in .token(number) },
            call: { _, number in
                clock.advance(by: .seconds(1))
                return .status(number == 1 ? 401 : 200)
            }
        )
        let signature = MessageSignature(
            key: .hmacSHA256(Sensitive("k")),
            stringToSign: try StringToSign(template: "{token}:{timestamp}"),
            header: .cookie,
            timestampFormat: .seconds,
            timestampHeaders: [.date]
        )
        let list = try Authentication([.oauth2(.sample), .signature(signature)])
        #expect(await AuthenticatedTransport(line, authentication: list, clock: clock).send(.sample).status == 200)
        for (call, text) in zip(line.calls, ["token-1:1767578400", "token-2:1767578401"]) {
            let expected = Base64.encode(try signature.key.sign(Array(text.utf8)))
            #expect(call.headerFields[.cookie] == expected)
            #expect(text.hasSuffix(call.headerFields[.date] ?? "?"))
        }
    }
}
