internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Synchronization

@testable internal import GerbangSQLite

/// A folder of its own for one database; it goes when nobody holds it any more.
final class DatabaseFolder: Sendable {
    let url: URL

    var path: String { url.appending(path: "gerbang.db").path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "gerbang-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func open(exclusive: Bool = true, probe: Probe = .none) throws(GerbangError) -> SQLiteStore {
        // The store holds the folder by its probe, so that no test needs to.
        try SQLiteStore(path: path, exclusive: exclusive, probe: Probe { [self] point in reach(point, probe) })
    }

    private func reach(_ point: String, _ probe: Probe) {
        probe.reach(point)
    }

    /// Works on the file behind the store's back.
    func raw<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: path)
        return try queue.write(body)
    }

    /// A copy of the files as a power cut would leave them, in a folder of its own.
    func snapshot() throws -> DatabaseFolder {
        let copy = try DatabaseFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(at: url.appending(path: name), to: copy.url.appending(path: name))
        }
        return copy
    }
}

/// Requests and what happens to them, numbered so that every test makes the same ones.
enum Requests {
    static let start = Timestamp(milliseconds: 1_769_817_600_000)
    static let connection = ConnectionID(checked: "c1")
    static let later = start + .seconds(3600)

    static func id(_ number: Int) -> RequestID {
        let time = UInt64(start.milliseconds + Int64(number))
        return RequestID(high: time << 16 | 0x7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    static func record(
        _ number: Int,
        connection: ConnectionID = connection,
        client: String = "mpp",
        key: String? = nil,
        payload: JSONValue = ["nik": "3174015708900003"],
        deadline: Timestamp = later,
        ordering: String? = nil,
        tenant: String? = nil
    ) -> RequestRecord {
        let acceptedAt = start + .milliseconds(number)
        let submission = Submission(
            service: ServiceID(checked: "population.person.lookup"),
            region: .nation,
            applicant: Applicant(name: Sensitive("SITI CONTOH")),
            channel: .counter,
            payload: payload,
            idempotencyKey: key ?? "key-\(number)"
        )
        let request = ServiceRequest(
            id: id(number),
            client: ClientID(checked: client),
            submission: submission,
            connection: connection,
            operation: OperationID(checked: "ask"),
            acceptedAt: acceptedAt,
            deadline: deadline,
            ordering: ordering.map { OrderingKey(digest: $0) },
            tenant: tenant.map { TenantID(checked: $0) }
        )
        return RequestRecord(request: request, progress: RequestProgress(acceptedAt: acceptedAt, deadline: deadline))
    }

    /// The step of the state machine for `input`, as the engine would ask a store to apply it.
    static func step(
        _ input: RequestMachine.Input,
        at now: Timestamp = start + .seconds(60),
        effect: Effect = .query
    ) -> @Sendable (RequestRecord) throws(GerbangError) -> Transition {
        { record throws(GerbangError) in
            try RequestMachine.apply(input, to: record.progress, in: RequestMachine.Context(effect: effect, now: now))
        }
    }

    static func ask(_ connection: ConnectionID = connection, slots: Int = 10, retrySlots: Int = 10) -> ClaimAsk {
        ClaimAsk(connection: connection, slots: slots, retrySlots: retrySlots)
    }

    static let claim = RequestMachine.Input.claim(owner: "worker", leaseFor: .seconds(60))
    static let failure = RequestMachine.CallOutcome.verdict(.rejected(GerbangError(.agencyRejected, "no")))
    static let success = RequestMachine.CallOutcome.verdict(.succeeded(output: ["ok": true], agencyReference: "R-1"))
}

extension SQLiteStore {
    /// Takes what is due on `connection`.
    func claim(
        slots: Int = 10,
        retrySlots: Int = 10,
        on connection: ConnectionID = Requests.connection,
        at now: Timestamp = Requests.start + .seconds(60)
    ) async throws(GerbangError) -> ClaimBatch {
        let ask = Requests.ask(connection, slots: slots, retrySlots: retrySlots)
        return try await claim([ask], at: now, transition: Requests.step(Requests.claim, at: now))
    }

    func accept(_ numbers: Range<Int>) async throws(GerbangError) {
        for number in numbers { _ = try await accept(Requests.record(number), fingerprint: [1]) }
    }
}

/// Holds the first commit until everybody who shall share the next one has come.
final class CommitGate: Sendable {
    private struct State: Sendable {
        var arrived = 0
        var isHeld = false
        var points: [String] = []
    }

    private let state = Mutex(State())
    private let expected: Int

    init(expected: Int) {
        self.expected = expected
    }

    /// A task is about to write.
    func arrive() {
        state.withLock { $0.arrived += 1 }
    }

    /// Where the store has been.
    var points: [String] { state.withLock { $0.points } }

    /// The sizes of the groups that were committed.
    var groups: [Int] {
        var sizes: [Int] = []
        var previous = ""
        for point in points where point.hasSuffix("before-commit") || point.hasSuffix("after-commit") {
            if point.hasSuffix("before-commit") {
                if previous.hasSuffix("before-commit") { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
            }
            previous = point
        }
        return sizes
    }

    var probe: Probe {
        Probe { [self] point in
            let mustHold = state.withLock { state in
                state.points.append(point)
                defer { state.isHeld = true }
                return !state.isHeld && point.hasSuffix("before-commit")
            }
            guard mustHold else { return }
            // The writer's thread blocks here, so that the writes behind it gather.
            for _ in 0..<300_000 where state.withLock({ $0.arrived }) < expected { usleep(1000) }
            usleep(50_000)
        }
    }
}
