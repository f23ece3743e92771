public import GerbangCore
internal import Synchronization

/// The instances of all remote adapters, as their heartbeats tell of them.
///
/// It holds no durable state: after a restart of the gateway the next heartbeat brings everything back.
public final class RemoteFleet: Sendable {
    /// An instance as operators see it.
    public struct InstanceStatus: Sendable, Hashable {
        /// Its id.
        public var id: String
        /// `live`, `draining`, `silent` or `lost`.
        public var phase: String
        /// Where it can be called.
        public var address: BaseURL
        /// The SHA-256 of the file that it was built for.
        public var hash: String
        /// How long nothing was heard of it.
        public var silence: Duration
        /// How many calls of this gateway it has under way.
        public var inFlight: Int
        /// How busy it says it is.
        public var load: Double
    }

    /// What became of a heartbeat that counts.
    public struct Reception: Sendable, Hashable {
        /// Whether the instance is new.
        public var isNew: Bool
        /// The instances that it took the place of.
        public var replaced: [String]
        /// Whether it runs the version that is served.
        public var isServed: Bool
    }

    private let tables = Mutex<[AdapterID: InstanceTable]>([:])
    let clock: any WallClock

    /// Creates a fleet without instances.
    ///
    /// - Parameter clock: What silence is measured with.
    public init(clock: any WallClock = UptimeClock()) {
        self.clock = clock
    }

    /// Sets which version of `adapter` gets work, by the hash of its file; `nil` for none.
    public func serve(_ hash: String?, of adapter: AdapterID) {
        let now = clock.now()
        tables.withLock { $0[adapter, default: InstanceTable()].serve(hash, at: now) }
    }

    /// Notes a heartbeat whose sender has been proven.
    ///
    /// - Throws: ``GerbangError/Code/conflict`` when it does not count: a later one was here, another instance has its
    ///   address, or its secret is another one than before.
    public func note(_ beat: Heartbeat, of adapter: AdapterID) throws(GerbangError) -> Reception {
        let now = clock.now()
        let (outcome, served) = tables.withLock { tables in
            let outcome = tables[adapter, default: InstanceTable()].note(beat, at: now)
            return (outcome, tables[adapter]?.servedHash)
        }
        switch outcome {
        case .counted(let isNew, let replaced):
            return Reception(isNew: isNew, replaced: replaced, isServed: beat.hash == served)
        case .stale:
            throw GerbangError(.conflict, "a later heartbeat of this instance was here before", field: nil)
        case .replaced:
            throw GerbangError(
                .conflict,
                "another instance has taken this one's address; an instance needs an address of its own, and a new id "
                    + "at every boot"
            )
        case .impostor:
            throw GerbangError(.conflict, "this instance's callKey was another one; take a new id at every boot")
        }
    }

    /// Whether any instance of `adapter` may be given work.
    public func hasLiveInstance(of adapter: AdapterID) -> Bool {
        let now = clock.now()
        return tables.withLock { $0[adapter]?.hasLiveInstance(at: now) ?? false }
    }

    /// The instances of `adapter`.
    public func instances(of adapter: AdapterID) -> [InstanceStatus] {
        let now = clock.now()
        guard let table = tables.withLock({ $0[adapter] }) else { return [] }
        return table.instances.values.sorted { $0.id < $1.id }.map { instance in
            InstanceStatus(
                id: instance.id,
                phase: table.phase(of: instance, at: now).rawValue,
                address: instance.address,
                hash: instance.hash,
                silence: now - instance.lastBeat,
                inFlight: instance.inFlight,
                load: instance.load
            )
        }
    }

    /// Chooses an instance for a call and counts the call; give it back with ``release(_:of:failed:)``.
    func take(of adapter: AdapterID, besides tried: Set<String>) -> InstanceTable.Instance? {
        let now = clock.now()
        return tables.withLock { tables in
            guard let instance = tables[adapter]?.choice(besides: tried, at: now) else { return nil }
            tables[adapter]?.callBegan(on: instance.id)
            return instance
        }
    }

    func release(_ instance: InstanceTable.Instance, of adapter: AdapterID, failed: Bool) {
        let now = clock.now()
        tables.withLock { $0[adapter]?.callEnded(on: instance.id, failed: failed, at: now) }
    }

    /// Returns when an instance is lost or another one has taken its place, or when the task is cancelled.
    func loss(of instance: String, of adapter: AdapterID) async {
        while !Task.isCancelled {
            let now = clock.now()
            guard let end = tables.withLock({ $0[adapter]?.lostAt(instance) }), end > now else { return }
            // Looked at every second: that it was replaced is seen then.
            try? await clock.sleep(until: min(end, now + .seconds(1)))
        }
    }
}

extension RemoteFleet: AdapterAvailability {
    /// ``GerbangCore/QueueReason/noInstance`` for a remote adapter that nobody speaks for; what is not remote needs no
    /// instance.
    public func closure(of id: AdapterID) -> QueueReason? {
        isRemote(id) && !hasLiveInstance(of: id) ? .noInstance : nil
    }

    /// For how long nobody was heard of who speaks for a remote adapter.
    public func absence(of id: AdapterID) -> Duration? {
        let now = clock.now()
        return tables.withLock { $0[id]?.absence(at: now) }
    }

    private func isRemote(_ id: AdapterID) -> Bool { tables.withLock { $0[id] != nil } }
}
