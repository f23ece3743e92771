public import GerbangCore
public import GerbangEngine
internal import GerbangJSON
public import GerbangRemote
public import Logging
internal import Synchronization

/// Lets adapters arrive, be judged, be switched on and off, and be rolled back while requests flow.
///
/// An agency registers a file, signed with the key of its adapter; an operator approves it, and the configuration is
/// applied anew with it. What is registered is durable; what instances say is not.
public final class Registrar: Sendable {
    /// Other adapters for the configuration that holds.
    public struct Change: Sendable {
        /// The adapters from now on. Asked for when no other change is under way.
        public var adapters: @Sendable () throws(GerbangError) -> AdapterRegistry
        /// Makes the change durable, once it is known that the configuration holds together with the adapters.
        public var keep: @Sendable () async throws(GerbangError) -> Void
        /// What it is, for the configuration's history.
        public var note: String
        /// Who wants it.
        public var actor: String
    }

    /// What a registrar works within.
    public struct Surroundings: Sendable {
        /// The connections of the present configuration.
        public var connections: @Sendable () -> [Connection]
        /// Judges the configuration that holds with other adapters, has them kept, and puts them to work, in this order.
        ///
        /// It throws ``GerbangError/Code/invalidConfiguration``, with nothing kept and nothing changed, when the
        /// configuration does not hold together with them.
        public var apply: @Sendable (Change) async throws(GerbangError) -> Void

        /// Where the registrar writes what operators want to know.
        public var logger: Logger?

        /// Creates them.
        public init(
            connections: @escaping @Sendable () -> [Connection],
            apply: @escaping @Sendable (Change) async throws(GerbangError) -> Void,
            logger: Logger? = nil
        ) {
            self.logger = logger
            self.connections = connections
            self.apply = apply
        }
    }

    struct State: Sendable {
        var dossiers: [AdapterID: AdapterDossier] = [:]
        var seen = ReplayWindow()
        var surroundings: Surroundings?
    }

    /// The instances of remote adapters.
    public let fleet: RemoteFleet
    let store: any AdapterStore
    let builtin: AdapterRegistry
    let catalogue: ServiceCatalogue
    let clock: any WallClock
    private let firstLogger: Logger
    let state = Mutex(State())

    /// Creates a registrar; ``load()`` reads what is registered.
    ///
    /// - Parameters:
    ///   - store: Where registered adapters are kept.
    ///   - builtin: The adapters of this build, whose names nobody can take.
    ///   - catalogue: The services that adapters may provide.
    public init(
        store: any AdapterStore,
        builtin: AdapterRegistry,
        catalogue: ServiceCatalogue,
        fleet: RemoteFleet = RemoteFleet(),
        clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "gerbang.registration")
    ) {
        self.store = store
        self.builtin = builtin
        self.catalogue = catalogue
        self.fleet = fleet
        self.clock = clock
        firstLogger = logger
    }

    /// Reads what is registered. Call it before the configuration is read.
    public func load() async throws(GerbangError) {
        for dossier in try await store.adapterDossiers() { remember(dossier) }
    }

    /// Sets what it works within.
    public func use(_ surroundings: Surroundings) {
        state.withLock { $0.surroundings = surroundings }
    }

    /// The adapters of this build and the approved ones.
    ///
    /// An approved file that this build cannot read is left out and told of; a connection that names it is then a
    /// mistake of the configuration.
    public func registry() throws(GerbangError) -> AdapterRegistry {
        try registry(of: state.withLock(\.dossiers))
    }

    func registry(of dossiers: [AdapterID: AdapterDossier]) throws(GerbangError) -> AdapterRegistry {
        var registry = builtin
        for dossier in dossiers.values.sorted(by: { $0.id < $1.id }) {
            guard let served = dossier.served else { continue }
            do throws(GerbangError) {
                let file = try AdapterFile(served.content, kind: served.kind, catalogue: catalogue)
                try registry.register(file.definition(fleet: fleet, catalogue: catalogue))
            } catch {
                logger.error(
                    "a registered adapter cannot be used",
                    metadata: ["adapter": "\(dossier.id)", "version": "\(served.version)", "why": "\(error.message)"]
                )
            }
        }
        return registry
    }

    func remember(_ dossier: AdapterDossier) {
        state.withLock { $0.dossiers[dossier.id] = dossier }
        guard let served = dossier.served, served.kind == .remote else { return }
        fleet.serve(served.hash, of: dossier.id)
    }

    var logger: Logger { state.withLock { $0.surroundings?.logger } ?? firstLogger }

    func dossier(_ id: AdapterID) -> AdapterDossier? { state.withLock { $0.dossiers[id] } }

    func note(_ action: String, _ id: AdapterID, by actor: String, detail: String? = nil) -> AuditNote {
        AuditNote(at: clock.now(), actor: actor, action: "adapters.\(action)", subject: id.text, detail: detail)
    }
}

extension Registrar: AdapterAvailability {
    /// Why no call with an adapter may begin: an operator disabled it, or it is remote and nobody speaks for it.
    public func closure(of id: AdapterID) -> QueueReason? {
        if let dossier = dossier(id), dossier.mode == .disabled { return .disabled }
        return fleet.closure(of: id)
    }

    /// For how long nobody was heard of who speaks for a remote adapter.
    public func absence(of id: AdapterID) -> Duration? { fleet.absence(of: id) }

    /// Whether an operator lets an adapter take new requests.
    public func isAccepting(_ id: AdapterID) -> Bool {
        dossier(id).map { $0.mode == .enabled } ?? true
    }
}
