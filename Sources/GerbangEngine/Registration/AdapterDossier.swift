public import GerbangCore
public import GerbangJSON

/// The public half of the key that speaks for one adapter.
public struct AdapterKey: Sendable, Hashable {
    /// The key's name: 12 hexadecimal digits of the SHA-256 of its public half.
    public var id: String
    /// The only adapter that it speaks for.
    public var adapter: AdapterID
    /// The public half: 32 bytes (Ed25519, RFC 8032).
    public var publicKey: [UInt8]
    /// When an operator made it known.
    public var createdAt: Timestamp
    /// When an operator revoked it.
    public var revokedAt: Timestamp?

    /// Creates a key.
    public init(
        id: String,
        adapter: AdapterID,
        publicKey: [UInt8],
        createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.adapter = adapter
        self.publicKey = publicKey
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// One registered version of an adapter: the file as it came, and what became of it.
public struct AdapterVersion: Sendable, Hashable {
    /// What kind of file it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A manifest: an adapter that is data.
        case manifest
        /// The descriptor of an adapter in a process of its own.
        case remote
    }

    /// What became of it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It waits for an operator.
        case waiting
        /// An operator has let it in.
        case approved
        /// An operator has turned it away.
        case rejected
    }

    /// The semantic version.
    public var version: String
    /// What kind of file it is.
    public var kind: Kind
    /// The SHA-256 of the file, in hexadecimal.
    public var hash: String
    /// The file.
    public var content: String
    /// The key that signed it.
    public var key: String
    /// When it came.
    public var submittedAt: Timestamp
    /// What became of it.
    public var state = State.waiting
    /// When an operator decided.
    public var decidedAt: Timestamp?
    /// Who decided.
    public var decidedBy: String?
    /// Why it was turned away.
    public var reason: String?
    /// What its conformance tests said, as it was sent along.
    public var report: JSONValue?

    /// Creates a version that waits.
    public init(
        version: String,
        kind: Kind,
        hash: String,
        content: String,
        key: String,
        submittedAt: Timestamp,
        report: JSONValue? = nil
    ) {
        self.version = version
        self.kind = kind
        self.hash = hash
        self.content = content
        self.key = key
        self.submittedAt = submittedAt
        self.report = report
    }
}

/// Everything about one registered adapter. A value; what operators and agencies do to it are its methods.
public struct AdapterDossier: Sendable, Hashable {
    /// How many versions are kept: more than anybody releases.
    static let maximumVersions = 500

    /// The adapter's name.
    public var id: AdapterID
    /// Its versions, oldest first.
    public var versions: [AdapterVersion] = []
    /// Which of them is at work; `nil` before the first approval.
    public var servedVersion: String?
    /// What an operator lets it do.
    public var mode = ConnectionMode.enabled

    /// Creates a dossier without versions.
    public init(id: AdapterID) {
        self.id = id
    }

    /// The version that is at work.
    public var served: AdapterVersion? { servedVersion.flatMap { version($0) } }

    /// The version called `version`.
    public func version(_ version: String) -> AdapterVersion? { versions.first { $0.version == version } }

    /// The only version that waits, or the latest of them.
    public var waiting: AdapterVersion? { versions.last { $0.state == .waiting } }

    /// Takes in a version.
    ///
    /// - Returns: Whether it is new; the same file again is not.
    /// - Throws: ``GerbangError/Code/conflict`` when the version is there with another content.
    public mutating func submit(_ version: AdapterVersion) throws(GerbangError) -> Bool {
        if let index = versions.firstIndex(where: { $0.version == version.version }) {
            guard versions[index].hash == version.hash, versions[index].kind == version.kind else {
                throw GerbangError(
                    .conflict,
                    "version \(version.version) of \(id) is registered with another content; a changed adapter needs a "
                        + "new version"
                )
            }
            // A report may come later, as long as nobody has decided.
            if let report = version.report, versions[index].state == .waiting { versions[index].report = report }
            return false
        }
        guard versions.count < Self.maximumVersions else {
            throw GerbangError(.conflict, "\(id) has \(Self.maximumVersions) versions, and takes no more")
        }
        versions.append(version)
        return true
    }

    /// Lets a version in; it is at work from now on, for what happens from now on.
    ///
    /// - Throws: ``GerbangError/Code/notFound``, or ``GerbangError/Code/conflict`` when it was decided before.
    public mutating func approve(_ version: String, by actor: String, at moment: Timestamp) throws(GerbangError) {
        try decide(version, .approved, by: actor, at: moment)
        servedVersion = version
    }

    /// Turns a version away.
    ///
    /// - Throws: ``GerbangError/Code/notFound``, or ``GerbangError/Code/conflict`` when it was decided before.
    public mutating func reject(
        _ version: String,
        because reason: String?,
        by actor: String,
        at moment: Timestamp
    ) throws(GerbangError) {
        let index = try decide(version, .rejected, by: actor, at: moment)
        versions[index].reason = reason
    }

    /// Puts an earlier version to work again.
    ///
    /// - Throws: ``GerbangError/Code/notFound``, or ``GerbangError/Code/conflict`` when it was never approved or is at
    ///   work.
    public mutating func rollBack(to version: String) throws(GerbangError) {
        guard let found = self.version(version) else { throw noSuchVersion(version) }
        guard found.state == .approved else {
            throw GerbangError(.conflict, "version \(version) of \(id) was never approved")
        }
        guard servedVersion != version else {
            throw GerbangError(.conflict, "version \(version) of \(id) is at work already")
        }
        servedVersion = version
    }

    @discardableResult
    private mutating func decide(
        _ version: String,
        _ state: AdapterVersion.State,
        by actor: String,
        at moment: Timestamp
    ) throws(GerbangError) -> Int {
        guard let index = versions.firstIndex(where: { $0.version == version }) else { throw noSuchVersion(version) }
        guard versions[index].state == .waiting else {
            throw GerbangError(
                .conflict,
                "version \(version) of \(id) is \(versions[index].state.rawValue); only one that waits can be decided"
            )
        }
        versions[index].state = state
        versions[index].decidedAt = moment
        versions[index].decidedBy = actor
        return index
    }

    private func noSuchVersion(_ version: String) -> GerbangError {
        GerbangError(.notFound, "\(id) has no such version; 'gerbang adapters show \(id)' lists them")
    }
}
