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

/// Base64 in either alphabet, with or without padding and line breaks.
enum LenientBase64 {
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits = 0
        var sawPadding = false
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="):
                sawPadding = true
                continue
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return nil
            }
            guard !sawPadding else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bits == 6 ? nil : output
    }
}
