internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangManifest

/// What a manifest says that its services do not have.
@Suite("Manifests and their services")
struct ServiceCheckTests {
    private static let input = """
        {type: object, required: [nik], additionalProperties: false, properties: {nik: {type: string}, \
        owner: {type: object, properties: {name: {type: string}}}, items: {type: array, items: {type: object, \
        properties: {code: {type: string}}}}, extra: {type: object}}}
        """

    private static func manifest(
        ask: String = "{path: /x}",
        find: String = "{path: /y}",
        sensitive: String = "[]",
        inquiry: String = "{operation: find}",
        fixtures: String = "[]",
        shared: String = "{}",
        provides: String = "water.bill.pay"
    ) -> String {
        """
        manifest: 1
        id: water
        version: 1.0.0
        agency: {id: Air Contoh, en: Example Water}
        services:
          - {id: water.bill.pay, title: {id: A, en: A}, summary: {id: A., en: A.}, standardTime: 1d, legalBasis: A, input: \(input), output: {type: object, required: [number], properties: {number: {type: string}}}}
        request: \(shared)
        operations:
          ask:
            provides: \(provides)
            effect: nonIdempotent
            timeouts: {total: 45s}
            inquiry: \(inquiry)
            sensitive: \(sensitive)
            request: \(ask)
            response: {verdict: [{succeeded: {output: {number: "1"}}}]}
          find:
            effect: query
            request: \(find)
            response:
              finding: [{when: status == 200, done: {output: "${body}"}}]
        fixtures: \(fixtures)
        """
    }

    /// The warnings but those of operations without fixtures.
    private static func warnings(_ text: String, catalogue: ServiceCatalogue? = nil) throws -> [ManifestIssue] {
        try Manifest.parse(text, file: "adapter.yaml", files: [:], catalogue: catalogue).warnings
            .filter { !$0.message.contains("has no fixture") }
    }

    private static let strays: [(text: String, place: String, says: String)] = [
        (
            manifest(ask: "{path: \"/x/${input.nikk}\"}"), "15:27",
            "reads input.nikk: the input of water.bill.pay has no 'nikk'; there are: nik, owner, items, extra"
        ),
        (manifest(ask: "{path: /x, query: {a: \"${input.?owner.?nama}\"}}"), "15:39", "has no 'nama'; there are: name"),
        (manifest(ask: "{path: /x, query: {a: \"${input[\\\"nok\\\"]}\"}}"), "15:39", "has no 'nok'"),
        (
            manifest(ask: "{path: /x, query: {a: \"${input.nik.first}\"}}"), "15:39",
            "has no 'first'; it names none there"
        ),
        (manifest(ask: "{path: /x, let: {a: has(input.owner.age)}}"), "15:38", "has no 'age'"),
        (
            manifest(ask: "{path: /x, query: {a: \"${input.itens.map(i, i.code)[0]}\"}}"), "15:39",
            "has no 'itens'"
        ),
        (manifest(find: "{path: \"/y/${input.number}\"}"), "19:27", "has no 'number'"),
        (manifest(sensitive: "[/nik, /items/0/kode]"), "14:23", "/items/0/kode points at nothing"),
        (manifest(shared: "{let: {a: input.nikk}}"), "7:20", "has no 'nikk'"),
        (
            manifest(inquiry: "{operation: find, conclusiveAfter: 30s}"), "13:32",
            "is 30 s, shorter than timeouts.total of 45 s"
        ),
        (
            manifest(fixtures: "[{name: a, operation: ask, input: {nik: 1}, sends: {method: GET}}]"), "22:46",
            "the input of water.bill.pay refuses this"
        ),
        (
            manifest(fixtures: "[{name: a, operation: find, input: {nok: a}, sends: {method: GET}}]"), "22:47",
            "the input of water.bill.pay refuses this"
        ),
    ]

    @Test("What the service does not have is a warning with its place and what there is", arguments: strays.indices)
    func stray(index: Int) throws {
        let row = Self.strays[index]
        let found = try Self.warnings(row.text)
        let issue = try #require(found.first, "\(row.says)")
        #expect(found.count == 1 && issue.severity == .warning)
        #expect("\(issue.line ?? 0):\(issue.column ?? 0)" == row.place, "\(issue)")
        #expect(issue.message.contains(row.says), "\(issue)")
    }

    @Test(
        "What it has, or does not fix, is none",
        arguments: [
            manifest(
                ask: "{path: \"/x/${input.nik}\", query: {a: \"${input.?owner.?name}\", b: \"${input.extra.any}\"}}"
            ),
            manifest(ask: "{path: /x, query: {a: \"${input.items.map(i, i.kode)}\", b: \"${input.nik.size()}\"}}"),
            manifest(ask: "{path: /x, query: {a: \"${[input].map(input, input.nokk)}\"}}"),
            manifest(sensitive: "[/nik, /owner, /items/0/code, /extra/any]"),
            manifest(find: "{path: \"/y/${input.nik}\"}", inquiry: "{operation: find, conclusiveAfter: 45s}"),
            manifest(fixtures: "[{name: a, operation: ask, input: {nok: 1}, refuses: /nok}]"),
            manifest(fixtures: "[{name: a, operation: find, answer: {json: {}}, finding: done}]"),
            manifest(provides: "water.unknown"),
        ]
    )
    func fine(text: String) throws {
        #expect(try Self.warnings(text).isEmpty)
    }

    @Test("With the catalogue, its services are looked at too, and an unknown one is told")
    func catalogue() throws {
        let catalogue = try ServiceCatalogue.builtin()
        let unknown = try Self.warnings(Self.manifest(provides: "water.unknown"), catalogue: catalogue)
        #expect(unknown.map(\.field) == ["operations.ask.provides"])
        let text = Self.manifest(ask: "{path: \"/x/${input.nopol}\"}", provides: "transport.vehicle.lookup")
        let found = try Self.warnings(text, catalogue: catalogue)
        #expect(found.count == 1 && found.first?.message.contains("there are: plate") == true, "\(found)")
    }

    @Test("The project's own manifests say nothing that their services do not have", arguments: Support.shipped)
    func shipped(path: String) throws {
        let manifest = try Manifest.load(path: "\(Support.root)/\(path)", catalogue: .builtin())
        #expect(manifest.warnings.isEmpty, "\(manifest.warnings)")
    }

    @Test("An inquiry that there is not is told where it is named")
    func unknownInquiry() {
        let issues = Support.issues(Self.manifest(inquiry: "{operation: fnd}")).filter { $0.severity == .error }
        #expect(issues.count == 1)
        #expect(issues.first?.field == "operations.ask.inquiry.operation" && issues.first?.line == 13)
        #expect(issues.first?.message.contains("there are: find") == true)
    }

    @Test("What an inquiry finds done must fit the service that it settles")
    func finding() throws {
        let fixture = "[{name: a, operation: find, answer: {json: JSON}, finding: done}]"
        func differences(_ json: String) throws -> [String] {
            let text = Self.manifest(fixtures: fixture.replacing("JSON", with: json))
            return try Manifest.parse(text, file: "adapter.yaml", files: [:]).runFixtures().flatMap(\.differences)
        }
        #expect(try differences("{number: \"7\"}").isEmpty)
        let wrong = try differences("{number: 7}")
        #expect(wrong.count == 1 && wrong.first?.contains("by water.bill.pay") == true, "\(wrong)")
    }
}
