internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import Testing

@testable internal import GerbangSQLite

/// Random histories, lived through by the SQLite store and by the one in memory at once: nobody may see a difference.
@Suite("The two stores agree", .timeLimit(.minutes(20)))
struct DifferentialTests {
    struct SplitMix64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var result = state
            result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
            result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
            return result ^ (result >> 31)
        }
    }

    @Test("every case has one head, whatever happens", arguments: 11...13 as ClosedRange<UInt64>)
    func heads(seed: UInt64) async throws {
        var generator = SplitMix64(state: seed)
        let folder = try DatabaseFolder()
        let store = try folder.open()
        var now = Requests.start
        for number in 0..<300 {
            now = now + .milliseconds(Int.random(in: 0...40_000, using: &generator))
            _ = try await store.accept(
                Requests.record(number, deadline: now + .seconds(3600), ordering: "case-\(number % 5)"),
                fingerprint: [1]
            )
            _ = try await store.claim(slots: Int.random(in: 0...3, using: &generator), at: now)
            let id = Requests.id(Int.random(in: 0...number, using: &generator))
            let epoch = try await store.record(id)?.progress.epoch ?? 0
            let input = try #require(Self.inputs(epoch: epoch, now: now).randomElement(using: &generator))
            _ = await Self.outcome { () throws(GerbangError) in
                try await store.update(id, label: .settle, transition: Requests.step(input, at: now))
            }
            let cases = try folder.raw { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT ordering, sum(is_behind = 0), sum(is_behind = 1 AND lease_until IS NOT NULL)
                        FROM queue GROUP BY ordering
                        """
                )
            }
            for row in cases {
                #expect(row[1] == 1 && row[2] == 0, "seed \(seed), request \(number): \(row)")
            }
        }
    }

    /// What an operation came to, error or not.
    private static func outcome<Value: Sendable>(
        _ body: () async throws(GerbangError) -> Value
    ) async -> Result<Value, GerbangError> {
        do throws(GerbangError) { return .success(try await body()) } catch { return .failure(error) }
    }

    private static let connections = ["c1", "c2", "c3"].map { ConnectionID(checked: $0) }

    @Test("whatever happens", arguments: 1...6 as ClosedRange<UInt64>)
    func agree(seed: UInt64) async throws {
        var generator = SplitMix64(state: seed)
        let (sqlite, memory) = (try DatabaseFolder().open(), MemoryStore())
        var now = Requests.start
        var count = 0
        for round in 0..<250 {
            now = now + .milliseconds(Int.random(in: 0...40_000, using: &generator))
            let place: Testing.Comment = "seed \(seed), round \(round)"
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...3:
                let key = Int.random(in: 0...count, using: &generator)
                let deadline = Requests.start + .seconds(Int.random(in: 0...9000, using: &generator))
                let record = Requests.record(
                    count,
                    connection: Self.connections[count % 3],
                    key: "key-\(Bool.random(using: &generator) ? key : count)",
                    deadline: deadline,
                    ordering: [nil, nil, "a", "b"].randomElement(using: &generator) ?? nil,
                    tenant: [nil, "t1", "t2", "t3"].randomElement(using: &generator) ?? nil
                )
                let fingerprint = [UInt8.random(in: 0...1, using: &generator)]
                count += 1
                #expect(
                    await Self.outcome { () throws(GerbangError) in
                        try await sqlite.accept(record, fingerprint: fingerprint)
                    }
                        == Self.outcome { () throws(GerbangError) in
                            try await memory.accept(record, fingerprint: fingerprint)
                        },
                    place
                )
            case 4...5:
                let asks = Self.connections.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
                    .map {
                        Requests.ask(
                            $0,
                            slots: Int.random(in: 0...4, using: &generator),
                            retrySlots: Int.random(in: 0...3, using: &generator)
                        )
                    }
                let step = Requests.step(Requests.claim, at: now)
                let moment = now
                #expect(
                    await Self.outcome { () throws(GerbangError) in
                        try await sqlite.claim(asks, at: moment, transition: step)
                    }
                        == Self.outcome { () throws(GerbangError) in
                            try await memory.claim(asks, at: moment, transition: step)
                        },
                    place
                )
            default:
                let id = Requests.id(Int.random(in: 0...count, using: &generator))
                let epoch = try await memory.record(id)?.progress.epoch ?? 0
                let input = try #require(Self.inputs(epoch: epoch, now: now).randomElement(using: &generator))
                let effect: Effect = Bool.random(using: &generator) ? .query : .nonIdempotent
                let step = Requests.step(input, at: now, effect: effect)
                #expect(
                    await Self.outcome { () throws(GerbangError) in
                        try await sqlite.update(id, label: .settle, transition: step)
                    }
                        == Self.outcome { () throws(GerbangError) in
                            try await memory.update(id, label: .settle, transition: step)
                        },
                    place
                )
            }
            try await Self.compare(sqlite, memory, at: now, using: &generator, place)
        }
        for number in 0..<count {
            let events = try await sqlite.events(of: Requests.id(number), after: 0)
            #expect(try await events == memory.events(of: Requests.id(number), after: 0))
            #expect(events.map(\.sequence) == Array(0..<events.count).map { $0 + 1 })
        }
    }

    private static func inputs(epoch: Int, now: Timestamp) -> [RequestMachine.Input] {
        let unavailable = GerbangError(.agencyUnavailable, "later")
        let outcomes: [RequestMachine.CallOutcome] = [
            Requests.success, Requests.failure, .verdict(.transient(unavailable)), .verdict(.inDoubt(unavailable)),
            .verdict(.throttled(unavailable, until: now + .seconds(90))),
            .verdict(.pending(agencyReference: "R", checkAfter: .seconds(30))),
            .failure(WireFailure(.timeout, .maybeSent)),
            .verdict(.unauthorized(unavailable)), .unprepared(GerbangError(.internalFault, "no")),
        ]
        return outcomes.map { .outcome($0, epoch: epoch) } + [
            .outcome(Requests.success, epoch: epoch - 1), .recover, .checkDeadline, .cancel(actor: "client:mpp"),
            .redrive(actor: "operator:ani", deadline: now + .seconds(3600)), .discard(actor: "operator:ani"),
            .resolve(.resend, actor: "operator:ani"), .resolve(.notDone, actor: "operator:ani"),
        ]
            + connections.flatMap { from in
                connections.map { to in
                    let target = RequestProgress.Assignment(connection: to, operation: OperationID(checked: "ask"))
                    return .reroute(RequestMachine.Reroute(from: from, to: target, because: .breakerOpen))
                }
            }
    }

    private static func compare(
        _ sqlite: SQLiteStore,
        _ memory: MemoryStore,
        at now: Timestamp,
        using generator: inout SplitMix64,
        _ place: Testing.Comment
    ) async throws {
        #expect(try await sqlite.dueTimes() == memory.dueTimes(), place)
        #expect(try await Set(sqlite.backlog()) == Set(memory.backlog()), place)
        #expect(try await sqlite.openRequests() == memory.openRequests(), place)
        let span = ReportSpan(
            tenant: Bool.random(using: &generator) ? TenantID(checked: "t1") : nil,
            from: Requests.start + .milliseconds(Int.random(in: 0...50, using: &generator)),
            until: Requests.later
        )
        #expect(try await sqlite.report(on: span) == memory.report(on: span), place)
        for connection in connections {
            let limit = Int.random(in: 1...4, using: &generator)
            let first = try await sqlite.waiting(on: connection, after: nil, limit: limit)
            #expect(try await first == memory.waiting(on: connection, after: nil, limit: limit), place)
            let second = try await sqlite.waiting(on: connection, after: first.last, limit: limit)
            #expect(try await second == memory.waiting(on: connection, after: first.last, limit: limit), place)
        }
        for moment in [nil, now] {
            let leases = try await Set(sqlite.leases(endedBefore: moment, limit: 1000))
            #expect(try await leases == Set(memory.leases(endedBefore: moment, limit: 1000)), place)
        }
        #expect(
            try await Set(sqlite.overdue(before: now, limit: 1000)) == Set(memory.overdue(before: now, limit: 1000)),
            place
        )
        var filter = RequestFilter(limit: Int.random(in: 1...20, using: &generator))
        if Bool.random(using: &generator) { filter.connection = connections.randomElement(using: &generator) }
        if Bool.random(using: &generator) {
            filter.states = Set(RequestState.allCases.filter { _ in Bool.random(using: &generator) })
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { filter.isDeadLetter = true }
        if Bool.random(using: &generator) { filter.before = Requests.id(Int.random(in: 0...100, using: &generator)) }
        if Int.random(in: 0..<4, using: &generator) == 0 { filter.client = ClientID(checked: "other") }
        #expect(try await sqlite.list(filter) == memory.list(filter), place)
    }
}
