internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import Testing

/// A mistake in a manifest and where it is reported.
struct Mistake: Sendable, CustomTestStringConvertible {
    let request: String
    let response: String
    let operation: String
    let more: String
    let place: String
    let message: String

    init(
        request: String = "path: /x",
        response: String = "verdict: [{succeeded: {output: {}}}]",
        operation: String = "effect: query",
        more: String = "",
        at place: String,
        _ message: String
    ) {
        (self.request, self.response, self.operation) = (request, response, operation)
        (self.more, self.place, self.message) = (more, place, message)
    }

    var testDescription: String { message }
}

@Suite("Loading manifests")
struct LoadingTests {
    static let mistakes: [Mistake] = [
        Mistake(request: "path: /x/${input.nik", at: "16:16", "a '${' has no '}'"),
        Mistake(request: "path: x", at: "16:7", "must begin with a slash"),
        Mistake(request: "path: /x//y", at: "16:7", "has an empty part"),
        Mistake(request: "path: /x?a=1", at: "16:7", "has no place for a query"),
        Mistake(request: "path: /x/${secret.key}", at: "16:7", "would show a secret"),
        Mistake(request: "path: /x/${inptu.nik}", at: "16:18", "known here are: applicant, attempt, config, input"),
        // One mistake is told once, whatever it leaves empty.
        Mistake(request: "path: /x/${inptu.nik}/y", at: "16:18", "known here are: applicant, attempt, config, input"),
        Mistake(
            request: "body: {json: {ref: \"${reqest.key}\"}}",
            operation: "effect: idempotent\nidempotencyKey: ref",
            at: "17:29",
            "known here are"
        ),
        Mistake(
            response: "verdict: [{pending: {checkAfter: \"${stat}\"}}]",
            at: "18:43",
            "known here are"
        ),
        Mistake(request: "path: /x/${config.sit}", at: "16:18", "there are: config.site"),
        Mistake(request: "path: /x/${1 + \"a\"}", at: "16:20", "+"),
        Mistake(request: "method: Get", at: "16:7", "must be an HTTP method in capitals"),
        Mistake(request: "headers: {Content-Length: 1}", at: "16:17", "is written by the transport itself"),
        Mistake(request: "headers: {\"a b\": 1}", at: "16:17", "is not the name of a header field"),
        Mistake(request: "body: {yaml: 1}", at: "16:7", "must be exactly one of: json, form"),
        Mistake(request: "boody: {}", at: "16:7", "unknown field; allowed are: body, headers"),
        Mistake(request: "refuse: [{when: true, message: \"${input.nik}\"}]", at: "16:16", "texts of errors are fixed"),
        Mistake(response: "verdict: [{when: \"${true}\", unexplained: true}]", at: "18:18", "leave out the ${ and }"),
        Mistake(response: "verdict: [{when: status, unexplained: true}]", at: "18:24", "must be of type bool"),
        Mistake(response: "verdict: [{unexplained: true}, {unexplained: true}]", at: "18:38", "is never reached"),
        Mistake(response: "verdict: [{rejected: {message: \"${text}\"}}]", at: "18:18", "texts of errors are fixed"),
        Mistake(response: "verdict: [{rejected: {code: nope, message: x}}]", at: "18:29", "is not a code of the error"),
        Mistake(response: "verdict: [{throttled: {message: x}}]", at: "18:18", "must say how long"),
        Mistake(response: "verdict: [{rejected: a, invalid: b}]", at: "18:17", "must have exactly one of"),
        Mistake(response: "verdict: [{include: nope}]", at: "18:18", "must be the name of a list in 'rules'"),
        Mistake(
            response: "verdict: [{lookup: status, in: nope}]",
            at: "18:34",
            "must be the name of a table in 'codes'"
        ),
        Mistake(
            response: "verdict: [{succeeded: {output: {a: \"${secret.key}\"}}}]",
            at: "18:18",
            "would show a secret"
        ),
        Mistake(
            response: "verdict: [{succeeded: {output: {a: \"${sent.body}\"}}}]",
            at: "18:18",
            "would show a secret"
        ),
        Mistake(
            response: "let: {a: secret.key + '!'}\nverdict: [{rejected: {message: x, agencyCode: \"${a}\"}}]",
            at: "19:18",
            "would show a secret"
        ),
        Mistake(response: "decode: [jsn]\nverdict: []", at: "18:16", "is not a step; there are: json"),
        Mistake(
            response: "decode: [{xml: {values: {a: \"//x[\"}}}]\nverdict: []",
            at: "18:32",
            "The XPath expression is wrong"
        ),
        Mistake(
            response: "decode: [{xml: {values: {a: \"//p:x\"}}}]\nverdict: []",
            at: "18:32",
            "undeclared prefix"
        ),
        Mistake(operation: "effect: maybe", at: "14:5", "must be query, idempotent or nonIdempotent"),
        Mistake(operation: "effect: idempotent", at: "14:5", "must have 'idempotencyKey' beside it"),
        Mistake(
            operation: "effect: idempotent\nidempotencyKey: ref",
            at: "14:5",
            "nothing in its message carries request.key"
        ),
        Mistake(
            operation: "effect: nonIdempotent\ninquiry: {operation: ask2}",
            at: "15:15",
            "must be the name of an operation whose effect is query; there is none yet"
        ),
        Mistake(more: "authentication: [{basik: {}}]", at: "11:18", "must name one scheme: apiKey, basic"),
        Mistake(more: "tables: []", at: "11:1", "must be names with their data"),
        Mistake(more: "contact: [1]", at: "11:1", "must be a text"),
        Mistake(
            more: "fixtures: [{name: a, operation: no, refuses: /a}]",
            at: "11:22",
            "is not an operation of this adapter"
        ),
        Mistake(more: "fixtures: [{name: a, operation: ask}]", at: "11:12", "otherwise it tests nothing"),
    ]

