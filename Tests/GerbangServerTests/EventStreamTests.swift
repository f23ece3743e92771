internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangServer
internal import HTTPTypes
internal import Logging
internal import ServiceLifecycle
internal import Testing

/// A client that follows a request on a connection of its own.
private struct Listener {
    let connection: RawConnection

    init(_ gateway: Gateway, _ id: String, after last: Int? = nil, query: String = "") async throws {
        try await self.init(port: gateway.port, id, after: last, query: query)
    }

    init(port: Int, _ id: String, after last: Int? = nil, query: String = "") async throws {
        connection = try RawConnection(port: port)
        let lastField = last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        await connection.write(
            "GET /v1/requests/\(id)/events\(query) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                + "\(lastField)\r\n"
        )
    }

    /// What arrives until the stream ends.
    func whole() async -> String { await connection.read(until: "\r\n0\r\n\r\n") }

    /// The numbers of the events in what has arrived.
    static func numbers(_ text: String) -> [Int] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }.compactMap { Int($0.dropFirst(4)) }
    }

    static func values(_ field: String, _ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("\(field): ") }
            .map { String($0.dropFirst(field.count + 2)) }
    }
}

@Suite("Events as they happen")
struct EventStreamTests {
    /// Settles a request that the agency has.
    private func finish(_ id: String, in gateway: Gateway) async throws {
        let requestID = try #require(RequestID(id))
        _ = try await gateway.engine.resolve(
            requestID,
            as: .done(output: nil, agencyReference: nil),
            by: "operator:ani"
        )
    }

    @Test("A stream brings every event as it happens, as in the list, and ends with the final state")
    func live() async throws {
        try await withGateway(.pend) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a").id
            let listener = try await Listener(gateway, id)
            let head = await listener.connection.read(until: "event: pending")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.lowercased().contains("content-type: text/event-stream\r\n"))
            #expect(head.lowercased().contains("cache-control: no-store\r\n"))
            #expect(!head.lowercased().contains("content-length"))
            try await finish(id, in: gateway)
            let text = head + (await listener.whole())
            let items = try #require(try await client.get("/v1/requests/\(id)/events").json["items"]?.arrayValue)
            #expect(Listener.numbers(text) == Array(1...items.count))
            #expect(Listener.values("event", text) == items.compactMap { $0["kind"]?.stringValue })
            let data = try Listener.values("data", text).map { try JSONValue(parsing: Array($0.utf8)) }
            #expect(data == items)
            #expect(items.last?["state"] == "succeeded")
        }
    }

    @Test("An interrupted stream goes on after the last event, without gap and without repetition")
    func resumed() async throws {
        try await withGateway(.pend) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a").id
            _ = try await client.await(id, in: .awaitingAgency)
            var listener: Listener? = try await Listener(gateway, id)
            let first = await listener?.connection.read(until: "id: 2\n") ?? ""
            let last = try #require(Listener.numbers(first).last)
            listener = nil
            try await finish(id, in: gateway)
            let rest = await (try Listener(gateway, id, after: last, query: "?after=0")).whole()
            let count = try await client.get("/v1/requests/\(id)/events").json["items"]?.arrayValue?.count ?? 0
            #expect(Listener.numbers(rest) == Array((last + 1)...count))
            let byQuery = try await client.get("/v1/requests/\(id)/events?after=1", ["Accept": "text/event-stream"])
            #expect(Listener.numbers(byQuery.text) == Array(2...count))
            let over = try await client.get(
                "/v1/requests/\(id)/events",
                ["Accept": "text/event-stream", "Last-Event-ID": "\(count)"]
            )
            #expect(over.status == 204)
            #expect(over.body.isEmpty)
        }
    }

    @Test("Signs of life come while nothing happens")
    func heartbeats() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.heartbeatInterval = .milliseconds(30)
        configuration.idleTimeout = .milliseconds(300)
        try await withGateway(.pend, configuration: configuration) { gateway in
            let id = try await gateway.client().submit(key: "a").id
            let listener = try await Listener(gateway, id)
            _ = await listener.connection.read(until: "event: pending")
            // For longer than a connection may idle.
            for _ in 0..<20 { #expect(await listener.connection.read(until: ":\n\n").contains(":\n\n")) }
            try await finish(id, in: gateway)
            #expect(await listener.whole().contains("event: succeeded\n"))
        }
    }

    @Test("No more streams are open than allowed, and a client that leaves makes room")
    func places() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.maximumEventStreams = 1
        try await withGateway(.pend, configuration: configuration) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a").id
            var listener: Listener? = try await Listener(gateway, id)
            #expect(await listener?.connection.read(until: "event: pending").contains("id: 1\n") == true)
            let refused = try await client.get("/v1/requests/\(id)/events", ["Accept": "text/event-stream"])
            #expect(refused.status == 503)
            #expect(refused.code == "too-many-streams")
            #expect(refused["Retry-After"] != nil)
            #expect(try await client.get("/v1/requests/\(id)/events").status == 200, "the list needs no place")
            listener = nil
            var text = ""
            for _ in 0..<15_000 where !text.contains("id: 1\n") {
                try await Task.sleep(for: .milliseconds(20))
                text = await (try Listener(gateway, id)).connection.read(until: "\n\n")
            }
            #expect(text.contains("id: 1\n"))
        }
    }

    @Test("A graceful stop ends a stream")
    func gracefulStop() async throws {
        let engine = try Engine.sample(FakeAgency(.hang))
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            engine: engine,
            keys: KeyShelf(),
            configuration: .testing,
            metrics: { "" },
            logger: .silent,
            onListening: { listening.yield($0) }
        )
        let services = ServiceGroup(services: [server], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                let id = try await Client(port: port, key: nil).submit(key: "a").id
                let listener = try await Listener(port: port, id)
                #expect(await listener.connection.read(until: "id: 1\n").contains("event-stream"))
                await services.triggerGracefulShutdown()
                #expect(await listener.whole().hasSuffix("0\r\n\r\n"))
                break
            }
            try await group.waitForAll()
        }
    }

    @Test("Only who asks for a stream by name gets one")
    func negotiation() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a", ["Prefer": "wait=60"]).id
            for accept in ["", "*/*", "application/json", "text/*", "text/event-stream;q=0"] {
                let reply = try await client.get("/v1/requests/\(id)/events", ["Accept": accept])
                #expect(reply["Content-Type"] == "application/json", "\(accept)")
            }
            for accept in ["text/event-stream", "application/json;q=0.5, Text/Event-Stream", "text/event-stream; x=y"] {
                let reply = try await client.get("/v1/requests/\(id)/events", ["Accept": accept])
                #expect(reply["Content-Type"] == "text/event-stream", "\(accept)")
            }
            let connection = try RawConnection(port: gateway.port)
            await connection.write(
                "HEAD /v1/requests/\(id)/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                    + "Connection: close\r\n\r\n"
            )
            let head = await connection.read()
            #expect(head.lowercased().contains("content-type: text/event-stream\r\n"))
            #expect(head.hasSuffix("\r\n\r\n"))
            #expect(!head.contains("data:"))
        }
    }

    @Test("A number that no event has is refused, and so is a request of somebody else")
    func refusals() async throws {
        try await withGateway { gateway in
            let (owner, other) = (try gateway.client(named: "mall"), try gateway.client(named: "office"))
            let id = try await owner.submit(key: "a", ["Prefer": "wait=60"]).id
            let path = "/v1/requests/\(id)/events"
            for last in ["x", "-1", "99999999999", "1.5"] {
                let reply = try await owner.get(path, ["Accept": "text/event-stream", "Last-Event-ID": last])
                #expect(reply.status == 422, "\(last)")
                #expect(reply.json["header"] == "Last-Event-ID", "\(last)")
            }
            #expect(try await other.get(path, ["Accept": "text/event-stream"]).status == 404)
        }
    }
}

