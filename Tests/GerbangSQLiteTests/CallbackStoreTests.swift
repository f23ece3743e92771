internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import Synchronization
internal import Testing

@testable internal import GerbangSQLite

@Suite("The outbox in SQLite")
struct CallbackStoreTests {
    private static let clients = ["mpp", "office", "mall"].map { ClientID(checked: $0) }

    private static func calling(_ number: Int, _ client: ClientID = clients[0]) throws -> RequestRecord {
        var record = Requests.record(number, client: client.text)
        record.request.submission.callback = try Callback(url: "https://mall.example/hook?request=\(number)")
        return record
    }

    private static func message(_ sequence: Int, at moment: Timestamp = Requests.start) -> CallbackMessage {
        CallbackMessage(sequence: sequence, createdAt: moment, body: Array("{\"n\":\(sequence)}".utf8))
    }

    private static func telling(
        _ messages: [CallbackMessage]
    ) -> @Sendable (RequestRecord) throws(GerbangError) -> Transition {
        { record throws(GerbangError) in
            var progress = record.progress
            progress.calls += 1
            return Transition(progress: progress, events: [], callbacks: messages)
        }
    }

    /// The statements that a store runs.
    private final class Recorder: Sendable {
        private let statements = Mutex<[String]>([])

        func attach(to store: SQLiteStore) throws {
            store.pool.writeWithoutTransaction { attach($0) }
            try store.pool.read { attach($0) }
        }

        private func attach(_ database: Database) {
            database.trace { [self] event in
                guard case .statement(let statement) = event else { return }
                statements.withLock { $0.append(statement.expandedSQL) }
            }
        }

        func take() -> [String] {
            statements.withLock { statements in
                defer { statements = [] }
                return statements
            }
        }
    }

    @Test("The life of a request without a callback has no statement about callbacks")
    func costsNothing() async throws {
        let store = try DatabaseFolder().open()
        let recorder = Recorder()
        try recorder.attach(to: store)
        _ = try await store.accept(Requests.record(1), fingerprint: [1])
        let claimed = try await store.claim()
        let epoch = try #require(claimed.records.first).progress.epoch
        _ = try await store.update(
            Requests.id(1),
            label: .settle,
            transition: Requests.step(.outcome(Requests.success, epoch: epoch))
        )
        _ = try await store.record(Requests.id(1))
        let statements = recorder.take()
        #expect(statements.count > 8)
        #expect(!statements.contains { $0.contains("callback") })
    }

