internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Testing

@testable internal import GerbangSQLite

@Suite("What a store keeps")
struct PersistenceTests {
    /// Everything that can be asked of a store about five requests.
    private struct Picture: Equatable {
        var records: [RequestRecord?] = []
        var events: [[RequestEvent]] = []
        var listed: [RequestRecord]
        var leases: [RequestID]
        var due: [ConnectionID: Timestamp]
        var backlog: Set<BacklogEntry>
        var marks: [ConnectionID: ConnectionMark]
        var keys: [APIKey]

        init(of store: SQLiteStore) async throws {
            listed = try await store.list(RequestFilter())
            leases = try await store.leases(endedBefore: nil, limit: 10)
            due = try await store.dueTimes()
            backlog = Set(try await store.backlog())
            marks = try await store.connectionMarks()
            keys = try await store.apiKeys()
            for number in 0..<5 {
                records.append(try await store.record(Requests.id(number)))
                events.append(try await store.events(of: Requests.id(number), after: 0))
            }
        }
    }

    /// Requests in five different states, marks and keys.
    private static func fill(_ store: SQLiteStore) async throws {
        try await store.accept(0..<5)
        let batch = try await store.claim(slots: 4)
        #expect(batch.records.map(\.request.id) == (0..<4).map { Requests.id($0) })
        let outcomes: [RequestMachine.CallOutcome] = [
            Requests.success, Requests.failure, .verdict(.transient(GerbangError(.agencyUnavailable, "later"))),
        ]
        for (number, outcome) in outcomes.enumerated() {
            _ = try await store.update(
                Requests.id(number),
                label: .settle,
                transition: Requests.step(.outcome(outcome, epoch: 1))
            )
        }
        try await store.updateMark(of: Requests.connection) {
            $0 = ConnectionMark(isPaused: true, notBefore: Requests.later)
        }
        try await store.updateMark(of: ConnectionID(checked: "c2")) { $0 = ConnectionMark() }
        try await store.save(
            APIKey(
                id: "k1",
                client: ClientID(checked: "mpp"),
                role: .operator,
                hash: [0, 255, 1],
                createdAt: Requests.start,
                revokedAt: Requests.later
            )
        )
    }

    @Test("closing and opening changes nothing")
    func reopening() async throws {
        let folder = try DatabaseFolder()
        var store: SQLiteStore? = try folder.open()
        try await Self.fill(#require(store))
        let before = try await Picture(of: #require(store))
        store = nil
        let after = try await Picture(of: folder.open())
        #expect(before == after)
        #expect(after.listed.count == 5 && after.leases == [Requests.id(3)] && after.keys.count == 1)
        #expect(Set(after.records.compactMap { $0?.progress.state }) == [.succeeded, .rejected, .queued, .running])
        #expect(after.events.allSatisfy { events in events.map(\.sequence) == Array(1...events.count) })
        #expect(after.records.compactMap { $0?.progress.sequence } == after.events.map(\.count))
    }

    @Test("a power cut right after an answer changes nothing")
    func powerCut() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        try await Self.fill(store)
        let before = try await Picture(of: store)
        let cut = try folder.snapshot()
        let after = try await Picture(of: cut.open())
        #expect(before == after)
    }

    @Test("what is acknowledged is seen by everybody at once")
    func acknowledged() async throws {
        let folder = try DatabaseFolder()
        let store = try folder.open()
        for number in 0..<20 {
            #expect(try await store.accept(Requests.record(number), fingerprint: [1]) == .stored)
            #expect(try folder.raw { try Int.fetchOne($0, sql: "SELECT count(*) FROM request") } == number + 1)
        }
    }

    @Test("a payload comes back to the digit")
    func payload() async throws {
        let folder = try DatabaseFolder()
        let text =
            #"{"n":3174015708900003,"x":1500000.10,"e":1E400,"":null,"é✓":"\u0000 '\"; DROP TABLE request; --","l":[[],{}]}"#
        let payload = try JSONValue(parsing: Array(text.utf8))
        var store: SQLiteStore? = try folder.open()
        _ = try await store?.accept(Requests.record(0, payload: payload), fingerprint: [])
        store = nil
        let record = try await folder.open().record(Requests.id(0))
        #expect(record?.request.submission.payload == payload)
        #expect(record == Requests.record(0, payload: payload))
    }

    @Test("idempotency keys of any form are told apart to the byte, and by client")
    func idempotencyKeys() async throws {
        let store = try DatabaseFolder().open()
        let keys = ["", "k", "K", "k ", " k", "'; --", "é", "e\u{301}", "k\0x", "k\0", "%", "_", "1", "01", "1.0"]
        for (number, key) in keys.enumerated() {
            #expect(
                try await store.accept(Requests.record(number, key: key), fingerprint: [1]) == .stored,
                "key \(number)"
            )
            let other = Requests.record(100 + number, client: "mpp2", key: key)
            #expect(try await store.accept(other, fingerprint: [1]) == .stored)
        }
        for (number, key) in keys.enumerated() {
            let known = Acceptance.known(Requests.record(number, key: key))
            #expect(try await store.accept(Requests.record(200 + number, key: key), fingerprint: [1]) == known)
            #expect(try await store.accept(Requests.record(300 + number, key: key), fingerprint: [2]) == .conflicting)
            #expect(try await store.accept(Requests.record(400 + number, key: key), fingerprint: []) == .conflicting)
            #expect(try await store.acceptance(of: key, client: ClientID(checked: "mpp"), fingerprint: [1]) == known)
            #expect(try await store.acceptance(of: key, client: ClientID(checked: "mpp3"), fingerprint: [1]) == nil)
        }
        #expect(try await store.list(RequestFilter(limit: 1000)).count == keys.count * 2)
    }

