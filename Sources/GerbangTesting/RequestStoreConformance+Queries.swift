internal import GerbangCore
internal import GerbangEngine

extension RequestStoreConformance {
    static let queryCases: [Case] = [
        Case("an empty store answers every question with nothing") { test in
            let now = StoreUnderTest.start
            try test.expectEqual(try await test.store.list(RequestFilter()), [], "the list")
            try test.expectEqual(try await test.store.leases(endedBefore: nil, limit: 9), [], "leases")
            try test.expectEqual(try await test.store.overdue(before: now, limit: 9), [], "overdue requests")
            try test.expectEqual(try await test.store.dueTimes(), [:], "due times")
            try test.expectEqual(try await test.store.backlog(), [], "the backlog")
            try test.expectEqual(try await test.store.connectionMarks(), [:], "the marks")
            try test.expectEqual(try await test.claim(9, at: now), ClaimBatch(), "the batch")
        },
        Case("requests are listed newest first, no more than asked for") { test in
            for index in [3, 1, 4, 2, 5] { try await test.accept(StoreUnderTest.record(index)) }
            let keys = try await test.store.list(RequestFilter(limit: 3)).map(\.request.submission.idempotencyKey)
            try test.expectEqual(keys, ["key-5", "key-4", "key-3"], "the order")
        },
        Case("pages join without a gap or a repetition, whatever is accepted meanwhile") { test in
            for index in 1...30 { try await test.accept(StoreUnderTest.record(index)) }
            var seen: [String] = []
            var filter = RequestFilter(limit: 7)
            while true {
                let page = try await test.store.list(filter)
                guard let last = page.last else { break }
                seen += page.map(\.request.submission.idempotencyKey)
                filter.before = last.request.id
                try await test.accept(StoreUnderTest.record(100 + seen.count))
            }
            try test.expectEqual(seen, (1...30).reversed().map { "key-\($0)" }, "the pages")
        },
        Case("each filter and all of them together choose what they name") { test in
            let (other, service) = (ClientID(checked: "other"), ServiceID(checked: "health.patient.find"))
            try await test.accept(StoreUnderTest.record(1))
            try await test.accept(StoreUnderTest.record(2, client: other))
            try await test.accept(StoreUnderTest.record(3, service: service))
            try await test.accept(
                StoreUnderTest.record(4, client: other, connection: StoreUnderTest.two, service: service)
            )
            let ended = try await test.accept(StoreUnderTest.record(5, client: other, connection: StoreUnderTest.two))
            try await test.update(ended, .cancel(actor: "x"), at: StoreUnderTest.start)
            func keys(_ filter: RequestFilter) async throws -> [Int] {
                try await test.store.list(filter).compactMap { Int($0.request.submission.idempotencyKey.dropFirst(4)) }
            }
            try test.expectEqual(try await keys(RequestFilter()), [5, 4, 3, 2, 1], "all")
            try test.expectEqual(try await keys(RequestFilter(client: other)), [5, 4, 2], "by client")
            try test.expectEqual(try await keys(RequestFilter(states: [.queued])), [4, 3, 2, 1], "by state")
            try test.expectEqual(try await keys(RequestFilter(states: [.cancelled])), [5], "by a final state")
            let both = RequestFilter(states: [.queued, .cancelled, .running])
            try test.expectEqual(try await keys(both), [5, 4, 3, 2, 1], "by several states")
            try test.expectEqual(try await keys(RequestFilter(service: service)), [4, 3], "by service")
            try test.expectEqual(
                try await keys(RequestFilter(connection: StoreUnderTest.two)),
                [5, 4],
                "by connection"
            )
            let narrow = RequestFilter(
                client: other,
                states: [.queued],
                service: service,
                connection: StoreUnderTest.two,
                before: ended.request.id
            )
            try test.expectEqual(try await keys(narrow), [4], "by everything")
            try test.expectEqual(try await keys(RequestFilter(client: ClientID(checked: "nobody"))), [], "by nobody")
        },
        Case("dead letters are listed until they are discarded or redriven") { test in
            let now = StoreUnderTest.start + .seconds(60)
            for index in 1...3 { try await test.accept(StoreUnderTest.record(index)) }
            var dead: [RequestRecord] = []
            for _ in 1...2 { dead.append(try await test.callOnce(.isUnprepared, at: now)) }
            func letters() async throws -> [RequestID] {
                try await test.store.list(RequestFilter(isDeadLetter: true)).map(\.request.id)
            }
            try test.expectEqual(try await letters(), dead.reversed().map(\.request.id), "the dead letters")
            try await test.update(dead[0], .discard(actor: "operator:ani"), at: now)
            try test.expectEqual(try await letters(), [dead[1].request.id], "after one was discarded")
            try await test.update(dead[1], .redrive(actor: "operator:ani", deadline: now + .seconds(9)), at: now)
            try test.expectEqual(try await letters(), [], "after the other was redriven")
            let failed = try await test.store.list(RequestFilter(states: [.failed]))
            try test.expectEqual(failed.map(\.request.id), [dead[0].request.id], "failed requests")
        },
        Case("queued requests are overdue once their deadline has passed, others never") { test in
            let deadline = StoreUnderTest.start + .seconds(100)
            for index in 1...3 { try await test.accept(StoreUnderTest.record(index, deadline: deadline)) }
            try await test.accept(StoreUnderTest.record(4))
            try await test.callOnce(.succeeds, at: StoreUnderTest.start + .seconds(60))
            _ = try await test.claim(1, at: StoreUnderTest.start + .seconds(60))
            func overdue(_ moment: Timestamp, limit: Int = 9) async throws -> Int {
                let found = try await test.store.overdue(before: moment, limit: limit)
                return found.count
            }
            try test.expectEqual(try await overdue(deadline), 0, "at the deadline")
            try test.expectEqual(try await overdue(deadline + .milliseconds(1)), 1, "after the deadline")
            try test.expectEqual(try await overdue(deadline + .seconds(999_999)), 2, "long after")
            try test.expectEqual(try await overdue(deadline + .seconds(999_999), limit: 1), 1, "one of them")
        },
        Case("due times are the earliest of each connection's requests that nobody holds") { test in
            for index in [9, 4, 6] { try await test.accept(StoreUnderTest.record(index)) }
            try await test.accept(StoreUnderTest.record(7, connection: StoreUnderTest.two))
            let four = StoreUnderTest.start + .seconds(4)
            let seven = StoreUnderTest.start + .seconds(7)
            let both = [StoreUnderTest.one: four, StoreUnderTest.two: seven]
            try test.expectEqual(try await test.store.dueTimes(), both, "due times")
            let taken = try await test.claim(1, at: four)
            let later = [StoreUnderTest.one: StoreUnderTest.start + .seconds(6), StoreUnderTest.two: seven]
            try test.expectEqual(try await test.store.dueTimes(), later, "due times with one held")
            let record = try test.require(taken.records.first, "a due request")
            let retried = try await test.update(record, .outcome(.failsForNow, epoch: 1), at: four)
            try test.expect(retried.progress.failures == 1, "the retry is not counted")
            try test.expectEqual(try await test.store.dueTimes(), later, "due times with a retry later")
            try await test.claim(2, of: StoreUnderTest.two, at: seven)
            let due = try await test.store.dueTimes()
            try test.expectEqual(due, [StoreUnderTest.one: StoreUnderTest.start + .seconds(6)], "with the other held")
        },
        Case("a retry that is due before all new requests counts for the due time") { test in
            try await test.accept(StoreUnderTest.record(1))
            let retried = try await test.callOnce(.failsForNow, at: StoreUnderTest.start + .seconds(1))
            try await test.accept(StoreUnderTest.record(50))
            let due = try test.require(retried.progress.dueAt, "the retry's due time")
            try test.expectEqual(try await test.store.dueTimes(), [StoreUnderTest.one: due], "due times")
        },
        Case("the backlog counts what has not ended, and dead letters") { test in
            let now = StoreUnderTest.start + .seconds(60)
            let outcomes: [RequestMachine.CallOutcome?] = [.succeeds, .isUnprepared, .isUnprepared, .failsForNow, nil]
            for index in 1...8 { try await test.accept(StoreUnderTest.record(index)) }
            try await test.accept(StoreUnderTest.record(1000, connection: StoreUnderTest.two))
            for outcome in outcomes {
                guard let outcome else {
                    _ = try await test.claim(1, at: now)
                    continue
                }
                let record = try await test.callOnce(outcome, at: now)
                if record.request.submission.idempotencyKey == "key-3" {
                    try await test.update(record, .discard(actor: "x"), at: now)
                }
            }
            let expected: Set<BacklogEntry> = [
                entry(.one, .failed, 1, 2), entry(.one, .running, 1, 5), entry(.one, .queued, 4, 4),
                entry(.two, .queued, 1, 1000),
            ]
            let backlog = try await test.store.backlog()
            try test.expectEqual(Set(backlog), expected, "the backlog")
            try test.expectEqual(backlog.count, expected.count, "its entries")
        },
        Case("marks of connections are remembered, the latest of each") { test in
            let later = ConnectionMark(
                isPaused: true,
                mode: .draining,
                notBefore: StoreUnderTest.start + .milliseconds(7)
            )
            try await test.store.updateMark(of: StoreUnderTest.one) { $0.isPaused = true }
            try await test.store.updateMark(of: StoreUnderTest.one) { $0.mode = .disabled }
            try await test.store.updateMark(of: StoreUnderTest.two) { $0 = later }
            let both = [StoreUnderTest.one: ConnectionMark(isPaused: true, mode: .disabled), StoreUnderTest.two: later]
            try test.expectEqual(try await test.store.connectionMarks(), both, "marks")
            try await test.store.updateMark(of: StoreUnderTest.two) { $0 = ConnectionMark() }
            let marks = try await test.store.connectionMarks()
            try test.expectEqual(marks[StoreUnderTest.two] ?? ConnectionMark(), ConnectionMark(), "the changed mark")
            try test.expectEqual(
                marks[StoreUnderTest.one],
                ConnectionMark(isPaused: true, mode: .disabled),
                "the other mark"
            )
        },
    ]

    private enum Name {
        case one
        case two
    }

    private static func entry(_ name: Name, _ state: RequestState, _ count: Int, _ oldest: Int) -> BacklogEntry {
        BacklogEntry(
            connection: name == .one ? StoreUnderTest.one : StoreUnderTest.two,
            state: state,
            count: count,
            oldest: StoreUnderTest.start + .seconds(oldest)
        )
    }
}