    @Test("Taking, settling and asking go through indexes")
    func plans() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        for number in 0..<30 {
            let record = try Self.calling(number, Self.clients[number % 3])
            _ = try await store.accept(record, fingerprint: [1])
            _ = try await store.update(
                record.request.id,
                label: .settle,
                transition: Self.telling([Self.message(2), Self.message(3)])
            )
        }
        let recorder = Recorder()
        try recorder.attach(to: store)
        let now = Requests.start + .seconds(1)
        let asks = Self.clients.map { CallbackAsk(client: $0, slots: 3) }
        let batch = try await store.claimCallbacks(asks, at: now, leaseUntil: now + .seconds(60))
        #expect(batch.deliveries.count == 9)
        for (delivery, outcome) in zip(
            batch.deliveries,
            [.delivered, .failed(retryAt: now), .givenUp, .gone, .postponed(until: now)] as [CallbackOutcome]
        ) {
            _ = try await store.settleCallback(delivery, as: outcome, at: now)
        }
        _ = try await store.callbackDueTimes()
        _ = try await store.callbackSummary(of: Requests.id(1))
        _ = try await store.callbackSecrets(of: Self.clients[0])
        let statements = recorder.take().filter { sql in
            ["SELECT", "WITH", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) } && sql.contains("callback")
        }
        #expect(statements.count > 20)
        let plan = try folder.raw { database in
            try statements.flatMap { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
            }
        }
        #expect(plan.filter { $0.hasPrefix("SCAN callback") }.isEmpty)
        for index in ["callback_due", "callback_secret_client"] {
            #expect(plan.contains { $0.contains(" \(index) ") }, "\(index) is not used: \(plan)")
        }
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test("What waits and the secrets are there when the database is opened again")
    func reopened() async throws {
        let folder = try DatabaseFolder()
        let secret = CallbackSecret.generate(for: Self.clients[0], at: Requests.start)
        let record = try Self.calling(1)
        do {
            let store = try folder.open()
            try await store.save(secret)
            _ = try await store.accept(record, fingerprint: [1])
            _ = try await store.update(
                record.request.id,
                label: .settle,
                transition: Self.telling([Self.message(2)])
            )
        }
        let store = try folder.open()
        #expect(try await store.callbackSecrets(of: nil) == [secret])
        #expect(try await store.record(record.request.id)?.request == record.request)
        let now = Requests.start + .seconds(1)
        let batch = try await store.claimCallbacks(
            [CallbackAsk(client: Self.clients[0], slots: 1)],
            at: now,
            leaseUntil: now + .seconds(1)
        )
        #expect(batch.deliveries.map(\.message) == [Self.message(2)])
        #expect(batch.deliveries.first?.url.revealed == "https://mall.example/hook?request=1")
    }

    @Test("A database from before there were callbacks gets them")
    func upgraded() async throws {
        let folder = try DatabaseFolder()
        let queue = try DatabaseQueue(path: folder.path)
        try SQLiteSchema.migrator.migrate(queue, upTo: "1: requests, queue, events, connections, keys")
        try queue.close()
        let store = try folder.open()
        let record = try Self.calling(1)
        _ = try await store.accept(record, fingerprint: [1])
        _ = try await store.update(record.request.id, label: .settle, transition: Self.telling([Self.message(2)]))
        #expect(try await store.callbackSummary(of: record.request.id) == CallbackSummary(pending: 1))
    }

    @Test("A write that fails takes the messages back with the events")
    func rolledBack() async throws {
        let store = try DatabaseFolder().open()
        let record = try Self.calling(1)
        _ = try await store.accept(record, fingerprint: [1])
        // The same message twice: the second insert fails, and with it the whole change.
        await #expect(throws: GerbangError.self) {
            try await store.update(
                record.request.id,
                label: .settle,
                transition: Self.telling([Self.message(2), Self.message(2)])
            )
        }
        #expect(try await store.callbackSummary(of: record.request.id) == nil)
        #expect(try await store.record(record.request.id)?.progress.calls == 0)
    }

    @Test("The two stores agree, whatever happens", arguments: 1...4 as ClosedRange<UInt64>)
    func agree(seed: UInt64) async throws {
        var generator = DifferentialTests.SplitMix64(state: seed)
        let (sqlite, memory) = (try DatabaseFolder().open(), MemoryStore())
        var (now, sequence) = (Requests.start, 1)
        var open: [CallbackDelivery] = []
        for number in 0..<9 {
            let record = try Self.calling(number, Self.clients[number % 3])
            _ = try await sqlite.accept(record, fingerprint: [1])
            _ = try await memory.accept(record, fingerprint: [1])
        }
        for round in 0..<300 {
            now = now + .milliseconds(Int.random(in: 1...40_000, using: &generator))
            let place: Testing.Comment = "seed \(seed), round \(round)"
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...3:
                let id = Requests.id(Int.random(in: 0..<9, using: &generator))
                sequence += 2
                let messages = [Self.message(sequence, at: now), Self.message(sequence + 1, at: now)]
                let count = Int.random(in: 1...2, using: &generator)
                let tell = Self.telling(Array(messages.prefix(count)))
                _ = try await sqlite.update(id, label: .settle, transition: tell)
                _ = try await memory.update(id, label: .settle, transition: tell)
            case 4...6:
                let asks = Self.clients.map { client in
                    CallbackAsk(client: client, slots: Int.random(in: 0...2, using: &generator))
                }
                let leaseUntil = now + .seconds(45)
                let batch = try await sqlite.claimCallbacks(asks, at: now, leaseUntil: leaseUntil)
                #expect(try await memory.claimCallbacks(asks, at: now, leaseUntil: leaseUntil) == batch, place)
                open += batch.deliveries
            default:
                guard let delivery = open.randomElement(using: &generator) else { continue }
                let wait = Duration.milliseconds(Int.random(in: 1...90_000, using: &generator))
                let outcomes: [CallbackOutcome] = [
                    .delivered, .delivered, .failed(retryAt: now + wait), .postponed(until: now + wait), .givenUp,
                    Int.random(in: 0..<8, using: &generator) == 0 ? .gone : .delivered,
                ]
                let outcome = outcomes.randomElement(using: &generator) ?? .delivered
                let next = try await sqlite.settleCallback(delivery, as: outcome, at: now)
                #expect(try await memory.settleCallback(delivery, as: outcome, at: now) == next, place)
            }
            #expect(try await sqlite.callbackDueTimes() == memory.callbackDueTimes(), place)
            #expect(try await sqlite.callbackBacklog() == memory.callbackBacklog(), place)
        }
        for number in 0..<9 {
            let summary = try await sqlite.callbackSummary(of: Requests.id(number))
            #expect(try await memory.callbackSummary(of: Requests.id(number)) == summary)
        }
    }
}
