internal import Crypto
internal import GerbangCore
internal import HTTPTypes

/// The header fields of a signed message: Standard Webhooks, symmetric signatures.
enum WebhookSignature {
    /// The fields for a message, with one signature for each secret, so that a receiver which knows only one of them
    /// can check it.
    static func fields(
        id: String,
        at moment: Timestamp,
        body: [UInt8],
        secrets: [CallbackSecret]
    ) -> [(name: String, value: String)] {
        let timestamp = String(moment.milliseconds / 1000)
        let signatures = secrets.map { secret in
            "v1," + signature(id: id, timestamp: timestamp, body: body, key: secret.key.revealed)
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// HMAC-SHA256 over identifier, time and body with dots between them, in Base64.
    static func signature(id: String, timestamp: String, body: [UInt8], key: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        code.update(data: Array("\(id).\(timestamp).".utf8))
        code.update(data: body)
        return Base64.encode(Array(code.finalize()))
    }
}
