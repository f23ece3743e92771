internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import Synchronization
internal import Testing

@testable internal import GerbangSQLite

@Suite("Query plans")
struct QueryPlanTests {
    /// The statements that a store runs, as it runs them.
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

        /// The statements since the last call that read or change requests or the queue.
        func take() -> [String] {
            let all = statements.withLock { statements in
                defer { statements = [] }
                return statements
            }
            return all.filter { sql in
                ["SELECT", "WITH", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
                    && (sql.contains("queue") || sql.contains("request"))
            }
        }
    }

    private let folder: DatabaseFolder
    private let store: SQLiteStore
    private let recorder = Recorder()

    init() throws {
        folder = try DatabaseFolder()
        store = try folder.open()
    }

    /// The plans of what `body` runs, one line a step.
    private func plans(_ body: () async throws -> Void) async throws -> [String] {
        for number in 0..<30 {
            let connection = ConnectionID(checked: "c\(number % 3 + 1)")
            _ = try await store.accept(Requests.record(number, connection: connection), fingerprint: [1])
        }
        _ = try await store.claim(slots: 3)
        try recorder.attach(to: store)
        _ = recorder.take()
        try await body()
        let statements = recorder.take()
        #expect(!statements.isEmpty)
        return try folder.raw { database in
            try statements.flatMap { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
            }
        }
    }

    private static func expectNoScan(
        _ plan: [String],
        using indexes: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let scans = plan.filter {
            $0.hasPrefix("SCAN request") || $0.hasPrefix("SCAN queue") || $0.hasPrefix("SCAN event")
        }
        #expect(scans.isEmpty, sourceLocation: sourceLocation)
        for index in indexes {
            #expect(
                plan.contains { $0.contains(" \(index) ") },
                "\(index) is not used: \(plan)",
                sourceLocation: sourceLocation
            )
        }
    }

    @Test("claiming looks into the index of what is ready, in its order")
    func claim() async throws {
        let plan = try await plans { _ = try await store.claim(slots: 2, retrySlots: 2) }
        Self.expectNoScan(plan, using: ["queue_ready"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("the next due times are looked up connection by connection")
    func dueTimes() async throws {
        let plan = try await plans {
            let times = try await store.dueTimes()
            #expect(times.count == 3)
        }
        Self.expectNoScan(plan, using: ["queue_ready"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("leases are found by their end")
    func leases() async throws {
        let plan = try await plans {
            let leases = try await store.leases(endedBefore: nil, limit: 10)
            #expect(leases.count == 3)
        }
        Self.expectNoScan(plan, using: ["queue_leased"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("overdue requests are found by their deadline")
    func overdue() async throws {
        let plan = try await plans {
            let overdue = try await store.overdue(before: Requests.later + .seconds(1), limit: 100)
            #expect(overdue.count == 27)
        }
        Self.expectNoScan(plan, using: ["queue_deadline"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("single requests are found by their identifier")
    func single() async throws {
        let plan = try await plans {
            _ = try await store.record(Requests.id(1))
            _ = try await store.events(of: Requests.id(1), after: 0)
            _ = try await store.update(
                Requests.id(1),
                label: .command,
                transition: Requests.step(.cancel(actor: "client:mpp"))
            )
            _ = try await store.accept(Requests.record(99, key: "key-1"), fingerprint: [1])
        }
        Self.expectNoScan(plan, using: ["sqlite_autoindex_request_1", "sqlite_autoindex_request_2"])
    }

    @Test("a client's own list is read from its newest request on, however many others have")
    func listByClient() async throws {
        let plan = try await plans {
            let first = try await store.list(RequestFilter(client: ClientID(checked: "mpp"), limit: 5))
            _ = try await store.list(
                RequestFilter(client: ClientID(checked: "mpp"), before: first.last?.request.id, limit: 5)
            )
        }
        Self.expectNoScan(plan, using: ["request_client"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("what ended long ago is found by its end, and removed by its number")
    func removal() async throws {
        let plan = try await plans {
            let ended = try await store.claim(slots: 1).records[0]
            let input = RequestMachine.Input.outcome(Requests.success, epoch: ended.progress.epoch)
            _ = try await store.update(ended.request.id, label: .settle, transition: Requests.step(input))
            #expect(try await store.removeFinished(before: Requests.later, limit: 10) == 1)
        }
        Self.expectNoScan(plan, using: ["request_finished"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("the dead-letter list and lists of open requests do not read what has ended")
    func lists() async throws {
        let plan = try await plans {
            _ = try await store.list(RequestFilter(isDeadLetter: true))
        }
        #expect(plan.contains { $0.contains("request_dead_letter") })
        let open = try await plans { _ = try await store.list(RequestFilter(states: [.queued, .inDoubt])) }
        #expect(!open.contains { $0.hasPrefix("SCAN request") })
    }

    @Test("what waits behind others of its case is not even looked at, and the next is found at once")
    func ordering() async throws {
        let other = ConnectionID(checked: "c9")
        for number in 100..<400 {
            _ = try await store.accept(
                Requests.record(number, connection: other, ordering: "a", tenant: "t\(number % 3)"),
                fingerprint: [1]
            )
        }
        let plan = try await plans {
            let batch = try await store.claim(slots: 2, retrySlots: 2)
            #expect(batch.records.count == 2)
            _ = try await store.accept(Requests.record(400, connection: other, ordering: "a"), fingerprint: [1])
            _ = try await store.update(
                Requests.id(100),
                label: .command,
                transition: Requests.step(.cancel(actor: "client:mpp"))
            )
        }
        Self.expectNoScan(plan, using: ["queue_ready", "queue_ordering"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
        #expect(try await store.record(Requests.id(101))?.isBehindAnother == false)
        let ready = try folder.raw { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM queue INDEXED BY queue_ready WHERE \(SQLiteStore.isReady)"
            )
        }
        #expect((ready ?? 0) < 40)
    }

    @Test("a page of what waits, and a tenant's report, read no more than they tell")
    func pages() async throws {
        let plan = try await plans {
            let first = try await store.waiting(on: Requests.connection, after: nil, limit: 2)
            _ = try await store.waiting(on: Requests.connection, after: first.last, limit: 2)
            _ = try await store.report(
                on: ReportSpan(tenant: TenantID(checked: "t"), from: Requests.start, until: Requests.later)
            )
        }
        Self.expectNoScan(plan, using: ["queue_ready", "request_tenant"])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }
}
