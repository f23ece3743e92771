internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import Synchronization

/// Runs writes one after the other on GRDB's writer, as many as have gathered in one transaction with one flush.
final class GroupCommitter: Sendable {
    /// A write and how to answer whoever waits for it.
    private struct Job: Sendable {
        let label: StoreLabel?
        /// Does the write; returns how to answer once it is committed. Must be repeatable after a rollback.
        let run: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (GerbangError) -> Void
    }

    private struct State: Sendable {
        var waiting: [Job] = []
        var isWorking = false
        var lastFailure: GerbangError?
    }

    /// More would make the first of them wait too long.
    private static let largestGroup = 512

    private let pool: DatabasePool
    private let files: StoreFiles
    private let probe: Probe
    private let state = Mutex(State())

    init(pool: DatabasePool, files: StoreFiles, probe: Probe) {
        self.pool = pool
        self.files = files
        self.probe = probe
    }

    /// Why the last write did not reach the disk; `nil` when it did.
    var lastFailure: GerbangError? { state.withLock(\.lastFailure) }

    /// Does `body` within a transaction and returns when that is on disk.
    ///
    /// `body` must not have written anything when it throws a ``GerbangError``.
    func write<Value: Sendable>(
        _ label: StoreLabel?,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(GerbangError) -> Value {
        let result: Result<Value, GerbangError> = await withCheckedContinuation { continuation in
            enqueue(
                Job(
                    label: label,
                    run: { database in
                        do {
                            let value = try body(database)
                            return { continuation.resume(returning: .success(value)) }
                        } catch let error as GerbangError {
                            return { continuation.resume(returning: .failure(error)) }
                        }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }
                )
            )
        }
        return try result.get()
    }

    private func enqueue(_ job: Job) {
        let mustStart = state.withLock { state in
            state.waiting.append(job)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        guard mustStart else { return }
        pool.asyncWriteWithoutTransaction { [self] database in
            while let jobs = nextGroup() { commit(jobs, in: database) }
        }
    }

    private func nextGroup() -> [Job]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWorking = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ jobs: [Job], in database: Database) {
        do {
            try transact(jobs, in: database)
        } catch {
            // One of them, or the disk. Each by itself, so that one bad write does not take the others with it; but not
            // while another process writes, which each of them would wait for in turn.
            let isBusy = (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
            for job in jobs {
                if jobs.count > 1, !isBusy {
                    commit([job], in: database)
                } else {
                    let failure = GerbangError(storage: error)
                    state.withLock { $0.lastFailure = failure }
                    job.fail(failure)
                }
            }
        }
    }

    private func transact(_ jobs: [Job], in database: Database) throws {
        var answers: [@Sendable () -> Void] = []
        answers.reserveCapacity(jobs.count)
        try database.inTransaction(.immediate) {
            // Within the transaction: whoever gets in afterwards sees what it writes.
            try files.check()
            for job in jobs { answers.append(try job.run(database)) }
            reach("before-commit", jobs)
            return .commit
        }
        state.withLock { $0.lastFailure = nil }
        reach("after-commit", jobs)
        for answer in answers { answer() }
    }

    private func reach(_ point: String, _ jobs: [Job]) {
        for job in jobs {
            if let label = job.label { probe.reach("\(label.rawValue).\(point)") }
        }
    }
}