@Suite("Submissions with a callback")
struct CallbackSubmissionTests {
    private static func identity(callingBack callback: JSONValue) -> JSONValue {
        Sample.identity("callback", callback)
    }

    @Test("A submission may name a callback, and the request tells how far it has come")
    func accepted() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(named: "mall")
            let secret = CallbackSecret.generate(for: try ClientID("mall"), at: SystemClock().now())
            try await gateway.engine.callbackSecrets.save(secret)
            let body = Self.identity(callingBack: ["url": "https://mall.example/hook"])
            let id = try await client.submit(body, key: "a", ["Prefer": "wait=60"]).id
            var callback: JSONValue?
            for _ in 0..<30_000 where callback?["delivered"] != 2 {
                callback = try await client.get("/v1/requests/\(id)").json["callback"]
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(callback == ["delivered": 2, "pending": 0, "failed": 0])
            #expect(gateway.agency.callbacks.count == 2)
            for letter in gateway.agency.callbacks {
                let event = try JSONValue(parsing: letter.body)
                let schema: JSONValue = ["$ref": "#/components/schemas/CallbackEvent"]
                #expect(try Contract.shared.get().validate(event, against: schema).isEmpty)
            }
            #expect(try await client.submit(key: "b").json["callback"] == nil)
        }
    }

    @Test(
        "A callback that is not one is refused at its place",
        arguments: [
            (["url": "http://mall.example/"], "/callback/url"), (["url": "https://10.0.0.1/"], "/callback/url"),
            (["url": "https://a:b@mall.example/"], "/callback/url"), (["url": 1], "/callback/url"),
            ([:], "/callback/url"), ("https://mall.example/", "/callback"),
            (["url": "https://mall.example/", "secret": "x"], "/callback/*"),
        ] as [(JSONValue, String)]
    )
    func refused(_ callback: JSONValue, _ place: String) async throws {
        try await withGateway { gateway in
            let client = try gateway.client(named: "mall")
            let secret = CallbackSecret.generate(for: try ClientID("mall"), at: SystemClock().now())
            try await gateway.engine.callbackSecrets.save(secret)
            let reply = try await client.submit(Self.identity(callingBack: callback), key: "a")
            #expect(reply.status == 422)
            #expect(reply.json["field"]?.stringValue == place)
        }
    }

    @Test("A callback of a client without a secret is refused")
    func withoutSecret() async throws {
        try await withGateway { gateway in
            let body = Self.identity(callingBack: ["url": "https://mall.example/hook"])
            let reply = try await gateway.client(named: "mall").submit(body, key: "a")
            #expect(reply.status == 422)
            #expect(reply.json["field"] == "/callback")
        }
    }
}
