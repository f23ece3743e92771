internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Signatures of calls back")
struct WebhookSignatureTests {
    /// What the libraries of Standard Webhooks are tested with.
    private static let key = Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? []

    private static func secret(_ key: [UInt8]) -> CallbackSecret {
        CallbackSecret(
            id: "a",
            client: ClientID(checked: "mall"),
            key: Sensitive(key),
            createdAt: Timestamp(milliseconds: 0)
        )
    }

    @Test("A signature is that of the published test vector")
    func publishedVector() {
        let signature = WebhookSignature.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            body: Array(#"{"test": 2432232314}"#.utf8),
            key: Self.key
        )
        #expect(signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("Every valid secret signs, with spaces between the signatures")
    func severalSecrets() {
        let fields = WebhookSignature.fields(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Timestamp(milliseconds: 1_614_265_330_999),
            body: Array(#"{"test": 2432232314}"#.utf8),
            secrets: [Self.secret([1, 2, 3]), Self.secret(Self.key)]
        )
        #expect(fields.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(fields[0].value == "msg_p5jXN8AQM9LWM0D4loKWxJek")
        #expect(fields[1].value == "1614265330")
        let signatures = fields[2].value.split(separator: " ")
        #expect(signatures.count == 2)
        #expect(signatures.allSatisfy { $0.hasPrefix("v1,") })
        #expect(signatures.last == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("A secret has 256 random bits behind its prefix, and is not seen by accident")
    func generatedSecret() throws {
        let moment = Timestamp(milliseconds: 0)
        let secrets = (0..<20).map { _ in CallbackSecret.generate(for: ClientID(checked: "mall"), at: moment) }
        #expect(Set(secrets.map(\.key)).count == 20)
        #expect(Set(secrets.map(\.id)).count == 20)
        for secret in secrets {
            let text = secret.text.revealed
            #expect(text.hasPrefix("whsec_"))
            #expect(Base64.decode(text.dropFirst(6)) == secret.key.revealed)
            #expect(secret.key.revealed.count == 32)
            #expect(!"\(secret)".contains(text.dropFirst(6)))
        }
    }

    @Test(
        "Base64 is written and read by RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ]
    )
    func base64(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test("What is not Base64 is refused", arguments: ["Zg", "Zg=", "Zh==", "Z===", "====", "Zm9-", "Zm 9", "=Zm9"])
    func notBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
