internal import DukcapilSimulator
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSQLite
internal import GerbangTesting
internal import TransportSimulator

/// A run of the crash test: one database, agencies and a client's server that go on, and one daemon after the other that
/// does not. Every third daemon uses the manifests of the agencies that have one, so that requests which one form of an
/// adapter began are finished by the other.
struct CrashRun {
    /// Something that makes going on senseless.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    let folder: GatewayFolder
    let agencies: Agencies
    let dice: Dice
    let stage = Stage()
    let journal: Journal
    let caller: Caller
    private(set) var plan: KillPlan
    /// Broken promises that were seen while the run went on.
    private(set) var violations: [Violation] = []

    private let clock = SystemClock()
    private let clients = 8
    private var checkedRequests: Set<RequestID> = []
    private var checkedEffects: Set<Ledger.Entry> = []
    private var lives: [PackagingChange] = []

    init(folder: GatewayFolder, agencies: Agencies, seed: UInt64) throws {
        self.folder = folder
        self.agencies = agencies
        journal = Journal(callback: agencies.receiver.url)
        dice = Dice(seed: seed)
        caller = try Caller(key: folder.key)
        plan = KillPlan(dice: dice)
    }

    // MARK: Killing

    /// Kills `count` daemons, and then as many more as it takes to have died at every point.
    mutating func kill(_ count: Int) async throws {
        let crowd = Crowd(stage: stage, journal: journal, caller: caller, dice: dice)
        let chaos = Chaos(agencies: agencies, stage: stage, dice: dice)
        let background = Task { [clients] in
            await withDiscardingTaskGroup { group in
                group.addTask { await crowd.press(size: clients) }
                group.addTask { await chaos.rage() }
            }
        }
        do {
            while plan.kills < count { try await killOne(plan.next()) }
            for _ in 0..<60 where !plan.missing.isEmpty { try await killOne(plan.next(onlyPoints: true)) }
        } catch {
            background.cancel()
            throw error
        }
        stage.close()
        background.cancel()
        await background.value
    }

    private mutating func killOne(_ kill: KillPlan.Kill) async throws {
        let point = try await live(until: kill)
        stage.close()
        plan.noteDeath(at: point)
        if plan.kills % 5 == 0 { try await checkWhatIsLeft() }
    }

    /// Lets one daemon live and die.
    ///
    /// - Returns: The point at which it died by itself; `nil` when it was killed from outside.
    private mutating func live(until kill: KillPlan.Kill) async throws -> String? {
        guard case .atPoint(let point, let count) = kill else {
            let daemon = try await start()
            stage.open(daemon.url)
            if case .after(let span) = kill { await pause(span) }
            try die(daemon)
            return nil
        }
        let daemon: DaemonProcess
        do {
            daemon = try await start(["GERBANG_CRASH_AT": "\(point):\(count)"])
        } catch let error as DaemonProcess.StartError where error.status == 137 {
            return point
        }
        stage.open(daemon.url, forCancelling: point.hasPrefix("command"))
        // What a start has to recover is recovered at once or not at all.
        let limit = clock.now() + (point.hasPrefix("recover") ? .milliseconds(300) : .seconds(2))
        while clock.now() < limit {
            guard daemon.isRunning else {
                let status = daemon.waitForExit()
                guard status == 137 else { throw Broken(description: "a daemon ended by itself with \(status)") }
                return point
            }
            await pause(.milliseconds(3))
        }
        try die(daemon)
        return nil
    }

    /// Starts a daemon, every third with manifests: reading those makes a short life longer.
    private mutating func start(_ environment: [String: String] = [:]) async throws -> DaemonProcess {
        let packaging: Packaging = lives.count % 3 == 2 ? .manifest : .module
        lives.append(PackagingChange(from: clock.now(), packaging: packaging))
        try folder.configure(agencies.configuration(for: folder, packaging: packaging))
        return try await folder.start(environment)
    }

    private func die(_ daemon: DaemonProcess) throws {
        daemon.kill()
        let status = daemon.waitForExit()
        guard status == 137 else { throw Broken(description: "a daemon ended by itself with \(status)") }
    }

    /// Looks into a copy of what the last daemon left behind: whatever was acknowledged is in it, and so is the intent to
    /// send everything that has had an effect.
    private mutating func checkWhatIsLeft() async throws {
        let acknowledged = journal.acknowledged.subtracting(checkedRequests)
        let effects = agencies.effects
        let new = Set(Set(effects).subtracting(checkedEffects).map(\.key))
        let (store, remove) = try folder.copyOfDatabase()
        defer { remove() }
        for id in acknowledged.union(new.compactMap { RequestID($0) }) {
            guard let record = try await store.record(id) else {
                violations.append(Violation(.acknowledgedIsStored, id, "was not in the database after a kill"))
                continue
            }
            let stored = Evidence.Stored(record, history: try await store.events(of: id, after: 0))
            let own = effects.filter { $0.key == id.description }
            violations += Evidence.violations(of: stored, nil, effects: own)
        }
        checkedRequests.formUnion(acknowledged)
        checkedEffects.formUnion(effects)
    }

