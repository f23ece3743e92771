/// What the holder of an API key may do.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Submit requests and see its own.
    case client
    /// See all requests, settle them and steer connections; those of one tenant if the key is bound to it.
    case `operator`
}

/// An API key as it is kept: the key itself is shown once, when it is made, and stored only as a hash.
public struct APIKey: Sendable, Hashable {
    /// The key's public name: the part in front of the secret.
    public var id: String
    /// Whom it identifies.
    public var client: ClientID
    /// What its holder may do.
    public var role: Role
    /// The tenant that an operator's key is bound to; `nil` for the whole gateway. A client's tenant is in the configuration.
    public var tenant: TenantID?
    /// The SHA-256 of the whole key.
    public var hash: [UInt8]
    /// When it was made.
    public var createdAt: Timestamp
    /// When it was revoked.
    public var revokedAt: Timestamp?

    /// Creates a record of a key.
    public init(
        id: String,
        client: ClientID,
        role: Role,
        hash: [UInt8],
        createdAt: Timestamp,
        revokedAt: Timestamp? = nil,
        tenant: TenantID? = nil
    ) {
        self.id = id
        self.client = client
        self.role = role
        self.hash = hash
        self.createdAt = createdAt
        self.revokedAt = revokedAt
        self.tenant = tenant
    }
}

/// Where API keys are kept.
public protocol APIKeyStore: Sendable {
    /// Keeps a new key.
    func save(_ key: APIKey) async throws(GerbangError)
    /// All keys, revoked ones too, oldest first.
    func apiKeys() async throws(GerbangError) -> [APIKey]
    /// Revokes a key; `false` when there is none with this name.
    func revokeAPIKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool
}
