internal import GerbangCore
internal import GerbangEngine
internal import Synchronization
internal import Testing

@testable internal import GerbangSQLite

@Suite("Group commit", .timeLimit(.minutes(10)))
struct GroupCommitTests {
    @Test("200 accepts at once are all stored, with few flushes")
    func manyAccepts() async throws {
        let folder = try DatabaseFolder()
        let gate = CommitGate(expected: 200)
        let store = try folder.open(probe: gate.probe)
        let stored = try await withThrowingTaskGroup(of: Acceptance.self) { group in
            for number in 0..<200 {
                group.addTask {
                    gate.arrive()
                    return try await store.accept(Requests.record(number), fingerprint: [1])
                }
            }
            return try await group.reduce(0) { $0 + ($1 == .stored ? 1 : 0) }
        }
        #expect(stored == 200)
        #expect(gate.points.filter { $0 == "accept.before-commit" }.count == 200)
        #expect(gate.points.filter { $0 == "accept.after-commit" }.count == 200)
        #expect(gate.groups.reduce(0, +) == 200)
        #expect(gate.groups.count < 100 && (gate.groups.max() ?? 0) > 20)
        #expect(try await store.list(RequestFilter(limit: 1000)).count == 200)
    }

    /// Stores some requests, then changes all of them within one group.
    private static func updateTogether(
        _ count: Int,
        transition: @escaping @Sendable (Int) -> @Sendable (RequestRecord) throws(GerbangError) -> Transition
    ) async throws -> (store: SQLiteStore, errors: [Int: GerbangError], groups: [Int]) {
        let folder = try DatabaseFolder()
        let filling = try folder.open(exclusive: false)
        try await filling.accept(0..<count + 1)
        let gate = CommitGate(expected: count)
        let store = try folder.open(probe: gate.probe)
        let errors = await withTaskGroup(of: (Int, GerbangError?).self) { group in
            // The first one is held in its commit while the others gather.
            for number in 0...count {
                group.addTask {
                    gate.arrive()
                    do throws(GerbangError) {
                        _ = try await store.update(Requests.id(number), label: .settle, transition: transition(number))
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            return await group.reduce(into: [Int: GerbangError]()) { $0[$1.0] = $1.1 }
        }
        return (store, errors, gate.groups)
    }

    @Test("a transition that throws harms no other of its group")
    func throwingTransition() async throws {
        let (store, errors, groups) = try await Self.updateTogether(40) { number in
            guard number % 4 == 1 else { return Requests.step(.cancel(actor: "client:mpp")) }
            return { _ throws(GerbangError) in throw GerbangError(.conflict, "number \(number)") }
        }
        #expect((groups.max() ?? 0) > 5)
        #expect(errors.keys.sorted() == (0...40).filter { $0 % 4 == 1 })
        #expect(errors.allSatisfy { $0.value == GerbangError(.conflict, "number \($0.key)") })
        for number in 0...40 {
            let record = try await store.record(Requests.id(number))
            #expect(record?.progress.state == (number % 4 == 1 ? .queued : .cancelled))
            #expect(try await store.events(of: Requests.id(number), after: 0).count == (number % 4 == 1 ? 1 : 2))
        }
    }

    @Test("a write that the database refuses harms no other of its group")
    func refusedWrite() async throws {
        let (store, errors, groups) = try await Self.updateTogether(40) { number in
            let step = Requests.step(.cancel(actor: "client:mpp"))
            guard number % 10 == 3 else { return step }
            return { record throws(GerbangError) in
                // An event number that exists already.
                var transition = try step(record)
                transition.events = [record.progress.acceptedEvent]
                return transition
            }
        }
        #expect(!groups.isEmpty)
        #expect(errors.keys.sorted() == [3, 13, 23, 33])
        #expect(errors.values.allSatisfy { $0.code == .storageUnavailable })
        for number in 0...40 {
            let record = try await store.record(Requests.id(number))
            #expect(record?.progress.state == (number % 10 == 3 ? .queued : .cancelled))
            #expect(try await store.events(of: Requests.id(number), after: 0).count == (number % 10 == 3 ? 1 : 2))
        }
    }

    @Test("one idempotency key submitted by many at once is stored once")
    func sameKey() async throws {
        let store = try DatabaseFolder().open()
        let results = try await withThrowingTaskGroup(of: Acceptance.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try await store.accept(
                        Requests.record(number, key: "one"),
                        fingerprint: number % 3 == 0 ? [1] : [2]
                    )
                }
            }
            return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
        }
        let kept = try #require(try await store.list(RequestFilter()).first)
        let isFirstKind = (kept.request.id.low & 0xFFFF) % 3 == 0
        #expect(results.filter { $0 == .stored }.count == 1)
        #expect(results.filter { $0 == .known(kept) }.count == (isFirstKind ? 19 : 39))
        #expect(results.filter { $0 == .conflicting }.count == (isFirstKind ? 40 : 20))
        #expect(try await store.list(RequestFilter()).count == 1)
    }

    @Test("many claimers take every request exactly once")
    func claimers() async throws {
        let store = try DatabaseFolder().open()
        try await store.accept(0..<100)
        let claimed = try await withThrowingTaskGroup(of: [RequestID].self) { group in
            for _ in 0..<20 { group.addTask { try await store.claim(slots: 7).records.map(\.request.id) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.count == 100)
        #expect(Set(claimed).count == 100)
        #expect(try await store.leases(endedBefore: nil, limit: 1000).count == 100)
        #expect(try await store.dueTimes().isEmpty)
    }

    @Test("a transition that throws within a claim changes nothing at all")
    func throwingClaim() async throws {
        let store = try DatabaseFolder().open()
        try await store.accept(0..<5)
        let before = try await store.list(RequestFilter())
        let step = Requests.step(Requests.claim)
        await #expect(throws: GerbangError(.conflict, "the third")) {
            _ = try await store.claim([Requests.ask()], at: Requests.later) { record throws(GerbangError) in
                guard record.request.id != Requests.id(2) else { throw GerbangError(.conflict, "the third") }
                return try step(record)
            }
        }
        #expect(try await store.list(RequestFilter()) == before)
        #expect(try await store.claim().records.count == 5)
    }

    @Test("the probe is told what is about to be committed, and that it was")
    func probe() async throws {
        let points = Mutex<[String]>([])
        let store = try DatabaseFolder().open(probe: Probe { point in points.withLock { $0.append(point) } })
        try await store.accept(0..<1)
        _ = try await store.claim()
        _ = try await store.update(
            Requests.id(0),
            label: .settle,
            transition: Requests.step(.outcome(Requests.success, epoch: 1))
        )
        _ = try await store.record(Requests.id(0))
        #expect(
            points.withLock { $0 }
                == ["accept", "claim", "settle"].flatMap { ["\($0).before-commit", "\($0).after-commit"] }
        )
    }
}