    @Test("API keys are kept, listed oldest first and revoked once")
    func apiKeys() async throws {
        let folder = try DatabaseFolder()
        let (store, beside) = (try folder.open(), try folder.open(exclusive: false))
        func key(_ id: String, _ seconds: Int, role: Role = .client) -> APIKey {
            APIKey(
                id: id,
                client: ClientID(checked: "mpp"),
                role: role,
                hash: Array(repeating: 7, count: 32),
                createdAt: Requests.start + .seconds(seconds)
            )
        }
        try await store.save(key("b", 2))
        try await beside.save(key("a", 3, role: .operator))
        try await store.save(key("c", 1))
        #expect(try await store.apiKeys() == [key("c", 1), key("b", 2), key("a", 3, role: .operator)])
        #expect(try await beside.apiKeys() == store.apiKeys())
        await #expect(throws: GerbangError.self) { try await store.save(key("a", 9)) }
        #expect(try await beside.revokeAPIKey("b", at: Requests.later))
        #expect(try await !store.revokeAPIKey("b", at: Requests.later + .seconds(5)))
        #expect(try await !store.revokeAPIKey("x", at: Requests.later))
        #expect(try await store.apiKeys().map(\.revokedAt) == [nil, Requests.later, nil])
    }

    @Test("marks are changed in place, and no change is lost among many at once")
    func marks() async throws {
        let store = try DatabaseFolder().open()
        #expect(try await store.connectionMarks().isEmpty)
        try await store.updateMark(of: Requests.connection) { $0.isPaused = true }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await store.updateMark(of: Requests.connection) { mark in
                        mark.notBefore = (mark.notBefore ?? Requests.start) + .seconds(1)
                    }
                }
            }
            try await group.waitForAll()
        }
        let mark = ConnectionMark(isPaused: true, notBefore: Requests.start + .seconds(50))
        #expect(try await store.connectionMarks() == [Requests.connection: mark])
    }

    @Test("a database from before ordering and tenants goes on where it was")
    func upgrade() async throws {
        let folder = try DatabaseFolder()
        do {
            let store = try folder.open()
            try await store.accept(0..<4)
            _ = try await store.claim(slots: 1)
        }
        // Back to the tables as they were, with the same rows.
        try folder.raw { database in
            try database.execute(
                sql: """
                    DROP INDEX queue_head; DROP INDEX queue_ordering; DROP INDEX queue_ready; DROP INDEX request_tenant;
                    ALTER TABLE queue DROP COLUMN tenant; ALTER TABLE queue DROP COLUMN ordering;
                    ALTER TABLE queue DROP COLUMN is_behind; ALTER TABLE request DROP COLUMN tenant;
                    ALTER TABLE api_key DROP COLUMN tenant;
                    CREATE INDEX queue_ready ON queue (connection, is_retry, due_at)
                        WHERE lease_until IS NULL AND due_at IS NOT NULL;
                    DELETE FROM grdb_migrations WHERE identifier = '4: ordering and tenants';
                    """
            )
        }
        let store = try folder.open()
        let taken = try await store.claim(slots: 9)
        #expect(taken.records.map(\.request.id) == (1...3).map { Requests.id($0) })
        _ = try await store.accept(Requests.record(9, ordering: "a", tenant: "t"), fingerprint: [1])
        _ = try await store.accept(Requests.record(10, ordering: "a", tenant: "t"), fingerprint: [1])
        #expect(try await store.claim(slots: 9).records.map(\.request.id) == [Requests.id(9)])
        #expect(try await store.openRequests() == [TenantID(checked: "t"): 2])
    }
}
