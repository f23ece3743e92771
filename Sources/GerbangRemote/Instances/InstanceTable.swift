package import GerbangCore

/// The instances of one adapter: who lives, who may be given work. A value without a clock of its own.
///
/// Times are of a clock that nobody sets and that stands still while this machine sleeps: see ``UptimeClock``.
package struct InstanceTable: Sendable {
    /// Silence after which an instance gets no new work: three heartbeats.
    package static let silentAfter = Duration.seconds(30)
    /// Silence after which its calls are given up.
    package static let lostAfter = Duration.seconds(60)
    /// Silence after which nobody wants to know of it any more.
    private static let forgottenAfter = Duration.seconds(3600)
    /// How many ids of replaced instances are remembered.
    private static let rememberedReplacements = 256
    /// How long an instance that failed a call comes last in the choice.
    private static let shunnedFor = Duration.seconds(10)

    /// How an instance is.
    package enum Phase: String, Sendable, Hashable {
        /// It may be given work.
        case live
        /// It works off what it has and gets nothing new: it wants so, or it runs another version.
        case draining
        /// It has not been heard of for a while: no new work.
        case silent
        /// It has not been heard of for so long that its calls are given up.
        case lost
    }

    /// One instance.
    package struct Instance: Sendable, Hashable {
        package var id: String
        package var hash: String
        package var address: BaseURL
        package var callKey: Sensitive<[UInt8]>
        package var firstBeat: Timestamp
        package var lastBeat: Timestamp
        package var sequence: Int
        /// How many calls it says it has under way, and how busy it says it is.
        package var reportedInFlight: Int
        package var load: Double
        package var isDraining: Bool
        package var generation: String?
        /// How many calls of this gateway it has under way.
        package var inFlight = 0
        /// When a call to it last failed.
        package var failedAt: Timestamp?
    }

    /// What became of a heartbeat.
    package enum Beat: Sendable, Hashable {
        /// It counts; the instance is new or not, and these were at its address before.
        case counted(isNew: Bool, replaced: [String])
        /// A later one was here before it.
        case stale
        /// Another instance has taken its address.
        case replaced
        /// It says that it is an instance that it cannot be: another secret than before.
        case impostor
    }

    private(set) var instances: [String: Instance] = [:]
    private var replaced: [String] = []
    /// The version that is served; instances of others get nothing new.
    private(set) var servedHash: String?
    /// When one that may be given work was last heard of, or when its version began to be served.
    private var lastLive: Timestamp?

    package init() {}

    /// Sets the version that is served.
    package mutating func serve(_ hash: String?, at now: Timestamp) {
        servedHash = hash
        lastLive = now
    }

    /// Notes a heartbeat.
    package mutating func note(_ beat: Heartbeat, at now: Timestamp) -> Beat {
        forget(at: now)
        guard !replaced.contains(beat.instance) else { return .replaced }
        if var known = instances[beat.instance] {
            guard known.callKey == beat.callKey else { return .impostor }
            guard beat.sequence > known.sequence else { return .stale }
            known.take(beat, at: now)
            instances[beat.instance] = known
            noteLife(of: known, at: now)
            let others = replaceOthers(at: beat.address, by: beat.instance)
            return .counted(isNew: false, replaced: others)
        }
        var instance = Instance(
            id: beat.instance,
            hash: beat.hash,
            address: beat.address,
            callKey: beat.callKey,
            firstBeat: now,
            lastBeat: now,
            sequence: beat.sequence,
            reportedInFlight: 0,
            load: 0,
            isDraining: false
        )
        instance.take(beat, at: now)
        instances[beat.instance] = instance
        noteLife(of: instance, at: now)
        return .counted(isNew: true, replaced: replaceOthers(at: beat.address, by: beat.instance))
    }

    /// A process that listens where another one listened has taken its place: the other one is gone, however short its
    /// silence. Names cannot tell that, since a restarted process may come with the old one's.
    private mutating func replaceOthers(at address: BaseURL, by id: String) -> [String] {
        let others = instances.values.filter { $0.address == address && $0.id != id }.map(\.id).sorted()
        for other in others {
            instances[other] = nil
            replaced.append(other)
        }
        replaced.removeFirst(max(0, replaced.count - Self.rememberedReplacements))
        return others
    }

    private mutating func noteLife(of instance: Instance, at now: Timestamp) {
        if phase(of: instance, at: now) == .live { lastLive = now }
    }

    private mutating func forget(at now: Timestamp) {
        for (id, instance) in instances where now - instance.lastBeat >= Self.forgottenAfter { instances[id] = nil }
    }

    /// How `instance` is.
    package func phase(of instance: Instance, at now: Timestamp) -> Phase {
        let silence = now - instance.lastBeat
        if silence >= Self.lostAfter { return .lost }
        if silence >= Self.silentAfter { return .silent }
        return instance.isDraining || instance.hash != servedHash ? .draining : .live
    }

    /// Whether anybody may be given work.
    package func hasLiveInstance(at now: Timestamp) -> Bool {
        instances.values.contains { phase(of: $0, at: now) == .live }
    }

    /// For how long nobody was heard of who may be given work; `nil` while somebody may.
    package func absence(at now: Timestamp) -> Duration? {
        hasLiveInstance(at: now) ? nil : now - (lastLive ?? now)
    }

    /// Whether any instance is left that works off what it has.
    package func hasWork(at now: Timestamp) -> Bool {
        instances.values.contains { $0.inFlight > 0 && phase(of: $0, at: now) != .lost }
    }

    /// Who gets the next call: the least busy of those that live, those that failed lately last.
    package func choice(besides tried: Set<String>, at now: Timestamp) -> Instance? {
        instances.values.filter { !tried.contains($0.id) && phase(of: $0, at: now) == .live }.min { left, right in
            rank(left, now) < rank(right, now)
        }
    }

    private func rank(_ instance: Instance, _ now: Timestamp) -> (Int, Int, Double, String) {
        let isShunned = instance.failedAt.map { now - $0 < Self.shunnedFor } ?? false
        return (isShunned ? 1 : 0, instance.inFlight, instance.load, instance.id)
    }

    /// When the calls of an instance are given up unless it is heard of; `nil` when nobody knows it any more.
    package func lostAt(_ id: String) -> Timestamp? {
        instances[id].map { $0.lastBeat + Self.lostAfter }
    }

    package mutating func callBegan(on id: String) {
        instances[id]?.inFlight += 1
    }

    package mutating func callEnded(on id: String, failed: Bool, at now: Timestamp) {
        guard var instance = instances[id] else { return }
        instance.inFlight -= 1
        instance.failedAt = failed ? now : nil
        instances[id] = instance
    }
}

extension InstanceTable.Instance {
    fileprivate mutating func take(_ beat: Heartbeat, at now: Timestamp) {
        hash = beat.hash
        address = beat.address
        lastBeat = now
        sequence = beat.sequence
        reportedInFlight = beat.inFlight
        load = beat.load
        isDraining = beat.isDraining
        generation = beat.generation
    }
}
