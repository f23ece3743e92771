internal import GerbangCore
internal import GerbangJSON
internal import Glibc
internal import Testing

@Suite("What the citizen is told")
struct ProgressNoticeTests {
    /// Saturday, 31 January 2026, 14:20 in Jakarta.
    private static let now = Timestamp(milliseconds: 1_769_844_000_000)

    private static let agencies: [LocalizedText?] = [
        nil,
        LocalizedText(id: "Dinas Perhubungan", en: "Transport agency"),
        LocalizedText(
            id: "Direktorat Jenderal Kependudukan dan Pencatatan Sipil (Dukcapil)",
            en: "Directorate General of Population and Civil Registration (Dukcapil)"
        ),
        LocalizedText(id: String(repeating: "Badan ", count: 50), en: String(repeating: "Board ", count: 50)),
    ]

    /// Every state with every reason, error, wish and circumstance that can change a sentence.
    static func everything(_ each: (RequestStatus, ProgressContext) throws -> Void) throws {
        let far = now + .seconds(400 * 86_400)
        let errors: [GerbangError?] = [nil] + GerbangError.Code.all.map { GerbangError($0, "for developers") }
        let some = [nil, GerbangError(.agencyUnavailable, "for developers")]
        for agency in agencies {
            for context in contexts(agency, far) {
                for state in RequestState.allCases {
                    let reasons: [QueueReason?] = state == .queued ? QueueReason.allCases.map { $0 } + [nil] : [nil]
                    for reason in reasons {
                        let matters = state == .rejected || reason == .retry || reason == .throttled
                        for error in matters ? errors : some {
                            for flag in [false, true] {
                                try each(status(state, reason, error, flag: flag, in: context), context)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func contexts(_ agency: LocalizedText?, _ far: Timestamp) -> [ProgressContext] {
        let plain = ProgressContext(Wording(agency: agency, zone: .wita, now: now))
        let changes: [(inout ProgressContext) -> Void] = [
            { _ in },
            { $0.hold = .paused },
            { $0.hold = .notConnected },
            { $0.isCrowded = true },
            { $0.isOurPace = true },
            { $0.closedUntil = .openEnded },
            { $0.needsOperator = true },
            { $0.isOverdue = true },
            {
                $0.closedUntil = .until(far)
                $0.nextCallAt = far
                $0.expectedFinishAt = far
            },
            { $0.expectedFinishAt = now + .seconds(5) },
        ]
        return changes.map { change in
            var context = plain
            change(&context)
            return context
        }
    }

    static func status(
        _ state: RequestState,
        _ reason: QueueReason? = nil,
        _ error: GerbangError? = nil,
        flag: Bool = false,
        deadline: Timestamp = now + .seconds(259_200),
        in context: ProgressContext
    ) -> RequestStatus {
        var status = RequestStatus(
            id: RequestID(high: 1, low: 2),
            client: ClientID(checked: "mall"),
            service: ServiceID(checked: "population.identity.verify"),
            region: .nation,
            channel: .counter,
            officer: Officer(id: OfficerID(restoring: "ani.petugas"), name: Sensitive("ANI CONTOH"), counter: "A-12"),
            connection: ConnectionID(checked: "dukcapil"),
            state: state,
            reason: reason,
            dueAt: state.isFinal ? nil : now + .seconds(3600),
            isCancelRequested: flag,
            acceptedAt: now + .seconds(-60),
            updatedAt: now,
            deadline: deadline,
            finishedAt: state.isFinal ? now : nil,
            output: ["name": "SITI CONTOH"],
            agencyReference: "REF-7",
            error: error,
            isDeadLetter: state == .failed && !flag
        )
        status.progress = ProgressNotice(of: status, in: context)
        return status
    }

    @Test("Every notice is one sentence for a screen, in both languages, without jargon and without personal data")
    func sentences() throws {
        var seen: Set<String> = []
        try Self.everything { status, _ in
            for text in [status.progress.texts, status.progress.expectedFinishTexts] {
                for language in Language.allCases where seen.insert(text[language]).inserted {
                    try Self.expectSentence(text[language])
                }
                #expect(text.indonesian != text.english)
            }
        }
        #expect(seen.count > 100)
    }

    static func expectSentence(_ text: String) throws {
        #expect(text.count < 160, "\(text.count): \(text)")
        #expect(text.first?.isUppercase == true && text.hasSuffix("."), "\(text)")
        #expect(!text.contains("{") && !text.contains("  "), "\(text)")
        // A time has a dot too, but nothing follows a sentence's.
        #expect(![". ", "! ", "? "].contains { text.contains($0) }, "\(text)")
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        let jargon: Set<String> = [
            "queue", "queued", "timeout", "breaker", "http", "https", "retry", "throttled", "api", "error", "server",
            "request id", "json", "null", "nil", "gateway", "adapter", "dead", "letter", "lease", "poll", "antrian",
        ]
        #expect(jargon.isDisjoint(with: words), "\(text)")
        for secret in ["SITI", "ANI", "ani.petugas", "A-12", "REF-7", "mall", "dukcapil ", "for developers"] {
            #expect(!text.contains(secret), "\(text)")
        }
    }

    @Test("The documentation tells every sentence, in both languages")
    func documentation() throws {
        // This file lies in Tests/GerbangCoreTests.
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = try #require(fopen("\(root)/Docs/PublicAPI.md", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let document = String(decoding: bytes.prefix(count), as: UTF8.self)
        var templates: Set<LocalizedText> = []
        try Self.everything { status, context in
            let (situation, outlook) = (Situation(of: status, in: context), Outlook(of: status, in: context))
            templates.formUnion([situation.template, outlook.template])
        }
        #expect(templates.count == 33)
        for template in templates {
            let isTold = document.contains("| \(template.indonesian) | \(template.english) |")
            #expect(isTold, "\(template.english)")
        }
    }

    @Test("Whoever has to act is told, with a name")
    func holders() throws {
        try Self.everything { status, _ in
            let holder = status.progress.holder
            #expect(!holder.name.indonesian.isEmpty && !holder.name.english.isEmpty)
            switch status.state {
            case .succeeded, .rejected, .expired, .cancelled: #expect(holder.kind == .mall)
            case .failed: #expect(holder.kind == (status.isDeadLetter ? .operator : .mall))
            case .running, .awaitingAgency: #expect(holder.kind == .agency)
            case .queued, .inDoubt: #expect(holder.kind != .mall)
            }
        }
    }

    @Test("The agency's full name stands with the holder, its abbreviation in the sentence")
    func names() {
        let context = ProgressContext(Wording(agency: Self.agencies[2], zone: .wib, now: Self.now))
        let progress = Self.status(.running, in: context).progress
        #expect(progress.holder == ProgressNotice.Holder(kind: .agency, name: context.wording.name(of: .agency)))
        #expect(progress.holder.name.indonesian.hasPrefix("Direktorat Jenderal"))
        #expect(progress.texts.indonesian == "Dukcapil sedang memproses permohonan Anda.")
        #expect(progress.texts.english == "Dukcapil is working on your request.")
    }

    @Test("A tenant's name stands with the holder, its contact where a citizen is sent to an officer")
    func tenants() {
        let tenant = Tenant(
            id: TenantID(checked: "mall"),
            name: LocalizedText(id: "MPP Kota Contoh", en: "Contoh City Mall"),
            contact: LocalizedText(id: "Loket 1, telepon 112", en: "counter 1, telephone 112")
        )
        let context = ProgressContext(Wording(agency: Self.agencies[1], tenant: tenant, zone: .wib, now: Self.now))
        let rejected = Self.status(.rejected, in: context).progress
        #expect(rejected.holder == ProgressNotice.Holder(kind: .mall, name: tenant.name))
        #expect(rejected.texts.indonesian.contains("kepada petugas (Loket 1, telepon 112)"))
        #expect(rejected.texts.english.contains("ask an officer (counter 1, telephone 112)"))
        let running = Self.status(.running, in: context).progress
        #expect(!running.texts.english.contains("112") && running.holder.kind == .agency)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var state: RequestState
        var reason: QueueReason?
        var code: GerbangError.Code?
        var change: @Sendable (inout ProgressContext) -> Void = { _ in }
        var holder: ProgressNotice.Holder.Kind
        var id: String
        var expected: String
    }

    static let cases: [Case] = [
        Case(
            testDescription: "closed until Monday",
            state: .queued,
            reason: .outsideHours,
            change: {
                $0.closedUntil = .until(now + .seconds(150_000))
                $0.nextCallAt = now + .seconds(150_000)
                $0.expectedFinishAt = now + .seconds(150_009)
            },
            holder: .agency,
            id: "Dinas Perhubungan baru buka lagi Senin pukul 08.00 WIB; permohonan Anda dilanjutkan saat itu.",
            expected: "Perkiraan selesai Senin pukul 08.15 WIB."
        ),
        Case(
            testDescription: "no answer, again in an hour",
            state: .queued,
            reason: .retry,
            code: .timeout,
            change: { $0.expectedFinishAt = now + .seconds(3605) },
            holder: .agency,
            id: "Dinas Perhubungan belum dapat dihubungi; kami mencoba lagi hari ini pukul 15.20 WIB.",
            expected: "Perkiraan selesai hari ini pukul 15.25 WIB."
        ),
        Case(
            testDescription: "quota until midnight",
            state: .queued,
            reason: .throttled,
            code: .agencyQuotaExhausted,
            change: { $0.nextCallAt = now + .seconds(34_800) },
            holder: .agency,
            id: "Jatah harian di Dinas Perhubungan sudah habis; permohonan Anda dilanjutkan besok pukul 00.00 WIB.",
            expected: "Waktu selesainya belum dapat diperkirakan."
        ),
        Case(
            testDescription: "credentials refused",
            state: .queued,
            reason: .retry,
            code: .agencyUnauthorized,
            holder: .operator,
            id: "Sambungan ke Dinas Perhubungan perlu ditangani petugas; kami mencoba lagi hari ini pukul 15.20 WIB.",
            expected: "Waktu selesainya belum dapat diperkirakan."
        ),
        Case(
            testDescription: "paused",
            state: .queued,
            reason: .new,
            change: { $0.hold = .paused },
            holder: .operator,
            id: "Layanan Dinas Perhubungan dihentikan sementara oleh petugas; permohonan Anda kami simpan.",
            expected: "Waktu selesainya belum dapat diperkirakan."
        ),
        Case(
            testDescription: "in doubt",
            state: .inDoubt,
            change: { $0.expectedFinishAt = now + .seconds(30) },
            holder: .gateway,
            id:
                "Kami memastikan kepada Dinas Perhubungan apakah permohonan Anda sudah diproses; mohon jangan ajukan ulang.",
            expected: "Perkiraan selesai dalam satu menit."
        ),
        Case(
            testDescription: "in doubt, for an operator",
            state: .inDoubt,
            change: { $0.needsOperator = true },
            holder: .operator,
            id:
                "Petugas memastikan kepada Dinas Perhubungan apakah permohonan Anda sudah diproses; jangan ajukan ulang.",
            expected: "Waktu selesainya belum dapat diperkirakan."
        ),
        Case(
            testDescription: "done",
            state: .succeeded,
            holder: .mall,
            id: "Permohonan Anda selesai dan hasilnya sudah tersedia.",
            expected: "Selesai hari ini pukul 14.20 WIB."
        ),
    ]

    @Test("Sentences name who, why and until when", arguments: cases)
    func wording(test: Case) {
        var context = ProgressContext(Wording(agency: Self.agencies[1], zone: .wib, now: Self.now))
        test.change(&context)
        let error = test.code.map { GerbangError($0, "for developers") }
        let progress = Self.status(test.state, test.reason, error, in: context).progress
        #expect(progress.holder.kind == test.holder)
        #expect(progress.texts.indonesian == test.id)
        #expect(progress.expectedFinishTexts.indonesian == test.expected)
    }

    @Test("An adapter's own words on a rejection are passed on as they are")
    func rejection() {
        let texts = LocalizedText(id: "Tempat uji sudah penuh.", en: "The station is full.")
        let context = ProgressContext(Wording(agency: nil, zone: .wib, now: Self.now))
        let error = GerbangError(.agencyRejected, "full", texts: texts)
        #expect(Self.status(.rejected, nil, error, in: context).progress.texts == texts)
    }

    @Test("A request that is likely to miss its deadline is promised nothing, one with the agency is")
    func deadline() {
        var context = ProgressContext(Wording(agency: nil, zone: .wib, now: Self.now))
        context.expectedFinishAt = Self.now + .seconds(7200)
        let deadline = Self.now + .seconds(3600)
        let waiting = Self.status(.queued, .retry, deadline: deadline, in: context).progress
        #expect(waiting.expectedFinishAt == nil)
        #expect(waiting.expectedFinishTexts.english.contains("today at 15:20 WIB"))
        let there = Self.status(.awaitingAgency, deadline: deadline, in: context).progress
        #expect(there.expectedFinishAt == Self.now + .seconds(7200))
    }

    @Test("A notice reads what it wrote, and a status without one makes do with what it knows")
    func json() throws {
        try Self.everything { status, _ in
            #expect(ProgressNotice(json: status.progress.json) == status.progress)
        }
        let context = ProgressContext(Wording(agency: nil, zone: .wib, now: Self.now))
        let status = Self.status(.running, in: context)
        #expect(ProgressNotice(json: ["holder": ["kind": "cloud"]]) == nil)
        #expect(status.progress.json["holder"]?["kind"] == "agency")
        #expect(status.progress.json["expectedFinishAt"] == nil)
    }

    @Test(
        "Moments are told in the words of the place",
        arguments: [
            (0, Zone.wib, "sebentar lagi", "in a moment"),
            (59, .wib, "sebentar lagi", "in a moment"),
            (61, .wib, "hari ini pukul 14.22 WIB", "today at 14:22 WIB"),
            (3600, .wita, "hari ini pukul 16.20 WITA", "today at 16:20 WITA"),
            (8 * 3600, .wit, "besok pukul 00.20 WIT", "tomorrow at 00:20 WIT"),
            (3 * 86_400, .wib, "Selasa pukul 14.20 WIB", "Tuesday at 14:20 WIB"),
            (7 * 86_400, .wib, "Sabtu, 7 Februari, pukul 14.20 WIB", "Saturday, 7 February, at 14:20 WIB"),
            (
                400 * 86_400, .utc, "Minggu, 7 Maret 2027, pukul 07.20 UTC", "Sunday, 7 March 2027, at 07:20 UTC"
            ),
            (60, Zone(secondsFromUTC: 19_800), "hari ini pukul 12.51 UTC+05:30", "today at 12:51 UTC+05:30"),
        ] as [(Int, Zone, String, String)]
    )
    func moments(seconds: Int, zone: Zone, indonesian: String, english: String) {
        let words = LocalWords(zone: zone, now: Self.now)
        #expect(words.coming(Self.now + .seconds(seconds)) == LocalizedText(id: indonesian, en: english))
    }

    @Test("Estimates are the coarser the further away they are, and never told too early")
    func estimates() {
        let words = LocalWords(zone: .wib, now: Self.now)
        for (seconds, text) in [
            (30, "within a minute"), (61, "today at 14:22 WIB"), (601, "today at 14:35 WIB"),
            (7201, "today at 16:30 WIB"), (86_400, "tomorrow at 14:30 WIB"),
        ] {
            #expect(words.estimated(Self.now + .seconds(seconds)).english == text)
        }
        #expect(words.past(Self.now + .seconds(-86_399)).english == "yesterday at 14:20 WIB")
        #expect(words.past(Self.now + .seconds(-86_401)).indonesian == "kemarin pukul 14.19 WIB")
    }
}
