internal import GerbangCore
internal import GerbangJSON
internal import GerbangServer
internal import HTTPTypes
internal import Testing

@Suite("Access to the API")
struct AccessTests {
    /// Every path, and who may use it.
    static let clientPaths = [
        "GET /v1/requests", "GET /v1/requests/x", "GET /v1/requests/x/events", "POST /v1/requests/x/cancel",
        "POST /v1/requests", "GET /v1/services", "GET /v1/services/x",
    ]
    static let operatorPaths = [
        "POST /v1/requests/x/redrive", "POST /v1/requests/x/resolve", "POST /v1/requests/x/discard", "GET /metrics",
        "GET /v1/connections", "GET /v1/connections/x", "POST /v1/connections/x/pause", "POST /v1/connections/x/resume",
    ]
    static let openPaths = ["GET /healthz", "GET /readyz", "GET /openapi.json"]

    private func call(_ client: Client, _ name: String, _ fields: [String: String] = [:]) async throws -> Reply {
        let parts = name.split(separator: " ")
        let method = try #require(HTTPRequest.Method(rawValue: String(parts[0])))
        return try await client.call(method, String(parts[1]), fields)
    }

    @Test("Without a key everything but health, readiness and description is closed once there is a key")
    func noKey() async throws {
        try await withGateway(keys: try KeyShelf(with: "kota-a")) { gateway in
            let client = try gateway.client()
            for name in Self.clientPaths + Self.operatorPaths {
                let reply = try await call(client, name)
                #expect(reply.status == 401, "\(name)")
                #expect(reply["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
            }
            for name in Self.openPaths {
                let reply = try await call(client, name)
                #expect(reply.status == 200, "\(name)")
            }
        }
    }

