internal import AdapterTooling
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import HTTPTypes
internal import Testing

/// The people in here are invented, as those are by whom they are replaced.
@Suite struct RecordingTests {
    private static let manifest = """
        manifest: 1
        id: register
        version: 1.0.0
        agency: {id: Register, en: Register}
        settings: {required: [apiKey], properties: {apiKey: {type: string, secret: true}}}
        operations:
          find:
            provides: population.person.lookup
            effect: query
            sensitive: [/nik]
            request:
              method: POST
              path: /find
              body: {json: {nik: "${input.nik}"}}
            response:
              verdict:
                - {when: body.person.nik != input.nik, unreadable: somebody else}
                - succeeded: {output: {nik: "${body.person.nik}", name: "${body.person.nama}"}}
        fixtureSettings: {apiKey: contoh}
        fixtures:
          - {name: nobody, operation: find, input: {nik: "3174014101900001"}, answer: {json: {}}, verdict: transient}

        # Nothing to say.
        deviations: []
        """

    private static let nik = "3273015708900003"

    private func recording(_ answer: WireResponse, _ text: String = manifest) throws -> FixtureRecording {
        let manifest = try Manifest.parse(text, file: "adapter.yaml")
        let settings: JSONObject = ["apiKey": "kunci-asli-9"]
        var reader = SettingsReader(.object(settings))
        let adapter = try #require(manifest.definition.make(&reader))
        let operation = try #require(adapter.descriptor.operations.first)
        let request = ServiceRequest(
            id: try #require(RequestID("0193a6f0-5b00-7000-8000-00000000abcd")),
            client: try ClientID("c"),
            submission: Submission(
                service: try #require(operation.service),
                region: .nation,
                payload: ["nik": .string(Self.nik)],
                idempotencyKey: "k"
            ),
            connection: try ConnectionID("c"),
            operation: operation.id,
            acceptedAt: Timestamp(milliseconds: 0),
            deadline: Timestamp(milliseconds: 1)
        )
        let call = AdapterCall(operation: operation, request: request, now: Timestamp(milliseconds: 1_768_014_000_000))
        return try FixtureRecording(
            .init(call: call, message: adapter.prepare(call), answer: answer, settings: settings),
            for: manifest,
            name: "recorded"
        )
    }

    private static let answer: JSONValue = [
        "status": "AKTIF", "issuedTo": "kunci-asli-9",
        "person": [
            "nik": .string(nik), "nama": "Endang Rahayuningsih", "tgl_lhr": "17-08-1990", "alamat": "Gang Melati 7",
            "no_hp": "0813-5550-7712", "email": "endang.r@surat.example", "no_kk": 3_273_010_101_150_001,
            "catatan": "Sdr. Endang Rahayuningsih hadir", "access_token": "eyJhbGciOi.J9.x7Kq",
        ],
    ]

    @Test("Everything that is somebody's is replaced by something of the same form, everywhere alike")
    func replaces() throws {
        let response = WireResponse(
            status: 200,
            headerFields: [.contentType: "application/json", .setCookie: "sesi=kunci-asli-9"],
            body: Self.answer.encoded()
        )
        let recording = try recording(response)
        let text = recording.yaml + recording.fixture.text()
        for original in [
            Self.nik, "Endang", "Rahayuningsih", "17-08-1990", "Melati", "5550", "7712", "endang.r", "3273010101150001",
            "eyJhbGciOi", "kunci-asli-9", "sesi=",
        ] {
            #expect(!text.contains(original), "\(original) is left")
        }
        let person = try #require(recording.fixture["answer"]?["json"]?["person"])
        let nik = try NIK(#require(person["nik"]?.stringValue), today: #require(CivilDate("2026-01-10")))
        #expect(nik.sex == .female)
        let day = try #require(person["tgl_lhr"]?.stringValue)
        let born = try #require(CivilDate(dayFirst: day))
        #expect(nik.birthDate == born)
        #expect(recording.fixture["input"]?["nik"]?.stringValue == nik.revealed)
        let name = try #require(person["nama"]?.stringValue)
        #expect(person["catatan"]?.stringValue == "Sdr. \(name) hadir")
        #expect(person["no_hp"]?.stringValue?.hasPrefix("08") == true)
        #expect(person["no_hp"]?.stringValue?.count == 14)
        #expect(person["email"]?.stringValue?.hasSuffix("@contoh.example") == true)
        #expect(person["no_kk"]?.numberValue?.text.count == 16)
        #expect(recording.fixture["verdict"]?.stringValue == "succeeded")
        #expect(recording.kept.contains { $0.contains("/status") })
    }

    @Test("The fixture is put into the manifest, which keeps everything else and passes")
    func inserts() throws {
        let recording = try recording(WireResponse(status: 200, body: Self.answer.encoded()))
        let text = try FixtureInsertion.insert(recording, into: Self.manifest, file: "a", catalogue: .builtin())
        #expect(text.contains("# Nothing to say.\ndeviations: []"))
        let manifest = try Manifest.parse(text, file: "a")
        #expect(manifest.fixtures.map(\.name) == ["nobody", "recorded"])
        for result in manifest.runFixtures(catalogue: try .builtin()) { #expect(result.isPassed) }
    }

    @Test("A manifest without fixtures gets its first")
    func first() throws {
        let bare = Self.manifest.split(separator: "fixtures:\n")[0] + "fixtures: []\n"
        let recording = try recording(WireResponse(status: 200, body: Self.answer.encoded()), String(bare))
        let text = try FixtureInsertion.insert(recording, into: String(bare), file: "a", catalogue: .builtin())
        #expect(try Manifest.parse(text, file: "a").fixtures.map(\.name) == ["recorded"])
    }

    @Test("An answer whose meaning is lost with its data makes no fixture")
    func encrypted() throws {
        let text = Self.manifest.replacing(
            "body.person.nik != input.nik",
            with: "gerbang.hex.encode(gerbang.hash.sha256(body.person.nik)) != body.proof"
        )
        let proof = "7d5e0c6fbd1b57a2e1c2e2f1c8b8ad1c9e0f6f5d4c3b2a190817263544536271"
        var answer = Self.answer.objectValue ?? [:]
        answer["proof"] = .string(proof)
        let body = JSONValue.object(answer).encoded()
        // Here both are unreadable, so that the fixture says so truly.
        #expect(
            try recording(WireResponse(status: 200, body: body), text).fixture["verdict"]?.stringValue == "transient"
        )
        let free = Self.manifest.replacing(
            "body.person.nik != input.nik",
            with: "body.person.nik != \"\(Self.nik)\""
        )
        let error = #expect(throws: GerbangError.self) { try recording(WireResponse(status: 200, body: body), free) }
        #expect(error?.message.contains("by hand") == true)
        #expect(error?.message.contains(Self.nik) == false)
    }

    @Test("XML and pages are cleaned by the names of their elements and by form")
    func markup() throws {
        let body = """
            <r:orang xmlns:r="u"><r:nama>Endang Rahayuningsih</r:nama><nik>\(Self.nik)</nik>
            <ket>NIK \(Self.nik) a.n. Endang Rahayuningsih, endang.r@surat.example</ket></r:orang>
            """
        let recording = try recording(WireResponse(status: 500, body: Array(body.utf8)))
        let text = try #require(recording.fixture["answer"]?["text"]?.stringValue)
        for original in ["Endang", Self.nik, "endang.r"] { #expect(!text.contains(original)) }
        #expect(text.contains("<r:nama>"))
    }
}
