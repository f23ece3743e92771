internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@testable internal import GerbangEngine

@Suite("Calling clients back")
struct CallbackTests {
    @Test("Every change of state is told, in order, signed, and without what came out")
    func tellsChanges() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        let secret = try await stage.makeSecret()
        let id = try await stage.book(callingBack: room.url)
        try await stage.whileRunning {
            try await stage.expect(id, CallbackSummary(delivered: 2))
        }
        #expect(room.received.map(\.type) == ["id.gerbang.request.running", "id.gerbang.request.succeeded"])
        let last = try #require(room.received.last)
        #expect(last.contentType == "application/cloudevents+json")
        #expect(last.json["specversion"] == "1.0")
        #expect(last.json["id"]?.stringValue == last.id)
        #expect(last.id == "\(id)-3")
        #expect(last.json["source"] == "urn:gerbang:gateway")
        #expect(last.json["subject"]?.stringValue == "\(id)")
        #expect(last.json["time"]?.stringValue == stage.clock.now().description)
        #expect(last.json["datacontenttype"] == "application/json")
        let data = try #require(last.json["data"])
        #expect(data["id"]?.stringValue == "\(id)")
        #expect(data["state"] == "succeeded")
        #expect(data["sequence"] == 3)
        #expect(data["agencyReference"] == "A-1")
        #expect(data["progress"]?["texts"]?["id"]?.stringValue?.isEmpty == false)
        #expect(data["output"] == nil)
        let signature = WebhookSignature.signature(
            id: last.id,
            timestamp: last.timestamp,
            body: last.body,
            key: secret.key.revealed
        )
        #expect(last.signatures == ["v1,\(signature)"])
        #expect(last.timestamp == String(stage.clock.now().milliseconds / 1000))
    }

    @Test("A failed delivery is repeated on schedule, the same each time, and nothing overtakes it")
    func retries() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        room.answer(.respond(status: 500), .respond(status: 302, headerFields: [.location: "https://mall.example/"]))
        try await stage.makeSecret()
        let id = try await stage.book(callingBack: room.url)
        try await stage.whileRunning {
            try await eventually("the first try") { room.received.count == 1 }
            for wait in [5, 30] {
                try await stage.rest()
                await stage.pass(.seconds(wait))
            }
            try await stage.expect(id, CallbackSummary(delivered: 2))
        }
        let letters = room.received
        let first = letters.filter { $0.id == "\(id)-2" }
        #expect(first.count == 3)
        #expect(Set(first.map(\.body)).count == 1)
        #expect(letters.last?.id == "\(id)-3")
        #expect(letters.dropLast().allSatisfy { $0.id == "\(id)-2" })
        #expect(Set(first.map(\.timestamp)).count > 1, "the time is that of the try")
    }

    @Test("410 ends the calls back of this request, and only of this one")
    func gone() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        room.answer(.respond(status: 410))
        try await stage.makeSecret()
        try await stage.whileRunning {
            let first = try await stage.book("one", callingBack: room.url)
            try await eventually("the request ends") { try await stage.engine.status(of: first)?.state == .succeeded }
            try await eventually("everything is given up") {
                let summary = try await stage.summary(first)
                return summary?.pending == 0 && summary?.delivered == 0 && (summary?.failed ?? 0) >= 1
            }
            let second = try await stage.book("two", callingBack: room.url)
            try await stage.expect(second, CallbackSummary(delivered: 2))
            #expect(room.received.filter { $0.id.hasPrefix("\(first)") }.count == 1)
        }
    }

    @Test("An event that nobody takes for three days is given up, and the next one is tried")
    func givesUp() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        room.always(.respond(status: 503))
        try await stage.makeSecret()
        let id = try await stage.book(callingBack: room.url)
        try await stage.whileRunning {
            var hours = 0
            while try await stage.summary(id)?.failed != 2, hours < 120 {
                try await stage.rest()
                await stage.pass(.seconds(3600))
                hours += 1
            }
            #expect((72...80).contains(hours))
            #expect(try await stage.summary(id) == CallbackSummary(failed: 2))
        }
        let tries = room.received.count { $0.id == "\(id)-2" }
        #expect((12...25).contains(tries))
        #expect(room.received.contains { $0.id == "\(id)-3" })
    }

    @Test("What a process had taken when it went down is delivered by the next one, under the same identifier")
    func crash() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        try await stage.makeSecret()
        let id = try await stage.book(callingBack: room.url)
        // An engine that never calls back: its dispatcher is gone before it could.
        stage.agency.answer("one/book", .hang)
        let running = Task { try await stage.engine.run() }
        try await eventually("the agency is called") { stage.agency.hanging == 1 }
        try await eventually("the first event is told") { room.received.count == 1 }
        stage.agency.release("one/book", .word("ok"))
        try await stage.expect(id, CallbackSummary(delivered: 2))
        running.cancel()
        try await running.value

        // A second request, whose event is taken by a process that is never heard of again.
        let other = try CallbackStage(CallbackStage.loopback(), clock: stage.clock, store: stage.store)
        var record = try #require(try await stage.store.record(id))
        record.request.id = RequestID(high: record.request.id.high, low: record.request.id.low ^ 1)
        record.request.submission.idempotencyKey = "another"
        _ = try await stage.store.accept(record, fingerprint: [])
        let message = CallbackMessage(sequence: 9, createdAt: stage.clock.now(), body: Array("{}".utf8))
        _ = try await stage.store.update(record.request.id, label: .settle) { record throws(GerbangError) in
            Transition(progress: record.progress, events: [], callbacks: [message])
        }
        let taken = try await stage.store.claimCallbacks(
            [CallbackAsk(client: EngineHarness.client, slots: 1)],
            at: stage.clock.now(),
            leaseUntil: stage.clock.now() + .seconds(45)
        )
        #expect(taken.deliveries.count == 1)
        try await other.whileRunning {
            try await Task.sleep(for: .milliseconds(50))
            #expect(room.received.count == 2)
            await other.pass(.seconds(46))
            try await eventually("it is delivered") { room.received.count == 3 }
        }
        #expect(room.received.last?.id == "\(record.request.id)-9")
    }

    @Test("While a secret is renewed both sign; a revoked one signs nothing; without any nothing is sent")
    func rotation() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        let (old, new) = (try await stage.makeSecret(), try await stage.makeSecret())
        try await stage.whileRunning {
            let first = try await stage.book("one", callingBack: room.url)
            try await stage.expect(first, CallbackSummary(delivered: 2))
            #expect(room.received.allSatisfy { $0.signatures.count == 2 })
            _ = try await stage.engine.callbackSecrets.revokeCallbackSecret(old.id, at: stage.clock.now())
            let second = try await stage.book("two", callingBack: room.url)
            try await stage.expect(second, CallbackSummary(delivered: 2))
            let last = try #require(room.received.last)
            let signature = WebhookSignature.signature(
                id: last.id,
                timestamp: last.timestamp,
                body: last.body,
                key: new.key.revealed
            )
            #expect(last.signatures == ["v1,\(signature)"])
            stage.agency.answer("one/book", .word("pending"))
            let third = try await stage.book("three", callingBack: room.url)
            try await stage.expect(third, CallbackSummary(delivered: 2))
            _ = try await stage.engine.callbackSecrets.revokeCallbackSecret(new.id, at: stage.clock.now())
            stage.agency.always("one/find", .word("done"))
            try await eventually("the agency has decided") {
                await stage.pass(.seconds(60))
                return try await stage.engine.status(of: third)?.state == .succeeded
            }
            #expect(try await stage.summary(third)?.pending == 1)
            #expect(room.received.count == 6)
            try await stage.makeSecret()
            try await eventually("it is told once there is a secret") {
                await stage.pass(.seconds(61))
                return try await stage.summary(third)?.delivered == 3
            }
        }
    }

    @Test("A client that does not answer holds up neither others nor its own requests")
    func isolation() async throws {
        let stage = try CallbackStage(CallbackStage.loopback { $0.concurrencyPerClient = 2 })
        let (silent, room) = (try Mailroom(), try Mailroom())
        defer {
            silent.stop()
            room.stop()
        }
        silent.always(.hold)
        let other = ClientID(checked: "office")
        try await stage.makeSecret()
        try await stage.makeSecret(for: other)
        try await stage.whileRunning {
            var held: [RequestID] = []
            for index in 0..<6 { held.append(try await stage.book("held-\(index)", callingBack: silent.url)) }
            for id in held {
                try await eventually("the request ends") { try await stage.engine.status(of: id)?.state == .succeeded }
            }
            try await eventually("two are under way") { silent.received.count == 2 }
            let id = try await stage.book("free", callingBack: room.url, as: other)
            try await stage.expect(id, CallbackSummary(delivered: 2))
            #expect(silent.received.count == 2)
            #expect(try await stage.engine.callbackBacklog().pending == 12)
        }
    }

    @Test("Stopping lets a delivery under way end")
    func stop() async throws {
        let (stage, room) = (try CallbackStage(CallbackStage.loopback()), try Mailroom())
        defer { room.stop() }
        room.always(.delayed(.milliseconds(300), .respond(status: 200)))
        try await stage.makeSecret()
        let id = try await stage.book(callingBack: room.url)
        let running = Task { try await stage.engine.run() }
        try await eventually("it is under way") { room.received.count == 1 }
        stage.engine.stop()
        for _ in 0..<60_000 where stage.clock.sleeperCount > 0 {
            stage.clock.advance(by: .milliseconds(20))
            try await Task.sleep(for: .milliseconds(5))
        }
        try await running.value
        #expect((try await stage.summary(id)?.delivered ?? 0) >= 1)
    }
}

