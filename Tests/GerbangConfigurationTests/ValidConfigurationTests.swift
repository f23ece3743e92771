internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import Testing

@Suite("Configurations that are right")
struct ValidConfigurationTests {
    private static let full = """
        # A gateway with everything in it.
        server:
          host: 0.0.0.0
          port: 9000
          maximumBodyBytes: 2048
          maximumWait: 30s
        log: {level: debug, format: console}
        storage:
          path: /var/lib/gerbang/gerbang.db
        engine:
          defaultDeadline: 1d
          maximumDeadline: 7d
          stopGrace: 5s
        retention: {finished: 8d}
        connections:
          - id: dukcapil-31
            adapter: semu
            baseURL: https://10.1.2.3:8000/dukcapil/
            regions: ["31", "32.73", ID]
            settings: {office: "0031", password: rahasia, raw: 3174015708900003}
            limits: {concurrency: 4, callsPerSecond: 2.5, retryShare: 0.5, minimumRetries: 1}
            breaker:
              consecutiveFailures: 3
              failureShare: 0.25
              minimumCalls: 10
              open: 10s
              maximumOpen: 5m
              probes: 2
            retry: {delays: [1s, 5s], ceiling: 1h}
            hours:
              zone: WITA
              weekly:
                - days: [mon, sun]
                  opens: "08:00"
                  closes: 15:30
                - {opens: "16:00", closes: "24:00"}
              closed:
                - from: 2026-12-31T22:00:00+07:00
                  until: "2027-01-01T06:00:00+07:00"
            tls:
              authorities: /etc/gerbang/ca.pem
              certificate: /etc/gerbang/client.pem
              key: /etc/gerbang/client.key
              keyPassword: sandi
              publicKeySHA256: 000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F
            proxy: {url: "socks5h://proxy.example:1080", user: gerbang, password: sandi}
          - id: biasa
            adapter: polos
            baseURL: http://localhost:9000
        """

