internal import GerbangCore
internal import GerbangEngine

extension RequestStoreConformance {
    static let claimCases: [Case] = [
        Case("due requests are taken oldest due time first") { test in
            for index in [5, 2, 9, 1, 7] { try await test.accept(StoreUnderTest.record(index)) }
            let first = try await test.claim(2, at: StoreUnderTest.start + .seconds(60))
            let rest = try await test.claim(9, at: StoreUnderTest.start + .seconds(60))
            let order = (first.records + rest.records).map(\.request.submission.idempotencyKey)
            try test.expectEqual(order, ["key-1", "key-2", "key-5", "key-7", "key-9"], "the order")
        },
        Case("a request is taken from its due time on and not before") { test in
            try await test.accept(StoreUnderTest.record(10))
            let due = StoreUnderTest.start + .seconds(10)
            let early = try await test.claim(1, at: due + .milliseconds(-1))
            try test.expectEqual(early.records.count, 0, "taken a millisecond early")
            try test.expectEqual(early.nextDue[StoreUnderTest.one], due, "the next due time")
            try test.expectEqual(try await test.claim(1, at: due).records.count, 1, "taken in time")
        },
        Case("no more are taken than there are slots") { test in
            for index in 1...10 { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(60)
            for slots in [0, 1, 3] {
                try test.expectEqual(try await test.claim(slots, at: now).records.count, slots, "taken requests")
            }
            try test.expectEqual(try await test.claim(100, at: now).records.count, 6, "the rest")
        },
        Case("retries are taken within their own bound and do not block new requests") { test in
            for index in 1...4 {
                try await test.accept(StoreUnderTest.record(index))
                try await test.callOnce(.failsForNow, at: StoreUnderTest.start + .seconds(index))
            }
            for index in 20...23 { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(60)
            let batch = try await test.claim(6, retrySlots: 1, at: now)
            let retries = batch.records.filter { $0.progress.failures > 0 }
            try test.expectEqual(retries.map(\.request.submission.idempotencyKey), ["key-1"], "taken retries")
            try test.expectEqual(batch.records.count, 5, "taken requests")
            let none = try await test.claim(6, retrySlots: 0, at: now)
            try test.expectEqual(none.records.count, 0, "taken retries without room for them")
            try test.expect(none.nextDue[StoreUnderTest.one] != nil, "the retries that wait have no due time")
            try test.expectEqual(try await test.claim(6, retrySlots: 6, at: now).records.count, 3, "the rest")
        },
        Case("each connection has its own slots") { test in
            for index in 1...6 {
                let connection = index % 2 == 0 ? StoreUnderTest.two : StoreUnderTest.one
                try await test.accept(StoreUnderTest.record(index, connection: connection))
            }
            let now = StoreUnderTest.start + .seconds(60)
            let asks = [
                ClaimAsk(connection: StoreUnderTest.one, slots: 2, retrySlots: 2),
                ClaimAsk(connection: StoreUnderTest.two, slots: 1, retrySlots: 1),
                ClaimAsk(connection: ConnectionID(checked: "nobody"), slots: 5, retrySlots: 5),
            ]
            let batch = try await test.store.claim(
                asks,
                at: now,
                transition: StoreUnderTest.move(.claim(owner: "w", leaseFor: .seconds(60)), at: now)
            )
            let taken = Dictionary(grouping: batch.records, by: \.request.connection).mapValues(\.count)
            try test.expectEqual(taken, [StoreUnderTest.one: 2, StoreUnderTest.two: 1], "taken by connection")
            let expected = [
                StoreUnderTest.one: StoreUnderTest.start + .seconds(5),
                StoreUnderTest.two: StoreUnderTest.start + .seconds(4),
            ]
            try test.expectEqual(batch.nextDue, expected, "the next due times")
        },
        Case("a connection that is not asked for is left alone") { test in
            try await test.accept(StoreUnderTest.record(1, connection: StoreUnderTest.two))
            let now = StoreUnderTest.start + .seconds(60)
            let batch = try await test.claim(5, at: now)
            try test.expectEqual(batch, ClaimBatch(), "the batch")
            let nothing = try await test.store.claim(
                [],
                at: now,
                transition: StoreUnderTest.move(.claim(owner: "w", leaseFor: .seconds(60)), at: now)
            )
            try test.expectEqual(nothing, ClaimBatch(), "the batch of no ask")
        },
        Case("the next due time is that of the earliest request that nobody holds") { test in
            for index in [1, 2, 3] { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(2)
            func next(_ slots: Int) async throws -> Timestamp? {
                let batch = try await test.claim(slots, at: now)
                return batch.nextDue[StoreUnderTest.one]
            }
            try test.expectEqual(try await next(1), StoreUnderTest.start + .seconds(2), "with one more due")
            try test.expectEqual(try await next(1), StoreUnderTest.start + .seconds(3), "with one more later")
            let last = try await test.claim(1, at: now + .seconds(5))
            try test.expectEqual(last.nextDue, [:], "with all held")
        },
        Case("a request that ends instead of being claimed is returned and is gone from the queue") { test in
            let deadline = StoreUnderTest.start + .seconds(5)
            try await test.accept(StoreUnderTest.record(1, deadline: deadline))
            try await test.accept(StoreUnderTest.record(2))
            let batch = try await test.claim(9, at: deadline)
            let states = batch.records.map(\.progress.state)
            try test.expectEqual(states, [.expired, .running], "the states")
            try test.expectEqual(batch.nextDue, [:], "the next due times")
            for record in batch.records { try await test.expectGapless(record) }
        },
        Case("a claim whose transition throws changes nothing at all") { test in
            for index in 1...3 { try await test.accept(StoreUnderTest.record(index)) }
            let before = try await test.store.list(RequestFilter())
            let now = StoreUnderTest.start + .seconds(60)
            let claim = StoreUnderTest.move(.claim(owner: "w", leaseFor: .seconds(60)), at: now)
            do {
                _ = try await test.store.claim(
                    [ClaimAsk(connection: StoreUnderTest.one, slots: 3, retrySlots: 3)],
                    at: now
                ) { record throws(GerbangError) in
                    guard record.request.submission.idempotencyKey != "key-3" else {
                        throw GerbangError(.conflict, "not this one")
                    }
                    return try claim(record)
                }
                try test.expect(false, "the error of the transition was swallowed")
            } catch let error as GerbangError {
                try test.expectEqual(error.code, .conflict, "the error")
            }
            try test.expectEqual(try await test.store.list(RequestFilter()), before, "the requests afterwards")
            for record in before { try await test.expectGapless(record) }
            try test.expectEqual(try await test.claim(9, at: now).records.count, 3, "taken afterwards")
        },
        Case("16 claimers at once never get one request twice and leave none behind") { test in
            for index in 1...200 { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(600)
            let taken = try await simultaneously(16) { _ in
                var mine: [RequestID] = []
                while true {
                    let batch = try await test.claim(3, at: now)
                    guard !batch.records.isEmpty else { return mine }
                    mine += batch.records.map(\.request.id)
                }
            }
            let all = taken.flatMap(\.self)
            try test.expectEqual(all.count, 200, "taken requests")
            try test.expectEqual(Set(all).count, 200, "different requests")
        },
        Case("a connection asked for twice in one claim gets no request twice") { test in
            for index in 1...4 { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(60)
            let ask = ClaimAsk(connection: StoreUnderTest.one, slots: 2, retrySlots: 2)
            let batch = try await test.store.claim(
                [ask, ask],
                at: now,
                transition: StoreUnderTest.move(.claim(owner: "w", leaseFor: .seconds(9)), at: now)
            )
            let taken = batch.records.map(\.request.id)
            try test.expectEqual(taken.count, Set(taken).count, "taken requests")
            for record in batch.records { try await test.expectGapless(record) }
        },
    ]
}
