internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

extension RequestStoreConformance {
    static let acceptCases: [Case] = [
        Case("an accepted request can be read back whole, with its first event") { test in
            let record = try await test.accept(StoreUnderTest.record(1, deadline: StoreUnderTest.start + .seconds(99)))
            try test.expectEqual(try await test.store.record(record.request.id), record, "the stored request")
            let events = try await test.store.events(of: record.request.id, after: 0)
            try test.expectEqual(events, [record.acceptedEvent], "the history")
        },
        Case("a repeated key with the same fingerprint finds the first request and stores nothing") { test in
            let first = try await test.accept(StoreUnderTest.record(1, key: "same"))
            let second = StoreUnderTest.record(2, key: "same")
            let acceptance = try await test.store.accept(second, fingerprint: StoreUnderTest.fingerprint)
            try test.expectEqual(acceptance, .known(first), "the second acceptance")
            try test.expectEqual(try await test.store.record(second.request.id), nil, "the second request")
            try test.expectEqual(try await test.store.list(RequestFilter()).count, 1, "stored requests")
            try await test.expectGapless(first)
        },
        Case("a repeated key finds the first request as it stands now, even when it has ended") { test in
            let first = try await test.accept(StoreUnderTest.record(1, key: "same"))
            for outcome in [RequestMachine.CallOutcome.failsForNow, .succeeds] {
                let due = try test.require(try await test.stored(first).progress.dueAt, "a due time")
                let now = try await test.callOnce(outcome, at: due)
                let acceptance = try await test.store.accept(
                    StoreUnderTest.record(2, key: "same"),
                    fingerprint: StoreUnderTest.fingerprint
                )
                try test.expectEqual(acceptance, .known(now), "the acceptance after a \(now.progress.state)")
            }
        },
        Case("a repeated key with another fingerprint conflicts and stores nothing") { test in
            let first = try await test.accept(StoreUnderTest.record(1, key: "same"))
            let second = StoreUnderTest.record(2, key: "same")
            var fingerprint = StoreUnderTest.fingerprint
            fingerprint[31] ^= 1
            let acceptance = try await test.store.accept(second, fingerprint: fingerprint)
            try test.expectEqual(acceptance, .conflicting, "the second acceptance")
            try test.expectEqual(try await test.store.record(second.request.id), nil, "the second request")
            try test.expectEqual(try await test.stored(first), first, "the first request")
        },
        Case("a key belongs to its client") { test in
            try await test.accept(StoreUnderTest.record(1, key: "same"))
            try await test.accept(StoreUnderTest.record(2, key: "same", client: ClientID(checked: "other")))
            try test.expectEqual(try await test.store.list(RequestFilter()).count, 2, "stored requests")
        },
        Case("keys that differ in any byte are different keys") { test in
            // The last two look alike: one letter with an accent, and a letter followed by a combining accent.
            let keys = [
                "key", "KEY", "key ", " key", "key\u{0}", "key\u{0}x", "k'ey", "k%y",
                String(repeating: "k", count: 255),
                "caf\u{E9}", "cafe\u{301}",
            ]
            for (index, key) in keys.enumerated() {
                let acceptance = try await test.store.accept(
                    StoreUnderTest.record(index, key: key),
                    fingerprint: StoreUnderTest.fingerprint
                )
                try test.expect(acceptance == .stored, "key number \(index) was taken for an earlier one")
            }
            try test.expectEqual(try await test.store.list(RequestFilter()).count, keys.count, "stored requests")
        },
        Case("of 100 simultaneous submissions with one key exactly one is stored") { test in
            let answers = try await simultaneously(100) { index in
                try await test.store.accept(
                    StoreUnderTest.record(index, key: "same"),
                    fingerprint: StoreUnderTest.fingerprint
                )
            }
            try test.expectEqual(answers.filter { $0 == .stored }.count, 1, "stored submissions")
            let stored = try await test.store.list(RequestFilter())
            try test.expectEqual(stored.count, 1, "listed requests")
            let winner = try test.require(stored.first, "the stored request")
            for answer in answers where answer != .stored {
                try test.expectEqual(answer, .known(winner), "the answer to the others")
            }
        },
        Case("simultaneous submissions of different content under one key: one stored, its like known, others conflict")
        {
            test in
            let answers = try await simultaneously(100) { index in
                let fingerprint = [UInt8](repeating: UInt8(index % 2), count: 32)
                return (
                    index % 2,
                    try await test.store.accept(
                        StoreUnderTest.record(index, key: "same"),
                        fingerprint: fingerprint
                    )
                )
            }
            let winner = try test.require(answers.first { $0.1 == .stored }, "a stored submission").0
            try test.expectEqual(answers.filter { $0.1 == .stored }.count, 1, "stored submissions")
            for (content, answer) in answers where answer != .stored {
                let word = StoreUnderTest.word(answer)
                try test.expectEqual(word, content == winner ? "known" : "conflicting", "the answer")
            }
        },
        Case("200 simultaneous submissions with different keys are all stored") { test in
            let answers = try await simultaneously(200) { index in
                try await test.store.accept(StoreUnderTest.record(index), fingerprint: StoreUnderTest.fingerprint)
            }
            try test.expectEqual(answers.filter { $0 == .stored }.count, 200, "stored submissions")
            let listed = try await test.store.list(RequestFilter(limit: 1000))
            try test.expectEqual(Set(listed.map(\.request.id)).count, 200, "listed requests")
        },
    ]

    /// Runs `body` in `count` tasks at the same time.
    static func simultaneously<Result: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for index in 0..<count { group.addTask { try await body(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
