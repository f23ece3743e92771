public import GerbangCore
public import GerbangEngine
public import GerbangJSON
internal import GerbangRemote
internal import Logging
internal import Synchronization

// What operators do: look, and decide.
extension Registrar {
    /// All registered adapters.
    public func list() -> JSONValue {
        let dossiers = state.withLock { $0.dossiers.values.sorted { $0.id < $1.id } }
        return ["items": .array(dossiers.map { $0.listed(instances: fleet.instances(of: $0.id)) })]
    }

    /// One adapter with its versions and instances; `nil` when nothing was ever registered for it.
    public func show(_ id: AdapterID) -> JSONValue? {
        dossier(id).map { $0.listed(instances: fleet.instances(of: id), withVersions: true) }
    }

    /// What would change with a version, and what its conformance tests said.
    ///
    /// - Parameter version: By default the one that waits.
    /// - Throws: ``GerbangError/Code/notFound`` when there is no such version.
    public func diff(_ id: AdapterID, version: String?) throws(GerbangError) -> JSONValue {
        guard let dossier = dossier(id) else { throw Self.noSuchAdapter() }
        guard let next = version.map({ dossier.version($0) }) ?? dossier.waiting else {
            throw GerbangError(.notFound, version == nil ? "no version of \(id) waits" : "\(id) has no such version")
        }
        let file = try AdapterFile(next.content, kind: next.kind, catalogue: catalogue)
        let served = dossier.served
        // A served file of another kind, or one that this build cannot read, is shown as lines only.
        let before = served.flatMap { served in
            (try? AdapterFile(served.content, kind: served.kind, catalogue: catalogue)).map { ($0, served.content) }
        }
        let diff = AdapterDiff(from: before, to: (file, next.content))
        var object: JSONObject = [
            "id": .string(id.text),
            "to": next.listed(warnings: file.warnings),
            "facts": .array(diff.facts.map { .string($0) }),
            "lines": .array(diff.lines.map { .string($0) }),
        ]
        object["from"] = served?.listed()
        return .object(object)
    }

    /// Lets a version in and puts it to work, for everything that begins from now on.
    ///
    /// - Throws: ``GerbangError`` of code `notFound`, or `conflict`, also when the configuration does not hold together with
    ///   it: it then waits as before.
    public func approve(_ id: AdapterID, version: String, by actor: String) async throws(GerbangError) -> JSONValue {
        let now = clock.now()
        return try await change(id, "approve", version, by: actor) { dossier throws(GerbangError) in
            try dossier.approve(version, by: actor, at: now)
        }
    }

    /// Turns a version away.
    public func reject(
        _ id: AdapterID,
        version: String,
        because reason: String?,
        by actor: String
    ) async throws(GerbangError) -> JSONValue {
        let now = clock.now()
        return try await change(id, "reject", version, by: actor) { dossier throws(GerbangError) in
            try dossier.reject(version, because: reason, by: actor, at: now)
        }
    }

    /// Puts an earlier version to work again.
    public func rollBack(_ id: AdapterID, to version: String, by actor: String) async throws(GerbangError) -> JSONValue
    {
        try await change(id, "rollback", version, by: actor) { dossier throws(GerbangError) in
            try dossier.rollBack(to: version)
        }
    }

    /// Says what an adapter may do: `disabled` begins no call within one poll, and survives a restart.
    public func setMode(
        _ mode: ConnectionMode,
        of id: AdapterID,
        by actor: String
    ) async throws(GerbangError) -> JSONValue {
        let action =
            switch mode {
            case .enabled: "enable"
            case .draining: "drain"
            case .disabled: "disable"
            }
        return try await change(id, action, nil, by: actor) { $0.mode = mode }
    }

    /// Changes a dossier and writes it down, also when it is refused.
    private func change(
        _ id: AdapterID,
        _ action: String,
        _ version: String?,
        by actor: String,
        _ change: @escaping @Sendable (inout AdapterDossier) throws(GerbangError) -> Void
    ) async throws(GerbangError) -> JSONValue {
        guard let before = dossier(id) else { throw Self.noSuchAdapter() }
        let hash = version.flatMap { before.version($0)?.hash }
        let detail = version.map { "version \($0)\(hash.map { ", SHA-256 \($0)" } ?? "")" }
        var note = note(action, id, by: actor, detail: detail)
        do throws(GerbangError) {
            try await put(change, to: before, noting: note, as: "\(action)\(version.map { " of version \($0)" } ?? "")")
        } catch {
            note.outcome = error.code.rawValue
            do throws(GerbangError) {
                try await store.append(note)
            } catch {
                logger.error("could not write the audit trail", metadata: ["code": "\(error.code.rawValue)"])
            }
            throw error
        }
        logger.notice("adapter \(action)", metadata: ["adapter": "\(id)", "version": "\(version ?? "all")"])
        guard let after = dossier(id) else { throw Self.noSuchAdapter() }
        return after.listed(instances: fleet.instances(of: id), withVersions: true)
    }

    /// Changes a dossier; where another version is at work then, the configuration is judged with it before anything is
    /// kept, so that a process that ends at any moment can start again.
    private func put(
        _ change: @escaping @Sendable (inout AdapterDossier) throws(GerbangError) -> Void,
        to before: AdapterDossier,
        noting note: AuditNote,
        as text: String
    ) async throws(GerbangError) {
        let id = before.id
        let keep = { @Sendable [self] () async throws(GerbangError) in
            remember(try await store.updateDossier(of: id, noting: note, change))
        }
        var proposed = before
        try change(&proposed)
        guard proposed.servedVersion != before.servedVersion, let surroundings = state.withLock(\.surroundings) else {
            return try await keep()
        }
        let adapters = { @Sendable [self] () throws(GerbangError) in
            var dossiers = state.withLock(\.dossiers)
            if var dossier = dossiers[id] {
                try change(&dossier)
                dossiers[id] = dossier
            }
            return try registry(of: dossiers)
        }
        do throws(GerbangError) {
            try await surroundings.apply(
                Change(adapters: adapters, keep: keep, note: "adapter \(id): \(text)", actor: note.actor)
            )
        } catch {
            guard error.code == .invalidConfiguration else { throw error }
            throw GerbangError(
                .conflict,
                "the configuration does not hold together with it, and nothing was changed: \(error.message)"
            )
        }
    }

    /// The error for an adapter that nothing was registered for.
    public static func noSuchAdapter() -> GerbangError {
        GerbangError(
            .notFound,
            "nothing was ever registered for an adapter with this name; GET /v1/adapters lists them"
        )
    }
}
