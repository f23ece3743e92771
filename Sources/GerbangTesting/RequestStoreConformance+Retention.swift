internal import GerbangCore
internal import GerbangEngine

// What is removed long after its end, and what is never removed.
extension RequestStoreConformance {
    static let retentionCases: [Case] = [
        Case("removes what ended before a moment, with its history, and nothing that ended later") { test in
            let (noon, later) = (StoreUnderTest.noon, StoreUnderTest.noon + .seconds(60))
            let old = try await test.accept(StoreUnderTest.record(1))
            try await test.callOnce(.succeeds, at: noon)
            let new = try await test.accept(StoreUnderTest.record(2))
            try await test.callOnce(.isRejected, at: later)
            try await test.expectEqual(test.store.removeFinished(before: noon, limit: 10), 0, "removed too early")
            try await test.expectEqual(test.store.removeFinished(before: later, limit: 10), 1, "removed")
            try await test.expectEqual(test.store.record(old.request.id), nil, "the removed request")
            try await test.expectEqual(test.store.events(of: old.request.id, after: 0), [], "its history")
            let left = try await test.store.list(RequestFilter())
            try test.expectEqual(left.map(\.request.id), [new.request.id], "what is left")
            try await test.expectGapless(new)
        },
        Case("removes no more at once than it is asked to, the oldest first") { test in
            for index in 1...5 {
                try await test.accept(StoreUnderTest.record(index))
                try await test.callOnce(.succeeds, at: StoreUnderTest.noon + .seconds(index))
            }
            let moment = StoreUnderTest.noon + .seconds(100)
            try await test.expectEqual(test.store.removeFinished(before: moment, limit: 2), 2, "first time")
            let left = try await test.store.list(RequestFilter()).map(\.request.submission.idempotencyKey)
            try test.expectEqual(left, ["key-5", "key-4", "key-3"], "what is left")
            try await test.expectEqual(test.store.removeFinished(before: moment, limit: 2), 2, "second time")
            try await test.expectEqual(test.store.removeFinished(before: moment, limit: 2), 1, "third time")
            try await test.expectEqual(test.store.removeFinished(before: moment, limit: 2), 0, "fourth time")
        },
        Case("removes nothing that has not ended") { test in
            let waiting = try await test.accept(StoreUnderTest.record(1))
            let running = try await test.accept(StoreUnderTest.record(2, connection: StoreUnderTest.two))
            try await test.claim(1, of: StoreUnderTest.two, at: StoreUnderTest.noon)
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                0,
                "removed"
            )
            for record in [waiting, running] { try await test.expectGapless(record) }
        },
        Case("removes no dead letter, but what was discarded, counted from then") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let dead = try await test.callOnce(.isUnprepared, at: StoreUnderTest.noon)
            try test.expect(dead.progress.isDeadLetter, "there should be a dead letter")
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                0,
                "removed"
            )
            let discarded = StoreUnderTest.noon + .seconds(1000)
            try await test.update(record, .discard(actor: "operator:ops"), at: discarded)
            try await test.expectEqual(test.store.removeFinished(before: discarded, limit: 10), 0, "removed too early")
            let after = discarded + .seconds(1)
            try await test.expectEqual(test.store.removeFinished(before: after, limit: 10), 1, "removed")
        },
        Case("removes nothing that a client is still to be told of, and its outbox with the request") { test in
            let record = try await test.accept(.calling(1))
            try await test.tell(record, 2)
            try await test.callOnce(.succeeds, at: StoreUnderTest.noon)
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                0,
                "removed"
            )
            let delivery = try await test.takeOne(at: StoreUnderTest.noon + .seconds(60))
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                0,
                "under a lease"
            )
            _ = try await test.store.settleCallback(delivery, as: .delivered, at: StoreUnderTest.noon + .seconds(61))
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                1,
                "removed"
            )
            try await test.expectEqual(test.store.callbackSummary(of: record.request.id), nil, "summary")
        },
        Case("lets a removed request's idempotency key stand for a new one") { test in
            try await test.accept(StoreUnderTest.record(1, key: "again"))
            try await test.callOnce(.succeeds, at: StoreUnderTest.noon)
            try await test.expectEqual(
                test.store.removeFinished(before: StoreUnderTest.muchLater, limit: 10),
                1,
                "removed"
            )
            let new = try await test.accept(StoreUnderTest.record(2, key: "again"), fingerprint: [1])
            try await test.expectGapless(new)
        },
    ]
}

extension StoreUnderTest {
    fileprivate static let muchLater = noon + .seconds(1_000_000_000)
}
