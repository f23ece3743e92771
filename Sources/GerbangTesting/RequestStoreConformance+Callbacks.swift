internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// The outbox: what is told to clients, in order and at least once.
extension RequestStoreConformance {
    static let callbackCases: [Case] = [
        Case("puts messages into the outbox together with their events") { test in
            let record = try await test.accept(.calling(1))
            try await test.expectEqual(test.store.callbackDueTimes(), [:], "due times before the first event")
            try await test.tell(record, 2, 3)
            try await test.expectEqual(
                test.store.callbackDueTimes(),
                [StoreUnderTest.mall: StoreUnderTest.start + .seconds(2)],
                "due times"
            )
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(pending: 2),
                "summary"
            )
            try await test.expectEqual(
                test.store.callbackBacklog(),
                CallbackBacklog(pending: 2, oldest: StoreUnderTest.start + .seconds(2)),
                "backlog"
            )
        },
        Case("puts messages into the outbox when a request is claimed") { test in
            let record = try await test.accept(.calling(1))
            let move = StoreUnderTest.move(.claim(owner: "worker", leaseFor: .seconds(60)), at: StoreUnderTest.noon)
            _ = try await test.store.claim(
                [ClaimAsk(connection: StoreUnderTest.one, slots: 1, retrySlots: 1)],
                at: StoreUnderTest.noon
            ) { record throws(GerbangError) in
                var transition = try move(record)
                transition.callbacks = [.sample(2)]
                return transition
            }
            let delivery = try await test.takeOne(at: StoreUnderTest.noon)
            try test.expectEqual(delivery.request, record.request.id, "request")
        },
        Case("puts nothing into the outbox when the transition fails") { test in
            let record = try await test.accept(.calling(1))
            do {
                _ = try await test.store.update(record.request.id, label: .settle) { _ throws(GerbangError) in
                    throw GerbangError(.conflict, "no")
                }
            } catch {}
            try await test.expectEqual(test.store.callbackSummary(of: record.request.id), nil, "summary")
        },
        Case("knows nothing of callbacks where a request has none") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            try await test.tell(record, 2)
            try await test.expectEqual(test.store.callbackSummary(of: record.request.id), nil, "summary")
            try await test.expectEqual(test.store.callbackBacklog(), CallbackBacklog(), "backlog")
        },
        Case("hands out the first message of a request, complete, and no other before it is settled") { test in
            let record = try await test.accept(.calling(1))
            try await test.tell(record, 2, 3)
            let first = try await test.takeOne(at: StoreUnderTest.noon)
            try test.expectEqual(first.message, .sample(2), "message")
            try test.expectEqual(first.url.revealed, "https://mall.example/hook?token=1", "URL")
            try test.expectEqual(first.client, StoreUnderTest.mall, "client")
            try test.expectEqual(first.failures, 0, "failures")
            try await test.expectEqual(test.take(4, at: StoreUnderTest.noon).count, 0, "messages under a lease")
            let next = try await test.settle(first, .delivered)
            try test.expectEqual(next, StoreUnderTest.noon, "when the next is due")
            let second = try await test.takeOne(at: StoreUnderTest.noon)
            try test.expectEqual(second.message, .sample(3), "second message")
            try await test.expectEqual(test.settle(second, .delivered), nil, "when there is none")
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(delivered: 2),
                "summary"
            )
            try await test.expectEqual(test.store.callbackDueTimes(), [:], "due times")
        },
        Case("hands out a message again when its lease has ended, and takes no outcome of the old lease") { test in
            let record = try await test.accept(.calling(1))
            try await test.tell(record, 2, 3)
            let lost = try await test.takeOne(at: StoreUnderTest.noon)
            try await test.expectEqual(test.take(1, at: lost.leaseUntil + .seconds(-1)).count, 0, "before the end")
            let again = try await test.takeOne(at: lost.leaseUntil)
            try test.expectEqual(again.message, lost.message, "message")
            try await test.expectEqual(test.settle(lost, .delivered), nil, "outcome of the old lease")
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(pending: 2),
                "summary"
            )
            _ = try await test.settle(again, .delivered)
            try await test.expectEqual(test.settle(again, .delivered), nil, "an outcome reported twice")
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(delivered: 1, pending: 1),
                "summary after the second lease"
            )
        },
        Case("counts failures of a message, and not those that were not tried") { test in
            let record = try await test.accept(.calling(1))
            try await test.tell(record, 2, 3)
            let later = StoreUnderTest.noon + .seconds(30)
            let first = try await test.takeOne(at: StoreUnderTest.noon)
            try await test.expectEqual(test.settle(first, .failed(retryAt: later)), later, "retry")
            try await test.expectEqual(test.take(1, at: later + .milliseconds(-1)).count, 0, "before the retry")
            let second = try await test.takeOne(at: later)
            try test.expectEqual(second.failures, 1, "failures")
            _ = try await test.settle(second, .postponed(until: later))
            let third = try await test.takeOne(at: later)
            try test.expectEqual(third.failures, 1, "failures after a postponement")
            _ = try await test.settle(third, .delivered)
            let next = try await test.takeOne(at: later)
            try test.expectEqual(next.failures, 0, "failures of the next message")
        },
        Case("goes on without a message that was given up") { test in
            let record = try await test.accept(.calling(1))
            try await test.tell(record, 2, 3)
            _ = try await test.settle(test.takeOne(at: StoreUnderTest.noon), .givenUp)
            let next = try await test.takeOne(at: StoreUnderTest.noon)
            try test.expectEqual(next.message, .sample(3), "message")
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(pending: 1, failed: 1),
                "summary"
            )
        },
        Case("closes the lane of a client that is gone") { test in
            let (record, other) = (try await test.accept(.calling(1)), try await test.accept(.calling(2)))
            try await test.tell(record, 2, 3)
            try await test.expectEqual(test.settle(test.takeOne(at: StoreUnderTest.noon), .gone), nil, "next")
            try await test.tell(record, 4)
            try await test.expectEqual(
                test.store.callbackSummary(of: record.request.id),
                CallbackSummary(failed: 2),
                "summary"
            )
            try await test.tell(other, 2)
            try await test.expectEqual(test.takeOne(at: StoreUnderTest.noon).request, other.request.id, "other")
        },
        Case("hands out messages by client, oldest due time first, and tells when more are due") { test in
            let (one, two) = (try await test.accept(.calling(1)), try await test.accept(.calling(2)))
            let stranger = try await test.accept(.calling(3, client: StoreUnderTest.office))
            try await test.tell(two, 2)
            try await test.tell(one, 3)
            try await test.tell(stranger, 4)
            let batch = try await test.store.claimCallbacks(
                [CallbackAsk(client: StoreUnderTest.mall, slots: 1)],
                at: StoreUnderTest.noon,
                leaseUntil: StoreUnderTest.noon + .seconds(60)
            )
            try test.expectEqual(batch.deliveries.map(\.request), [two.request.id], "requests")
            try test.expectEqual(
                batch.nextDue,
                [StoreUnderTest.mall: StoreUnderTest.start + .seconds(3)],
                "when more are due"
            )
            try await test.expectEqual(
                Set(test.store.callbackDueTimes().keys),
                [StoreUnderTest.mall, StoreUnderTest.office],
                "clients"
            )
        },
        Case("keeps callback secrets, and forgets the keys of revoked ones") { test in
            let (mall, office) = (StoreUnderTest.mall, StoreUnderTest.office)
            let old = CallbackSecret.generate(for: mall, at: StoreUnderTest.start)
            let new = CallbackSecret.generate(for: mall, at: StoreUnderTest.noon)
            let other = CallbackSecret.generate(for: office, at: StoreUnderTest.noon)
            for secret in [new, old, other] { try await test.store.save(secret) }
            try await test.expectEqual(test.store.callbackSecrets(of: mall), [old, new], "secrets of a client")
            try await test.expectEqual(test.store.callbackSecrets(of: nil).count, 3, "secrets of all")
            let isRevoked = try await test.store.revokeCallbackSecret(old.id, at: StoreUnderTest.noon)
            try test.expect(isRevoked, "the secret was not revoked")
            let revoked = try test.require(try await test.store.callbackSecrets(of: mall).first, "the revoked secret")
            try test.expectEqual(revoked.revokedAt, StoreUnderTest.noon, "when it was revoked")
            try test.expectEqual(revoked.key.revealed, [], "its key")
            let isRevokedTwice = try await test.store.revokeCallbackSecret(old.id, at: StoreUnderTest.noon)
            try test.expect(!isRevokedTwice, "a secret was revoked twice")
        },
    ]
}

