internal import GerbangConfiguration
internal import GerbangCore
internal import Testing

@Suite("Mistakes in a configuration")
struct MistakeTests {
    /// A connection of `polos` whose further lines follow from line 5.
    private static func connection(_ lines: String) -> String {
        "connections:\n  - id: a\n    adapter: polos\n    baseURL: https://a.example\n\(lines)\n"
    }

    private static let duration = "must be a duration such as 250ms, 30s, 5m, 2h or 3d"
    private static let timeOfDay = "must be a time of day in quotes, such as \"08:00\""

    @Test(
        "a mistake outside connections is shown at its place",
        arguments: [
            (
                "serverr:\n  port: 1",
                "1:1: serverr: unknown field; allowed are: adapters, callbacks, config, connections, engine, failover, log, retention, routes, server, soap, storage, templates, tenants"
            ),
            (
                "log:\n  level: info\nserver:\n  prot: 1",
                "4:3: server.prot: unknown field; allowed are: behindTLS, host, maximumBodyBytes, maximumEventStreams, maximumWait, port"
            ),
            ("server:\n  port: \"80\"", "2:3: server.port: must be a whole number from 0 to 65535"),
            ("server: {host: a, port: 70000}", "1:19: server.port: must be a whole number from 0 to 65535"),
            ("server:\n  port: 080", "2:3: server.port: must be a whole number from 0 to 65535"),
            ("server:\n  host: 127", "2:3: server.host: must be a text"),
            ("server: 8080", "1:1: server: must be an object with named fields"),
            (
                "server:\n  maximumBodyBytes: 12",
                "2:3: server.maximumBodyBytes: must be a whole number from 1024 to 67108864"
            ),
            ("server:\n  maximumWait: 60", "2:3: server.maximumWait: \(duration)"),
            ("engine:\n  stopGrace: 10 s", "2:3: engine.stopGrace: \(duration)"),
            (
                "engine:\n  maximumDeadline: 1d\n  defaultDeadline: 2d",
                "3:3: engine.defaultDeadline: must not be longer than maximumDeadline"
            ),
            (
                "retention: {finished: 30d}",
                "1:13: retention.finished: must be at least 31 d: engine.maximumDeadline and a day, until when a key may come again"
            ),
            ("log:\n  level: verbose", "2:3: log.level: must be one of trace, debug, info, notice, warning, error"),
            ("log: {format: xml}", "1:7: log.format: must be one of json, console"),
            (
                "storage:\n  file: x",
                "1:1: storage.path: is required|2:3: storage.file: unknown field; allowed are: path"
            ),
            ("storage: x", "1:1: storage: must be an object with named fields"),
            ("connections: {}", "1:1: connections: must be a list"),
            ("connections:\n  - just a text", "2:5: connections.0: must be an object with named fields"),
            ("- a\n- b", "1:1: must be an object with named fields"),
            ("just a text", "1:1: must be an object with named fields"),
            ("42", "1:1: must be an object with named fields"),
        ]
    )
    func outside(text: String, expected: String) throws {
        #expect(try issues(of: text) == expected.split(separator: "|").map { "c.yaml:\($0)" })
    }

