internal import GerbangCore
internal import GerbangEngine

extension RequestStoreConformance {
    static let leaseCases: [Case] = [
        Case("a request under a lease is not taken, whatever the time") { test in
            try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            try test.expectEqual(try await test.claim(1, at: now, lease: .seconds(1)).records.count, 1, "taken")
            let late = try await test.claim(1, at: now + .seconds(9999))
            try test.expectEqual(late, ClaimBatch(), "the batch long after the lease")
        },
        Case("leases are listed from the moment they have ended, or all at once") { test in
            for index in 1...3 { try await test.accept(StoreUnderTest.record(index)) }
            let now = StoreUnderTest.start + .seconds(60)
            let short = try await test.claim(1, at: now, lease: .seconds(10)).records
            let long = try await test.claim(1, at: now, lease: .seconds(20)).records
            let end = now + .seconds(10)
            func ended(_ moment: Timestamp?, limit: Int = 10) async throws -> Set<RequestID> {
                Set(try await test.store.leases(endedBefore: moment, limit: limit))
            }
            let shortIDs = Set(short.map(\.request.id))
            let allIDs = shortIDs.union(long.map(\.request.id))
            try test.expectEqual(try await ended(now), [], "ended at once")
            try test.expectEqual(try await ended(end), [], "ended before its own end")
            try test.expectEqual(try await ended(end + .milliseconds(1)), shortIDs, "ended after the short one")
            try test.expectEqual(try await ended(end + .seconds(60)), allIDs, "ended after both")
            try test.expectEqual(try await ended(nil), allIDs, "all leases")
            try test.expectEqual(try await ended(nil, limit: 1).count, 1, "one of them")
        },
        Case("a settled request holds no lease") { test in
            for index in 1...2 { try await test.accept(StoreUnderTest.record(index)) }
            try await test.callOnce(.succeeds, at: StoreUnderTest.start + .seconds(60))
            try await test.callOnce(.failsForNow, at: StoreUnderTest.start + .seconds(60))
            try test.expectEqual(try await test.store.leases(endedBefore: nil, limit: 9), [], "leases")
        },
        Case("a recovered request can be taken again, under a higher epoch") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            var epochs: [Int] = []
            for round in 1...3 {
                let now = StoreUnderTest.start + .seconds(round * 3600)
                let taken = try test.require(try await test.claim(1, at: now).records.first, "a due request")
                epochs.append(taken.progress.epoch)
                try test.expectEqual(try await test.stored(record), taken, "the claimed request")
                try await test.update(taken, .recover, at: now)
            }
            try test.expectEqual(epochs, [1, 2, 3], "epochs")
            try await test.expectGapless(record)
        },
        Case("an outcome under an old epoch adds to the history and changes nothing else") { test in
            try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            let first = try test.require(try await test.claim(1, at: now).records.first, "a due request")
            try await test.update(first, .recover, at: now)
            let second = try test.require(try await test.claim(1, at: now).records.first, "the recovered request")
            try await test.update(first, .outcome(.succeeds, epoch: first.progress.epoch), at: now)
            let after = try await test.stored(second)
            try test.expectEqual(after.progress.state, .running, "the state")
            try test.expectEqual(after.progress.lease, second.progress.lease, "the lease")
            try test.expectEqual(after.progress.epoch, second.progress.epoch, "the epoch")
            try await test.expectGapless(second)
            try await test.update(second, .outcome(.isRejected, epoch: second.progress.epoch), at: now)
            try test.expectEqual(try await test.stored(second).progress.state, .rejected, "the state at the end")
        },
        Case("of 50 simultaneous reports about one lease exactly one counts") { test in
            let record = try await test.accept(StoreUnderTest.record(1))
            let now = StoreUnderTest.start + .seconds(60)
            let taken = try test.require(try await test.claim(1, at: now).records.first, "a due request")
            _ = try await simultaneously(50) { index in
                let outcome: RequestMachine.CallOutcome = index % 2 == 0 ? .succeeds : .isRejected
                return try await test.update(taken, .outcome(outcome, epoch: taken.progress.epoch), at: now)
            }
            let kinds = try await test.store.events(of: record.request.id, after: 0).map(\.kind)
            try test.expectEqual(kinds.filter { $0 == .succeeded || $0 == .rejected }.count, 1, "final events")
            try test.expectEqual(kinds.filter { $0 == .staleOutcome }.count, 49, "stale outcomes")
            try await test.expectGapless(record)
        },
    ]
}