    @Test("a mistake is reported where it stands, with what would be right", arguments: mistakes)
    func mistake(row: Mistake) throws {
        let text = Support.manifest(
            request: row.request,
            response: row.response,
            more: row.more,
            operation: row.operation
        )
        let issues = Support.issues(text).filter { $0.severity == .error }
        let found = issues.first { $0.message.contains(row.message) }
        let issue = try #require(found, "\(issues)")
        #expect("\(issue.line ?? 0):\(issue.column ?? 0)" == row.place, "\(issue)")
        #expect(issues.count == 1, "\(issues)")
    }

    @Test("all mistakes are told at once, by line")
    func all() {
        let text = Support.manifest(
            request: "path: x\nmethod: get",
            response: "verdict: [{when: nope}]",
            more: "id2: 1"
        )
        let lines = Support.issues(text).filter { $0.severity == .error }.map(\.line)
        #expect(lines == [11, 16, 17, 19, 19] || lines == [11, 16, 17, 19])
    }

    @Test("an expression over several lines is shown at its own line and column")
    func multiline() throws {
        let response = """
            let:
              first: >-
                status == 200
                && statu == 200
              second: |
                status == 200
                && statu == 200
            verdict: [{when: first && second, succeeded: {output: {}}}]
            """
        let issues = Support.issues(Support.manifest(response: response)).filter {
            $0.message.contains("statu") || $0.field.hasSuffix("first") || $0.field.hasSuffix("second")
        }
        #expect(issues.map { "\($0.line ?? 0):\($0.column ?? 0)" }.prefix(2) == ["21:14", "24:14"])
    }

    @Test("what is not YAML or not a manifest is told with its place")
    func notYAML() {
        for (text, message) in [
            ("a: b: c", "a text with ': ' in it needs quotes"), ("- 1", "is not a manifest"), ("", "is required"),
            ("a: 1\na: 2", "a field is given twice"), ("a: &x 1", "anchors and aliases are not allowed"),
        ] {
            let issues = Support.issues(text)
            #expect(issues.contains { $0.message.contains(message) }, "\(text): \(issues)")
        }
    }

    @Test("an operation without a fixture is a warning")
    func warnings() throws {
        let manifest = try Support.load(Support.manifest(operation: "effect: query\norderingKey: request.key"))
        #expect(manifest.warnings.map(\.severity) == [.warning])
        #expect(manifest.warnings.contains { $0.message.contains("has no fixture") })
    }

    @Test("requests are ordered by an expression over the call and the settings")
    func ordering() throws {
        let expression = "config.site + \"/\" + input.?case.orValue(\"\")"
        let adapter = try Support.adapter(Support.manifest(operation: "effect: query\norderingKey: '\(expression)'"))
        let rule = try #require(adapter.descriptor.operations.first?.orderingKey)
        #expect(rule.description == expression)
        #expect(try rule.key(of: Support.call(adapter, ["case": "K-7"])) == "a/K-7")
        #expect(try rule.key(of: Support.call(adapter, [:])) == "a/")
        let optional = try Support.adapter(Support.manifest(operation: "effect: query\norderingKey: input.?case"))
        let maybe = try #require(optional.descriptor.operations.first?.orderingKey)
        #expect(try maybe.key(of: Support.call(optional, ["case": 7])) == "7")
        #expect(try maybe.key(of: Support.call(optional, [:])) == nil)
        let strict = try Support.adapter(Support.manifest(operation: "effect: query\norderingKey: input.case"))
        let error = #expect(throws: GerbangError.self) {
            try strict.descriptor.operations.first?.orderingKey?.key(of: Support.call(strict, [:]))
        }
        #expect(error?.code == .invalidInput)
        let secret = Support.issues(Support.manifest(operation: "effect: query\norderingKey: secret.key"))
        #expect(secret.contains { $0.message.contains("must not be made of a secret") })
    }

    @Test("authentication is made of the connection's settings, and does not print")
    func authentication() throws {
        let more =
            "authentication: [{hmac: {key: \"${secret.key}\", header: X-Signature, clientID: \"${config.site}\"}}]"
        let adapter = try Support.adapter(Support.manifest(more: more))
        let expected: JSONValue = [["hmac": ["key": "rahasia", "header": "X-Signature", "clientID": "a"]]]
        #expect(adapter.authentication?.revealed == expected)
        #expect(!"\(String(describing: adapter.authentication))".contains("rahasia"))
    }

    @Test("settings are read by their schema, secrets apart")
    func settings() throws {
        let more = ""
        let text = Support.manifest(request: "path: /x/${config.site}/${config.zone.orValue(\"none\")}", more: more)
        let adapter = try Support.adapter(text, settings: ["key": "k", "zone": "WIB"])
        #expect(try adapter.prepare(Support.call(adapter, [:])).path == ["x", "a", "WIB"])
        #expect(throws: (any Error).self) { try Support.adapter(text, settings: [:]) }
        #expect(throws: (any Error).self) { try Support.adapter(text, settings: ["key": "k", "site": 1]) }
        #expect(throws: (any Error).self) { try Support.adapter(text, settings: ["key": "k", "sites": "a"]) }
    }
}
