public import GerbangCore
internal import GerbangEngine
public import GerbangJSON
internal import GerbangRemote
internal import Logging
internal import Synchronization

// What agencies do: register and send heartbeats, each message signed with the key of its adapter.
extension Registrar {
    /// A message of an agency as it arrived.
    public struct Message: Sendable {
        /// The value of `Authorization`.
        public var authorization: String?
        /// The path that it was sent to, as it was signed.
        public var path: String
        /// The bytes of its body.
        public var body: [UInt8]

        /// Creates a message.
        public init(authorization: String?, path: String, body: [UInt8]) {
            self.authorization = authorization
            self.path = path
            self.body = body
        }
    }

    /// The largest report that is kept.
    private static let maximumReportBytes = 256 << 10

    /// Takes in a version of an adapter, for an operator to decide on.
    ///
    /// - Returns: The version as it stands, and whether it is new.
    /// - Throws: ``GerbangError`` of code `unauthorized`, `forbidden` (the key is another adapter's, or the name is
    ///   built in), `invalidInput` (with everything that is wrong with the file) or `conflict` (the version is there with
    ///   another content).
    public func register(_ message: Message) async throws(GerbangError) -> (json: JSONValue, isNew: Bool) {
        let key = try await prove(message)
        let json = try Self.parse(message.body)
        var reader = SettingsReader(json)
        let kind = reader.value("kind") { text throws(GerbangError) in
            guard let kind = AdapterVersion.Kind(rawValue: text) else {
                throw GerbangError(.invalidInput, "must be manifest or remote")
            }
            return kind
        }
        let content = reader.string("content")
        let report = reader.optionalJSON("report")
        if let report, report.encoded().count > Self.maximumReportBytes {
            reader.report("must have at most \(Self.maximumReportBytes) bytes", at: "report")
        }
        do throws(GerbangError) {
            try reader.finish(describing: "the registration")
        } catch {
            throw GerbangError(.invalidInput, error.message, field: error.field)
        }
        guard let kind, let content else { throw GerbangError(.invalidInput, "the registration is incomplete") }
        let file = try AdapterFile(content, kind: kind, catalogue: catalogue)
        let descriptor = file.descriptor
        guard descriptor.id == key.adapter else {
            throw GerbangError(.forbidden, "the key speaks for \(key.adapter), and the file is of \(descriptor.id)")
        }
        guard builtin[descriptor.id] == nil else {
            throw GerbangError(.forbidden, "\(descriptor.id) is built into the gateway; take another name")
        }
        let version = AdapterVersion(
            version: descriptor.version,
            kind: kind,
            hash: RemoteDescriptor.hash(of: content.utf8),
            content: content,
            key: key.id,
            submittedAt: clock.now(),
            report: report
        )
        let isNew = dossier(descriptor.id)?.version(version.version)?.hash != version.hash
        let detail = "version \(version.version), SHA-256 \(version.hash)"
        let note = isNew ? note("register", descriptor.id, by: "agency:\(key.id)", detail: detail) : nil
        let changed = try await store.updateDossier(of: descriptor.id, noting: note) { dossier throws(GerbangError) in
            _ = try dossier.submit(version)
        }
        remember(changed)
        let stored = changed.version(version.version) ?? version
        return (stored.listed(warnings: file.warnings), isNew)
    }

