internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Verdicts of manifests")
struct VerdictTests {
    private static let rules = """
        verdict:
          - when: body.code == "ok"
            succeeded: {output: {name: "${body.name}"}, reference: "${body.?number}"}
          - when: body.code == "later"
            pending: {reference: "${body.number}", checkAfter: 10m}
          - when: body.code == "wait"
            throttled: {message: too fast, after: "${duration(\\"90s\\")}"}
          - when: body.code == "closed"
            throttled: {message: closed, until: {time: "08:00", zone: WITA}}
          - when: body.code == "night"
            throttled: {message: closed, until: "now + duration(\\"1h\\")"}
          - when: body.code == "busy"
            transient: {message: busy, after: 5s}
          - when: body.code == "no"
            rejected: {message: no, agencyCode: "${body.why}", field: /nik}
          - when: body.code == "unclear"
            unreadable: who knows
        """

    @Test("rules are tried in their order, and each kind of verdict carries its data")
    func kinds() throws {
        func verdict(_ body: JSONValue, _ effect: String = "query") throws -> Verdict {
            try Support.verdict(Self.rules, Support.json(body), effect: effect)
        }
        #expect(
            try verdict(["code": "ok", "name": "A", "number": 7])
                == .succeeded(output: ["name": "A"], agencyReference: "7")
        )
        #expect(
            try verdict(["code": "later", "number": "N"]) == .pending(agencyReference: "N", checkAfter: .seconds(600))
        )
        func until(_ code: String) throws -> Timestamp? {
            if case .throttled(_, let until) = try verdict(["code": .string(code)]) { until } else { nil }
        }
        #expect(try until("wait") == Support.now + .seconds(90))
        #expect(try until("night") == Support.now + .seconds(3600))
        #expect(try until("closed") == Timestamp("2026-03-03T08:00:00+08:00"))
        #expect(
            try verdict(["code": "busy"])
                == .transient(GerbangError(.agencyUnavailable, "busy"), retryAfter: .seconds(5))
        )
        #expect(try verdict(["code": "no", "why": "E-17"]).error?.agencyCode == "E-17")
        #expect(try verdict(["code": "unclear"]).name == "transient")
        #expect(try verdict(["code": "unclear"], "nonIdempotent").name == "inDoubt")
    }

    @Test("an agency's code that may be a person's datum is not kept")
    func codes() throws {
        for why in ["SITI CONTOH", "3174015708900003", "a/b", String(repeating: "x", count: 81)] {
            let verdict = try Support.verdict(Self.rules, Support.json(["code": "no", "why": .string(why)]))
            #expect(verdict.error?.agencyCode == nil)
        }
    }

    @Test("what no rule matches, what cannot be decoded and what a rule cannot read is as for every adapter")
    func unmatched() throws {
        for (answer, query, action) in [
            (Support.json(["code": "new"]), "transient", "inDoubt"),
            (Support.json(["other": 1]), "transient", "inDoubt"),
            (Support.json(["code": "ok"]), "transient", "inDoubt"),
            (WireResponse(status: 200, body: Array("<html>".utf8)), "transient", "inDoubt"),
            (WireResponse(status: 200), "transient", "inDoubt"),
            (WireResponse(status: 401), "unauthorized", "unauthorized"),
            (WireResponse(status: 404, body: Array("no".utf8)), "invalid", "invalid"),
            (WireResponse(status: 429), "throttled", "throttled"),
            (WireResponse(status: 503), "transient", "inDoubt"),
            (Support.json(["code": "new"], status: 500), "transient", "inDoubt"),
        ] {
            #expect(try Support.verdict(Self.rules, answer).name == query)
            #expect(try Support.verdict(Self.rules, answer, effect: "nonIdempotent").name == action)
        }
    }

    @Test("a rule that does not read the answer applies also where it cannot be decoded")
    func withoutBody() throws {
        let rules = "verdict: [{when: 'body.a == 1', succeeded: {output: {}}}, {when: status == 404, rejected: gone}]"
        #expect(try Support.verdict(rules, WireResponse(status: 404, body: Array("x".utf8))).name == "rejected")
    }

    @Test("tables turn codes into verdicts, and an unknown code goes on to the next rule")
    func tables() throws {
        let more = "codes: {all: {\"1\": {rejected: one}, \"2\": {transient: two}}}"
        let rules = "verdict: [{lookup: body.code, in: all}, {rejected: unknown}]"
        for (code, name, message) in [
            ("1", "rejected", "one"), ("2", "transient", "two"), ("3", "rejected", "unknown"),
        ] {
            let verdict = try Support.verdict(rules, Support.json(["code": .string(code)]), more: more)
            #expect(verdict.name == name)
            #expect(verdict.error?.message == message)
        }
        let number = try Support.verdict(rules, Support.json(["code": 2]), more: more)
        #expect(number.error?.agencyCode == "2")
    }

    @Test("no error repeats anything of the answer, the input or a secret")
    func privacy() throws {
        let rules = """
            verdict:
              - when: body.a[body.b] == secret.key
                succeeded: {output: {x: "${int(body.name)}"}}
              - when: int(body.name) == 1
                rejected: no
            """
        for body in [
            ["a": ["RAHASIA": 1], "b": "RAHASIA"], ["a": ["x"], "b": 7], ["name": "RAHASIA", "a": [1], "b": 0],
        ]
            as [JSONValue]
        {
            let error = try #require(try Support.verdict(rules, Support.json(body)).error)
            #expect(!"\(error)".lowercased().contains("rahasia"))
        }
    }

    @Test("an expression that would take too long ends the reading, not the process")
    func costs() throws {
        let rules = """
            let: {n: "lists.range(1000)"}
            verdict:
              - when: n.all(a, n.all(b, n.all(c, a + b + c >= 0)))
                succeeded: {output: {}}
            """
        let verdict = try Support.verdict(rules, Support.json([:]))
        #expect(verdict.name == "transient")
        #expect(verdict.error?.message.contains("cost") == true)
    }

    @Test("an answer that nests deeply or is large is refused or read, and never crashes")
    func hostile() throws {
        let rules = "verdict: [{when: 'type(body) == map', succeeded: {output: {a: \"${body}\"}}}]"
        for body in [
            String(repeating: "[", count: 1 << 20), String(repeating: #"{"a":"#, count: 100_000),
            #"{"a":"# + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}",
            #"{"a":1e999999}"#, #"{"a":"\ud800"}"#,
        ] {
            let verdict = try Support.verdict(rules, WireResponse(status: 200, body: Array(body.utf8)))
            #expect(["transient", "succeeded"].contains(verdict.name))
        }
    }
}
