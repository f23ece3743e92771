internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// Decrypting answers.
enum BlockCipher {
    /// Decrypts AES-CBC with PKCS#7 padding (NIST SP 800-38A, RFC 5652 §6.3).
    static func decrypt(_ bytes: [UInt8], key: [UInt8], iv: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
        guard [16, 24, 32].contains(key.count), iv.count == 16 else {
            throw EvaluationFailure(message: "the key must have 16, 24 or 32 bytes and the iv 16")
        }
        do {
            let plain = try AES._CBC.decrypt(
                bytes,
                using: SymmetricKey(data: key),
                iv: try AES._CBC.IV(ivBytes: iv)
            )
            return Array(plain)
        } catch {
            throw EvaluationFailure(message: "the answer cannot be decrypted")
        }
    }
}
