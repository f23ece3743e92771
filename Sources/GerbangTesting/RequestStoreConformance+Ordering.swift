internal import GerbangCore
internal import GerbangEngine

extension RequestStoreConformance {
    private static let later = StoreUnderTest.start + .seconds(600)

    private static func keys(_ batch: ClaimBatch) -> [String] {
        batch.records.map(\.request.submission.idempotencyKey)
    }

    static let orderingCases: [Case] = [
        Case("of requests with one ordering key only the oldest is taken, and others are not held up") { test in
            for index in 1...3 { try await test.accept(StoreUnderTest.record(index, ordering: "a")) }
            for index in 4...5 { try await test.accept(StoreUnderTest.record(index, ordering: "b")) }
            try await test.accept(StoreUnderTest.record(6))
            try test.expectEqual(keys(try await test.claim(9, at: later)), ["key-1", "key-4", "key-6"], "taken")
            let rest = try await test.claim(9, at: later)
            try test.expectEqual(rest, ClaimBatch(), "taken while the heads are called")
        },
        Case("a head lets the next go however it ends") { test in
            let endings: [(String, RequestMachine.CallOutcome, RequestState)] = [
                ("a", .succeeds, .succeeded), ("b", .isRejected, .rejected), ("c", .isUnprepared, .failed),
            ]
            for (index, ending) in endings.enumerated() {
                let (moment, key) = (StoreUnderTest.start + .seconds(index), ending.0)
                let first = try await test.accept(StoreUnderTest.record(index, ordering: key))
                let second = try await test.accept(StoreUnderTest.record(index, key: "\(key)-2", ordering: key))
                let ended = try await test.callOnce(ending.1, at: moment)
                try test.expectEqual(ended.progress.state, ending.2, "the state of the head")
                try test.expectEqual(ended.request.id, first.request.id, "the head")
                let next = try await test.claim(9, at: moment)
                try test.expectEqual(next.records.map(\.request.id), [second.request.id], "the next of \(key)")
            }
            let cancelled = try await test.accept(StoreUnderTest.record(20, ordering: "d"))
            let expired = try await test.accept(StoreUnderTest.record(21, ordering: "d"))
            let last = try await test.accept(StoreUnderTest.record(22, ordering: "d"))
            try await test.update(cancelled, .cancel(actor: "client:mall"), at: later)
            try await test.update(expired, .checkDeadline, at: later + .seconds(200_000))
            let freed = try await test.stored(last)
            try test.expectEqual(freed.isBehindAnother, false, "whether the last one still stands behind")
        },
        Case("a head that waits holds back the later ones, and they say so") { test in
            let first = try await test.accept(StoreUnderTest.record(1, ordering: "a"))
            let second = try await test.accept(StoreUnderTest.record(2, ordering: "a"))
            let retried = try await test.callOnce(.failsForNow, at: StoreUnderTest.start + .seconds(2))
            try test.expectEqual(retried.request.id, first.request.id, "the head")
            try test.expectEqual(try await test.stored(first).isBehindAnother, false, "whether the head stands behind")
            try test.expectEqual(try await test.stored(second).isBehindAnother, true, "whether the second one does")
            let early = try await test.claim(9, at: StoreUnderTest.start + .seconds(3))
            try test.expectEqual(early.records.count, 0, "taken while the head waits for its retry")
            try test.expectEqual(early.nextDue[StoreUnderTest.one], retried.progress.dueAt, "the next due time")
            try test.expectEqual(keys(try await test.claim(9, at: later)), ["key-1"], "taken at the retry")
            let listed = try await test.store.list(RequestFilter(states: [.queued]))
            try test.expectEqual(listed.map(\.isBehindAnother), [true], "what a list says")
        },
        Case("what stands behind is no due work, and passes its own deadline") { test in
            try await test.accept(StoreUnderTest.record(1, connection: StoreUnderTest.two, ordering: "a"))
            let deadline = StoreUnderTest.start + .seconds(60)
            let second = StoreUnderTest.record(2, deadline: deadline, ordering: "a")
            try await test.accept(second)
            let third = try await test.accept(StoreUnderTest.record(3, ordering: "a"))
            let due = try await test.store.dueTimes()
            try test.expectEqual(Array(due.keys), [StoreUnderTest.two], "connections with due work")
            let overdue = try await test.store.overdue(before: later, limit: 9)
            try test.expectEqual(overdue, [second.request.id], "overdue requests")
            try await test.update(second, .checkDeadline, at: later)
            try test.expectEqual(try await test.stored(third).isBehindAnother, true, "whether the third one waits")
            try await test.callOnce(.succeeds, of: StoreUnderTest.two, at: later)
            try test.expectEqual(keys(try await test.claim(9, at: later)), ["key-3"], "taken on the other connection")
        },
        Case("a redriven request stands behind the head and before those accepted after it") { test in
            let first = try await test.accept(StoreUnderTest.record(1, ordering: "a"))
            try await test.callOnce(.isUnprepared, at: later)
            for index in 2...3 { try await test.accept(StoreUnderTest.record(index, ordering: "a")) }
            let head = try test.require(try await test.claim(1, at: later).records.first, "a due request")
            let redriven = try await test.update(
                first,
                .redrive(actor: "operator:ani", deadline: later + .seconds(3600)),
                at: later
            )
            try test.expectEqual(redriven.isBehindAnother, true, "whether the redriven one waits")
            try test.expectEqual(try await test.claim(9, at: later).records.count, 0, "taken beside the head")
            try await test.update(head, .outcome(.succeeds, epoch: head.progress.epoch), at: later)
            try test.expectEqual(keys(try await test.claim(9, at: later)), ["key-1"], "the next")
        },
        Case("16 workers at once never call two requests of one case") { test in
            for index in 1...120 { try await test.accept(StoreUnderTest.record(index, ordering: "case-\(index % 7)")) }
            let orders = try await simultaneously(16) { _ in
                var mine: [(String, Int)] = []
                while true {
                    let batch = try await test.claim(2, at: later)
                    guard !batch.records.isEmpty else {
                        guard try await test.store.list(RequestFilter(states: [.queued, .running])).isEmpty else {
                            await Task.yield()
                            continue
                        }
                        return mine
                    }
                    for record in batch.records {
                        let ended = try await test.update(
                            record,
                            .outcome(.succeeds, epoch: record.progress.epoch),
                            at: later
                        )
                        try test.expectEqual(ended.progress.state, .succeeded, "the state")
                        let digest = record.request.ordering?.digest ?? ""
                        mine.append((digest, Int((record.request.acceptedAt - StoreUnderTest.start).milliseconds)))
                    }
                }
            }
            for worker in orders {
                for (_, moments) in Dictionary(grouping: worker, by: \.0) {
                    try test.expectEqual(moments.map(\.1), moments.map(\.1).sorted(), "the order of one case")
                }
            }
            try test.expectEqual(orders.map(\.count).reduce(0, +), 120, "called requests")
        },
        Case("a request that another connection answers is claimed, listed and counted there") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let wish = RequestMachine.Reroute(
                from: StoreUnderTest.one,
                to: .init(connection: StoreUnderTest.two, operation: OperationID(checked: "other")),
                because: .breakerOpen
            )
            let moved = try await test.update(record, .reroute(wish), at: StoreUnderTest.start + .seconds(9))
            try test.expectEqual(moved.connection, StoreUnderTest.two, "the connection")
            try test.expectEqual(try await test.stored(record).operation.text, "other", "the operation")
            try await test.expectGapless(moved)
            let two = RequestFilter(connection: StoreUnderTest.two)
            try test.expectEqual(try await test.store.list(two).count, 1, "listed at the new one")
            let one = RequestFilter(connection: StoreUnderTest.one)
            try test.expectEqual(try await test.store.list(one).count, 0, "listed at the old one")
            try test.expectEqual(try await test.store.backlog().map(\.connection), [StoreUnderTest.two], "counted")
            try test.expectEqual(try await test.claim(9, at: later).records.count, 0, "taken at the old one")
            let taken = try await test.claim(9, of: StoreUnderTest.two, at: later)
            try test.expectEqual(taken.records.map(\.request.id), [record.request.id], "taken at the new one")
        },
    ]

    static let tenantCases: [Case] = [
        Case("a tenant with much work does not crowd out another") { test in
            for index in 1...40 { try await test.accept(StoreUnderTest.record(index, tenant: "big")) }
            for index in 41...42 { try await test.accept(StoreUnderTest.record(index, tenant: "small")) }
            try await test.accept(StoreUnderTest.record(43))
            let taken = try await test.claim(6, at: later)
            let byTenant = Dictionary(grouping: taken.records) { $0.request.tenant?.text ?? "" }.mapValues(\.count)
            try test.expectEqual(byTenant, ["": 1, "big": 3, "small": 2], "taken of each tenant")
            let big = taken.records.filter { $0.request.tenant?.text == "big" }
            let order = big.map(\.request.submission.idempotencyKey)
            try test.expectEqual(order, ["key-1", "key-2", "key-3"], "the order within a tenant")
        },
        Case("with one slot at a time every tenant has its turn") { test in
            for tenant in ["a", "b", "c"] {
                for index in 1...5 {
                    try await test.accept(StoreUnderTest.record(index, key: "\(tenant)-\(index)", tenant: tenant))
                }
            }
            var turns: [String] = []
            for _ in 1...6 { turns += try await test.claim(1, at: later).records.compactMap(\.request.tenant?.text) }
            try test.expectEqual(turns.sorted(), ["a", "a", "b", "b", "c", "c"], "the turns")
            try test.expectEqual(Set(turns.prefix(3)).count, 3, "tenants in the first round")
        },
        Case("requests are listed by tenant") { test in
            for index in 1...6 {
                try await test.accept(StoreUnderTest.record(index, tenant: index % 2 == 0 ? "even" : nil))
            }
            let listed = try await test.store.list(RequestFilter(tenant: TenantID(checked: "even")))
            let keys = listed.map(\.request.submission.idempotencyKey)
            try test.expectEqual(keys, ["key-6", "key-4", "key-2"], "the requests of a tenant")
        },
    ]
}