    @Test(
        "a mistake within a connection is shown at its place",
        arguments: [
            ("    regions: [31]", "5:15: connections.0.regions.0: must be a text (numbers need quotes)"),
            ("    regions: [31.74]", "5:15: connections.0.regions.0: must be a text (numbers need quotes)"),
            (
                "    regions:\n      - \"31\"\n      - 32",
                "7:9: connections.0.regions.1: must be a text (numbers need quotes)"
            ),
            (
                "    regions: [\"3199\"]",
                "5:15: connections.0.regions.0: the code of no regency or city; write a Kemendagri code of 2, 4, 6 or 10 digits, such as 31.74, or ID for the nation"
            ),
            ("    regions: \"31\"", "5:5: connections.0.regions: must be a list of texts"),
            (
                "    limits: {concurrency: 0}",
                "5:14: connections.0.limits.concurrency: must be a whole number from 1 to 4096"
            ),
            (
                "    limits: {callsPerSecond: 0}",
                "5:14: connections.0.limits.callsPerSecond: must be a number of at least 0.001"
            ),
            (
                "    limits: {rate: 1}",
                "5:14: connections.0.limits.rate: unknown field; allowed are: callsPerSecond, concurrency, minimumRetries, retryShare"
            ),
            (
                "    regions: []",
                "5:5: connections.0.regions: must name at least one region; leave it out for the whole nation"
            ),
            (
                "    breaker: {open: 2m, maximumOpen: 1m}",
                "5:15: connections.0.breaker.open: must not be longer than maximumOpen, which is 1 min"
            ),
            (
                "    breaker: {open: 1h}",
                "5:15: connections.0.breaker.open: must not be longer than maximumOpen, which is 10 min"
            ),
            ("    breaker: {open: soon}", "5:15: connections.0.breaker.open: \(duration)"),
            ("    retry: {delays: [5s, later]}", "5:26: connections.0.retry.delays.1: \(duration)"),
            ("    retry: {ceiling: 6}", "5:13: connections.0.retry.ceiling: \(duration)"),
            (
                "    retry: {delays: [5s, 0s]}",
                "5:26: connections.0.retry.delays.1: must be longer than 0s: whoever is down would be called again without a pause"
            ),
            (
                "    retry: {ceiling: 0s}",
                "5:13: connections.0.retry.ceiling: must be longer than 0s: whoever is down would be called again without a pause"
            ),
            ("    hours: {zone: GMT}", "5:13: connections.0.hours.zone: must be one of WIB, WITA, WIT, UTC"),
            (
                "    hours:\n      weekly:\n        - {opens: \"08:00\", closes: \"08:00\"}",
                "7:28: connections.0.hours.weekly.0.closes: must not be the time at which it opens; write 00:00 to 24:00 for the whole day"
            ),
            (
                "    hours:\n      weekly:\n        - {days: [senin], opens: \"08:00\", closes: \"09:00\"}",
                "7:19: connections.0.hours.weekly.0.days.0: must be one of mon, tue, wed, thu, fri, sat, sun"
            ),
            (
                "    hours:\n      closed:\n        - from: 2026-12-31T22:00:00+07:00\n          until: 2026-12-31T15:00:00Z",
                "8:11: connections.0.hours.closed.0.until: must be later than 'from'"
            ),
            (
                "    hours:\n      closed:\n        - from: 2026-12-31\n          until: 2027-01-01T00:00:00Z",
                "7:11: connections.0.hours.closed.0.from: must be a time such as 2026-12-31T22:00:00+07:00"
            ),
            ("    tls:\n      key: /k.pem", "6:7: connections.0.tls.key: needs a 'certificate' beside it"),
            (
                "    tls: {publicKeySHA256: abcdef}",
                "5:11: connections.0.tls.publicKeySHA256: must be the SHA-256 of the public key: 64 hexadecimal digits"
            ),
            (
                "    tls: {verify: false}",
                "5:11: connections.0.tls.verify: unknown field; allowed are: authorities, certificate, key, keyPassword, publicKeySHA256"
            ),
            ("    proxy: {user: a}", "5:5: connections.0.proxy.url: is required"),
            (
                "    proxy: {url: \"http://a b:3128\"}",
                "5:13: connections.0.proxy.url: must be an address such as http://10.0.0.1:3128, with a host and without spaces"
            ),
            (
                "    proxy: {url: \"http://:3128\"}",
                "5:13: connections.0.proxy.url: must be an address such as http://10.0.0.1:3128, with a host and without spaces"
            ),
            ("    settings: {office: x}", "5:16: connections.0.settings.office: unknown field; allowed are: "),
            (
                "    timeout: 5s",
                "5:5: connections.0.timeout: unknown field; allowed are: adapter, agencyGroup, authentication, baseURL, breaker, hours, id, like, limits, proxy, regions, retry, settings, tenant, tls"
            ),
        ]
    )
    func within(lines: String, expected: String) throws {
        #expect(try issues(of: Self.connection(lines)) == ["c.yaml:\(expected)"])
    }