    @Test("every field of a full file arrives")
    func everyField() throws {
        let configuration = try parse(Self.full)
        var server = GatewayConfiguration.Server()
        (server.host, server.port, server.maximumBodyBytes, server.maximumWait) = ("0.0.0.0", 9000, 2048, .seconds(30))
        #expect(configuration.server == server)
        #expect(configuration.log.level == "debug" && configuration.log.format == .console)
        #expect(configuration.storagePath == "/var/lib/gerbang/gerbang.db")
        #expect(configuration.engine.defaultDeadline == .seconds(86_400))
        #expect(configuration.engine.maximumDeadline == .seconds(7 * 86_400))
        #expect(configuration.engine.retention == .seconds(8 * 86_400))
        #expect(configuration.engine.stopGrace == .seconds(5))
        #expect(configuration.connections.map(\.id.text) == ["dukcapil-31", "biasa"])

        let connection = try #require(configuration.connections.first)
        let adapter = try #require(connection.adapter as? FakeAdapter)
        #expect(adapter.office == "0031")
        #expect(adapter.password == Sensitive("rahasia"))
        #expect(adapter.raw == 3_174_015_708_900_003)
        #expect(connection.baseURL.description == "https://10.1.2.3:8000/dukcapil")
        #expect(connection.regions.map(\.description) == ["31", "32.73", "ID"])
        let breaker = BreakerLimits(
            consecutiveFailures: 3,
            failureShare: 0.25,
            minimumCalls: 10,
            open: .seconds(10),
            maximumOpen: .seconds(300),
            probes: 2
        )
        #expect(
            connection.limits
                == FlowLimits(concurrency: 4, callsPerSecond: 2.5, retryShare: 0.5, minimumRetries: 1, breaker: breaker)
        )
        #expect(connection.schedule == RetrySchedule(delays: [.seconds(1), .seconds(5)], ceiling: .seconds(3600)))
    }

    @Test("hours, trust and proxy arrive")
    func hoursTrustProxy() throws {
        let connection = try #require(parse(Self.full).connections.first)
        let short = [1, 7].map { ServiceCalendar.Hours(weekday: $0, opens: 28_800, closes: 55_800) }
        let late = (1...7).map { ServiceCalendar.Hours(weekday: $0, opens: 57_600, closes: 86_400) }
        let closure = ServiceCalendar.Closure(
            from: try #require(Timestamp("2026-12-31T15:00:00Z")),
            until: try #require(Timestamp("2026-12-31T23:00:00Z"))
        )
        #expect(connection.calendar == ServiceCalendar(zone: .wita, hours: short + late, closures: [closure]))

        var profile = TransportProfile()
        profile.certificateAuthorities = .file("/etc/gerbang/ca.pem")
        profile.clientCertificate = .init(
            certificate: .file("/etc/gerbang/client.pem"),
            privateKey: .file("/etc/gerbang/client.key"),
            privateKeyPassword: "sandi"
        )
        profile.pinnedPublicKeySHA256 = Array(0...31)
        profile.proxy = .init(url: "socks5h://proxy.example:1080", user: "gerbang", password: "sandi")
        #expect(connection.profile == profile)
    }

    @Test("what is left out takes its default")
    func defaults() throws {
        let connection = try #require(parse(Self.full).connections.last)
        #expect(connection.regions == [.nation])
        #expect(connection.limits == FlowLimits())
        #expect(connection.calendar == ServiceCalendar())
        #expect(connection.schedule == .standard)
        #expect(connection.profile == TransportProfile())
    }

    @Test(
        "an empty file gives the defaults",
        arguments: ["", "\n\n", "# nothing yet\n", "{}", "server:\nconnections:\n", "connections: []"]
    )
    func empty(text: String) throws {
        let configuration = try parse(text)
        #expect(configuration.server == GatewayConfiguration.Server())
        #expect(configuration.log == GatewayConfiguration.Log())
        #expect(configuration.storagePath == "gerbang.db")
        #expect(configuration.connections.isEmpty)
        #expect(configuration.server.host == "127.0.0.1")
    }

    @Test(
        "texts and numbers stay what they are, to the digit",
        arguments: [
            ("0123", "0123"), ("007", "007"), ("0x1F", "0x1F"), ("0o17", "0o17"), ("1_000", "1_000"), ("yes", "yes"),
            ("no", "no"),
            ("on", "on"), ("NULL", "NULL"), ("True", "True"), (".5", ".5"), ("+1", "+1"), ("12:30:45", "12:30:45"),
            (".inf", ".inf"),
            (".nan", ".nan"), ("2026-01-31", "2026-01-31"), ("'31'", "31"), ("\"31\"", "31"), ("31.74.01", "31.74.01"),
            ("'null'", "null"), ("\"true\"", "true"), ("|-\n        31", "31"), (">-\n        true", "true"),
            ("é✓", "é✓"),
            ("'it''s'", "it's"), ("\"\\u00e9\\n\"", "é\n"), ("a # b", "a"), ("a#b", "a#b"),
        ]
    )
    func texts(yaml: String, text: String) throws {
        #expect(try Self.raw(yaml) == .string(text))
    }

    @Test(
        "plain numbers keep every digit",
        arguments: [
            "3174015708900003", "9999999999999999", "0", "-0", "1.50", "1500000.10", "1e3",
            "123456789012345678901234567890",
        ]
    )
    func numbers(yaml: String) throws {
        let number = try #require(JSONNumber(yaml))
        #expect(try Self.raw(yaml) == .number(number))
    }

    @Test(
        "the other plain values",
        arguments: [
            ("true", true), ("false", false), ("null", nil), ("~", nil), ("", nil), ("[a, 1, []]", ["a", 1, []]),
            ("{b: {c: ~}}", ["b": ["c": nil]]),
        ] as [(String, JSONValue)]
    )
    func others(yaml: String, value: JSONValue) throws {
        #expect(try Self.raw(yaml) == value)
    }

    @Test("relative paths begin at the file's folder, wherever a command runs")
    func relativePaths() throws {
        for (file, path) in [("c.yaml", "data/g.db"), ("/etc/c.yaml", "/etc/data/g.db"), ("../c.yaml", "../data/g.db")]
        {
            let text = "storage: {path: data/g.db}\n"
            let read = try ConfigurationFile.parse(text, file: file, adapters: FakeAdapter.registry())
            #expect(read.storagePath == path)
        }
        let (folder, found) = try withFile(Array("storage: {path: data/g.db}\n".utf8)) { path in
            let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
            return (folder, try ConfigurationFile.storagePath(of: path))
        }
        #expect(found == folder + "data/g.db")
    }

    @Test(
        "a file in the forms that editors write is read",
        arguments: ["\u{FEFF}server:\n  port: 1\n", "server:\r\n  port: 1\r\n", "--- \nserver: {port: 1}\n...\n"]
    )
    func editors(text: String) throws {
        let port = try withFile(Array(text.utf8)) { path in
            try ConfigurationFile.load(path: path, adapters: FakeAdapter.registry()).server.port
        }
        #expect(port == 1)
    }

    @Test("secrets come from the environment and from files")
    func secrets() throws {
        let variable = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try Self.password("{env: PATH}") == variable)
        let fromFile = try withFile(Array("rahasia sekali\n".utf8)) { try Self.password("{file: \"\($0)\"}") }
        #expect(fromFile == "rahasia sekali")
        #expect(try Self.password("0123") == "0123")
    }

    private static func connection(_ settings: String) throws -> FakeAdapter? {
        let text = """
            connections:
              - id: a
                adapter: semu
                baseURL: https://a.example
                settings:
            \(settings)
            """
        return try parse(text).connections.first?.adapter as? FakeAdapter
    }

    private static func raw(_ yaml: String) throws -> JSONValue? {
        try connection("      office: x\n      password: y\n      raw: \(yaml)")?.raw
    }

    private static func password(_ yaml: String) throws -> String? {
        try connection("      office: x\n      password: \(yaml)")?.password.revealed
    }
}
