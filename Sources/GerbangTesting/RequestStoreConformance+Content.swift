internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

extension RequestStoreConformance {
    static let contentCases: [Case] = [
        Case("a payload of 1 MB and an answer of 1 MB are kept to the byte") { test in
            let text = String(repeating: "Jl. Kebon Sirih No. 1 \u{1F600}", count: 40_000)
            let record = try await test.accept(StoreUnderTest.record(1, payload: ["text": .string(text)]))
            let answer = RequestMachine.CallOutcome.verdict(.succeeded(output: ["answer": .string(text)]))
            try await test.callOnce(answer, at: StoreUnderTest.start + .seconds(60))
            let stored = try await test.stored(record)
            try test.expect(stored.request == record.request, "the payload changed")
            try test.expect(stored.progress.output == ["answer": .string(text)], "the output changed")
        },
        Case("every script, control character and hostile text is kept") { test in
            let texts = [
                "", "\u{0}", "a\u{0}b", "\u{1}\u{1F}\u{7F}", "\u{FEFF}x", "cafe\u{301}", "caf\u{E9}", "ᬩᬮᬶ", "ꦗꦮ",
                "العربية",
                "\u{202E}abc", "👨‍👩‍👧‍👦", "\u{FFFF}", "\u{10FFFF}", "'; DROP TABLE request; --", "%s%n", "\\u0000", "\"\\",
                "\r\n",
            ]
            let payload = JSONValue.array(texts.map { .string($0) })
            let record = try await test.accept(
                StoreUnderTest.record(1, payload: payload, applicant: Applicant(name: Sensitive(texts[12])))
            )
            let stored = try await test.stored(record)
            for (index, text) in texts.enumerated() {
                let found = Array((stored.request.submission.payload[index]?.stringValue ?? "missing").utf8)
                try test.expectEqual(found, Array(text.utf8), "text number \(index)")
            }
            try test.expectEqual(stored.request, record.request, "the request")
            let now = StoreUnderTest.start + .seconds(60)
            for text in texts {
                _ = try await test.store.update(record.request.id, label: .command) { record throws(GerbangError) in
                    try RequestMachine.apply(
                        .outcome(.failsForNow, epoch: -1),
                        to: record.progress,
                        in: .init(effect: .query, now: now)
                    ).by(text)
                }
            }
            let actors = try await test.store.events(of: record.request.id, after: 1).map {
                Array(($0.actor ?? "").utf8)
            }
            try test.expectEqual(actors, texts.map { Array($0.utf8) }, "the actors")
        },
        Case("numbers are kept to the digit and fields in their order") { test in
            let text =
                #"{"z":3174015708900003,"a":1500000.10,"e":1E+2,"neg":-0,"long":123456789012345678901234567890.5}"#
            let payload = try JSONValue(parsing: Array(text.utf8))
            let record = try await test.accept(StoreUnderTest.record(1, payload: payload))
            let stored = try await test.stored(record)
            try test.expectEqual(stored.request.submission.payload.text(), payload.text(), "the payload")
        },
        Case("every field of a request is kept") { test in
            let nik = try NIK("3174015708900003", today: StoreUnderTest.start.date(in: .wib))
            var record = StoreUnderTest.record(
                1,
                client: ClientID(checked: "kiosk-7"),
                connection: StoreUnderTest.two,
                service: ServiceID(checked: "population.identity.verify"),
                payload: .null,
                applicant: Applicant(nik: nik, name: Sensitive("SITI CONTOH")),
                deadline: StoreUnderTest.start + .milliseconds(86_400_001)
            )
            record.request.submission.region = try Region("31.74")
            record.request.submission.channel = .counter
            record.request.submission.officer = Officer(
                id: try OfficerID("ani.petugas"),
                name: Sensitive("ANI CONTOH"),
                counter: "A-12"
            )
            try await test.accept(record)
            try test.expectEqual(try await test.stored(record), record, "the request")
            let events = try await test.store.events(of: record.request.id, after: 0)
            try test.expectEqual(events, [record.acceptedEvent], "the first event, which names the officer")
        },
        Case("every field of a request's progress is kept, in the queue and after the end") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            for state in [RequestState.running, .failed] {
                let full = fullProgress(state, sequence: state == .running ? 2 : 3)
                _ = try await test.store.update(record.request.id, label: .settle) { _ throws(GerbangError) in
                    Transition(progress: full, events: [fullEvent(full)])
                }
                try test.expectEqual(try await test.stored(record).progress, full, "the progress while \(state)")
                let events = try await test.store.events(of: record.request.id, after: full.sequence - 1)
                try test.expectEqual(events, [fullEvent(full)], "the event while \(state)")
            }
        },
        Case("every state and reason is kept") { test in
            for (index, state) in RequestState.allCases.enumerated() {
                for (offset, reason) in ([nil] + QueueReason.allCases.map(\.self)).enumerated() {
                    let record = try await test.accept(StoreUnderTest.record(index * 100 + offset))
                    let stored = try await test.store.update(record.request.id, label: .settle) {
                        record throws(GerbangError) in
                        var progress = record.progress
                        progress.state = state
                        progress.reason = reason
                        return Transition(progress: progress, events: [])
                    }
                    try test.expectEqual(try await test.store.record(record.request.id), stored, "the request")
                    try test.expectEqual(stored?.progress.state, state, "the state")
                    try test.expectEqual(stored?.progress.reason, reason, "the reason")
                }
            }
        },
    ]

    private static func fullProgress(_ state: RequestState, sequence: Int) -> RequestProgress {
        let start = StoreUnderTest.start
        var progress = RequestProgress(acceptedAt: start, deadline: start + .milliseconds(86_400_001))
        progress.state = state
        progress.reason = .throttled
        progress.dueAt = start + .milliseconds(1)
        progress.step = .poll
        (progress.calls, progress.attempts, progress.failures, progress.recoveries) = (11, 7, 5, 3)
        progress.epoch = 12
        progress.lease = RequestProgress.Lease(owner: "o'wner", since: start, until: start + .milliseconds(60_001))
        progress.sequence = sequence
        progress.isCancelRequested = true
        progress.doubtfulSince = start + .milliseconds(2)
        progress.acknowledgedAt = start + .milliseconds(5)
        progress.agencyReference = "REF/2026/é"
        progress.output = ["amount": .number(JSONNumber(3_174_015_708_900_003 as Int64))]
        progress.error = fullError
        progress.updatedAt = start + .milliseconds(3)
        progress.finishedAt = state.isFinal ? start + .milliseconds(4) : nil
        progress.isDeadLetter = state == .failed
        return progress
    }

    private static func fullEvent(_ progress: RequestProgress) -> RequestEvent {
        RequestEvent(
            sequence: progress.sequence,
            at: progress.updatedAt,
            kind: .recovered,
            state: progress.state,
            reason: .breakerOpen,
            dueAt: progress.dueAt,
            attempt: 11,
            error: fullError,
            actor: "operator:ani"
        )
    }

    private static let fullError = GerbangError(
        .agencyInvalidInput,
        "field too long",
        field: JSONPointer.root.appending("pay/load~").appending(0),
        agencyCode: "E-05",
        texts: LocalizedText(id: "terlalu panjang", en: "too long")
    )
}

extension Transition {
    fileprivate func by(_ actor: String) -> Transition {
        Transition(
            progress: progress,
            events: events.map { event in
                var event = event
                event.actor = actor
                return event
            }
        )
    }
}