@Suite("Which callbacks are taken")
struct CallbackTargetTests {
    @Test("A submission without a callback leaves nothing in the outbox")
    func none() async throws {
        let stage = try CallbackStage(CallbackStage.loopback())
        let id = try await stage.book(callingBack: nil)
        try await stage.whileRunning {
            try await eventually("the request ends") { try await stage.engine.status(of: id)?.state == .succeeded }
        }
        #expect(try await stage.engine.status(of: id)?.callback == nil)
        #expect(try await stage.store.callbackSummary(of: id) == nil)
    }

    @Test("A callback that could not be signed is refused")
    func noSecret() async throws {
        let stage = try CallbackStage(CallbackStage.loopback())
        let error = await #expect(throws: GerbangError.self) {
            try await stage.book(callingBack: "https://mall.example/hook")
        }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == "/callback")
    }

    @Test(
        "An address that callbacks may not go to is refused at the door",
        arguments: [
            "https://127.0.0.1/", "https://10.1.2.3:8443/hook", "https://169.254.169.254/latest/meta-data",
            "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fd00::1]/", "http://mall.example/hook",
        ]
    )
    func refusedAtTheDoor(_ url: String) async throws {
        let stage = try CallbackStage(CallbackConfiguration())
        try await stage.makeSecret()
        let error = await #expect(throws: GerbangError.self) { try await stage.book(callingBack: url) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == "/callback/url")
    }

    @Test("A name that leads to this machine is seen when it is connected to, and nothing is sent")
    func nameOfThisMachine() async throws {
        let room = try Mailroom()
        defer { room.stop() }
        let stage = try CallbackStage(CallbackConfiguration(allowsHTTP: true))
        try await stage.makeSecret()
        let id = try await stage.book(callingBack: "http://localhost:\(room.port)/hook")
        try await stage.whileRunning {
            try await eventually("it has failed") {
                try await stage.store.callbackDueTimes()[EngineHarness.client].map {
                    $0 > stage.clock.now() && $0 <= stage.clock.now() + .seconds(6)
                } ?? false
            }
        }
        #expect(try await stage.summary(id)?.delivered == 0)
        #expect(room.connectionCount == 0)
    }

    @Test(
        "A URL that is not one for callbacks is refused without being repeated",
        arguments: [
            "", "mall.example", "ftp://mall.example/", "https://", "https:///hook", "https://u:p@mall.example/",
            "https://mall.example/#part", "https://mall.example/a b", "https://mall.example/\u{e9}",
            "https://mall.example\\@evil.example/", "https://mall.example:0/", "https://mall.example:99999/",
            "https://mall.example/" + String(repeating: "a", count: 2048), "javascript:alert(1)", "https://?x",
        ]
    )
    func refusedURL(_ url: String) {
        let error = #expect(throws: GerbangError.self) { try Callback(url: url) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("evil") != true)
    }

    @Test("A URL is kept as it is, and not shown by accident")
    func keptURL() throws {
        let callback = try Callback(url: "https://Mall.example:8443/hook/%41?token=abc&x=/")
        #expect(callback.url == "https://Mall.example:8443/hook/%41?token=abc&x=/")
        #expect(callback.isEncrypted)
        #expect(callback.host == "Mall.example")
        #expect(!"\(callback)".contains("token"))
    }

    @Test("Another callback under the same key is another content; the same is the same")
    func fingerprint() async throws {
        let stage = try CallbackStage(CallbackStage.loopback())
        try await stage.makeSecret()
        let id = try await stage.book("key", callingBack: "https://mall.example/a")
        #expect(try await stage.book("key", callingBack: "https://mall.example/a") == id)
        for other in ["https://mall.example/b", nil] {
            let error = await #expect(throws: GerbangError.self) { try await stage.book("key", callingBack: other) }
            #expect(error?.code == .idempotencyKeyReused)
        }
    }
}