    @Test("A client's key opens what is for clients, and not what is for operators")
    func clientKey() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(named: "kota-a")
            for name in Self.clientPaths {
                let reply = try await call(client, name)
                #expect(reply.status != 401 && reply.status != 403, "\(name)")
            }
            for name in Self.operatorPaths {
                let reply = try await call(client, name)
                #expect(reply.status == 403, "\(name)")
                #expect(reply.code == "forbidden")
            }
        }
    }

    @Test("An operator's key opens everything")
    func operatorKey() async throws {
        try await withGateway { gateway in
            let staff = try gateway.client(named: "ani", .operator)
            for name in Self.clientPaths + Self.operatorPaths + Self.openPaths {
                let reply = try await call(staff, name)
                #expect(reply.status != 401 && reply.status != 403, "\(name)")
            }
        }
    }

    @Test("A wrong key is refused, also while the API is open on loopback", arguments: [true, false])
    func wrongKey(isOpen: Bool) async throws {
        let keys = KeyShelf()
        let good = isOpen ? "gbk_0123456789ab_00" : try keys.make("kota-a", .operator)
        try await withGateway(keys: keys) { gateway in
            let last = good.last == "0" ? "1" : "0"
            let values = [
                "Bearer \(good.dropLast())\(last)", "Bearer \(good)0", "Bearer gbk_x_y", "Bearer", "Bearer ",
                "Basic YTpi",
                good, "Bearer gbk__", "Bearer \(good)_\(good)",
            ]
            for value in values {
                let reply = try await gateway.client().get("/v1/requests", ["Authorization": value])
                #expect(reply.status == 401)
                #expect(reply.code == "unauthorized")
                #expect(reply["WWW-Authenticate"]?.contains("invalid_token") == true)
                #expect(!reply.text.contains(good))
            }
        }
    }

    @Test("While there is no key, a program on the same machine is the operator 'local'")
    func openOnLoopback() async throws {
        try await withGateway(.hang) { gateway in
            let reply = try await gateway.client().submit(key: "a")
            #expect(reply.json["client"] == "local")
            let metrics = try await gateway.client().get("/metrics")
            #expect(metrics.status == 200)
            #expect(metrics.text.contains("sample 1"))
            #expect(metrics["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            // The first key closes it.
            _ = try gateway.keys.make("kota-a", .client)
            var status = 200
            for _ in 0..<15_000 where status != 401 {
                try await Task.sleep(for: .milliseconds(20))
                status = try await gateway.client().get("/v1/requests").status
            }
            #expect(status == 401)
        }
    }

    @Test(
        "While there is no key, a web page in a browser on the same machine is kept out",
        arguments: [
            ["Origin": "https://evil.example"], ["Host": "evil.example"], ["Host": "127.0.0.1.evil.example"],
            ["Origin": "null"],
        ]
    )
    func crossSite(fields: [String: String]) async throws {
        try await withGateway { gateway in
            let port = gateway.port
            let fields = ["Host": "127.0.0.1:\(port)"].merging(fields) { $1 }
            let lines = fields.map { "\($0): \($1)\r\n" }.joined()
            let connection = try RawConnection(port: port)
            await connection.write("POST /v1/connections/dukcapil/pause HTTP/1.1\r\n\(lines)Connection: close\r\n\r\n")
            let answer = await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
            let same = try RawConnection(port: port)
            await same.write(
                "GET /v1/connections HTTP/1.1\r\nHost: localhost:\(port)\r\nOrigin: http://localhost:\(port)\r\n"
                    + "Connection: close\r\n\r\n"
            )
            #expect(await same.read().hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("A new key works at once, and a revoked one soon does not")
    func keysComeAndGo() async throws {
        try await withGateway(keys: try KeyShelf(with: "kota-a")) { gateway in
            let key = try gateway.keys.make("kota-b", .client)
            let client = try gateway.client(key)
            var status = 401
            for _ in 0..<15_000 where status != 200 {
                status = try await client.get("/v1/requests").status
                if status != 200 { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(status == 200)
            let id = String(key.split(separator: "_")[1])
            #expect(try await gateway.keys.revokeAPIKey(id, at: SystemClock().now()))
            for _ in 0..<15_000 where status != 401 {
                try await Task.sleep(for: .milliseconds(20))
                status = try await client.get("/v1/requests").status
            }
            #expect(status == 401)
        }
    }

    @Test("While the keys cannot be read the last ones count")
    func brokenShelf() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(named: "kota-a")
            #expect(try await client.get("/v1/requests").status == 200)
            gateway.keys.breakDown()
            try await Task.sleep(for: .milliseconds(120))
            #expect(try await client.get("/v1/requests").status == 200)
        }
    }

    @Test("Somebody else's request is answered like one that does not exist")
    func othersRequests() async throws {
        try await withGateway(.hang) { gateway in
            let owner = try gateway.client(named: "kota-a")
            let other = try gateway.client(named: "kota-b")
            let id = try await owner.submit(key: "a").id
            let unknown = "019a2f6e-8c1d-7b3a-9f10-2c4d5e6f7081"
            for suffix in ["", "/events", "?wait=1"] {
                let theirs = try await other.get("/v1/requests/\(id)\(suffix)")
                let nobodys = try await other.get("/v1/requests/\(unknown)\(suffix)")
                #expect(theirs.status == 404)
                #expect(theirs.text == nobodys.text)
            }
            let cancelled = try await other.post("/v1/requests/\(id)/cancel")
            #expect(cancelled.status == 404)
            let listed = try await other.get("/v1/requests")
            #expect(listed.json["items"]?.arrayValue?.isEmpty == true)
            let asked = try await other.get("/v1/requests?client=kota-a")
            #expect(asked.status == 403)
            #expect(asked.json["parameter"] == "client")
            let staff = try gateway.client(named: "ani", .operator)
            let seen = try await staff.get("/v1/requests?client=kota-a")
            #expect(seen.json["items"]?.arrayValue?.count == 1)
            #expect(try await staff.get("/v1/requests/\(id)").status == 200)
        }
    }

    @Test("A server does not listen to others without a key")
    func refusesOpenAddress() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.host = "0.0.0.0"
        let error = await #expect(throws: GerbangError.self) {
            try await withGateway(configuration: configuration) { _ in Issue.record("it listens") }
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("gerbang keys create") == true)
        try await withGateway(keys: try KeyShelf(with: "kota-a"), configuration: configuration) { gateway in
            let closed = try await gateway.client().get("/v1/requests")
            #expect(closed.status == 401)
            let open = try await gateway.client().get("/healthz")
            #expect(open.status == 200)
        }
    }

    @Test("An address that is taken is told as such")
    func takenPort() async throws {
        try await withGateway { gateway in
            var configuration = GatewayServer.Configuration.testing
            configuration.port = gateway.port
            let error = await #expect(throws: GerbangError.self) {
                try await withGateway(configuration: configuration) { _ in Issue.record("it listens") }
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("port \(gateway.port)") == true)
        }
    }

    @Test("Loopback addresses are recognised")
    func loopback() {
        for host in ["127.0.0.1", "localhost", "::1", "127.1.2.3"] {
            #expect(GatewayServer.Configuration(host: host).isLoopback)
        }
        for host in ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "127.0.0", "example"] {
            #expect(!GatewayServer.Configuration(host: host).isLoopback)
        }
    }

    @Test("Keys are made of random secrets and kept as hashes")
    func generated() throws {
        let now = SystemClock().now()
        let first = APIKeys.generate(client: try ClientID("kota-a"), role: .client, at: now)
        let second = APIKeys.generate(client: try ClientID("kota-a"), role: .client, at: now)
        #expect(first.plaintext.hasPrefix("gbk_\(first.key.id)_"))
        #expect(first.plaintext.count == 4 + 12 + 1 + 64)
        #expect(first.plaintext != second.plaintext)
        #expect(first.key.hash.count == 32)
        #expect(first.key.hash != second.key.hash)
        #expect(first.key.role == .client)
    }
}

extension KeyShelf {
    /// A shelf with one client's key.
    convenience init(with client: String) throws {
        self.init()
        _ = try make(client, .client)
    }
}