    // MARK: Coming to an end

    /// Lets a last daemon finish everything, without any trouble, and stops it.
    ///
    /// - Returns: Whether it ended everything in time, and everything that is known then.
    mutating func finish() async throws -> Evidence {
        agencies.receiver.behave()
        let daemon = try await start()
        let crowd = Crowd(stage: stage, journal: journal, caller: caller, dice: dice)
        await withDiscardingTaskGroup { group in
            for _ in 0..<clients { group.addTask { await crowd.repeatUnanswered(at: daemon.url) } }
        }
        try await waitForTheEnd(at: daemon.url)
        try await repeatAcknowledged(at: daemon.url)
        let shown = try await show(at: daemon.url)
        let status = try await Blocking.run { daemon.stop() }
        guard status == 0 else { throw Broken(description: "the last daemon stopped with \(status)") }
        let store = try SQLiteStore(path: folder.database)
        var stored: [Evidence.Stored] = []
        for record in try await store.list(RequestFilter(limit: .max)) {
            let id = record.request.id
            let (history, callbacks) = (
                try await store.events(of: id, after: 0), try await store.callbackSummary(of: id)
            )
            stored.append(Evidence.Stored(record, history: history, callbacks: callbacks))
        }
        return Evidence(
            journal: journal.entries,
            stored: stored,
            shown: shown,
            openRequests: try await store.backlog().filter { !$0.state.isFinal }.map(\.count).reduce(0, +),
            effects: agencies.effects,
            queries: agencies.registry.ledger.entries,
            callbacks: agencies.receiver.arrivals,
            lives: lives
        )
    }

    private func waitForTheEnd(at url: String) async throws {
        let limit = clock.now() + .seconds(120)
        let query = [("state", "queued,running,inDoubt,awaitingAgency"), ("limit", "1")]
        while clock.now() < limit {
            let reply = await caller.get("/v1/requests", at: url, query: query)
            guard let items = reply?.json["items"]?.arrayValue else {
                throw Broken(description: "the list was answered with \(reply?.status ?? 0)")
            }
            if items.isEmpty, await pendingCallbacks(at: url) == 0 { return }
            await pause(.milliseconds(50))
        }
        // What has not ended is found by the verification.
    }

    /// How many calls back the daemon says are still to be made.
    private func pendingCallbacks(at url: String) async -> Double? {
        let text = await caller.get("/metrics", at: url).map { String(decoding: $0.body, as: UTF8.self) }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("gerbang_callback_pending ") }
        return line?.split(separator: " ").last.flatMap { Double($0) }
    }

    /// The same key finds the same request, over all the restarts.
    private func repeatAcknowledged(at url: String) async throws {
        for entry in journal.entries.filter(\.isAcknowledged).shuffled().prefix(100) {
            guard let reply = await caller.submit(entry.wish.body, key: entry.wish.key, at: url) else {
                throw Broken(description: "a repeated submission got no answer")
            }
            journal.note(reply, to: entry.wish)
        }
    }

    /// Every request as the API shows it.
    private func show(at url: String) async throws -> [RequestID: Evidence.Shown] {
        var shown: [RequestID: Evidence.Shown] = [:]
        var cursor: String?
        repeat {
            let query = [("limit", "200")] + (cursor.map { [("cursor", $0)] } ?? [])
            guard let reply = await caller.get("/v1/requests", at: url, query: query),
                let items = reply.json["items"]?.arrayValue
            else { throw Broken(description: "a page of the list cannot be read") }
            for item in items {
                guard let id = item["id"]?.stringValue.flatMap({ RequestID($0) }),
                    let state = item["state"]?.stringValue.flatMap({ RequestState(rawValue: $0) }),
                    let events = await caller.get("/v1/requests/\(id)/events", at: url)?.json["items"]?.arrayValue
                else { throw Broken(description: "a request cannot be read") }
                shown[id] = Evidence.Shown(state: state, history: events.compactMap { RequestEvent(json: $0) })
            }
            cursor = reply.json["nextCursor"]?.stringValue
        } while cursor != nil
        return shown
    }

    private func pause(_ duration: Duration) async {
        try? await clock.sleep(until: clock.now() + duration)
    }
}
