internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// A store with shorthands for what the cases do to it.
struct StoreUnderTest: Sendable {
    typealias Move = @Sendable (RequestRecord) throws(GerbangError) -> Transition

    let store: any RequestStore
    let name: String

    static let start = ManualClock.start
    static let one = ConnectionID(checked: "one")
    static let two = ConnectionID(checked: "two")
    static let mall = ClientID(checked: "mall")
    static let fingerprint = [UInt8](repeating: 7, count: 32)

    // MARK: Judging

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        guard condition else { throw RequestStoreConformance.Failure(caseName: name, message: message()) }
    }

    func expectEqual<Value: Equatable>(_ found: Value, _ right: Value, _ what: String) throws {
        try expect(found == right, "\(what): expected \(right), found \(found)")
    }

    func require<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw RequestStoreConformance.Failure(caseName: name, message: "missing: \(what)") }
        return value
    }

    // MARK: Making

    /// A request that is accepted `index` seconds after the start and due at once.
    static func record(
        _ index: Int,
        key: String? = nil,
        client: ClientID = mall,
        connection: ConnectionID = one,
        service: ServiceID = ServiceID(checked: "transport.vehicle.lookup"),
        payload: JSONValue = ["plate": "B 1234 XYZ"],
        applicant: Applicant = Applicant(),
        deadline: Timestamp? = nil,
        ordering: String? = nil,
        tenant: String? = nil
    ) -> RequestRecord {
        let moment = start + .seconds(index)
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: moment, using: &generator),
            client: client,
            submission: Submission(
                service: service,
                region: .nation,
                applicant: applicant,
                payload: payload,
                idempotencyKey: key ?? "key-\(index)",
                deadline: deadline
            ),
            connection: connection,
            operation: OperationID(checked: "lookup"),
            acceptedAt: moment,
            deadline: deadline ?? moment + .seconds(86_400),
            ordering: ordering.map { OrderingKey(digest: $0) },
            tenant: tenant.map { TenantID(checked: $0) }
        )
        return RequestRecord(
            request: request,
            progress: RequestProgress(acceptedAt: moment, deadline: request.deadline)
        )
    }

    @discardableResult
    func accept(_ record: RequestRecord, fingerprint: [UInt8] = fingerprint) async throws -> RequestRecord {
        let acceptance = try await store.accept(record, fingerprint: fingerprint)
        try expect(acceptance == .stored, "a new request was not stored but \(Self.word(acceptance))")
        return record
    }

    static func word(_ acceptance: Acceptance) -> String {
        switch acceptance {
        case .stored: "stored"
        case .known: "known"
        case .conflicting: "conflicting"
        }
    }

    // MARK: Moving

    static func move(
        _ input: RequestMachine.Input,
        at now: Timestamp,
        effect: Effect = .query,
        inquiry: Inquiry? = nil
    ) -> Move {
        let context = RequestMachine.Context(effect: effect, inquiry: inquiry, now: now, jitter: 0.5)
        return { record throws(GerbangError) in
            try RequestMachine.apply(input, to: record.progress, in: context)
        }
    }

    /// Claims up to `slots` requests, of which `retrySlots` may be retries.
    @discardableResult
    func claim(
        _ slots: Int,
        retrySlots: Int? = nil,
        of connection: ConnectionID = one,
        at now: Timestamp,
        lease: Duration = .seconds(60)
    ) async throws -> ClaimBatch {
        let ask = ClaimAsk(connection: connection, slots: slots, retrySlots: retrySlots ?? slots)
        return try await store.claim(
            [ask],
            at: now,
            transition: Self.move(.claim(owner: "worker", leaseFor: lease), at: now)
        )
    }

    @discardableResult
    func update(
        _ record: RequestRecord,
        _ input: RequestMachine.Input,
        at now: Timestamp,
        effect: Effect = .query
    ) async throws -> RequestRecord {
        let found = try await store.update(
            record.request.id,
            label: .settle,
            transition: Self.move(input, at: now, effect: effect)
        )
        return try require(found, "the updated request")
    }

    /// Claims the only due request and ends its call with `outcome`.
    @discardableResult
    func callOnce(
        _ outcome: RequestMachine.CallOutcome,
        of connection: ConnectionID = one,
        at now: Timestamp,
        effect: Effect = .query
    ) async throws -> RequestRecord {
        let batch = try await claim(1, of: connection, at: now)
        let record = try require(batch.records.first, "a due request")
        return try await update(record, .outcome(outcome, epoch: record.progress.epoch), at: now, effect: effect)
    }

    func stored(_ record: RequestRecord) async throws -> RequestRecord {
        try require(try await store.record(record.request.id), "request \(record.request.id)")
    }

    /// Checks that a history has neither gaps nor repetitions and agrees with where the request stands.
    func expectGapless(_ record: RequestRecord) async throws {
        let events = try await store.events(of: record.request.id, after: 0)
        try expectEqual(events.map(\.sequence), events.isEmpty ? [] : Array(1...events.count), "event numbers")
        let stored = try await stored(record)
        try expectEqual(events.count, stored.progress.sequence, "number of events")
        try expectEqual(events.last?.state, stored.progress.state, "state of the last event")
    }
}

extension RequestMachine.CallOutcome {
    static let succeeds = Self.verdict(.succeeded(output: ["found": true], agencyReference: "A-1"))
    static let failsForNow = Self.verdict(.transient(GerbangError(.agencyUnavailable, "busy")))
    static let isRejected = Self.verdict(.rejected(GerbangError(.agencyRejected, "no")))
    static let isUnprepared = Self.unprepared(GerbangError(.internalFault, "cannot be translated"))
}
