internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRegistration
internal import GerbangRemote
internal import GerbangTesting
internal import Logging
internal import Synchronization
internal import Testing

/// A registrar with a key for the adapter `example`.
struct Office: Sendable {
    static let id = AdapterID(checked: "example")

    let store: MemoryAdapterStore
    let registrar: Registrar
    let key: AgencyKey
    let clock: ManualClock
    let applied = Applied()

    /// What the configuration was last applied with.
    final class Applied: Sendable {
        private let state = Mutex<(registries: [AdapterRegistry], refusal: GerbangError?)>(([], nil))

        var last: AdapterRegistry? { state.withLock { $0.registries.last } }
        var count: Int { state.withLock { $0.registries.count } }
        func refuse(_ error: GerbangError?) { state.withLock { $0.refusal = error } }

        func apply(_ registry: AdapterRegistry) throws(GerbangError) {
            let refusal = state.withLock { state in
                if state.refusal == nil { state.registries.append(registry) }
                return state.refusal
            }
            if let refusal { throw refusal }
        }
    }

    init(store: MemoryAdapterStore = MemoryAdapterStore(), connections: [Connection] = []) async throws {
        self.store = store
        let (key, clock, applied) = (AgencyKey(), ManualClock(), applied)
        (self.key, self.clock) = (key, clock)
        let builtin = try AdapterRegistry([
            AdapterDefinition(
                descriptor: AdapterDescriptor(
                    id: AdapterID(checked: "builtin"),
                    version: "1.0.0",
                    agency: LocalizedText(id: "Contoh", en: "Example"),
                    operations: [OperationDescriptor(id: OperationID(checked: "look"), effect: .query)]
                )
            ) { _ in nil }
        ])
        registrar = Registrar(
            store: store,
            builtin: builtin,
            catalogue: try .builtin(),
            fleet: RemoteFleet(clock: clock),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        registrar.use(
            Registrar.Surroundings(
                connections: { connections },
                apply: { change throws(GerbangError) in
                    try applied.apply(change.adapters())
                    try await change.keep()
                }
            )
        )
        try await know(key, for: Self.id)
    }

    func know(_ key: AgencyKey, for adapter: AdapterID) async throws {
        try await store.save(
            AdapterKey(id: key.id, adapter: adapter, publicKey: key.publicKey, createdAt: clock.now())
        )
    }

    func message(
        _ json: JSONValue,
        path: String = "/v1/adapters",
        by key: AgencyKey? = nil,
        nonce: String = Nonce.make(),
        at time: Timestamp? = nil
    ) throws -> Registrar.Message {
        let body = json.encoded()
        let proof = try (key ?? self.key).sign(
            method: "POST",
            path: path,
            body: body,
            at: time ?? clock.now(),
            nonce: nonce
        )
        return Registrar.Message(authorization: proof.authorization, path: path, body: body)
    }

    static func file(_ version: String = "1.0.0", id: String = "example", total: String = "30s") -> String {
        """
        {"remote": 1, "id": "\(id)", "version": "\(version)", "agency": {"id": "Contoh", "en": "Example"},
         "mode": "translate", "hosts": ["127.0.0.1"], "settings": [{"name": "token", "kind": "secret"}],
         "operations": [
           {"id": "look", "provides": "transport.vehicle.lookup", "effect": "query", "timeouts": {"total": "\(total)"}}]}
        """
    }

    @discardableResult
    func register(_ file: String, kind: String = "remote", report: JSONValue? = nil) async throws -> Bool {
        var json: JSONObject = ["kind": .string(kind), "content": .string(file)]
        json["report"] = report
        return try await registrar.register(message(.object(json))).isNew
    }

    func beat(_ file: String, address: String = "http://127.0.0.1:9000", generation: String? = nil) throws -> JSONValue
    {
        RemoteInstance(file: Array(file.utf8), address: try BaseURL(address)).heartbeat(generation: generation)
    }

    @discardableResult
    func heartbeat(_ json: JSONValue, isProtected: Bool = true) async throws -> JSONValue {
        let path = "/v1/adapters/example/heartbeat"
        return try await registrar.heartbeat(
            of: Self.id,
            message(json, path: path),
            isProtected: isProtected
        )
    }
}

/// The code of the error that `body` throws; `nil` when it throws none.
func code(_ body: () async throws -> Void) async -> GerbangError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? GerbangError)?.code
    }
}