    @Test(
        "a share is a number from 0 to 1, not a percentage",
        arguments: [
            ("limits: {retryShare: 20}", "5:14"), ("breaker: {failureShare: 50}", "5:15"),
            ("limits: {retryShare: 1.01}", "5:14"),
        ]
    )
    func shares(line: String, place: String) throws {
        let found = try issues(of: Self.connection("    " + line))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("c.yaml:\(place): connections.0.") == true)
        #expect(found.first?.hasSuffix(" to 1.0") == true)
    }

    @Test(
        "a time of day has two digits on either side",
        arguments: [
            "8:00", "08:60", "24:01", "25:00", "08", "08:00:00", "08::00", ":08:00:", "+8:00", "08:+1", "pagi", "08.00",
            "-1:00", "٠٨:٠٠",
        ]
    )
    func timesOfDay(text: String) throws {
        let lines = "    hours: {weekly: [{opens: \"\(text)\", closes: \"24:00\"}]}"
        #expect(
            try issues(of: Self.connection(lines)) == [
                "c.yaml:5:23: connections.0.hours.weekly.0.opens: \(Self.timeOfDay)"
            ]
        )
    }

    @Test("hours on no day are not taken for hours on every day")
    func noDays() throws {
        let lines = "    hours: {weekly: [{days: [], opens: \"08:00\", closes: \"09:00\"}]}"
        #expect(
            try issues(of: Self.connection(lines)) == [
                "c.yaml:5:23: connections.0.hours.weekly.0.days: must name at least one day"
            ]
        )
    }

    @Test("an adapter that does not exist is told together with those that do")
    func unknownAdapter() throws {
        let text =
            "connections:\n  - id: a\n    adapter: dukcapl\n    baseURL: https://a.example\n    settings: {x: 1}\n"
        #expect(
            try issues(of: text) == [
                "c.yaml:3:5: connections.0.adapter: there is no such adapter; known are: polos, semu"
            ]
        )
    }

    @Test("missing settings are told by the adapter")
    func missingSettings() throws {
        for line in ["", "    settings:\n", "    settings: null\n"] {
            let text = "connections:\n  - id: a\n    adapter: semu\n    baseURL: https://a.example\n" + line
            let place = line.isEmpty ? "c.yaml:2:5: connections.0" : "c.yaml:5:5: connections.0.settings"
            #expect(try issues(of: text).count == 2)
            #expect(
                try issues(of: text).allSatisfy { $0.hasPrefix("c.yaml:") && $0.contains("is required") },
                "\(place)"
            )
            #expect(try issues(of: text).first?.contains("office") == true)
        }
    }

    @Test("required fields are missed at the connection's beginning")
    func required() throws {
        #expect(
            try issues(of: "connections:\n  - regions: [ID]\n") == [
                "c.yaml:2:5: connections.0.id: is required", "c.yaml:2:5: connections.0.adapter: is required",
                "c.yaml:2:5: connections.0.baseURL: is required",
            ]
        )
    }

    @Test("two connections of one name are shown at the second")
    func duplicateConnection() throws {
        let one = "  - id: a\n    adapter: polos\n    baseURL: https://a.example\n"
        #expect(
            try issues(of: "connections:\n" + one + one) == [
                "c.yaml:5:5: connections.1.id: another connection is called a"
            ]
        )
    }

    @Test("a base URL with a password is refused without repeating it")
    func passwordInURL() throws {
        let text = "connections:\n  - id: a\n    adapter: polos\n    baseURL: https://u:rahasia@a.example\n"
        let found = try issues(of: text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("c.yaml:4:5: connections.0.baseURL: ") == true)
        #expect(found.first?.contains("rahasia") == false)
    }

    @Test("everything is told at once, by line")
    func allAtOnce() throws {
        let text = """
            zzz: 1
            connections:
              - id: A
                adapter: none
                baseURL: ftp://x
                regions: [31, "99"]
              - id: b
                adapter: semu
                baseURL: https://b.example
                settings: {office: 31, password: {env: GERBANG_UNSET_VARIABLE}, extra: 1}
                limits: {concurrency: many}
            log:
              level: loud
            server: {port: -1}
            """
        let found = try issues(of: text)
        let fields = found.compactMap { $0.split(separator: ": ").dropFirst().first.map { String($0) } }
        #expect(
            fields == [
                "zzz", "connections.0.id", "connections.0.adapter", "connections.0.baseURL", "connections.0.regions.0",
                "connections.0.regions.1", "connections.1.settings.office", "connections.1.settings.password",
                "connections.1.settings.extra", "connections.1.limits.concurrency", "log.level", "server.port",
            ]
        )
        let lines = found.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } }
        #expect(lines == [1, 3, 4, 5, 6, 6, 10, 10, 10, 11, 13, 14])
    }
}