    /// Takes in a heartbeat and says what the instance has to know.
    ///
    /// - Parameter isProtected: Whether nobody else can have read the message and can read the answer: it came over TLS or
    ///   within this machine.
    /// - Throws: ``GerbangError`` of code `unauthorized`, `forbidden` (not protected, another adapter's key, an address
    ///   that was not approved), `invalidInput` or `conflict` (not approved, or it does not count).
    public func heartbeat(
        of id: AdapterID,
        _ message: Message,
        isProtected: Bool
    ) async throws(GerbangError) -> JSONValue {
        guard isProtected else {
            throw GerbangError(.forbidden, "heartbeats carry secrets; send them over https, or from this machine")
        }
        let key = try await prove(message)
        guard key.adapter == id else {
            throw GerbangError(.forbidden, "the key speaks for \(key.adapter), not for this adapter")
        }
        let beat = try Heartbeat(json: Self.parse(message.body))
        guard let dossier = dossier(id),
            let version = dossier.versions.first(where: { $0.hash == beat.hash && $0.kind == .remote })
        else { throw GerbangError(.conflict, "no file with this hash is registered; register it first") }
        guard version.state == .approved else {
            throw GerbangError(
                .conflict,
                "version \(version.version) is \(version.state.rawValue); an operator approves it"
            )
        }
        guard try RemoteDescriptor(parsing: version.content).allows(beat.address) else {
            throw GerbangError(
                .forbidden,
                "the address is not one of the approved hosts over https, or http to an address of this machine",
                field: JSONPointer.root.appending("address")
            )
        }
        let reception = try fleet.note(beat, of: id)
        if reception.isNew {
            logger.notice(
                "an instance has come",
                metadata: [
                    "adapter": "\(id)", "instance": "\(beat.instance)", "version": "\(version.version)",
                    "replaced": "\(reception.replaced.count)",
                ]
            )
        }
        return answer(to: beat, of: id, isServed: reception.isServed, mode: dossier.mode)
    }

    private func answer(to beat: Heartbeat, of id: AdapterID, isServed: Bool, mode: ConnectionMode) -> JSONValue {
        let connections = state.withLock { $0.surroundings }?.connections() ?? []
        let configuration = JSONValue.array(
            connections.filter { $0.adapter.descriptor.id == id }.sorted { $0.id < $1.id }.compactMap { connection in
                guard let adapter = connection.adapter as? RemoteAdapter else { return nil }
                return [
                    "id": .string(connection.id.text),
                    "baseURL": .string(connection.baseURL.description),
                    "settings": adapter.settings.revealed,
                ]
            }
        )
        let generation = String(RemoteDescriptor.hash(of: configuration.encoded()).prefix(16))
        let command = mode == .disabled ? "disable" : isServed ? "serve" : "drain"
        var answer: JSONObject = [
            "command": .string(command),
            "generation": .string(generation),
            "every": .string("\(Heartbeat.interval.components.seconds)s"),
        ]
        // Secrets travel when something has changed, and not six times a minute.
        if beat.generation != generation { answer["connections"] = configuration }
        return .object(answer)
    }

    /// Finds out whose message it is.
    private func prove(_ message: Message) async throws(GerbangError) -> AdapterKey {
        guard let proof = message.authorization.flatMap({ MessageProof(authorization: $0) }), proof.scheme == .ed25519
        else {
            throw GerbangError(
                .unauthorized,
                "the message must be signed: 'Authorization: Gerbang ed25519,KEY,TIME,NONCE,SIGNATURE'"
            )
        }
        let keys = try await store.adapterKeys()
        guard let key = keys.first(where: { $0.id == proof.id }), key.revokedAt == nil,
            proof.isSigned(method: "POST", path: message.path, body: message.body, by: key.publicKey)
        else {
            throw GerbangError(.unauthorized, "the key is unknown or revoked, or the signature is not of this message")
        }
        let now = clock.now()
        switch state.withLock({ $0.seen.admit(proof.id, proof.nonce, time: proof.time, at: now) }) {
        case .fresh: return key
        case .outside:
            throw GerbangError(.unauthorized, "the message's time differs from the gateway's, which is \(now)")
        case .replayed: throw GerbangError(.unauthorized, "this message has been here before; take a new nonce")
        case .full: throw GerbangError(.shuttingDown, "too many messages; send again later")
        }
    }

    private static func parse(_ body: [UInt8]) throws(GerbangError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: body)
        } catch {
            throw GerbangError(.malformedRequest, "the body is not JSON: \(error.message)")
        }
    }
}