extension RequestRecord {
    /// A request whose client wants to be called back.
    static func calling(_ index: Int, client: ClientID = StoreUnderTest.mall) throws -> RequestRecord {
        var record = StoreUnderTest.record(index, client: client)
        record.request.submission.callback = try Callback(url: "https://mall.example/hook?token=\(index)")
        return record
    }
}

extension CallbackMessage {
    /// A message about the event with this number, so many seconds after the start.
    fileprivate static func sample(_ sequence: Int) -> CallbackMessage {
        CallbackMessage(
            sequence: sequence,
            createdAt: StoreUnderTest.start + .seconds(sequence),
            body: Array("{\"n\":\(sequence)}\u{0}".utf8)
        )
    }
}

extension StoreUnderTest {
    static let noon = start + .seconds(10_800)
    fileprivate static let office = ClientID(checked: "office")

    /// Puts messages with these numbers into a request's lane.
    func tell(_ record: RequestRecord, _ sequences: Int...) async throws {
        _ = try await store.update(record.request.id, label: .settle) { record throws(GerbangError) in
            var progress = record.progress
            progress.updatedAt = Self.noon
            return Transition(progress: progress, events: [], callbacks: sequences.map { .sample($0) })
        }
    }

    fileprivate func take(_ slots: Int, at now: Timestamp) async throws -> [CallbackDelivery] {
        let ask = CallbackAsk(client: Self.mall, slots: slots)
        return try await store.claimCallbacks([ask], at: now, leaseUntil: now + .seconds(60)).deliveries
    }

    func takeOne(at now: Timestamp) async throws -> CallbackDelivery {
        try require(try await take(1, at: now).first, "a due message")
    }

    fileprivate func settle(_ delivery: CallbackDelivery, _ outcome: CallbackOutcome) async throws -> Timestamp? {
        try await store.settleCallback(delivery, as: outcome, at: Self.noon)
    }
}
