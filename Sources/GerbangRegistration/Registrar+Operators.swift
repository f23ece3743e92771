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
    /// - Throws: ``GerbangError`` of code `notFound` or `conflict`, or `invalidConfiguration` when the configuration does
    ///   not hold together with it: it then waits as before.
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

    /// Changes a dossier; where another version is at work then, the configuration is applied anew.
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
        let after = try await store.updateDossier(
            of: id,
            noting: note(action, id, by: actor, detail: detail),
            change
        )
        remember(after)
        if after.servedVersion != before.servedVersion {
            do throws(GerbangError) {
                try await state.withLock { $0.surroundings }?.apply(registry())
            } catch {
                try await takeBack(id, to: before, version, because: error)
                throw GerbangError(
                    .invalidConfiguration,
                    "the configuration does not hold together with it, and nothing was changed: \(error.message)"
                )
            }
        }
        logger.notice("adapter \(action)", metadata: ["adapter": "\(id)", "version": "\(version ?? "all")"])
        return after.listed(instances: fleet.instances(of: id), withVersions: true)
    }

    private func takeBack(
        _ id: AdapterID,
        to before: AdapterDossier,
        _ version: String?,
        because error: GerbangError
    ) async throws(GerbangError) {
        var note = note("revert", id, by: "gateway", detail: version.map { "version \($0)" })
        note.outcome = error.code.rawValue
        let restored = try await store.updateDossier(of: id, noting: note) { dossier in
            dossier.servedVersion = before.servedVersion
            guard let index = dossier.versions.firstIndex(where: { $0.version == version }),
                let old = before.versions.first(where: { $0.version == version })
            else { return }
            dossier.versions[index] = old
        }
        remember(restored)
        if restored.served == nil { fleet.serve(nil, of: id) }
    }

    /// The error for an adapter that nothing was registered for.
    public static func noSuchAdapter() -> GerbangError {
        GerbangError(
            .notFound,
            "nothing was ever registered for an adapter with this name; GET /v1/adapters lists them"
        )
    }
}
