internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Synchronization

extension RequestStoreConformance {
    static let updateCases: [Case] = [
        Case("an update is stored and returned") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            let changed = try await test.update(record, .cancel(actor: "client:mall"), at: now)
            try test.expectEqual(changed.progress.state, .cancelled, "the returned state")
            try test.expectEqual(try await test.stored(record), changed, "the stored request")
            try await test.expectGapless(record)
        },
        Case("an update that throws changes nothing and throws the same error") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let error = GerbangError(.conflict, "not now", agencyCode: "X", texts: LocalizedText(id: "belum", en: "no"))
            do {
                _ = try await test.store.update(record.request.id, label: .command) { _ throws(GerbangError) in
                    throw error
                }
                try test.expect(false, "the error of the transition was swallowed")
            } catch let found as GerbangError {
                try test.expectEqual(found, error, "the error")
            }
            try test.expectEqual(try await test.stored(record), record, "the request afterwards")
            try await test.expectGapless(record)
        },
        Case("an unknown identifier is nothing, and its transition is not run") { test in
            try await test.accept(StoreUnderTest.record(1))
            let unknown = StoreUnderTest.record(2).request.id
            let wasRun = Mutex(false)
            let result = try await test.store.update(unknown, label: .command) { record throws(GerbangError) in
                wasRun.withLock { $0 = true }
                return Transition(progress: record.progress, events: [])
            }
            try test.expectEqual(result, nil, "the updated request")
            try test.expect(!wasRun.withLock { $0 }, "the transition was run")
            try test.expectEqual(try await test.store.record(unknown), nil, "the request")
            try test.expectEqual(try await test.store.events(of: unknown, after: 0), [], "its history")
        },
        Case("an update that changes nothing is possible") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let same = try await test.store.update(record.request.id, label: .recover) { record throws(GerbangError) in
                Transition(progress: record.progress, events: [])
            }
            try test.expectEqual(same, record, "the updated request")
            try await test.expectGapless(record)
        },
        Case("of 100 simultaneous updates none is lost and the history keeps their order") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            _ = try await simultaneously(100) { index in
                try await test.store.update(record.request.id, label: .command) { record throws(GerbangError) in
                    count(record, actor: "officer-\(index)")
                }
            }
            try test.expectEqual(try await test.stored(record).progress.calls, 100, "counted updates")
            try await test.expectGapless(record)
            let actors = try await test.store.events(of: record.request.id, after: 1).compactMap(\.actor)
            try test.expectEqual(Set(actors).count, 100, "different events")
        },
        Case("updates of different requests do not touch each other") { test in
            var records: [RequestRecord] = []
            for index in 1...20 { records.append(try await test.accept(StoreUnderTest.record(index))) }
            let requests = records
            _ = try await simultaneously(100) { index in
                try await test.store.update(requests[index % 20].request.id, label: .command) {
                    record throws(GerbangError) in
                    count(record, actor: nil)
                }
            }
            for record in records {
                try test.expectEqual(try await test.stored(record).progress.calls, 5, "counted updates")
                try await test.expectGapless(record)
            }
        },
        Case("a history is told in order, from any point on, however long") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            for _ in 1...10 {
                _ = try await test.store.update(record.request.id, label: .command) { record throws(GerbangError) in
                    var transition = count(record, actor: nil)
                    for _ in 1...29 {
                        let step = count(
                            RequestRecord(request: record.request, progress: transition.progress),
                            actor: nil
                        )
                        transition = Transition(progress: step.progress, events: transition.events + step.events)
                    }
                    return transition
                }
            }
            for start in [0, 1, 150, 300, 301, 999] {
                let events = try await test.store.events(of: record.request.id, after: start)
                try test.expectEqual(events.map(\.sequence), Array(1...301).filter { $0 > start }, "after \(start)")
            }
        },
        Case("an ended request keeps its result and its history and waits for nothing") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let ended = try await test.callOnce(.succeeds, at: StoreUnderTest.start + .seconds(60))
            try test.expectEqual(try await test.stored(record), ended, "the ended request")
            try test.expectEqual(ended.progress.output, ["found": true], "the output")
            let late = try await test.claim(9, at: StoreUnderTest.start + .seconds(99_999))
            try test.expectEqual(late, ClaimBatch(), "the next batch")
            try test.expectEqual(try await test.store.dueTimes(), [:], "due times")
            try await test.expectGapless(record)
        },
        Case("a redriven request is back in the queue with its history") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            try await test.callOnce(.isUnprepared, at: now)
            let deadline = now + .seconds(500)
            try await test.update(record, .redrive(actor: "operator:ani", deadline: deadline), at: now)
            try test.expectEqual(try await test.store.dueTimes(), [StoreUnderTest.one: now], "due times")
            try test.expectEqual(
                try await test.store.overdue(before: deadline + .seconds(1), limit: 9).count,
                1,
                "overdue"
            )
            let again = try await test.callOnce(.succeeds, at: now)
            try test.expectEqual(again.progress.epoch, 2, "the epoch")
            try await test.expectGapless(record)
        },
        Case("an ended request may still gain events") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            try await test.callOnce(.succeeds, at: now)
            let after = try await test.update(record, .outcome(.isRejected, epoch: 1), at: now)
            try test.expectEqual(after.progress.state, .succeeded, "the state after a stale outcome")
            try await test.expectGapless(record)
        },
    ]

    /// A transition that leaves a request where it is and counts one more call.
    private static func count(_ record: RequestRecord, actor: String?) -> Transition {
        var progress = record.progress
        progress.calls += 1
        progress.sequence += 1
        let event = RequestEvent(
            sequence: progress.sequence,
            at: progress.updatedAt,
            kind: .cancelRequested,
            state: progress.state,
            actor: actor
        )
        return Transition(progress: progress, events: [event])
    }
}
