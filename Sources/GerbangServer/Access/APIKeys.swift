internal import Crypto
public import GerbangCore

/// Makes API keys and takes them apart.
///
/// A key reads `gbk_` + identifier + `_` + secret, with 256 random bits in the secret. Since it cannot be guessed, its
/// plain SHA-256 is safe to keep.
public enum APIKeys {
    private static let prefix = "gbk"

    /// Makes a key.
    ///
    /// - Returns: The key itself, to be shown once, and what is kept of it.
    public static func generate(
        client: ClientID,
        role: Role,
        tenant: TenantID? = nil,
        at moment: Timestamp
    ) -> (plaintext: String, key: APIKey) {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> String {
            Hexadecimal.lower((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }
        let id = random(6)
        let plaintext = "\(prefix)_\(id)_\(random(32))"
        let key = APIKey(
            id: id,
            client: client,
            role: role,
            hash: hash(plaintext),
            createdAt: moment,
            tenant: tenant
        )
        return (plaintext, key)
    }

    /// The identifier within a key; `nil` when the text does not have the form of a key.
    static func identifier(of plaintext: Substring) -> String? {
        // As bytes: telling characters apart would cost more than hashing the key.
        let parts = plaintext.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual(prefix.utf8), !parts[1].isEmpty, !parts[2].isEmpty else {
            return nil
        }
        return String(Substring(parts[1]))
    }

    /// Whether `plaintext` is the key that `key` was made of; takes the same time wherever they differ.
    static func matches(_ plaintext: Substring, _ key: APIKey) -> Bool {
        let hash = hash(plaintext)
        guard hash.count == key.hash.count else { return false }
        return zip(hash, key.hash).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func hash(_ plaintext: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Array(plaintext.utf8)))
    }
}
