/// A secret with which calls back to a client are signed (Standard Webhooks, symmetric).
///
/// Unlike an API key it is kept as it is, since it must be able to sign: who can read the store can sign as the gateway.
public struct CallbackSecret: Sendable, Hashable {
    /// What every secret's text starts with.
    public static let prefix = "whsec_"

    /// The secret's public name.
    public var id: String
    /// Whose calls back it signs.
    public var client: ClientID
    /// The key: 24 to 64 bytes; none when it is revoked.
    public var key: Sensitive<[UInt8]>
    /// When it was made.
    public var createdAt: Timestamp
    /// When it was revoked; a revoked secret signs nothing any more, and its key is forgotten.
    public var revokedAt: Timestamp?

    /// Creates a record of a secret.
    public init(
        id: String,
        client: ClientID,
        key: Sensitive<[UInt8]>,
        createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.client = client
        self.key = key
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }

    /// Makes a secret with 256 random bits.
    public static func generate(for client: ClientID, at moment: Timestamp) -> CallbackSecret {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
        return CallbackSecret(
            id: Hexadecimal.lower(random(6)),
            client: client,
            key: Sensitive(random(32)),
            createdAt: moment
        )
    }

    /// The secret as the receiver's library wants it: `whsec_` and the key in Base64. Show it to the client only.
    public var text: Sensitive<String> { Sensitive(Self.prefix + Base64.encode(key.revealed)) }
}

/// Where callback secrets are kept.
public protocol CallbackSecretStore: Sendable {
    /// Keeps a new secret.
    func save(_ secret: CallbackSecret) async throws(GerbangError)
    /// The secrets of one client, or of all, revoked ones too, oldest first.
    func callbackSecrets(of client: ClientID?) async throws(GerbangError) -> [CallbackSecret]
    /// Revokes a secret and forgets its key; `false` when there is no valid one with this name.
    func revokeCallbackSecret(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool
}
